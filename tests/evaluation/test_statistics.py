"""Intervals, AUROC, calibration."""

from __future__ import annotations

import numpy as np
import pytest

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import (
    auroc,
    auroc_difference,
    bootstrap,
    calibration_error,
    paired_bootstrap,
    proportion,
)


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(1).normal(10, 2, size=400)
    found = bootstrap(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.n == 400
    error = values.std() / 20
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)


def test_a_seed_repeats_itself() -> None:
    values = np.random.default_rng(1).normal(size=50)
    assert bootstrap(values, seed=3) == bootstrap(values, seed=3)
    assert bootstrap(values, seed=3) != bootstrap(values, seed=4)


def test_pairs_are_compared_item_by_item() -> None:
    noise = np.random.default_rng(0).normal(0, 5, size=200)
    found = paired_bootstrap(noise + 1, noise)
    assert [found.mean, found.low, found.high] == pytest.approx([1, 1, 1])


def test_wilsons_interval() -> None:
    found = proportion(0, 10)
    assert (found.mean, found.low) == (0, 0)
    assert found.high == pytest.approx(0.2775, abs=1e-3)
    assert proportion(50, 100).low == pytest.approx(0.4038, abs=1e-3)


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    assert auroc(labels, scores).mean == pytest.approx(0.75)
    assert auroc([0, 1], [0.5, 0.5]).mean == pytest.approx(0.5)
    found = auroc(labels, scores)
    assert 0 <= found.low <= found.mean <= found.high <= 1


def test_the_difference_of_two_scores_on_one_set() -> None:
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 2, 300)
    good, bad = labels + rng.normal(0, 0.5, 300), rng.normal(0, 1, 300)
    found = auroc_difference(labels, good, bad)
    assert found.low > 0.2
    assert found.mean == pytest.approx(auroc(labels, good).mean - auroc(labels, bad).mean)


def test_calibration_error_of_sure_and_of_wrong_guesses() -> None:
    assert calibration_error([1, 0, 1, 0], [1.0, 0.0, 1.0, 0.0], bins=2) == 0.0
    assert calibration_error([0, 0, 0, 0], [0.9, 0.9, 0.9, 0.9]) == pytest.approx(0.9)


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(BadOptions, match="at least one number"):
        bootstrap([])
    with pytest.raises(BadOptions, match="got 2 and 3"):
        paired_bootstrap([1, 2], [1, 2, 3])
    with pytest.raises(BadOptions, match="only one of them"):
        auroc([1, 1], [0.2, 0.3])
    with pytest.raises(BadOptions):
        proportion(0, 0)
