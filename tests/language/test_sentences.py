from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.language.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("保修期是24个月。从购买日起算！真的吗？", ["保修期是24个月。", "从购买日起算！", "真的吗？"]),
        ("他说：“多久？”我答：“一年。”好。", ["他说：“多久？”", "我答：“一年。”", "好。"]),
        ("“真的吗？”，她问。", ["“真的吗？”，她问。"]),
        ("他说……然后走了。", ["他说……然后走了。"]),
        ("（见第三章。）下一句。", ["（见第三章。）", "下一句。"]),
        ("[见附录。]下一句。", ["[见附录。]", "下一句。"]),
        ("甲方付款；乙方交货", ["甲方付款；", "乙方交货"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("圆周率是3.14。", ["圆周率是3.14。"]),
        ("Dr. Smith paid 3.5 USD to example.com. He left.", ["Dr. Smith paid 3.5 USD to example.com.", "He left."]),
        ("See e.g. the annex. J. Doe signed.", ["See e.g. the annex.", "J. Doe signed."]),
        ("He left at 5 p.m.", ["He left at 5 p.m."]),
        ("Version 1.2.3 is out. Upgrade!", ["Version 1.2.3 is out.", "Upgrade!"]),
        ('She asked "why?" Then left.', ['She asked "why?"', "Then left."]),
        ("半角句号.下一句", ["半角句号.", "下一句"]),
        ("See https://example.com/a/b?c=1!d. Done?", ["See https://example.com/a/b?c=1!d.", "Done?"]),
        ("真的?是的!好", ["真的?", "是的!", "好"]),
        ("  \n ", []),
    ],
)
def test_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet="甲乙。！？；…”’\"'.!? ab1\n，]", max_size=60))
def test_spans_hold_every_character_but_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
