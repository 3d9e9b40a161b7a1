"""A cell's value as text, as a person sees it in Excel (number formats: ECMA-376 part 1, 18.8.30-31).

Differences: dates are ISO whatever their format; digits are not grouped, so that a number can be found; formats in
fractions, powers of ten or thousands show the plain number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy",
             16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
             37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
             **dict.fromkeys((27, 30, 31, 36, 50, 54, 57, 58), "yyyy-mm-dd"),
             **dict.fromkeys((28, 29, 51, 53), "yyyy-mm-dd"), **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss"),
             52: "yyyy-mm"}  # fmt: skip
"""Formats that are not written in the file; those of Chinese Excel among them (27-36, 50-58)."""
_TEXTS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]+))?")
_MOST_SECONDS = 2_958_466 * 86_400  # the end of the year 9999


def format_code(number: int, own: dict[int, str]) -> str:
    """The format with this number; `own` are those written in the file."""
    return own.get(number) or _BUILT_IN.get(number, "General")


def shown_value(value: str, code: str, *, epoch_1904: bool = False) -> str:
    """A number as it stands in the file ("0.12500000000000003") under its format ("0.0%") as text ("12.5%")."""
    number = _decimal(value)
    if number is None:
        return value
    form = _form(code)
    if form.date and 0 <= number < _MOST_SECONDS / 86_400:
        return _moment(number, form.date, epoch_1904=epoch_1904)
    return _with_unit(number, form)


def plain_number(value: str) -> str:
    """A number without the noise of binary fractions; other text as it is."""
    number = _decimal(value)
    return value if number is None else _plain(number)


@dataclass(frozen=True)
class _Form:
    """What of a number format matters here."""

    date: str = ""
    """The letters ymdhs that it shows, "" where it is no date; an elapsed time begins with "["."""
    percent: bool = False
    decimals: int | None = None
    """None: as many as the number has."""
    least_decimals: int = 0
    whole: int = 1
    """Least digits before the point."""
    before: str = ""
    after: str = ""


@lru_cache(maxsize=512)
def _form(code: str) -> _Form:
    section = _first_section(code)
    bare = _TEXTS.sub("", section)
    if re.search(r"[ymdhs]", bare, re.IGNORECASE) and "general" not in bare.lower():
        letters = "".join(sorted(set(re.sub(r"am/pm|a/p", "", bare.lower())) & set("ymdhs"), key="ymdhs".index))
        # The letter m is minutes beside hours or seconds, months otherwise.
        if "m" in letters and not set(letters) & set("yd") and set(letters) & set("hs"):
            letters = letters.replace("m", "")
        return _Form(date="[" + letters if "[" in bare else letters)
    digits = _DIGITS.search(bare)
    if digits is None or re.search(r"[eE][+-]|[?#0]\s*/", bare) or digits[0].endswith(","):
        return _Form()
    first = _DIGITS.search(_placed(section))
    left = section if first is None else section[: first.start()]
    right = "" if first is None else section[first.end() :]
    fraction = digits[1] or ""
    return _Form(
        percent="%" in bare,
        decimals=len(fraction),
        least_decimals=fraction.count("0"),
        whole=digits[0].partition(".")[0].count("0"),
        before=_literal(left),
        after=_literal(right).replace("%", ""),
    )


def _first_section(code: str) -> str:
    """What holds for positive numbers."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]


def _placed(section: str) -> str:
    """The section with all texts blanked, so that places stay."""
    return _TEXTS.sub(lambda match: " " * len(match[0]), section)


def _literal(part: str) -> str:
    kept = _TEXTS.sub(lambda match: match[1] or match[2] or match[3] or "", part)
    return re.sub(r"[()@]|[-+](?=\s*$)", "", kept).strip()


def _with_unit(number: Decimal, form: _Form) -> str:
    if form.decimals is None:
        return _plain(number)
    if form.percent:
        number *= 100
    try:
        text = f"{_short(number).quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP):f}"
    except InvalidOperation:
        return _plain(number)
    whole, _, fraction = text.lstrip("-").partition(".")
    kept = fraction.rstrip("0").ljust(form.least_decimals, "0")
    sign = "-" if number < 0 and text.strip("-0.") else ""
    body = whole.rjust(form.whole, "0") + (f".{kept}" if kept else "")
    return f"{sign}{form.before}{body}{'%' if form.percent else ''}{form.after}"


def _plain(number: Decimal) -> str:
    shortened = _short(number)
    text = f"{shortened:f}" if abs(shortened.adjusted()) < 30 else f"{shortened:g}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(number: Decimal) -> Decimal:
    """With the 15 digits that Excel itself keeps."""
    return Decimal(f"{number:.15g}")


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 400 else None


def _moment(number: Decimal, letters: str, *, epoch_1904: bool) -> str:
    seconds = round(number * 86_400)
    if letters.startswith("["):
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}" + (f":{seconds % 60:02}" if "s" in letters else "")
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    if not set(letters) & set("ymd"):
        return clock
    # Excel takes 1900 for a leap year: the days before its 29 February are one further on.
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 31 if days < 60 else 30)
    day = (start + timedelta(days=days)).date()
    if "d" not in letters and "y" in letters:
        return f"{day:%Y-%m}" if "m" in letters else f"{day:%Y}"
    return f"{day.isoformat()} {clock}" if rest and set(letters) & set("hs") else day.isoformat()
