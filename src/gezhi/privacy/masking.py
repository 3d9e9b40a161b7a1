"""Personal data that has a form: telephone numbers, e-mail addresses, identity numbers, bank cards, plates, accounts.

Full-width characters and numbers in Chinese digits are read as well. What has no form, names and addresses, stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PersonalKind = Literal["email", "identity", "card", "phone", "plate", "account"]

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DIGITS = str.maketrans("〇零一幺二三四五六七八九", "001123456789")
_CHINESE_NUMBER = re.compile(r"[〇零一幺二三四五六七八九]{7,}")
"""So many digits in a row count nothing: quantities are written with 十, 百, 万."""
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PATTERNS: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,}")),
    (
        "account",
        re.compile(
            r"(?:微信|WeChat|QQ)(?:号码?| ?ID)?(?:[是为:]|\s){0,3}(?P<value>(?=[A-Za-z_-]{0,19}\d)[A-Za-z0-9_-]{5,20})",
            re.IGNORECASE,
        ),
    ),
    (
        "identity",
        re.compile(
            r"(?<![A-Za-z0-9])(?:"
            # Mainland: region, birthday, order. The check digit is not asked for: with a slip of the pen it is a
            # person all the same.
            r"[1-9]\d{5} ?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{3}[\dXx]"
            r"|[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
            r"|[A-Z]{1,2}\d{6}\([\dA]\)"  # Hong Kong
            r"|[A-Z][12]\d{8}"  # Taiwan
            r"|[EGDSPH]\d{8}|E[A-HJ-NP-Z]\d{7}"  # passports of the mainland
            r"|\d{3}-\d\d-\d{4}"  # United States
            r")(?![A-Za-z0-9])"
        ),
    ),
    ("card", re.compile(r"(?<![\dA-Za-z.-])(?!20\d\d)[2-9](?:[ -]?\d){12,18}(?![\dA-Za-z])")),
    (
        "phone",
        re.compile(
            r"(?<![\dA-Za-z.])(?:"
            r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
            r"|(?:(?:\+|00)?86[ -]?)?\(?0\d{2,3}\)?[ -]?\d{7,8}(?:(?:转|-| ?ext\.? ?)\d{1,6})?"
            r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
            r"|\+\d{1,3}(?:[ -]?\(?\d{1,5}\)?){2,5}"
            r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"
            r")(?![\dA-Za-z])"
        ),
    ),
    ("plate", re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][·. ]?(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """A piece of personal data: `text[start:end]`."""

    kind: PersonalKind
    start: int
    end: int


def find_personal(text: str) -> list[Personal]:
    """What there is, left to right, not overlapping."""
    folded = _folded(text)
    found: list[Personal] = []
    for kind, pattern in _PATTERNS:
        for start, end in _spans(kind, pattern, folded):
            if all(end <= other.start or other.end <= start for other in found):
                found.append(Personal(kind=kind, start=start, end=end))
    return sorted(found, key=lambda personal: personal.start)


def masked(text: str) -> str:
    """The text with each piece replaced by its kind in brackets: `请打[phone]`."""
    for personal in reversed(find_personal(text)):
        text = f"{text[: personal.start]}[{personal.kind}]{text[personal.end :]}"
    return text


def _folded(text: str) -> str:
    """Character for character: positions stay."""
    narrow = text.translate(_WIDE)
    return _CHINESE_NUMBER.sub(lambda match: match[0].translate(_DIGITS), narrow)


def _spans(kind: PersonalKind, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if kind != "card" or _luhn(match[0]):
            yield match.span("value" if "value" in pattern.groupindex else 0)


def _luhn(written: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in written if digit.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
