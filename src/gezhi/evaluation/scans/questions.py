"""Questions with options, and word problems, from the files that benchmarks come in; the form is told by the fields.

C-Eval (`id,question,A,B,C,D,answer`), CMMLU (`,Question,A,B,C,D,Answer`), MMLU (CSV without a header, or `choices`
with a number), SafetyBench (`options`, `answer`, `category`), BBQ (`context`, `ans0` ..., `label`), GSM8K (`answer`
with `####`), as CSV, JSON Lines or a JSON list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gezhi.core.errors import ExamError, NotFound
from gezhi.evaluation.datasets.fields import Record
from gezhi.evaluation.datasets.lines import records

LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question with options, one of which is right."""

    id: str
    question: str
    options: tuple[str, ...]
    right: int
    """Index of the right option."""
    group: str = ""
    """Subject or category: reported apart."""
    context: str = ""
    """What is told before the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BbqChoice:
    """A question of BBQ (Parrish et al. 2022), with what its bias score needs."""

    choice: Choice
    ambiguous: bool
    """Whether the context leaves the answer open: then "unknown" is right."""
    negative: bool
    """Whether the question asks for the one who does the bad thing."""
    unknown: int
    """Index of the option that says it cannot be known."""
    target: int | None
    """Index of the option that names the stereotyped group; None where the file does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A word problem whose answer is a number."""

    id: str
    question: str
    answer: str
    """Worked out, with the number after `####`."""


def read_records(path: Path) -> list[Record]:
    """The records of a CSV, JSON Lines or JSON file; a CSV without a header gets that of MMLU.

    Raises:
        NotFound: No such file.
        ExamError: Broken, not UTF-8, or empty: with the place.
    """
    if not path.is_file():
        raise NotFound("scans.no_file", path=path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExamError("exams.not_utf8", path=path, byte=error.start) from error
    csv_like = path.suffix.lower() in (".csv", ".tsv")
    found = list(_table(path, text) if csv_like else records(path, text))
    if not found:
        raise ExamError("scans.nothing", path=path)
    return found


def form(record: Record) -> str:
    """Which kind of scan the record is for: pairs, bbq, problem, choice, prompt, or nothing known."""
    fields = set(record.values)
    kinds = {
        "pairs": {"sent_more", "sent_less"},
        "bbq": {"context_condition", "ans0", "label"},
        "prompt": {"prompt"},
    }
    for kind, needed in kinds.items():
        if needed <= fields:
            return kind
    if "####" in str(record.values.get("answer", "")):
        return "problem"
    return "choice" if fields & {"A", "options", "choices"} else ""


def choices(found: Sequence[Record]) -> list[Choice]:
    """Questions with options. Raises ExamError with the place of one that is none."""
    return [_choice(record, number) for number, record in enumerate(found, 1)]


def problems(found: Sequence[Record]) -> list[Problem]:
    """Word problems. Raises ExamError with the place of one that is none."""
    return [
        Problem(id=record.optional("id") or str(number), question=record.text("question"), answer=record.text("answer"))
        for number, record in enumerate(found, 1)
    ]


def bbq(found: Sequence[Record]) -> list[BbqChoice]:
    """Questions of BBQ. Raises ExamError with the place of one that is none."""
    return [_bbq(record, number) for number, record in enumerate(found, 1)]


def _table(path: Path, text: str) -> Iterator[Record]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",",
                      strict=True)  # fmt: skip
    head: list[str] = []
    try:
        for row in rows:
            if not head and _is_mmlu(row):
                head = ["question", *LETTERS[: len(row) - 2], "answer"]
            elif not head:
                head = [name.strip() or "id" for name in row]
                continue
            if len(row) > len(head):
                raise ExamError("exams.too_many_cells", where=f"{path.name}:{rows.line_num}")
            yield Record(f"{path.name}:{rows.line_num}", {k: v for k, v in zip(head, row, strict=False) if v})
    except csv.Error as error:
        raise ExamError("exams.broken", path=path, line=rows.line_num, column=1, reason=error) from error


def _is_mmlu(row: Sequence[str]) -> bool:
    return len(row) >= 4 and row[-1].strip() in tuple(LETTERS[: len(row) - 2]) and row[-2].strip() not in LETTERS


def _choice(record: Record, number: int) -> Choice:
    listed = record.values.get("options") or record.values.get("choices") or list(_lettered(record.values))
    if not isinstance(listed, list) or not all(isinstance(one, str | int | float) for one in listed):
        raise ExamError("exams.not_texts", where=record.where, field="options")
    # SafetyBench writes "(A) ..." into each option.
    options = tuple(
        str(text).strip().removeprefix(f"({LETTERS[i]})").strip() for i, text in enumerate(listed[: len(LETTERS)])
    )
    if len(options) < 2:
        raise ExamError("scans.no_options", where=record.where)
    group = record.optional("subject", "category", "Subject", "Category")
    return Choice(
        id=record.optional("id") or str(number),
        question=record.text("question", "Question"),
        options=options,
        right=_right(record, len(options)),
        group=group,
        context=record.optional("context"),
    )


def _lettered(values: Mapping[str, Any]) -> Iterator[str]:
    for letter in LETTERS:
        if values.get(letter) in (None, ""):
            return
        yield str(values[letter])


def _right(record: Record, options: int) -> int:
    written = record.text("answer", "Answer", "label").strip().strip("()").upper()
    if written in tuple(LETTERS[:options]):
        return LETTERS.index(written)
    if written.isascii() and written.isdigit() and int(written) < options:
        return int(written)
    raise ExamError("scans.bad_answer", where=record.where, answer=written, last=LETTERS[options - 1])


def _bbq(record: Record, number: int) -> BbqChoice:
    options = tuple(record.text(f"ans{i}") for i in range(3))
    about = record.values.get("answer_info")
    tags = [str((about.get(f"ans{i}") or [""])[-1]).lower() for i in range(3)] if isinstance(about, dict) else [""] * 3
    if "unknown" not in tags:
        raise ExamError("scans.no_unknown", where=record.where)
    choice = Choice(
        id=record.optional("example_id") or str(number), question=record.text("question"), options=options,
        right=_right(record, 3), group=record.optional("category"), context=record.text("context"),
    )  # fmt: skip
    return BbqChoice(
        choice=choice,
        ambiguous=record.text("context_condition").startswith("ambig"),
        negative=record.text("question_polarity") == "neg",
        unknown=tags.index("unknown"),
        target=_target(record, tags),
    )


_SAME = {"f": ("f", "woman", "girl", "female"), "m": ("m", "man", "boy", "male")}
"""How BBQ itself writes the groups of its questions about gender."""


def _target(record: Record, tags: Sequence[str]) -> int | None:
    """`target_loc` of the file's metadata, else the one option whose tag is a stereotyped group."""
    told = record.values.get("target_loc")
    if str(told) in ("0", "1", "2"):
        return int(str(told))
    about = record.values.get("additional_metadata")
    groups = about.get("stereotyped_groups", []) if isinstance(about, dict) else []
    names = {same for group in groups for same in _SAME.get(str(group).lower(), (str(group).lower(),))}
    found = [i for i, tag in enumerate(tags) if tag in names or tag.split("-")[0] in names]
    return found[0] if len(found) == 1 else None
