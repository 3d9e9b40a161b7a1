"""Rubrics: criteria with levels, each described, read from TOML. `correctness` is built in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gezhi.core.catalogue import Language
from gezhi.core.errors import BadOptions
from gezhi.core.options import from_mapping, read_toml
from gezhi.core.plain import to_json

BUILT_IN = ("correctness",)


@dataclass(frozen=True, kw_only=True)
class Level:
    """One step of a criterion. A text of one language alone serves both."""

    value: int | None = None
    description: str = ""
    zh: str = ""
    en: str = ""

    def __post_init__(self) -> None:
        if self.value is None or not (self.description or self.zh or self.en):
            raise BadOptions("judging.bad_level", value=self.value)

    def text(self, language: Language) -> str:
        """What an answer of this level is like."""
        return _text(self, language)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that is judged."""

    name: str = ""
    """Key of the judge's JSON and column of a sheet."""
    description: str = ""
    zh: str = ""
    en: str = ""
    levels: tuple[Level, ...] = ()
    """At least two, of different values."""
    weight: float = 1.0
    """Share in the overall score, against the other criteria."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not (self.description or self.zh or self.en):
            raise BadOptions("judging.bad_criterion", name=self.name)
        if len(self.values) < 2 or len(self.values) != len(self.levels):
            raise BadOptions("judging.too_few_levels", name=self.name)
        if not self.weight > 0:
            raise BadOptions("judging.bad_weight", name=self.name, weight=self.weight)

    @property
    def values(self) -> tuple[int, ...]:
        """Of its levels, lowest first, each once."""
        return tuple(sorted({level.value for level in self.levels if level.value is not None}))

    def text(self, language: Language) -> str:
        """What is judged."""
        return _text(self, language)

    def share(self, value: int) -> float:
        """`value` as 0 (lowest level) to 1 (highest)."""
        return (value - self.values[0]) / (self.values[-1] - self.values[0])


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """What a judge, or a person, grades answers by."""

    name: str = ""
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        names = [criterion.name for criterion in self.criteria]
        if not self.name or not names or len(set(names)) < len(names):
            raise BadOptions("judging.bad_rubric", name=self.name)

    def score(self, levels: Mapping[str, int]) -> float:
        """Weighted mean of the criteria, each scaled to 0 to 1. All criteria must be there."""
        total = sum(criterion.weight for criterion in self.criteria)
        return sum(one.weight * one.share(levels[one.name]) for one in self.criteria) / total

    @property
    def version(self) -> str:
        """Changes with any word of it: scores of two versions are not to be compared."""
        return f"{self.name}-{hashlib.sha256(to_json(self).encode()).hexdigest()[:10]}"


def read_rubric(name: str | Path) -> Rubric:
    """The built-in rubric of that name, or the one in that TOML file.

    Raises:
        BadOptions: No such rubric or file; a key unknown, a criterion without levels ...: with the place.
    """
    path = Path(__file__).with_name(f"{name}.toml") if str(name) in BUILT_IN else Path(name)
    if not path.is_file():
        raise BadOptions("judging.no_rubric", name=name, known=", ".join(BUILT_IN))
    return from_mapping(Rubric, read_toml(path), str(path))


def _text(described: Level | Criterion, language: Language) -> str:
    own, other = (described.zh, described.en) if language == "zh" else (described.en, described.zh)
    return own or described.description or other
