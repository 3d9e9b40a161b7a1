from __future__ import annotations

from dataclasses import replace

import pytest

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets import held_out_gold, sample, split
from gezhi.evaluation.exam import Exam, Item, Relevant

ITEMS = tuple(
    Item(
        id=f"{document}-{number}", question=f"第{document}篇第{number}问", answers=("答",), document=f"d{document}",
        relevant=(Relevant(source=f"d{document}.txt"),),
    )
    for document in range(40)
    for number in range(5)
)  # fmt: skip
EXAM = Exam(name="e", items=ITEMS, texts={f"d{k}.txt": f"文{k}" for k in range(40)})


def _ids(exam: Exam) -> set[str]:
    return {item.id for item in exam.items}


def test_no_document_is_in_both_parts_and_nothing_is_lost() -> None:
    first, rest = split(EXAM, 0.3, seed=1)
    assert not {item.document for item in first.items} & {item.document for item in rest.items}
    assert _ids(first) | _ids(rest) == _ids(EXAM)
    assert len(first.items) == pytest.approx(60, abs=5)
    assert first.texts == rest.texts == EXAM.texts
    assert split(EXAM, 0.3, seed=1) == (first, rest)
    assert _ids(split(EXAM, 0.3, seed=2)[0]) != _ids(first)


def test_the_same_question_of_two_documents_keeps_them_together() -> None:
    asked = {"3-0": "Ｗhat  is it？", "8-2": "what is it？"}
    twins = tuple(replace(item, question=asked.get(item.id, item.question)) for item in ITEMS)
    for seed in range(20):
        first, _ = split(replace(EXAM, items=twins), 0.5, seed)
        assert ("3-4" in _ids(first)) == ("8-0" in _ids(first))


def test_items_without_a_document_stand_by_themselves() -> None:
    alone = replace(EXAM, items=tuple(replace(item, document="") for item in ITEMS))
    assert len(split(alone, 0.5)[0].items) == 100


def test_other_items_do_not_move_an_item() -> None:
    before = _ids(split(EXAM, 0.5)[0])
    after = _ids(split(replace(EXAM, items=ITEMS[5:]), 0.5)[0])
    assert len((before & _ids(replace(EXAM, items=ITEMS[5:]))) ^ after) <= 5


def test_what_cannot_be_split() -> None:
    with pytest.raises(ExamError, match="e"):
        split(replace(EXAM, items=ITEMS[:5]))
    with pytest.raises(ExamError):
        split(EXAM, 1.0)
    with pytest.raises(ExamError):
        sample(EXAM, 0)


def test_samples_are_nested_and_in_order() -> None:
    ten, twenty = sample(EXAM, 10), sample(EXAM, 20)
    assert len(ten.items) == 10
    assert _ids(ten) < _ids(twenty)
    assert [item for item in ITEMS if item in twenty.items] == list(twenty.items)
    assert sample(EXAM, 1000).items == ITEMS


def test_withheld_gold_makes_items_unanswerable() -> None:
    made = held_out_gold(EXAM)
    gone = {item.document for item in made.items if item.unanswerable}
    assert len(gone) == 20
    assert {f"{name}.txt" for name in gone} == EXAM.texts.keys() - made.texts.keys()
    for item in made.items:
        assert item.unanswerable == (item.document in gone)
        assert bool(item.answers) != item.unanswerable
        assert all(place.source in made.texts for place in item.relevant)


def test_an_item_that_another_text_still_answers_is_left_out() -> None:
    gone = next(item for item in held_out_gold(EXAM).items if item.unanswerable)
    kept = next(item for item in held_out_gold(EXAM).items if not item.unanswerable)
    both = tuple(
        replace(item, relevant=(*item.relevant, Relevant(source=f"{gone.document}.txt")))
        if item.id == kept.id
        else item
        for item in ITEMS
    )
    made = held_out_gold(replace(EXAM, items=both))
    assert kept.id not in _ids(made)
    assert len(made.items) == len(ITEMS) - 1


def test_an_exam_without_texts_has_none_to_withhold() -> None:
    with pytest.raises(ExamError):
        held_out_gold(replace(EXAM, texts={}))
