"""A table in CSV or TSV with a header: the fields of our own form, several texts of one cell set apart by "|"."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets.fields import UNANSWERABLE, Record, item, unique
from gezhi.evaluation.exam import Exam

_LISTS = ("answers", "answer", "tags")
_YES = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}


def read(path: Path, text: str) -> Exam:
    """The exam of a file's text."""
    return Exam(name=path.stem, items=unique((r.where, item(r)) for r in _records(path, text)))


def _records(path: Path, text: str) -> Iterator[Record]:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(path, text), strict=True)
    if "question" not in (rows.fieldnames or ()):
        raise ExamError("exams.no_column", path=path, columns=", ".join(rows.fieldnames or ()))
    try:
        for row in rows:
            where = f"{path.name}:{rows.line_num}"
            if None in row:
                raise ExamError("exams.too_many_cells", where=where)
            yield Record(where, {name: _value(name, cell) for name, cell in row.items() if cell})
    except csv.Error as error:
        raise ExamError("exams.broken", path=path, line=rows.line_num, column=1, reason=error) from error


def _delimiter(path: Path, text: str) -> str:
    header = text.partition("\n")[0]
    return "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=header.count)


def _value(name: str, cell: str) -> Any:
    if name in _LISTS:
        return [part.strip() for part in cell.split("|") if part.strip()]
    if name == UNANSWERABLE:
        # What is neither yes nor no stays text, and is refused by the field.
        return _YES.get(cell.strip().lower(), cell)
    return cell
