"""Units of measure, money and counting in Chinese and English, each with the size that makes it comparable.

The table is `units.toml`; `unit_behind` and `money_before` look units up beside a number.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts."""

    dimension: str
    """Two values are compared only within one dimension; `count` holds all classifiers (个, 名, 家)."""
    factor: float = 1.0
    offset: float = 0.0
    """value in the base unit = number * factor + offset; only temperatures have one."""


NONE = Unit("")
PERCENT = Unit("ratio", 0.01)
ORDINAL = Unit("ordinal")

_BEFORE = {"¥": "CNY", "￥": "CNY", "RMB": "CNY", "CNY": "CNY", "人民币": "CNY", "US$": "USD", "USD": "USD", "$": "USD",
           "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "HK$": "HKD", "HKD": "HKD", "NT$": "TWD", "NTD": "TWD",
           "A$": "AUD", "C$": "CAD"}  # fmt: skip
_MONEY_BEFORE = re.compile(f"({'|'.join(re.escape(mark) for mark in sorted(_BEFORE, key=len, reverse=True))})\\s?$")
_PER = re.compile(r"\s?(?:/|每|per\s|an?\s(?=hour|day|week|month|year))\s?")


def unit_behind(text: str, at: int) -> tuple[int, Unit]:
    """The unit that begins at `text[at]`, after at most one space or hyphen, and where it ends; else (at, NONE)."""
    end, unit = _single(text, at)
    if unit is NONE:
        return at, NONE
    per = _PER.match(text, end)
    if per:
        last, other = _single(text, per.end())
        if other is not NONE and other.dimension != "count":
            return last, Unit(f"{unit.dimension}/{other.dimension}", unit.factor / other.factor)
    return end, unit


def money_before(text: str, at: int) -> tuple[int, Unit]:
    """The currency that ends just before `text[at]` and where it starts; else (at, NONE)."""
    match = _MONEY_BEFORE.search(text, max(0, at - 5), at)
    return (match.start(), Unit(_BEFORE[match[1]])) if match else (at, NONE)


def _single(text: str, at: int) -> tuple[int, Unit]:
    match = _pattern().match(text, at)
    if not match:
        return at, NONE
    name = match[1]
    return match.end(), _units().get(name) or _in_any_case()[name.lower()]


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_units(), key=len, reverse=True)
    latin = [name for name in names if name[-1].isascii() and name[-1].isalpha()]
    other = [name for name in names if name not in latin]
    words = "|".join(_escaped(name) for name in latin)
    return re.compile(rf"[ -]?((?:{words})(?![A-Za-z])|{'|'.join(map(re.escape, other))})")


def _escaped(name: str) -> str:
    # whole words in any case and number ("Kilometres"); symbols exactly as written: MB is not Mb
    if len(name) <= 3 and name not in ("day", "mile", "ton", "yen", "won", "bit"):
        return re.escape(name)
    return f"(?i:{re.escape(name)})s?"


@cache
def _units() -> dict[str, Unit]:
    table = tomllib.loads(Path(__file__).with_name("units.toml").read_text(encoding="utf-8"))
    units: dict[str, Unit] = {}
    for dimension, line in table.items():
        for entry in line.split(";"):
            names, _, factor = entry.strip().partition("=")
            for name in "".join(names.splitlines()).split("|"):
                units[name.strip()] = Unit(dimension, float(factor))
    units["°F"] = units["华氏度"] = units["degrees fahrenheit"] = Unit("temperature", 5 / 9, -160 / 9)
    return units


@cache
def _in_any_case() -> dict[str, Unit]:
    lower = {name.lower(): unit for name, unit in _units().items()}
    return {f"{name}s": unit for name, unit in lower.items()} | lower
