"""Our own form: JSON Lines, one item a line (`fields.item` has the fields).

Two other kinds of lines may stand there: `{"gezhi_exam": 1, "name": ..., "reviewed": true}` as the first one, without
which the exam has the file's name and counts as reviewed; and `{"source": ..., "text": ...}` for each document that the
exam brings along. A list of items as one JSON value is read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets.fields import Record, item, parsed, unique
from gezhi.evaluation.exam import Exam

HEADER = "gezhi_exam"
VERSION = 1


def read(path: Path, text: str) -> Exam:
    """The exam of a file's text."""
    name, reviewed = "", True
    texts: dict[str, str] = {}
    asked = []
    for record in records(path, text):
        if HEADER in record.values:
            if record.values[HEADER] != VERSION:
                raise ExamError("exams.newer", where=record.where, version=record.values[HEADER])
            name, reviewed = record.optional("name"), record.values.get("reviewed") is not False
        elif "question" not in record.values and "text" in record.values:
            texts[record.text("source")] = record.text("text")
        else:
            asked.append(record)
    return Exam(name=name, items=unique((r.where, item(r)) for r in asked), texts=texts, reviewed=reviewed)


def records(path: Path, text: str) -> Iterator[Record]:
    """One a line that is not blank, or one an entry of a JSON list."""
    if text.lstrip().startswith("["):
        for number, value in enumerate(parsed(text, path)):
            yield _record(f"{path.name}[{number}]", value)
        return
    # Only at line feeds: JSON strings may hold U+2028 and other characters that splitlines() takes for line ends.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _record(f"{path.name}:{number}", parsed(line, path, number))


def _record(where: str, value: Any) -> Record:
    if not isinstance(value, dict):
        raise ExamError("exams.not_object", where=where)
    return Record(where, value)
