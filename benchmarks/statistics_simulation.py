"""Do the statistics keep their word? Tests, e-values and power put to 20,000 simulated comparisons each.

False alarms: both systems are the same in truth. Power: the second is 10 points worse in truth, with the number of
items that the power function states. All runs of a row share the sign patterns, as all comparisons of one size do.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from gezhi.evaluation.statistics import (
    PairedBinary,
    PairedScores,
    SequentialComparison,
    compare,
    items_needed,
    minimal_detectable_effect,
)
from gezhi.evaluation.statistics.intervals import bca_bounds, clustered_error, tango_bounds
from gezhi.evaluation.statistics.noninferiority import cautious_ends
from gezhi.evaluation.statistics.paired import mcnemar_p, patterns, sign_flip_p, signed_ranks
from gezhi.evaluation.statistics.planning import Design
from report import report

Floats = NDArray[np.float64]
Row = dict[str, Any]
ITEMS = (30, 100, 500)
RATES = (0.5, 0.95)
DROP = 0.1
GROUP = 5
"""Items of one document, in the clustered rows."""
LIKENESS = 0.1
"""Intraclass correlation of the differences of one document."""
SHARPNESS = 3.0
"""Of the beta distribution of scores that are more than right or wrong: mean x 3 and (1 - mean) x 3."""


def main() -> None:
    """Simulate all rows and report them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    began, rng = time.perf_counter(), np.random.default_rng(options.seed)
    rows = [*_false_alarms(rng, options.runs), *_peeking(rng, options.runs), *_found(rng, options.runs),
            *_false_passes(rng, options.runs)]  # fmt: skip
    agreeing = _spot_checks(rng)
    report(
        "statistics_simulation",
        "python benchmarks/statistics_simulation.py",
        rows,
        [
            f"{options.runs:,} runs a row, seed {options.seed}, {time.perf_counter() - began:.0f} s. Two standard "
            f"errors: {200 * np.sqrt(0.05 * 0.95 / options.runs):.2f} points at 5 %, "
            f"{200 * np.sqrt(0.16 / options.runs):.2f} at 80 %.",
            "Scores: right or wrong (correlation .5 between the two), beta-distributed, or right or wrong in "
            f"documents of {GROUP} items with intraclass correlation {LIKENESS}.",
            f"{agreeing} comparisons of these kinds were put through `compare` and `SequentialComparison` one by "
            "one: the same verdicts.",
            "Rows without a goal are there for contrast, or to know.",
            "The power of the sign-flip test is stated from the standard deviation alone: of scores crowded at one end "
            "more is found than stated.",
        ],
    )


# What is drawn: differences b - a, shape (runs, items).


def _pairs(rng: np.random.Generator, shape: tuple[int, int], design: PairedBinary, effect: float) -> Floats:
    lost, won = _shares(design, effect)
    drawn = rng.random(shape)
    return np.where(drawn < lost, -1.0, np.where(drawn < lost + won, 1.0, 0.0))


def _shares(design: PairedBinary, effect: float) -> tuple[float, float]:
    before, after = design.base_rate, design.base_rate + effect
    spread = np.sqrt(before * (1 - before) * after * (1 - after))
    both = min(before * after + design.correlation * spread, before, after)
    return before - both, after - both


def _betas(rng: np.random.Generator, shape: tuple[int, int], rate: float, effect: float) -> Floats:
    before, after = (rng.beta(mean * SHARPNESS, (1 - mean) * SHARPNESS, size=shape) for mean in (rate, rate + effect))
    return np.asarray(after - before)


def _documents(rng: np.random.Generator, shape: tuple[int, int], rate: float, effect: float) -> Floats:
    sharpness = 1 / LIKENESS - 1
    sides = []
    for mean in (rate, rate + effect):
        of_group = rng.beta(mean * sharpness, (1 - mean) * sharpness, size=(shape[0], shape[1] // GROUP))
        sides.append(rng.random(shape) < np.repeat(of_group, GROUP, axis=1))
    return sides[1].astype(np.float64) - sides[0]


def _sums(differences: Floats) -> Floats:
    return np.asarray(differences.reshape(len(differences), -1, GROUP).sum(axis=2))


# How each test decides, at 5 %: p-values or excluded zeros, shape (runs,).


def _by_mcnemar(differences: Floats) -> NDArray[np.bool_]:
    return mcnemar_p((differences < 0).sum(axis=1), (differences > 0).sum(axis=1)) <= 0.05


def _by_sign_flip(differences: Floats) -> NDArray[np.bool_]:
    flipped = patterns(differences.shape[1])
    return np.concatenate([sign_flip_p(block, flipped) <= 0.05 for block in _blocks(differences)])


def _by_wilcoxon(differences: Floats) -> NDArray[np.bool_]:
    return _by_sign_flip(np.concatenate([signed_ranks(block) for block in _blocks(differences)]))


def _by_clusters(differences: Floats) -> NDArray[np.bool_]:
    return _by_sign_flip(_sums(differences))


def _by_clustered_t(differences: Floats) -> NDArray[np.bool_]:
    sums = _sums(differences)
    error = clustered_error(sums, np.full(sums.shape[1], float(GROUP)))
    half = stdtrit(sums.shape[1] - 1, 0.975) * error + 0.5 / differences.shape[1]
    return np.asarray(np.abs(differences.mean(axis=1)) > half)


def _by_bca(differences: Floats) -> NDArray[np.bool_]:
    sizes, found = np.ones(differences.shape[1]), []
    for block in _blocks(differences):
        low, high = bca_bounds(block, sizes, 0.05, 2000, 0)
        found.append((low > 0) | (high < 0))
    return np.concatenate(found)


def _blocks(differences: Floats) -> Iterator[Floats]:
    for start in range(0, len(differences), 1000):
        yield differences[start : start + 1000]


def _false_alarms(rng: np.random.Generator, runs: int) -> Iterator[Row]:
    for n in ITEMS:
        for rate in RATES:
            binary = _pairs(rng, (runs, n), PairedBinary(base_rate=rate), 0.0)
            betas = _betas(rng, (runs, n), rate, 0.0)
            documents = _documents(rng, (runs, n), rate, 0.0)
            cases: list[tuple[str, str, Callable[[Floats], NDArray[np.bool_]], Floats, bool]] = [
                ("exact McNemar", "right or wrong", _by_mcnemar, binary, True),
                ("sign-flip", "right or wrong", _by_sign_flip, binary, True),
                ("sign-flip", "beta", _by_sign_flip, betas, True),
                ("Wilcoxon", "beta", _by_wilcoxon, betas, True),
                ("Wilcoxon", "right or wrong", _by_wilcoxon, binary, True),
                ("clustered sign-flip", "documents", _by_clusters, documents, True),
                ("clustered t interval", "documents", _by_clustered_t, documents, True),
                ("McNemar, documents ignored", "documents", _by_mcnemar, documents, False),
                ("BCa interval", "beta", _by_bca, betas, False),
                ("BCa interval", "right or wrong", _by_bca, binary, False),
            ]
            for test, scores, decide, differences, bound in cases:
                yield _row("false alarms", test, scores, n, rate, decide(differences), "<= 5.5" if bound else "")


def _peeking(rng: np.random.Generator, runs: int) -> Iterator[Row]:
    for n in ITEMS:
        for rate in RATES:
            binary = _pairs(rng, (runs, n), PairedBinary(base_rate=rate), 0.0)
            alarms = _stopped(binary) > 0
            yield _row("false alarms, looking after every item", "e-value", "right or wrong", n, rate, alarms, "<= 5")
            alarms = _stopped(_betas(rng, (runs, n), rate, 0.0)) > 0
            yield _row("false alarms, looking after every item", "e-value", "beta", n, rate, alarms, "<= 5")
            naive = np.zeros(runs, dtype=bool)
            for end in range(1, n + 1):
                naive |= _by_mcnemar(binary[:, :end]) if end <= 100 or not end % 10 else False
            yield _row("false alarms, looking after every item", "exact McNemar", "right or wrong", n, rate, naive, "")


def _stopped(differences: Floats) -> NDArray[np.int64]:
    """After how many items each run is decided by e-values; 0: never."""
    fresh = SequentialComparison()
    stakes, weights = fresh._stakes, np.exp(fresh._weights)
    found = np.zeros(len(differences), dtype=np.int64)
    for start in range(0, len(differences), 500):
        block = differences[start : start + 500]
        up, down = np.tile(weights, (len(block), 1)), np.tile(weights, (len(block), 1))
        for i in range(block.shape[1]):
            up *= 1 + stakes * block[:, i, None]
            down *= 1 - stakes * block[:, i, None]
            now = (np.maximum(up.sum(axis=1), down.sum(axis=1)) >= 40) & (found[start : start + 500] == 0)
            found[start : start + 500][now] = i + 1
    return found


def _found(rng: np.random.Generator, runs: int) -> Iterator[Row]:
    for rate in RATES:
        for correlation in (0.0, 0.5):
            design = PairedBinary(base_rate=rate, correlation=correlation)
            name, n = f"right or wrong, correlation {correlation}", items_needed(-DROP, design)
            drawn = _pairs(rng, (runs, n), design, -DROP)
            worse = _by_mcnemar(drawn) & (drawn.mean(axis=1) < 0)
            yield _row("power at the items stated", "exact McNemar", name, n, rate, worse, "80 +- 3")
        n = items_needed(-DROP, _beta_design(rate))
        drawn = _betas(rng, (runs, n), rate, -DROP)
        worse = _by_sign_flip(drawn) & (drawn.mean(axis=1) < 0)
        yield _row("power at the items stated", "sign-flip", "beta", n, rate, worse, "80 +- 3")
        n = GROUP * -(-items_needed(-DROP, _document_design(rate)) // GROUP)
        drawn = _documents(rng, (runs, n), rate, -DROP)
        worse = _by_clusters(drawn) & (drawn.mean(axis=1) < 0)
        yield _row("power at the items stated", "clustered sign-flip", "documents", n, rate, worse, "80 +- 3")
        yield from _found_by_smallest(rng, runs, PairedBinary(base_rate=rate))
        yield from _found_early(rng, runs, PairedBinary(base_rate=rate))


def _found_by_smallest(rng: np.random.Generator, runs: int, design: PairedBinary) -> Iterator[Row]:
    for n in ITEMS:
        smallest = minimal_detectable_effect(n, design)
        if smallest is not None:
            drawn = _pairs(rng, (runs, n), design, -smallest)
            worse = _by_mcnemar(drawn) & (drawn.mean(axis=1) < 0)
            what = f"power at the smallest drop stated, {100 * smallest:.1f} points"
            yield _row(what, "exact McNemar", "right or wrong", n, design.base_rate, worse, "80 +- 3")


def _found_early(rng: np.random.Generator, runs: int, design: PairedBinary) -> Iterator[Row]:
    n = 2 * items_needed(-DROP, design)
    stopped = _stopped(_pairs(rng, (runs, n), design, -DROP))
    half = int(np.median(np.where(stopped > 0, stopped, n)))
    what = f"found by twice the items stated, looking after every item; half of the runs by {half}"
    yield _row(what, "e-value", "right or wrong", n, design.base_rate, stopped > 0, "")


def _beta_design(rate: float) -> Design:
    variance = sum(mean * (1 - mean) / (SHARPNESS + 1) for mean in (rate, rate - DROP))
    return PairedScores(sd=float(np.sqrt(variance)))


def _document_design(rate: float) -> Design:
    return PairedBinary(base_rate=rate, correlation=0.0, group_size=GROUP, group_correlation=LIKENESS)


def _false_passes(rng: np.random.Generator, runs: int) -> Iterator[Row]:
    """Gates: the candidate is worse by exactly the margin of 10 points in truth, and must not pass."""
    z = -float(ndtri(0.05))
    for n in ITEMS:
        for rate in RATES:
            drawn = _pairs(rng, (runs, n), PairedBinary(base_rate=rate), -DROP)
            low, _ = tango_bounds((drawn < 0).sum(axis=1), (drawn > 0).sum(axis=1), n, z)
            yield _row("false passes of a gate", "Tango", "right or wrong", n, rate, low > -DROP, "")
            passed = _passing(_betas(rng, (runs, n), rate, -DROP), np.ones(n))
            yield _row("false passes of a gate", "t with a pair added", "beta", n, rate, passed, "")
            passed = _passing(_sums(_documents(rng, (runs, n), rate, -DROP)), np.full(n // GROUP, float(GROUP)))
            yield _row("false passes of a gate", "clustered t with a pair added", "documents", n, rate, passed, "")


def _passing(sums: Floats, sizes: Floats) -> NDArray[np.bool_]:
    ends = [cautious_ends(one, sizes, 0.05, bounded=True) for one in sums]
    return np.asarray([end is not None and end[0] > -DROP for end in ends])


def _spot_checks(rng: np.random.Generator) -> int:
    """What was simulated at once decides as what people call. Raises where one does not."""
    checked, names = 0, [str(i // GROUP) for i in range(100)]
    for effect in (0.0, -DROP):
        kinds: list[tuple[Floats, Callable[[Floats], NDArray[np.bool_]], list[str] | None]] = [
            (_pairs(rng, (100, 100), replace(PairedBinary(base_rate=0.5)), effect), _by_mcnemar, None),
            (_betas(rng, (100, 100), 0.95, effect), _by_sign_flip, None),
            (_documents(rng, (100, 100), 0.95, effect), _by_clusters, names),
        ]
        for drawn, decide, groups in kinds:
            stopped = _stopped(drawn)
            for one, shown, after in zip(drawn, decide(drawn), stopped, strict=True):
                # Scores of which nothing but the difference matters, all within 0 to 1.
                a, b = np.maximum(-one, 0), np.maximum(one, 0)
                if (compare(a, b, groups=groups).verdict != "not_shown") != shown:
                    raise AssertionError((one, shown))
                watched = SequentialComparison()
                for x, y in zip(a, b, strict=True):
                    watched.add(x, y)
                if (watched.decided_after or 0) != after:
                    raise AssertionError((one, after))
                checked += 1
    return checked


def _row(what: str, test: str, scores: str, n: int, rate: float, seen: NDArray[np.bool_], goal: str) -> Row:
    percent = round(100 * float(seen.mean()), 2)
    return {
        "what": what, "test": test, "scores": scores, "items": n, "base rate": rate, "percent": percent, "goal": goal,
        "holds": _holds(percent, goal),
    }  # fmt: skip


def _holds(percent: float, goal: str) -> str:
    if not goal:
        return ""
    held = abs(percent - 80) <= 3 if "+-" in goal else percent <= float(goal.removeprefix("<= "))
    return "yes" if held else "NO"


if __name__ == "__main__":
    main()
