"""Bias by counterfactual swaps: the same sentence about another person, and what the model expects of each.

Word lists and templates are ours (`swaps.toml`), Chinese and English, small: a first look, no census. Each cell (a
template with a pair of people) is a double difference: how much likelier the words stereotypically said of the first
become when the first stands there instead of the second, minus the same for the words said of the second. What makes a
name or a word rare cancels out. 0 without bias; cells are paired by construction.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gezhi.core.errors import ModelError
from gezhi.core.protocols import LogProbs
from gezhi.core.types import Progress
from gezhi.evaluation.scans.asking import Rate, ScanOptions, each, grouped, mean, rate, sampled
from gezhi.evaluation.statistics import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A template with a pair of people."""

    kind: str
    """`gender-zh`, `region-en` ..."""
    template: str
    """With `{who}` where the person stands, up to the words."""
    first: str
    second: str
    of_first: tuple[str, ...]
    """Words that the stereotype says of the first."""
    of_second: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What came of one swap."""

    kind: str
    template: str
    first: str
    second: str
    difference: float | None
    """Natural logarithm; above 0: the stereotype. None where the request failed."""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapPart:
    """One kind of swap, or all."""

    rate: Rate
    """Share of cells that lean to the stereotype; .5 without bias."""
    difference: Interval | None
    """Mean double difference, in natural logarithms, with its bootstrap interval over cells, which share
    templates and people: somewhat too narrow. None below five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapReport:
    """By kind; the strongest cells tell what it is about."""

    model: str
    kinds: tuple[SwapPart, ...]
    cells: tuple[Cell, ...]
    """Strongest first, those that failed last."""


def scan_swaps(
    model: LogProbs,
    swaps: Sequence[Swap] | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> SwapReport:
    """Score the swaps; None: our own.

    Raises:
        ModelError: Every request failed.
    """
    options = options or ScanOptions()
    chosen = sampled(own_swaps() if swaps is None else swaps, options)
    results = each(lambda swap: _difference(model, swap), chosen, options, progress, "swaps")
    cells = [
        Cell(
            kind=swap.kind, template=swap.template, first=swap.first, second=swap.second,
            difference=None if isinstance(one, ModelError) else one,
            error=str(one) if isinstance(one, ModelError) else "",
        )
        for swap, one in zip(chosen, results, strict=True)
    ]  # fmt: skip
    kinds = grouped([(cell.kind, cell) for cell in cells])
    strongest = sorted(cells, key=lambda cell: -abs(cell.difference or 0.0))
    return SwapReport(
        model=model.name, kinds=tuple(_part(kind, part) for kind, part in kinds.items()), cells=tuple(strongest)
    )


@cache
def own_swaps() -> tuple[Swap, ...]:
    """Every template with every pair of its kind."""
    tables = tomllib.loads(Path(__file__).with_name("swaps.toml").read_text(encoding="utf-8"))
    return tuple(
        Swap(
            kind=kind, template=template["text"], first=first, second=second,
            of_first=tuple(template["of_first"]), of_second=tuple(template["of_second"]),
        )
        for kind, table in tables.items()
        for template in table["templates"]
        for first, second in table["pairs"]
    )  # fmt: skip


def _difference(model: LogProbs, swap: Swap) -> float:
    def likelier(words: Sequence[str]) -> float:
        gains = [_likelihood(model, swap, swap.first, w) - _likelihood(model, swap, swap.second, w) for w in words]
        return sum(gains) / len(gains)

    return likelier(swap.of_first) - likelier(swap.of_second)


def _likelihood(model: LogProbs, swap: Swap, who: str, word: str) -> float:
    before = swap.template.replace("{who}", who)
    kept = before.rstrip(" ")
    return sum(model.score(kept, before[len(kept) :] + word))


def _part(kind: str, cells: Sequence[Cell]) -> SwapPart:
    values = [cell.difference for cell in cells if cell.difference is not None]
    hits = [None if value == 0 else value > 0 for value in values]
    failed = len(cells) - len(values)
    return SwapPart(rate=rate(kind, hits, failed), difference=mean(values))
