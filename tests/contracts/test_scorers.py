"""Every scorer of exam answers: what holds for all of them."""

from __future__ import annotations

import pytest

from gezhi.core.types import Answer, Chunk, Citation, Passage
from gezhi.evaluation.exam import Item, Relevant
from gezhi.evaluation.quality import RANKED, SCORERS, scorer
from gezhi.evaluation.quality.text import TEXT_SCORERS

TEXT = "保修期为24个月。"
PLACE = Relevant(source="a.md", start=0, end=len(TEXT), quote=TEXT)
ITEM = Item(id="1", question="保修期多久？", answers=(TEXT,), relevant=(PLACE,))
OPEN = Item(id="2", question="保修期多久？")
CHUNK = Chunk(document_id="a", source="a.md", text=TEXT, start=0, end=len(TEXT))
CITED = Citation(
    number=1, answer_start=0, answer_end=len(TEXT), passage=0, quote=TEXT, source="a.md", source_start=0,
    source_end=len(TEXT), supported=True,
)  # fmt: skip
PERFECT = Answer(
    id="a", question=ITEM.question, text=TEXT, citations=(CITED,), passages=(Passage(chunk=CHUNK, score=1.0),),
    route="extractive",
)  # fmt: skip
WRONG = Answer(id="b", question=ITEM.question, text="No such thing.", route="model_only")


@pytest.fixture(params=[*SCORERS, *TEXT_SCORERS])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_perfect_answer_has_the_full_score(name: str) -> None:
    made = scorer(name)
    assert made.name == name
    assert made.higher_is_better
    value = made(ITEM, PERFECT)
    assert value == pytest.approx(1.0, abs=0.05)


def test_a_wrong_one_has_less_or_none(name: str) -> None:
    value = scorer(name)(ITEM, WRONG)
    if name != "refused_right":
        assert value is None or 0.0 <= value < 0.5


def test_what_is_not_known_is_not_measured(name: str) -> None:
    if name not in ("refused_right", "support", "grounded"):
        assert scorer(name)(OPEN, PERFECT) is None


@pytest.mark.parametrize("base", RANKED)
def test_ranks_are_read_from_the_name(base: str) -> None:
    assert scorer(f"{base}@3").name == f"{base}@3"
