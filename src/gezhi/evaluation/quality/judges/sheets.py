"""Sheets for people who judge: blinded and shuffled, as CSV or XLSX, and read back with every bad cell named.

A sheet hides which system wrote an answer; the key file (JSON, kept from the raters) tells. Leaves out how far raters
agree: `agreement`.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from gezhi.core.catalogue import Language, say
from gezhi.core.errors import BadOptions
from gezhi.core.extras import need
from gezhi.core.plain import to_json
from gezhi.core.system import replace_durably
from gezhi.evaluation.quality.judges.rubric import Criterion, Rubric

_LEADS = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula."""
_HEADS: dict[Language, tuple[str, ...]] = {
    "zh": ("编号", "问题", "参考答案", "答案", "备注"),
    "en": ("row", "question", "references", "answer", "comment"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question with the answers of several systems."""

    item: str
    """Id of the exam's item."""
    question: str
    answers: Mapping[str, str]
    """System to answer."""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a person gave."""

    item: str
    system: str
    criterion: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """A cell that is no level: nothing is guessed from it, and it is not lost."""

    cell: str
    """As in a spreadsheet: `E7`."""
    value: str
    problem: str
    """One sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A sheet that came back."""

    scores: tuple[Score, ...]
    empty: int
    """Cells that were left empty: not rated."""
    bad: tuple[BadCell, ...]
    missing: tuple[str, ...]
    """Rows of the key that the sheet has no more."""
    comments: Mapping[str, str]
    """`item / system` to what was written beside."""


def write_sheet(
    path: Path, judged: Sequence[Judged], rubric: Rubric, *, key: Path, seed: int = 0, language: Language = "zh"
) -> None:
    """Write the sheet (`.csv` or `.xlsx`) and its key.

    Args:
        seed: Of the order of the rows. The same seed gives the same sheet to each rater; rows are told by their
            numbers, so raters may sort them.

    Raises:
        BadOptions: Neither .csv nor .xlsx.
        MissingExtra: XLSX without openpyxl.
    """
    _check(path)
    rows = [(one, system) for one in judged for system in one.answers]
    random.Random(seed).shuffle(rows)
    number, question, references, answer, comment = _HEADS[language]
    head = [number, question, references, answer, *(one.name for one in rubric.criteria), comment]
    body = [
        [f"R{i:04d}", one.question, "\n".join(one.references), one.answers[system], *[""] * len(rubric.criteria), ""]
        for i, (one, system) in enumerate(rows, 1)
    ]
    told = {f"R{i:04d}": {"item": one.item, "system": system} for i, (one, system) in enumerate(rows, 1)}
    explained = [
        [one.name, str(level.value), level.text(language), one.text(language)]
        for one in rubric.criteria
        for level in sorted(one.levels, key=lambda level: level.value or 0)
    ]
    _write(key, to_json({"rubric": rubric.version, "seed": seed, "rows": told}, 1).encode())
    _write(path, _csv(head, body) if path.suffix == ".csv" else _xlsx(head, body, explained, rubric))


def read_sheet(path: Path, rubric: Rubric, *, key: Path) -> Filled:
    """The scores in a sheet that came back, in any order of rows and columns.

    Raises:
        BadOptions: Not the sheet of this key, no key, another rubric than it was made with, or a column is gone.
    """
    _check(path)
    told = _key(key, rubric)
    table = _csv_rows(path) if path.suffix == ".csv" else _xlsx_rows(path)
    columns = _columns(path, table, rubric)
    scores: list[Score] = []
    bad: list[BadCell] = []
    comments: dict[str, str] = {}
    empty, seen = 0, set[str]()
    for line, row in enumerate(table[1:], 2):
        name = _at(row, columns["row"])
        if not any(row):
            continue
        if name not in told or name in seen:
            problem = say("judging.twice" if name in seen else "judging.no_such_row", row=name)
            bad.append(BadCell(cell=_cell(columns["row"], line), value=name, problem=problem))
            continue
        seen.add(name)
        item, system = told[name]["item"], told[name]["system"]
        if _at(row, columns["comment"]):
            comments[f"{item} / {system}"] = _at(row, columns["comment"])
        for criterion in rubric.criteria:
            written = _at(row, columns[criterion.name])
            level = _level(written, criterion)
            if level is not None:
                scores.append(Score(item=item, system=system, criterion=criterion.name, level=level))
            elif written:
                known = ", ".join(map(str, criterion.values))
                problem = say("judging.wrong_level", name=criterion.name, value=repr(written), known=known)
                bad.append(BadCell(cell=_cell(columns[criterion.name], line), value=written, problem=problem))
            empty += not written
    missing = tuple(row for row in told if row not in seen)
    return Filled(scores=tuple(scores), empty=empty, bad=tuple(bad), missing=missing, comments=comments)


def _check(path: Path) -> None:
    if path.suffix not in (".csv", ".xlsx"):
        raise BadOptions("judging.sheet_kind", path=path)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".part")
    temporary.write_bytes(content)
    replace_durably(temporary, path)


def _csv(head: Sequence[str], body: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([["'" + text if text.startswith(_LEADS) else text for text in row] for row in body])
    # Excel reads a CSV as UTF-8 only with the mark.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(
    head: Sequence[str], body: Sequence[Sequence[str]], explained: Sequence[Sequence[str]], rubric: Rubric
) -> bytes:
    openpyxl = need("openpyxl", extra="exam")
    illegal = need("openpyxl.cell.cell", extra="exam").ILLEGAL_CHARACTERS_RE
    book = openpyxl.Workbook()
    sheet = book.active
    for line, row in enumerate([head, *body], 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(line, column)
            cell.value = illegal.sub("", text) or None
            cell.data_type = "s" if cell.value else cell.data_type  # text, also where it begins with =
    sheet.freeze_panes = "B2"
    for letter, width in zip("ABCD", (8, 40, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    wrapped = need("openpyxl.styles", extra="exam").Alignment(wrap_text=True, vertical="top")
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = wrapped
    validation = need("openpyxl.worksheet.datavalidation", extra="exam").DataValidation
    for column, criterion in enumerate(rubric.criteria, 5):
        allowed = validation(type="list", formula1='"' + ",".join(map(str, criterion.values)) + '"', allow_blank=True)
        sheet.add_data_validation(allowed)
        if body:
            allowed.add(f"{_cell(column - 1, 2)}:{_cell(column - 1, len(body) + 1)}")
    legend = book.create_sheet("rubric")
    for texts in explained:
        legend.append([illegal.sub("", text) for text in texts])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv_rows(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # what Chinese Excel writes
        text = raw.decode("gb18030", errors="replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]


def _xlsx_rows(path: Path) -> list[list[str]]:
    openpyxl = need("openpyxl", extra="exam")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise BadOptions("judging.broken_sheet", path=path) from error
    rows = [["" if value is None else str(value).strip() for value in row] for row in
            book.worksheets[0].iter_rows(values_only=True)]  # fmt: skip
    book.close()
    return rows


def _key(key: Path, rubric: Rubric) -> dict[str, dict[str, str]]:
    try:
        record: dict[str, Any] = json.loads(key.read_text(encoding="utf-8"))
        told: dict[str, dict[str, str]] = record["rows"]
        version = record["rubric"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadOptions("judging.no_key", path=key) from error
    if version != rubric.version:
        raise BadOptions("judging.other_rubric", path=key, made=version, given=rubric.version)
    return told


def _columns(path: Path, table: Sequence[Sequence[str]], rubric: Rubric) -> dict[str, int]:
    head = list(table[0]) if table else []
    found: dict[str, int] = {}
    wanted = {"row": [heads[0] for heads in _HEADS.values()], "comment": [heads[-1] for heads in _HEADS.values()]}
    for name, names in (wanted | {one.name: [one.name] for one in rubric.criteria}).items():
        places = [head.index(known) for known in names if known in head]
        if not places and name != "comment":
            raise BadOptions("judging.no_column", path=path, name=names[0])
        found[name] = places[0] if places else len(head)
    return found


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _level(written: str, criterion: Criterion) -> int | None:
    # Spreadsheets give 2 back as 2.0.
    bare = written.removesuffix(".0")
    digits = bare.removeprefix("-")
    level = int(bare) if digits.isascii() and digits.isdigit() else None
    return level if level in criterion.values else None


def _cell(column: int, line: int) -> str:
    letters, column = "", column + 1  # counted from 1, as letters have no zero
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{line}"
