"""RGB form (Chen et al. 2023): one JSON object a line with `query`, `answer`, and texts that are `positive` or not.

All texts become documents that the exam brings along, named `NAME/ID/positive-0.txt`. An `answer` of several lists (its
integration part) needs one of each: every combination becomes a reference, its parts set apart by "；". Wrong texts of
its counterfactual part (`positive_wrong`) come along as documents that are not relevant.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets.fields import Record, unique
from gezhi.evaluation.datasets.lines import records
from gezhi.evaluation.exam import Exam, Item, Relevant

PARTS = "；"
_MOST = 32
"""Combinations of the parts of an answer."""


def read(path: Path, text: str) -> Exam:
    """The exam of a file's text."""
    texts: dict[str, str] = {}
    items = unique((record.where, _item(path.stem, record, texts)) for record in records(path, text))
    return Exam(name=path.stem, items=items, texts=texts)


def _item(name: str, record: Record, texts: dict[str, str]) -> Item:
    number = record.text("id")
    relevant = []
    for kind in ("positive", "negative", "positive_wrong"):
        for place, told in enumerate(_flat(record, kind)):
            source = f"{name}/{number}/{kind}-{place}.txt"
            texts[source] = told
            relevant += [Relevant(source=source)] if kind == "positive" else []
    answers = tuple(_answers(record))
    if not answers:
        raise ExamError("exams.missing", where=record.where, field="answer")
    return Item(
        id=number, question=record.text("query"), answers=answers, relevant=tuple(relevant), document=f"{name}/{number}"
    )


def _answers(record: Record) -> Iterator[str]:
    told = record.values.get("answer")
    if not (isinstance(told, list) and any(isinstance(one, list) for one in told)):
        yield from record.texts("answer")
        return
    groups = [Record(record.where, {"answer": one}).texts("answer") for one in told]
    yield from dict.fromkeys(PARTS.join(parts) for parts in islice(product(*groups), _MOST))


def _flat(record: Record, field: str) -> tuple[str, ...]:
    """Texts, which the integration part has in one list for each part of the question."""
    told: Any = record.values.get(field)
    if isinstance(told, list) and any(isinstance(one, list) for one in told):
        groups = (Record(record.where, {field: one}).texts(field) for one in told)
        return tuple(dict.fromkeys(text for group in groups for text in group))
    return record.texts(field)
