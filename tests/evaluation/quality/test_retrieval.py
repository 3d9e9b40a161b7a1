from __future__ import annotations

import math

import pytest

from gezhi.core.types import Answer, Chunk, Passage
from gezhi.evaluation.exam import Item, Relevant
from gezhi.evaluation.quality import retrieval


def _answer(*spans: tuple[str, int, int]) -> Answer:
    chunks = (
        Chunk(document_id=source, source=source, text="字" * (end - start), start=start, end=end)
        for source, start, end in spans
    )
    return Answer(id="", question="q", text="", passages=tuple(Passage(chunk=chunk, score=1.0) for chunk in chunks))


ITEM = Item(
    id="1",
    question="q",
    relevant=(
        Relevant(source="a", start=0, end=100),
        Relevant(source="b", start=50, end=60, grade=3.0),
        Relevant(source="c"),
    ),
)
FOUND = _answer(("x", 0, 9), ("a", 0, 50), ("a", 50, 99), ("b", 0, 70))


def test_several_passages_of_one_place_count_once() -> None:
    assert retrieval.recall(ITEM, FOUND, 3) == pytest.approx(1 / 3)
    assert retrieval.recall(ITEM, FOUND, None) == pytest.approx(2 / 3)
    assert retrieval.average_precision(ITEM, FOUND, None) == pytest.approx((1 / 2 + 2 / 4) / 3)
    found = 1 / math.log2(3) + 3 / math.log2(5)
    assert retrieval.ndcg(ITEM, FOUND, 8) == pytest.approx(found / (3 + 1 / math.log2(3) + 1 / math.log2(4)))


def test_all_passages_at_a_place_are_precise() -> None:
    assert retrieval.precision(ITEM, FOUND, 4) == pytest.approx(3 / 4)
    assert retrieval.precision(ITEM, FOUND, 8) == pytest.approx(3 / 8)
    assert retrieval.precision(ITEM, _answer(), 8) == 0.0


def test_the_first_that_counts() -> None:
    assert retrieval.hit(ITEM, FOUND, 1) == 0.0
    assert retrieval.hit(ITEM, FOUND, 2) == 1.0
    assert retrieval.reciprocal_rank(ITEM, FOUND, None) == pytest.approx(1 / 2)
    assert retrieval.reciprocal_rank(ITEM, FOUND, 1) == 0.0


def test_places_that_one_passage_finds_together_never_give_more_than_all() -> None:
    near = Item(
        id="1", question="q", relevant=(Relevant(source="a", start=0, end=5), Relevant(source="a", start=6, end=9))
    )
    both = _answer(("a", 0, 10))
    assert retrieval.ndcg(near, both, 8) == 1.0
    assert retrieval.average_precision(near, both, 8) == 1.0
    assert retrieval.recall(near, both, 1) == 1.0
    assert retrieval.recall(near, _answer(("a", 0, 6)), 1) == 0.5


@pytest.mark.parametrize(
    "score",
    [retrieval.recall, retrieval.precision, retrieval.hit, retrieval.reciprocal_rank, retrieval.average_precision,
     retrieval.ndcg],
)  # fmt: skip
def test_without_places_nothing_is_measured(score: type) -> None:
    assert score(Item(id="1", question="q"), FOUND, 8) is None
