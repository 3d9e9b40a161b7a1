from __future__ import annotations

import json

import pytest

from gezhi.core.types import Chunk
from gezhi.knowledge.drafting import draft, overlap
from gezhi.models.fake import FakeChat

TEXT = (
    "产品X1的保修期为24个月，自发票开具之日起计算；没有发票的，自出厂日期起计算。"
    "商用场所的保修期为6个月，人为损坏不在保修范围之内。"
)


def chunk(text: str, source: str = "a.md", start: int = 0, heading: str = "") -> Chunk:
    meta = {"title": "手册", **({"heading": heading} if heading else {})}
    return Chunk(document_id=source, source=source, text=text, start=start, end=start + len(text), meta=meta)


def test_gaps_and_headings_stand_where_they_say() -> None:
    chunks = [
        chunk(TEXT, start=100, heading="保修 > 保修期"),
        chunk("The fee is 30 yuan a day for each guest.", "b.md"),
    ]
    drafted = draft("d", chunks, 10)
    assert drafted.kinds == {"cloze": 2, "heading": 1}
    assert not drafted.exam.reviewed
    by_source = {one.source: one for one in chunks}
    for item in drafted.exam.items:
        (place,) = item.relevant
        assert place.start is not None
        assert place.end is not None
        own = by_source[place.source]
        assert own.text[place.start - own.start : place.end - own.start] == place.quote
        assert all(answer in place.quote and answer not in item.question for answer in item.answers)
        assert item.document == place.source
    assert 0 < drafted.overlap <= 1


def test_documents_take_turns() -> None:
    chunks = [chunk(f"第{n}条：访客停车每小时收费{n + 5}元，超过一天另计。", f"{n % 3}.md") for n in range(9)]
    assert {item.document for item in draft("d", chunks, 3).exam.items} == {"0.md", "1.md", "2.md"}


def test_the_same_seed_drafts_the_same() -> None:
    chunks = [chunk(f"第{n}条：访客停车每小时收费{n + 5}元，超过一天另计{n}元。", f"{n}.md") for n in range(9)]
    assert draft("d", chunks, 5, seed=3) == draft("d", chunks, 5, seed=3)
    assert draft("d", chunks, 5, seed=3) != draft("d", chunks, 5, seed=4)


def reply(question: str, answer: str, quote: str) -> str:
    return json.dumps({"question": question, "answer": answer, "quote": quote}, ensure_ascii=False)


def test_what_a_model_asks_must_stand_in_the_passage() -> None:
    good = reply("X1 能保多久？", "24个月", "产品X1的保修期为 24个月，自发票开具之日起计算")
    model = FakeChat(
        [f"好的：{good}", reply("多久？", "36个月", TEXT), reply("多久？", "24个月", "没有这句话"), "no JSON"]
    )
    drafted = draft("d", [chunk(TEXT, f"{n}.md") for n in range(4)], 10, model=model)
    assert drafted.kinds == {"model": 1}
    assert drafted.rejected == 3
    (item,) = drafted.exam.items
    assert item.answers == ("24个月",)
    assert item.relevant[0].quote == "产品X1的保修期为24个月，自发票开具之日起计算"


@pytest.mark.parametrize(("question", "share"), [("产品X1的保修期", 1.0), ("What about parking?", 0.0)])
def test_overlap_is_a_share(question: str, share: float) -> None:
    assert overlap(question, chunk(TEXT)) == share
