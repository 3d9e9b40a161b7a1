"""E-values against their closed form, and what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import SequentialComparison


def _after(differences: list[float]) -> SequentialComparison:
    found = SequentialComparison()
    for difference in differences:
        found.add(max(-difference, 0.0), max(difference, 0.0))
    return found


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(0, 60))
def test_of_right_and_wrong_it_is_the_beta_mixture(won: int, lost: int) -> None:
    found = _after([1.0] * won + [-1.0] * lost + [0.0] * 5)
    # The mean of (1 + x)^won (1 - x)^lost over x uniform on -1 to 1.
    expected = np.exp((won + lost) * np.log(2) + betaln(won + 1, lost + 1))
    assert found.e_value == pytest.approx(expected, rel=1e-6)


@settings(max_examples=40)
@given(st.permutations([0.3, -0.2, 1.0, 0.5, 0.0, -0.7]))
def test_the_order_of_the_items_does_not_matter(order: list[float]) -> None:
    assert _after(order).e_value == pytest.approx(_after([0.3, -0.2, 1.0, 0.5, 0.0, -0.7]).e_value)


@given(st.lists(st.floats(-1, 1), max_size=12), st.floats(0.01, 1))
@settings(max_examples=40)
def test_it_is_a_fair_game(past: list[float], step: float) -> None:
    # Whatever happened, up and down by the same step are worth the present value on average: a martingale.
    now = _after(past).e_value
    assert (_after([*past, step]).e_value + _after([*past, -step]).e_value) / 2 == pytest.approx(now, rel=1e-9)


def test_a_plain_difference_is_shown_and_stays() -> None:
    found = _after([1.0] * 9)
    assert (found.verdict, found.decided_after) == ("better", 8)
    assert found.e_value > 20
    for _ in range(200):
        assert found.add(1, 0) == "better"
    assert _after([-1.0] * 9).verdict == "worse"
    smaller = SequentialComparison(higher_is_better=False)
    for _ in range(9):
        smaller.add(1.0, 0.0)
    assert smaller.verdict == "better"


def test_looking_always_seldom_alarms() -> None:
    rng = np.random.default_rng(0)
    stopped = [_after(list(rng.choice([-1.0, 0.0, 1.0], size=150))).verdict != "not_shown" for _ in range(300)]
    assert sum(stopped) <= 0.05 * 300 + 8


def test_the_confidence_sequence_narrows_around_the_truth() -> None:
    rng = np.random.default_rng(2)
    values = list(rng.uniform(-0.2, 0.6, size=600))
    widths = []
    for n in (10, 100, 600):
        interval = _after(values[:n]).interval()
        assert interval is not None
        assert interval.low <= 0.2 <= interval.high
        assert interval.low <= interval.mean <= interval.high
        widths.append(interval.high - interval.low)
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] < 0.2


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0, 0.25]), min_size=1, max_size=80))
def test_the_confidence_sequence_holds_zero_where_evidence_is_small(values: list[float]) -> None:
    found = _after(values)
    interval = found.interval()
    assert interval is not None
    assert -1 <= interval.low <= interval.high <= 1
    if found.e_value < 19:
        assert interval.low <= 0 <= interval.high


def test_without_scores_nothing_is_known() -> None:
    found = SequentialComparison()
    assert found.e_value == pytest.approx(1.0)
    assert (found.difference, found.interval(), found.n) == (None, None, 0)
    assert found.add(None, 1.0) == "not_shown"
    assert (found.dropped, found.n) == (1, 0)


def test_a_long_run_does_not_overflow() -> None:
    found = _after([1.0] * 3000)
    assert np.isfinite(found.e_value)
    interval = found.interval()
    assert interval is not None
    assert interval.high == 1.0
    assert interval.low > 0.98


@pytest.mark.parametrize("pair", [(0.0, 3.0), (80.0, 1.0), (float("nan"), 0.0)])
def test_scores_of_another_scale_are_refused(pair: tuple[float, float]) -> None:
    with pytest.raises(BadOptions, match="between -1 and 1"):
        SequentialComparison().add(*pair)
    with pytest.raises(BadOptions):
        SequentialComparison(confidence=1.5)
