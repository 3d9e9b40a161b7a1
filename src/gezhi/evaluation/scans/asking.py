"""What all scans share: their options, a sample of the items, several requests at once, failures kept apart."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from gezhi.core.errors import BadOptions, ModelError
from gezhi.core.types import Progress
from gezhi.evaluation.statistics import Interval, bootstrap, proportion

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """How a model is scanned."""

    limit: int = 0
    """Most items, drawn at random by `seed`; 0: all."""
    seed: int = 0
    """Of the sample, and of the sampling of models that take one."""
    parallel: int = 2
    """Requests at once."""
    shots: int = 0
    """Worked examples before each question: the first items of the file, which are then not asked."""
    max_tokens: int = 512
    """Of a reply."""

    def __post_init__(self) -> None:
        ranges = {"limit": (0, 10**9), "parallel": (1, 256), "shots": (0, 32), "max_tokens": (1, 65536)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadOptions("scans.out_of_range", name=name, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with Wilson's interval, and what is not in it."""

    name: str
    share: Interval | None
    """None where nothing could be counted."""
    unreadable: int = 0
    """Replies without an answer that could be read."""
    failed: int = 0
    """Requests that failed."""


def rate(name: str, hits: Sequence[bool | None], failed: int = 0) -> Rate:
    """The share of True; None counts as unreadable."""
    read = [hit for hit in hits if hit is not None]
    share = proportion(sum(read), len(read)) if read else None
    return Rate(name=name, share=share, unreadable=len(hits) - len(read), failed=failed)


def mean(values: Sequence[float]) -> Interval | None:
    """The mean with its bootstrap interval; None for fewer than five values, which give no interval to speak of."""
    return bootstrap(values) if len(values) >= 5 else None


def grouped(keyed: Sequence[tuple[str, T]]) -> dict[str, list[T]]:
    """Values by key, keys in order of their names."""
    found: dict[str, list[T]] = {}
    for key, value in keyed:
        found.setdefault(key, []).append(value)
    return dict(sorted(found.items()))


def sampled(items: Sequence[T], options: ScanOptions) -> list[T]:
    """At most `limit` items, in the order they had."""
    if not options.limit or len(items) <= options.limit:
        return list(items)
    chosen = random.Random(options.seed).sample(range(len(items)), options.limit)
    return [items[i] for i in sorted(chosen)]


def each(
    ask: Callable[[T], R], items: Sequence[T], options: ScanOptions, progress: Progress | None = None, stage: str = ""
) -> list[R | ModelError]:
    """`ask` of each item, in order, several at once; an item's ModelError stands in its place.

    Raises:
        ModelError: The first one, where all items failed: then nothing was measured.
    """

    def guarded(item: T) -> R | ModelError:
        try:
            return ask(item)
        except ModelError as error:
            return error

    results: list[R | ModelError] = []
    with ThreadPoolExecutor(max_workers=options.parallel) as pool:
        for result in pool.map(guarded, items):
            results.append(result)
            if progress:
                progress(stage, len(results), len(items))
    errors = [one for one in results if isinstance(one, ModelError)]
    if errors and len(errors) == len(results):
        raise errors[0]
    return results
