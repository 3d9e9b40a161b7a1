"""Logistic regression."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gezhi.evaluation.logistic import Logistic, fit, stored

NAMES = ("a", "b")


def sample(n: int, seed: int = 0) -> tuple[list[dict[str, float]], list[int]]:
    """Drawn from a model with weights 2 and -1 and bias 0.5."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    p = 1 / (1 + np.exp(-(0.5 + 2 * x[:, 0] - x[:, 1])))
    return [dict(zip(NAMES, row, strict=True)) for row in x], [int(v) for v in rng.random(n) < p]


def test_the_weights_that_made_the_data_are_found() -> None:
    rows, labels = sample(20_000)
    model = fit(rows, labels, NAMES, l2=1e-6)
    slopes = np.array(model.weights) / np.array(model.scale)
    assert slopes == pytest.approx([2, -1], abs=0.1)
    assert float(model.probability([{"a": 0, "b": 0}])[0]) == pytest.approx(1 / (1 + np.exp(-0.5)), abs=0.02)


def test_a_gradient_of_zero_is_reached() -> None:
    rows, labels = sample(300)
    model = fit(rows, labels, NAMES, l2=1e-9)
    left = model.probability(rows) - np.array(labels)
    assert abs(left.mean()) < 1e-6
    assert abs((left * [row["a"] for row in rows]).mean()) < 1e-6


def test_separable_data_end_at_finite_weights() -> None:
    rows = [{"a": float(k), "b": 0.0} for k in range(-10, 10)]
    model = fit(rows, [int(row["a"] >= 0) for row in rows], NAMES, l2=1.0)
    assert np.isfinite([*model.weights, model.bias]).all()
    assert model.weights[1] == pytest.approx(0)
    assert (model.probability(rows) >= 0.5).tolist() == [row["a"] >= 0 for row in rows]


def test_the_prior_moves_the_bias_and_not_the_order() -> None:
    rows, labels = sample(2000)
    ones = np.array(labels) == 1
    for prior in (0.1, 0.9):
        p = fit(rows, labels, NAMES, l2=1e-9, prior=prior).probability(rows)
        assert prior * p[ones].mean() + (1 - prior) * p[~ones].mean() == pytest.approx(prior, abs=1e-6)
    rare, common = (fit(rows, labels, NAMES, prior=prior) for prior in (0.1, 0.9))
    assert rare.bias < 0 < common.bias
    assert np.corrcoef(rare.weights, common.weights)[0, 1] > 0.99


def test_a_model_survives_json() -> None:
    rows, labels = sample(100)
    model = fit(rows, labels, NAMES)
    again = Logistic.from_json(json.loads(json.dumps(model.as_json())))
    assert again.features == NAMES
    assert again.probability(rows) == pytest.approx(model.probability(rows), abs=1e-4)


def test_no_rows_have_no_probabilities() -> None:
    rows, labels = sample(50)
    assert fit(rows, labels, NAMES).probability([]).shape == (0,)


@pytest.mark.parametrize("name", ["support", "answerability"])
def test_fits_that_ship_say_what_they_were_fitted_on(name: str) -> None:
    record = stored(name)
    assert record["embedder"] and record["fitted_on"]
    for model in record["models"].values():
        Logistic.from_json(model)
