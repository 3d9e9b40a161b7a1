"""From the fields of one record to an Item, and what must hold for all items of an exam."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from gezhi.core.errors import ExamError
from gezhi.core.types import Message, Role
from gezhi.evaluation.exam import Exam, Item, Relevant

UNANSWERABLE = "unanswerable"
"""The flag, and the tag that means the same."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its fields, which give plain values or raise an ExamError that says where."""

    where: str
    """As editors understand it: `exam.jsonl:12`."""
    values: Mapping[str, Any]

    def text(self, *names: str) -> str:
        """The first of the fields that is there; the first name is the one that is asked for."""
        found = self._first(names)
        if found is None or found == "":
            raise ExamError("exams.missing", where=self.where, field=names[0])
        if isinstance(found, bool) or not isinstance(found, str | int):
            raise ExamError("exams.not_text", where=self.where, field=names[0])
        if not str(found).strip():
            raise ExamError("exams.missing", where=self.where, field=names[0])
        return str(found)

    def optional(self, *names: str) -> str:
        """The same, or an empty text."""
        return "" if self._first(names) in (None, "") else self.text(*names)

    def texts(self, *names: str) -> tuple[str, ...]:
        """A list of texts, or one text alone; none where the field is not there. No text twice."""
        found = self._first(names)
        if found is None:
            return ()
        listed = [found] if isinstance(found, str | int | float) else found
        if not isinstance(listed, list) or not all(_is_plain(one) for one in listed):
            raise ExamError("exams.not_texts", where=self.where, field=names[0])
        return tuple(dict.fromkeys(str(one) for one in listed if str(one).strip()))

    def records(self, name: str) -> list[Record]:
        """A list of objects; none where the field is not there."""
        found = self.values.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ExamError("exams.not_objects", where=self.where, field=name)
        return [Record(f"{self.where} {name}[{number}]", one) for number, one in enumerate(found)]

    def number(self, name: str) -> int | None:
        """A whole number from 0, or None."""
        found = self.values.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise ExamError("exams.not_position", where=self.where, field=name)
        return found

    def flag(self, name: str) -> bool:
        """True or false; false where the field is not there."""
        found = self.values.get(name, False)
        if not isinstance(found, bool):
            raise ExamError("exams.not_flag", where=self.where, field=name)
        return found

    def _first(self, names: Sequence[str]) -> Any:
        return next((self.values[name] for name in names if self.values.get(name) is not None), None)


def item(record: Record) -> Item:
    """The item of a record in our own form: `id`, `question`, and what else is known.

    `answers` (or `answer`): texts. Where it stands: `relevant` (objects with the fields of Relevant), or `source` and
    `quote`. `unanswerable`: a flag, or a tag. `tags`, `history` (objects with `role`, `content`), `document` (else the
    first source). Other fields are left alone.
    """
    relevant = tuple(_relevant(one) for one in record.records("relevant")) or _short(record)
    tags = record.texts("tags")
    made = Item(
        id=record.text("id"),
        question=record.text("question"),
        answers=record.texts("answers", "answer"),
        relevant=relevant,
        unanswerable=record.flag(UNANSWERABLE) or UNANSWERABLE in tags,
        history=tuple(_message(one) for one in record.records("history")),
        tags=tags,
        document=str(record.values["document"] or "") if "document" in record.values else _first_source(relevant),
    )
    if made.unanswerable and made.answers:
        raise ExamError("exams.answered", where=record.where, id=made.id, answer=made.answers[0])
    return made


def unique(items: Iterator[tuple[str, Item]]) -> tuple[Item, ...]:
    """The items, each with where it stands, if no id comes twice."""
    places: dict[str, str] = {}
    kept = []
    for where, one in items:
        if one.id in places:
            raise ExamError("exams.twice", where=where, id=one.id, first=places[one.id])
        places[one.id] = where
        kept.append(one)
    return tuple(kept)


def checked(exam: Exam, path: Path) -> Exam:
    """The exam, if it has items; its name is the file's where it has none."""
    if not exam.items:
        raise ExamError("exams.no_items", path=path)
    return exam if exam.name else replace(exam, name=path.stem)


def parsed(text: str, path: Path, line: int = 1) -> Any:
    """A JSON value that begins in `line` of the file."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = {"line": line + error.lineno - 1, "column": error.colno}
        raise ExamError("exams.broken", path=path, **where, reason=error.msg) from error


def _relevant(record: Record) -> Relevant:
    start, end = record.number("start"), record.number("end")
    if (start is None) != (end is None) or (start is not None and end is not None and end <= start):
        raise ExamError("exams.span", where=record.where)
    grade = record.values.get("grade", 1.0)
    if isinstance(grade, bool) or not isinstance(grade, int | float) or not 0 < grade < float("inf"):
        raise ExamError("exams.grade", where=record.where)
    source, quote = record.text("source"), record.optional("quote")
    return Relevant(source=source, start=start, end=end, quote=quote, grade=float(grade))


def _short(record: Record) -> tuple[Relevant, ...]:
    source = record.optional("source")
    return (Relevant(source=source, quote=record.optional("quote")),) if source else ()


def _first_source(relevant: Sequence[Relevant]) -> str:
    return relevant[0].source if relevant else ""


def _message(record: Record) -> Message:
    role = record.text("role")
    if role not in get_args(Role):
        raise ExamError("exams.role", where=record.where, role=role, known=", ".join(get_args(Role)))
    return Message(role, record.text("content"))  # type: ignore[arg-type]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
