"""Power against sums over all outcomes, statsmodels and simulated comparisons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import (
    PairedBinary,
    PairedScores,
    compare,
    items_needed,
    mcnemar,
    minimal_detectable_effect,
    power,
)


@pytest.mark.parametrize(
    ("n", "base", "discordance"), [(12, 0.5, 0.3), (25, 0.9, 0.2), (40, 0.95, 0.12), (7, 0.5, 0.9)]
)
def test_the_power_of_mcnemar_is_the_sum_over_all_outcomes(n: int, base: float, discordance: float) -> None:
    lost, won = (discordance + 0.1) / 2, (discordance - 0.1) / 2
    expected = 0.0
    for a in range(n + 1):
        for b in range(a):
            if a + b <= n and mcnemar(a, b) <= 0.05:
                expected += stats.multinomial.pmf([a, b, n - a - b], n, [lost, won, 1 - lost - won])
    assert power(n, -0.1, PairedBinary(base_rate=base, discordance=discordance)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n", [8, 30, 200])
@pytest.mark.parametrize("effect", [0.1, -0.3])
def test_the_power_of_scores_as_statsmodels(n: int, effect: float) -> None:
    # One side of the two: a finding in the wrong direction is none.
    expected = TTestPower().power(abs(effect) / 0.4, n, 0.025, alternative="larger")
    assert power(n, effect, PairedScores(sd=0.4)) == pytest.approx(expected, abs=1e-6)


def test_items_needed_are_the_fewest() -> None:
    for design in (
        PairedBinary(base_rate=0.5),
        PairedBinary(base_rate=0.95),
        PairedBinary(base_rate=0.8, correlation=0.0),
        PairedScores(sd=0.35),
        PairedBinary(base_rate=0.8, group_size=5),
    ):
        n = items_needed(-0.1, design)
        assert power(n, -0.1, design) >= 0.8
        assert power(n - int(design.group_size), -0.1, design) < 0.8


def test_textbook_sizes() -> None:
    # Normal approximation of Connor (1987): (1.96 sqrt(.3) + .84 sqrt(.3 - .01))² / .01 = 233; exact asks for more.
    found = items_needed(-0.1, PairedBinary(base_rate=0.5, discordance=0.3))
    assert 233 <= found <= 255
    # Student: 34 pairs for half a standard deviation (Cohen 1988, table 2.4.1 for pairs).
    assert items_needed(0.5, PairedScores(sd=1.0)) == 34


def test_more_of_everything_asks_for_more_items() -> None:
    design = PairedBinary(base_rate=0.8)
    assert items_needed(-0.05, design) > 3 * items_needed(-0.1, design)
    assert items_needed(-0.1, design, power=0.9) > items_needed(-0.1, design)
    assert items_needed(-0.1, design, hypotheses=5) > items_needed(-0.1, design)
    assert items_needed(-0.1, design, confidence=0.99) > items_needed(-0.1, design)
    assert items_needed(-0.1, PairedBinary(base_rate=0.8, correlation=0)) > items_needed(-0.1, design)
    grouped = PairedBinary(base_rate=0.8, group_size=10, group_correlation=0.5)
    assert items_needed(-0.1, grouped) > 4 * items_needed(-0.1, design)


def test_a_very_small_change_is_counted_by_approximation() -> None:
    design = PairedBinary(base_rate=0.5, discordance=0.3)
    n = items_needed(-0.001, design)
    assert n == pytest.approx(0.3 * (1.95996 + 0.84162) ** 2 / 1e-6, rel=0.01)
    with pytest.raises(BadOptions, match="no number of items"):
        items_needed(-1e-6, design)


@pytest.mark.parametrize("design", [PairedBinary(base_rate=0.9), PairedScores(sd=0.3), PairedScores(sd=50.0)])
def test_the_smallest_change_has_the_power_asked_for(design: PairedBinary | PairedScores) -> None:
    smallest = minimal_detectable_effect(120, design)
    assert smallest is not None
    assert power(120, -smallest, design) >= 0.8
    assert power(120, -smallest * 0.98, design) < 0.8


def test_the_smallest_change_and_the_items_belong_together() -> None:
    design = PairedBinary(base_rate=0.9)
    smallest = minimal_detectable_effect(items_needed(-0.1, design), design)
    assert smallest == pytest.approx(0.1, abs=0.002)


def test_too_few_items_find_nothing() -> None:
    assert minimal_detectable_effect(4, PairedBinary(base_rate=0.9)) is None
    assert minimal_detectable_effect(5, PairedScores(sd=1.0)) is None
    # There is no rise from 95 % that thirty items would find.
    assert minimal_detectable_effect(30, PairedBinary(base_rate=0.95), rise=True) is None
    assert minimal_detectable_effect(30, PairedBinary(base_rate=1.0), rise=True) is None
    assert power(5, -0.5, PairedBinary(base_rate=0.9)) == 0.0
    assert power(3, -0.5, PairedScores(sd=0.1)) == 0.0


def test_a_known_discordance_that_is_too_small_grows_with_the_change() -> None:
    found = minimal_detectable_effect(500, PairedBinary(base_rate=0.95, discordance=0.08))
    assert found is not None
    assert 0.02 < found < 0.08


@pytest.mark.parametrize("design", [PairedBinary(base_rate=0.5), PairedBinary(base_rate=0.95)])
def test_compare_finds_a_drop_as_often_as_stated(design: PairedBinary) -> None:
    n, rng = items_needed(-0.1, design), np.random.default_rng(1)
    before, after = design.base_rate, design.base_rate - 0.1
    both = before * after + 0.5 * np.sqrt(before * (1 - before) * after * (1 - after))
    cells = rng.multinomial(1, [both, before - both, after - both, 1 - before - after + both], size=(400, n))
    a, b = cells[..., 0] + cells[..., 1], cells[..., 0] + cells[..., 2]
    found = [compare(list(x), list(y)).verdict for x, y in zip(a, b, strict=True)]
    # 400 draws: two standard errors are four points.
    assert found.count("worse") / 400 == pytest.approx(0.8, abs=0.06)
    assert found.count("better") == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PairedBinary(base_rate=95), "base_rate must lie between 0 and 1"),
        (lambda: PairedBinary(base_rate=0.5, correlation=2), "correlation must lie"),
        (lambda: PairedBinary(base_rate=0.5, discordance=-0.1), "discordance must lie"),
        (lambda: PairedBinary(base_rate=0.5, group_size=0), "group_size must be at least 1"),
        (lambda: PairedScores(sd=0.0), "sd must be at least"),
        (lambda: PairedScores(sd=1.0, group_correlation=3), "group_correlation must lie"),
        (lambda: items_needed(0.0, PairedScores(sd=1.0)), "cannot be 0"),
        (lambda: power(10, 0.0, PairedScores(sd=1.0)), "cannot be 0"),
        (lambda: items_needed(0.1, PairedBinary(base_rate=0.95)), "cannot change by 0.1"),
        (lambda: items_needed(-0.2, PairedBinary(base_rate=0.9, discordance=0.1)), "must lie in 0.2 to"),
        (lambda: items_needed(-0.1, PairedScores(sd=1.0), power=1.0), "power must lie"),
        (lambda: items_needed(-0.1, PairedScores(sd=1.0), confidence=95), "confidence must lie"),
        (lambda: items_needed(-0.1, PairedScores(sd=1.0), hypotheses=0), "hypotheses must be at least 1"),
        (lambda: power(0, -0.1, PairedScores(sd=1.0)), "n must be at least 1"),
        (lambda: minimal_detectable_effect(0, PairedScores(sd=1.0)), "n must be at least 1"),
    ],
)
def test_what_cannot_be_is_refused(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(BadOptions, match=message):
        call()
