from __future__ import annotations

from dataclasses import replace

import pytest

from gezhi.core.types import Answer, Citation
from gezhi.evaluation.exam import Item, Relevant
from gezhi.evaluation.quality.answers import (
    citation_precision,
    citation_recall,
    correct,
    refusals,
    refused_right,
    support,
)

SOURCE = "保修期为24个月。发票要留好。"
ITEM = Item(
    id="1", question="?", answers=("两年", "24 months"),
    relevant=(Relevant(source="a.md", start=0, end=9), Relevant(source="b.md")),
)  # fmt: skip
IMPOSSIBLE = Item(id="2", question="?", unanswerable=True)
TOLD = Answer(id="x", question="?", text="保修期为24个月。\n发票要留好。", route="extractive")
REFUSED = Answer(id="y", question="?", text="没有找到。", refused="nothing_relevant")


def _citation(
    number: int, start: int, end: int, *, supported: bool | None = True, at: tuple[int, int] = (0, 9)
) -> Citation:
    return Citation(
        number=number, answer_start=at[0], answer_end=at[1], passage=0, quote=SOURCE[start:end], source="a.md",
        source_start=start, source_end=end, supported=supported,
    )  # fmt: skip


def test_correct() -> None:
    assert correct(ITEM, TOLD) == 1.0
    assert correct(ITEM, replace(TOLD, text="三年。")) == 0.0
    assert correct(ITEM, replace(REFUSED, text="两年？没有找到。")) == 0.0
    assert correct(replace(ITEM, answers=()), TOLD) is None
    assert correct(IMPOSSIBLE, REFUSED) == 1.0
    assert correct(IMPOSSIBLE, TOLD) == 0.0


def test_refusing() -> None:
    assert [refused_right(item, answer) for item in (ITEM, IMPOSSIBLE) for answer in (TOLD, REFUSED)] == [1, 0, 0, 1]
    found = refusals([ITEM, ITEM, ITEM, IMPOSSIBLE, IMPOSSIBLE], [TOLD, TOLD, REFUSED, REFUSED, TOLD])
    assert (found.precision, found.recall) == (0.5, 0.5)
    assert (found.refused, found.unanswerable, found.right) == (2, 2, 1)
    assert found.answered_share == pytest.approx(2 / 3)
    none = refusals([ITEM], [TOLD])
    assert (none.precision, none.recall, none.answered_share) == (None, None, 1.0)


def test_citations_are_held_against_gold_places_whatever_the_checker_says() -> None:
    gold, beside = _citation(1, 0, 9, supported=False), _citation(2, 10, 15, supported=True)
    answer = replace(TOLD, citations=(gold, beside))
    assert citation_precision(ITEM, answer) == 0.5
    assert citation_recall(ITEM, answer) == 0.5
    assert citation_recall(ITEM, replace(TOLD, citations=(beside,))) == 0.0
    twice = replace(TOLD, citations=(gold, gold, beside))
    assert citation_precision(ITEM, twice) == 0.5


def test_citations_where_nothing_is_cited_or_known() -> None:
    assert citation_precision(ITEM, TOLD) is None
    assert citation_recall(ITEM, TOLD) == 0.0
    assert citation_recall(ITEM, REFUSED) == 0.0
    assert citation_recall(IMPOSSIBLE, REFUSED) is None


def test_support_is_of_sentences() -> None:
    first = _citation(1, 0, 9)
    assert support(ITEM, replace(TOLD, citations=(first,))) == 0.5
    both = (first, _citation(2, 9, 15, at=(11, 17)))
    assert support(ITEM, replace(TOLD, citations=both)) == 1.0
    assert support(ITEM, replace(TOLD, citations=(replace(first, supported=False),))) == 0.0
    assert support(ITEM, replace(TOLD, citations=(replace(first, supported=None),))) is None
    assert support(ITEM, TOLD) == 0.0
    assert support(ITEM, REFUSED) is None
