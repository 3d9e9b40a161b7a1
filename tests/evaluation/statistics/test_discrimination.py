"""AUROC and calibration error."""

from __future__ import annotations

import numpy as np
import pytest

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import auroc, auroc_difference, calibration_error


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


def test_scores_without_both_labels_are_refused() -> None:
    with pytest.raises(BadOptions, match="only one of them"):
        auroc([1, 1], [0.2, 0.3])
    with pytest.raises(BadOptions):
        calibration_error([], [])
