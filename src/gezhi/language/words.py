"""The word lists in `words.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list that is divided by white space."""
    return frozenset(_lists()[name].split())


@cache
def groups(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a list, each a group of words."""
    return tuple(tuple(line.split()) for line in _lists()[name].splitlines() if line)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A list of regular expressions as one that matches any of them, the earlier ones first."""
    return re.compile("|".join(part.strip() for part in re.split(r" \| |\n", _lists()[name]) if part.strip()))


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
