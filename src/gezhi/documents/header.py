"""Which row of a table is its header, where the file does not say: by what stands in it and below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_VALUE = re.compile(
    r"[-+(]?[¥￥$€£]?\s*[\d.,]+\s*[%‰)]?$"
    r"|\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?( \d\d:\d\d(:\d\d)?)?$"
)
_LONGEST = 40


def header_and_rows(rows: Sequence[Sequence[str]]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """The header and the rows below it; an empty header where the first row is data like the others."""
    if len(rows) > 1 and is_header(rows[0]):
        return rows[0], rows[1:]
    return (), rows


def is_header(row: Sequence[str]) -> bool:
    """Whether all cells are short names: no values, hardly a gap, no name twice, no sentences."""
    named = [cell.strip() for cell in row if cell.strip()]
    if len(named) < 2 or 2 * len(named) < len(row):
        return False
    if any(is_value(name) or len(name) > _LONGEST or name.endswith("。") for name in named):
        return False
    return len(set(named)) == len(named)


def is_value(cell: str) -> bool:
    """Whether a cell is a number, an amount or a date."""
    return _VALUE.match(cell) is not None
