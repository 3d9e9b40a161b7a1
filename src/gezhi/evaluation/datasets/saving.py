"""An exam into a file of our own form; `lines.read` gives the same exam back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from gezhi.core.plain import to_json
from gezhi.core.system import replace_durably
from gezhi.evaluation.datasets.lines import HEADER, VERSION
from gezhi.evaluation.exam import Exam


def save(exam: Exam, path: Path) -> None:
    """Write the exam, whole or not at all; a file that is there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text("\n".join(_lines(exam)) + "\n", encoding="utf-8", newline="\n")
    replace_durably(scratch, path)


def _lines(exam: Exam) -> Iterator[str]:
    yield to_json({HEADER: VERSION, "name": exam.name, "reviewed": exam.reviewed})
    for source, text in exam.texts.items():
        yield to_json({"source": source, "text": text})
    for item in exam.items:
        values = {
            "id": item.id, "question": item.question, "answers": item.answers, "relevant": item.relevant,
            "unanswerable": item.unanswerable, "tags": item.tags, "document": item.document,
            "history": [{"role": turn.role, "content": turn.content} for turn in item.history],
        }  # fmt: skip
        yield to_json(values)
