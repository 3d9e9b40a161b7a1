from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from gezhi.core.errors import BadOptions
from gezhi.evaluation.quality.judges.agreement import Measure, Weights, cohen_kappa, krippendorff_alpha

# The worked example of Krippendorff 2011, "Computing Krippendorff's alpha-reliability", part C.
PAPER: list[list[float | str | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(("measure", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_that_of_the_paper(measure: Measure, value: float) -> None:
    alpha = krippendorff_alpha(PAPER, measure=measure)
    assert alpha is not None
    assert alpha.mean == pytest.approx(value, abs=5e-4)
    assert alpha.n == 11  # the last item has one value only
    assert alpha.low < alpha.mean < alpha.high <= 1


def test_alpha_of_two_raters_of_binary_data_is_that_of_the_paper() -> None:
    # part A of the same: .095
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    alpha = krippendorff_alpha([a, b])
    assert alpha is not None
    assert alpha.mean == pytest.approx(0.095, abs=5e-4)


def test_alpha_takes_words_and_is_one_for_the_same_labels() -> None:
    alpha = krippendorff_alpha([["对", "错", "对"], ["对", "错", "对"]])
    assert alpha is not None
    assert alpha.mean == 1.0


@pytest.mark.parametrize("ratings", [[[1, 1, 1], [1, 1, 1]], [[1, 2, None], [None, None, 1]]])
def test_alpha_is_none_where_it_is_not_defined(ratings: list[list[float | str | None]]) -> None:
    assert krippendorff_alpha(ratings) is None


def test_alpha_refuses_ragged_and_empty_rows() -> None:
    with pytest.raises(BadOptions):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(BadOptions):
        krippendorff_alpha([])


@pytest.mark.parametrize(("weights", "oracle"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")])
@pytest.mark.parametrize("seed", range(4))
def test_kappa_equals_statsmodels(weights: Weights, oracle: str | None, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 4, 60)
    b = np.where(rng.random(60) < 0.6, a, rng.integers(0, 4, 60))
    table = np.zeros((4, 4))
    np.add.at(table, (a, b), 1)
    known = cohens_kappa(table, wt=oracle, return_results=True).kappa
    ours = cohen_kappa(a.tolist(), b.tolist(), weights=weights)
    assert ours is not None
    assert ours.mean == pytest.approx(known, abs=1e-9)
    assert ours.low <= ours.mean <= ours.high
    assert ours.n == 60


def test_kappa_of_cohens_own_example() -> None:
    # 50 proposals, two readers: 20 both yes, 15 both no, 5 and 10 apart: kappa .4
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    kappa = cohen_kappa(a, b)
    assert kappa is not None
    assert kappa.mean == pytest.approx(0.4)


def test_kappa_is_none_where_only_one_label_is_used() -> None:
    assert cohen_kappa([1, 1, 1], [1, 1, 1]) is None


def test_kappa_refuses_other_lengths_and_nothing() -> None:
    with pytest.raises(BadOptions):
        cohen_kappa([1], [1, 2])
    with pytest.raises(BadOptions):
        cohen_kappa([], [])
