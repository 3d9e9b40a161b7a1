"""Values in text, compared by what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gezhi.language.fold import fold

ConflictKind = Literal["number", "date", "unit", "negation", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something a sentence says that the quotes do not."""

    kind: ConflictKind
    said: str
    found: str
    """What the quotes have in its place; empty where they have nothing of the kind."""


def conflicts(sentence: str, quotes: Sequence[str]) -> list[Conflict]:
    """Where `sentence` conflicts with `quotes` taken together."""
    there = {number for quote in quotes for number in re.findall(r"\d+", fold(quote))}
    return [
        Conflict(kind="number", said=number, found="")
        for number in re.findall(r"\d+", fold(sentence))
        if number not in there
    ]
