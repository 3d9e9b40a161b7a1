"""Calibration, against scipy's isotonic regression, worked numbers, and seeded data of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from gezhi.core.errors import BadOptions
from gezhi.evaluation.calibration import (
    area_under_risk,
    brier,
    choose_threshold,
    cross_fitted,
    expected_error,
    fit_isotonic,
    fit_platt,
    reliability,
    risk_coverage,
)

rng = np.random.default_rng(5)
TRUE = rng.random(4000)
RIGHT = (rng.random(4000) < TRUE).astype(float)
SURE = 1 / (1 + np.exp(-3 * np.log(TRUE / (1 - TRUE)) - 1))
"""Overconfident: log odds thrice too large, and one too high."""


def test_isotonic_is_scipys() -> None:
    guessed = rng.permutation(300) / 300
    truth = (rng.random(300) < guessed).astype(float)
    order = np.argsort(guessed)
    curve = fit_isotonic(truth, guessed)
    assert curve(guessed[order]) == pytest.approx(isotonic_regression(truth[order]).x)
    assert curve([-1.0, 2.0]) == pytest.approx([curve.probabilities[0], curve.probabilities[-1]])
    assert list(curve.probabilities) == sorted(curve.probabilities)


def test_equal_confidences_are_pooled() -> None:
    curve = fit_isotonic([1, 0, 0, 1, 1], [0.5, 0.5, 0.5, 0.5, 0.9])
    assert curve([0.5, 0.9]) == pytest.approx([0.5, 1.0])


def test_platt_undoes_overconfidence() -> None:
    assert fit_platt(RIGHT, SURE)(SURE) == pytest.approx(TRUE, abs=0.03)
    unchanged = fit_platt(RIGHT, TRUE)
    assert unchanged([0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.03)


@pytest.mark.parametrize("fitted", [fit_isotonic, fit_platt])
def test_calibration_on_other_groups_lowers_the_error(fitted: type) -> None:
    groups = [f"document {number // 8}" for number in range(len(RIGHT))]
    after = cross_fitted(fitted, RIGHT, SURE, groups)
    assert expected_error(RIGHT, SURE) > 0.1
    assert expected_error(RIGHT, after) < 0.04
    assert brier(RIGHT, after) < brier(RIGHT, SURE)


def test_no_item_is_calibrated_by_its_own_group() -> None:
    # Each group has a confidence of its own and is always right or never: what is learned from others is wrong for it.
    groups = [str(number) for number in range(10) for _ in range(4)]
    right = [float(number % 2) for number in range(10) for _ in range(4)]
    same = [0.5] * 40
    after = cross_fitted(fit_isotonic, right, same, groups, folds=10)
    assert set(after[np.array(right) == 1].round(6)) == {round(4 / 9, 6)}
    with pytest.raises(BadOptions):
        cross_fitted(fit_isotonic, right, same, ["one"] * 40)


def test_reliability_has_bins_of_equal_mass() -> None:
    table = reliability(RIGHT, TRUE)
    assert len(table) == 15
    assert {one.n for one in table} <= {266, 267}
    assert sum(one.n for one in table) == 4000
    assert expected_error(RIGHT, TRUE) < 0.035


def test_ties_share_a_bin_so_that_order_means_nothing() -> None:
    right = np.array([1.0] * 50 + [0.0] * 50)
    assert [one.n for one in reliability(right, np.full(100, 0.5))] == [100]
    assert expected_error(right, np.full(100, 0.5)) == 0.0
    assert expected_error(right, np.full(100, 0.8)) == pytest.approx(0.3)


def test_brier() -> None:
    assert brier([1, 0], [0.8, 0.4]) == pytest.approx((0.04 + 0.16) / 2)


def test_risk_and_coverage() -> None:
    points = risk_coverage([1, 0, 1, 0], [0.9, 0.8, 0.8, 0.1])
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.9, 0.25, 0.0),
        (0.8, 0.75, pytest.approx(1 / 3)),
        (0.1, 1.0, 0.5),
    ]
    # the tie comes in any order: half a wrong answer after two items
    assert area_under_risk([1, 0, 1, 0], [0.9, 0.8, 0.8, 0.1]) == pytest.approx((0 + 0.25 + 1 / 3 + 0.5) / 4)
    assert area_under_risk([1, 0, 1, 0], [0.9, 0.2, 0.8, 0.1]) == pytest.approx((0 + 0 + 1 / 3 + 0.5) / 4)


def test_a_constant_confidence_has_the_share_of_errors_and_a_better_one_less() -> None:
    share = 1 - RIGHT.mean()
    assert area_under_risk(RIGHT, np.full(4000, 0.3)) == pytest.approx(share)
    assert area_under_risk(RIGHT, TRUE) < 0.6 * share
    assert area_under_risk(RIGHT, SURE) == pytest.approx(area_under_risk(RIGHT, TRUE))


def test_thresholds() -> None:
    found = choose_threshold(RIGHT, TRUE, risk=0.1)
    assert found is not None
    above = found.threshold <= TRUE
    assert found.coverage == pytest.approx(above.mean())
    assert found.risk == pytest.approx(1 - RIGHT[above].mean())
    assert 0.09 < found.risk <= 0.1
    half = choose_threshold(RIGHT, TRUE, coverage=0.5)
    assert half is not None
    assert half.coverage >= 0.5
    assert half.risk < 0.3
    assert choose_threshold([0, 0], [0.5, 0.4], risk=0.1) is None
    for goals in ({}, {"risk": 0.1, "coverage": 0.5}):
        with pytest.raises(BadOptions):
            choose_threshold(RIGHT, TRUE, **goals)


def test_what_cannot_be_measured() -> None:
    with pytest.raises(BadOptions):
        expected_error([], [])
    with pytest.raises(BadOptions):
        brier([1, 0], [0.5])
    with pytest.raises(BadOptions):
        fit_platt([1, 0], [3.0, 0.5])
