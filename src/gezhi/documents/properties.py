"""What files say about themselves, as `Document.meta`: `date` (ISO) and `year`, `author`, `language`."""

from __future__ import annotations

import re
from datetime import date, datetime

from gezhi.core.unicode import well_formed

_DATE = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
_COMPACT = re.compile(r"^(1[89]\d\d|20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)")
_MONTH = re.compile(r"^(1[89]\d\d|20\d\d)(?:\s*[-/.年]\s*(1[0-2]|0?[1-9]))?\s*[月年]?$")


def properties(
    *, date: str | date | None = None, author: str | None = None, language: str | None = None
) -> dict[str, str | int]:
    """Those that are known and make sense; a date may be as short as a year, which then is the only part kept."""
    found = _dated(date)
    for name, text in (("author", author), ("language", (language or "").partition("-")[0].lower())):
        folded = " ".join(well_formed(text or "").split())[:200]
        if folded:
            found[name] = folded
    return found


def _dated(value: str | date | None) -> dict[str, str | int]:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return {"date": value.isoformat(), "year": value.year}
    text = (value or "").strip()
    whole = _COMPACT.match(text) or _DATE.search(text)
    if whole:
        try:
            return _dated(date(*(int(part) for part in whole.groups())))
        except ValueError:  # 31 February
            return {"year": int(whole[1])}
    short = _MONTH.match(text)
    return {"year": int(short[1])} if short else {}
