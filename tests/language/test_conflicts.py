"""Conflicts of a sentence with its quotes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.language.conflicts import Conflict, conflicts, crosses_languages, without_attribution
from gezhi.language.sentences import sentences
from shared_data import shared


@pytest.mark.parametrize(
    ("sentence", "quote", "conflict"),
    [
        ("产品X1的保修期为两年。", "产品X1的保修期为十二个月。", ("number", "两年", "十二个月")),
        ("比赛距离为42米。", "比赛距离为42公里。", ("unit", "42米", "42公里")),
        ("公司成立于1989年。", "公司成立于1998年。", ("date", "1989年", "1998年")),
        ("The X9 has a one-year warranty.", "The X1 has a one-year warranty.", ("name", "X9", "X1")),
        ("员工允许在此吸烟。", "员工禁止在此吸烟。", ("negation", "允许", "禁止")),
        ("会议由李强主持，共三十人参加。", "会议由张伟主持，共三十人参加。", ("name", "李强", "张伟")),
        ("Revenue rose by 12 percent.", "Revenue rose by 21 percent.", ("number", "12 percent", "21 percent")),
    ],
)  # fmt: skip
def test_each_kind(sentence: str, quote: str, conflict: tuple[str, str, str]) -> None:
    kind, said, found = conflict
    assert Conflict(kind=kind, said=said, found=found) in conflicts(sentence, [quote])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("产品X1的保修期为一年。", "产品X1的保修期为十二个月。"),
        ("根据文件，公司有12,000名员工。", "公司有1.2万名员工。"),
        ("二〇二四年三月五日上市。", "该产品于2024-03-05上市。"),
        ("According to the handbook, the fee is 5%.", "The fee is 5 percent."),
        ("總部位於上海，成立於1998年。", "公司成立于1998年，总部位于上海。"),
        ("2024年3月5日开工。", "2024年的工程：3月5日开工。"),
    ],
)
def test_the_same_said_otherwise(sentence: str, quote: str) -> None:
    assert conflicts(sentence, [quote]) == []


def test_across_languages_values_decide_and_names_do_not() -> None:
    quote = "张伟于1998年在杭州创立了这家公司，员工有1.2万人。"
    assert conflicts("Zhang Wei founded the company in Hangzhou in 1998; it has 12,000 employees.", [quote]) == []
    assert [c.kind for c in conflicts("Zhang Wei founded the company in Hangzhou in 1988.", [quote])] == ["number"]
    assert crosses_languages("The fee is 5%.", ["费用为5%。"])
    assert not crosses_languages("费用为5%。", ["费用为5%。"])


def test_a_value_in_anothers_place_is_found_although_the_quotes_have_it() -> None:
    quote = "甲组得分为308分，排名第六；乙组得分为295分，排名第九。"
    assert conflicts("甲组得分为295分，排名第六。", [quote])


def test_attribution_tells_where_and_not_what() -> None:
    assert without_attribution("根据文件，费用为5%。") == "费用为5%。"
    assert without_attribution("The handbook states that fees apply.") == "fees apply."
    assert without_attribution("根据《劳动法》，加班应付费。") == "根据《劳动法》，加班应付费。"
    assert without_attribution("根据文件，") == "根据文件，"


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3))
@settings(max_examples=60)
def test_any_text_can_be_compared(sentence: str, quotes: list[str]) -> None:
    assert isinstance(conflicts(sentence, quotes), list)


@pytest.mark.parametrize(("name", "every"), [("drcd_dev.json", 25), ("xquad.en.json", 12), ("cmrc2018_trial.json", 20)])
def test_a_verbatim_sentence_has_no_conflict_with_its_paragraph(name: str, every: int) -> None:
    data = json.loads(shared(name).read_text(encoding="utf-8"))["data"]
    texts = [paragraph["context"] for article in data for paragraph in article["paragraphs"]][::every]
    found = {
        text[start:end]: conflict
        for text in texts
        for start, end in sentences(text)
        if (conflict := conflicts(text[start:end], [text]))
    }
    assert found == {}
