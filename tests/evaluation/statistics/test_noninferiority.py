"""Gates: pass, regression, inconclusive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import non_inferiority, paired_proportions


def test_the_three_verdicts() -> None:
    same = non_inferiority([1.0] * 300, [1.0] * 300, margin=0.02)
    assert (same.verdict, same.items_to_pass) == ("pass", 0)
    few = non_inferiority([1.0] * 30, [1.0] * 30, margin=0.02)
    assert few.verdict == "inconclusive"
    assert few.items_to_pass is not None
    assert few.items_to_pass > 30
    worse = non_inferiority([1.0] * 200, [1.0] * 150 + [0.0] * 50, margin=0.02)
    assert (worse.verdict, worse.items_to_pass) == ("regression", None)
    assert worse.difference == pytest.approx(-0.25)


def test_right_and_wrong_has_tangos_one_sided_bound() -> None:
    a, b = [1.0] * 10 + [0.0] * 4 + [1.0] * 86, [0.0] * 10 + [1.0] * 4 + [1.0] * 86
    found = non_inferiority(a, b, margin=0.15)
    expected = paired_proportions(10, 4, 100, confidence=0.9)
    assert (found.bound, found.best) == pytest.approx((expected.low, expected.high))
    assert found.verdict == "pass"
    assert "Tango" in found.reason


def test_other_scores_have_the_t_bound() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(5, 1, 50), rng.normal(5.2, 1, 50)
    found = non_inferiority(a, b, margin=0.5)
    expected = stats.ttest_rel(b, a).confidence_interval(0.9)
    assert (found.bound, found.best) == pytest.approx((expected.low, expected.high))


def test_less_can_be_better() -> None:
    rng = np.random.default_rng(0)
    seconds = rng.gamma(2.0, size=80)
    slower = non_inferiority(seconds, seconds + rng.normal(2, 0.1, 80), margin=0.5, higher_is_better=False)
    assert slower.verdict == "regression"
    assert slower.bound is not None
    assert slower.best is not None
    assert slower.bound > slower.best > 0.5
    faster = non_inferiority(seconds, seconds - 0.1 + rng.normal(0, 0.1, 80), margin=0.05, higher_is_better=False)
    assert faster.verdict == "pass"


def test_scores_from_0_to_1_are_not_sure_of_what_was_never_seen() -> None:
    found = non_inferiority([0.5] * 30, [0.5] * 30, margin=0.02)
    assert found.verdict == "inconclusive"
    # Two half-pairs of +1 and -1: Agresti and Min.
    assert found.bound == pytest.approx(-stats.t.ppf(0.95, 30) * np.sqrt(31 / 30) / 31)
    assert non_inferiority([0.5] * 30, [0.5] * 30, margin=0.02, bounded=False).bound == 0.0
    assert non_inferiority([5.0] * 30, [5.0] * 30, margin=0.02).verdict == "pass"


def test_items_of_a_document_count_together() -> None:
    rng = np.random.default_rng(0)
    groups = [i // 10 for i in range(200)]
    a = (rng.random(200) < 0.8).astype(float)
    b = np.where(np.repeat(rng.random(20) < 0.1, 10), 0.0, a)
    alone, together = non_inferiority(a, b, margin=0.1), non_inferiority(a, b, margin=0.1, groups=groups)
    assert alone.bound is not None
    assert together.bound is not None
    assert together.bound < alone.bound
    assert "20 groups" in together.reason


def test_missing_scores_are_counted() -> None:
    found = non_inferiority([1.0, None, 1.0], [1.0, 1.0, None], margin=0.02)
    assert (found.n, found.dropped) == (1, 2)


def test_nothing_to_judge_by_is_inconclusive() -> None:
    empty = non_inferiority([], [], margin=0.02)
    assert (empty.verdict, empty.difference, empty.bound, empty.items_to_pass) == ("inconclusive", None, None, None)
    one = non_inferiority([3.0], [9.0], margin=0.02)
    assert (one.verdict, one.bound, one.difference) == ("inconclusive", None, 6.0)
    assert non_inferiority([0.4], [0.4], margin=0.02).verdict == "inconclusive"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30), st.floats(0, 0.5))
def test_a_wider_margin_never_fails_what_passed(rows: list[tuple[float, float]], margin: float) -> None:
    a, b = [row[0] for row in rows], [row[1] for row in rows]
    order = ["regression", "inconclusive", "pass"]
    narrow, wide = non_inferiority(a, b, margin=margin), non_inferiority(a, b, margin=margin + 0.2)
    assert order.index(narrow.verdict) <= order.index(wide.verdict)
    assert narrow.bound is not None
    assert narrow.best is not None
    assert -1 <= narrow.bound <= narrow.best <= 1


def test_a_candidate_worse_by_the_margin_seldom_passes() -> None:
    rng = np.random.default_rng(8)
    passed = 0
    for _ in range(400):
        drawn = rng.choice([-1, 0, 1], p=[0.15, 0.8, 0.05], size=120)
        passed += non_inferiority(list(np.maximum(-drawn, 0)), list(np.maximum(drawn, 0)), margin=0.1).verdict == "pass"
    assert passed / 400 <= 0.05 + 0.03


def test_what_cannot_be_is_refused() -> None:
    for margin in (-0.1, float("nan")):
        with pytest.raises(BadOptions, match="margin must be at least 0"):
            non_inferiority([1.0], [1.0], margin=margin)
    with pytest.raises(BadOptions, match="got 1 and 2"):
        non_inferiority([1.0], [1.0, 1.0], margin=0.1)
