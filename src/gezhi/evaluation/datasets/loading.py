"""An exam from a file in any of the forms that people have; which one is told by its content.

Every form gives items through `checked`, so that what makes no sense is refused in the same words.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gezhi.core.errors import ExamError, NotFound
from gezhi.core.names import resolve
from gezhi.evaluation.datasets.fields import checked
from gezhi.evaluation.exam import Exam

FORMS = {
    "jsonl": "gezhi.evaluation.datasets.lines:read",
    "csv": "gezhi.evaluation.datasets.table:read",
    "squad": "gezhi.evaluation.datasets.squad:read",
    "rgb": "gezhi.evaluation.datasets.rgb:read",
}


def load(path: Path, form: str | None = None) -> Exam:
    """The exam in the file.

    Args:
        form: One of FORMS; None looks at the file's name (CSV, TSV) and content.

    Raises:
        NotFound: No such file.
        ExamError: What is wrong, with the file and where in it.
        UnknownName: No such form.
    """
    if not path.is_file():
        raise NotFound("exams.not_found", path=path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExamError("exams.not_utf8", path=path, byte=error.start) from error
    read = resolve("exam", form or _form(path, text), FORMS)
    exam: Exam = read(path, text)
    return checked(exam, path)


def _form(path: Path, text: str) -> str:
    if path.suffix.lower() in (".csv", ".tsv"):
        return "csv"
    if not text.strip():
        raise ExamError("exams.no_items", path=path)
    first = _first(text)
    if isinstance(first, list):
        first = first[0] if first else {}
    if not isinstance(first, dict):
        # Not JSON at all, or a line that is cut off: read as lines, which says where it breaks.
        return "jsonl" if text.lstrip()[0] in "{[" else _unknown(path)
    if isinstance(first.get("data"), list):
        return "squad"
    if "query" in first and {"answer", "positive", "negative"} & first.keys():
        return "rgb"
    known = {"question", "id", "gezhi_exam", "source", "answers"}
    return "jsonl" if known & first.keys() else _unknown(path)


def _first(text: str) -> Any:
    """The first JSON value of the file: all of it, or its first line."""
    try:
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except ValueError:
        return None


def _unknown(path: Path) -> str:
    raise ExamError("exams.unknown_form", path=path)
