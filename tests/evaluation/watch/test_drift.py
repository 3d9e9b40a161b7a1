from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gezhi.evaluation.watch.drift import centroid_drift, number_drift, share_drift

Vectors = NDArray[np.float32]


def test_the_index_is_that_of_the_definition() -> None:
    # (0.6 - 0.4) ln(0.6 / 0.4) + (0.4 - 0.6) ln(0.4 / 0.6), half a question being nothing among a million
    found = share_drift("language", {"zh": 600_000, "en": 400_000}, {"zh": 400_000, "en": 600_000})
    assert found.value == pytest.approx(0.4 * np.log(1.5), abs=1e-5)
    assert found.p == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("method", ["psi", "ks"])
def test_chance_alone_is_found_as_often_as_it_says(method: str) -> None:
    rng = np.random.default_rng(0)
    p = [number_drift("x", rng.normal(size=150), rng.normal(size=150), method).p for _ in range(300)]  # type: ignore[arg-type]
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09


def test_the_tests_are_those_of_scipy() -> None:
    from scipy.stats import chi2_contingency, ks_2samp

    rng = np.random.default_rng(0)
    then, now = rng.normal(size=700), rng.normal(0.1, 1, size=900)
    oracle = ks_2samp(then, now, method="asymp")
    found = number_drift("x", then, now, "ks")
    assert found.value == pytest.approx(oracle.statistic)
    assert found.p == pytest.approx(oracle.pvalue, abs=0.01)
    counts = {"a": 30, "b": 50, "c": 7}, {"a": 41, "b": 33, "d": 2}
    table = [[side.get(kind, 0) for kind in "abcd"] for side in counts]
    assert share_drift("x", *counts).p == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_chance_alone_moves_no_centre() -> None:
    rng = np.random.default_rng(0)
    p = [centroid_drift(*_two(rng, 0.0), seed=seed).p for seed in range(60)]
    assert np.mean(np.array(p) < 0.05) < 0.15
    moved = centroid_drift(*_two(rng, 0.6))
    assert moved.p is not None
    assert moved.p <= 0.001
    assert moved.value is not None
    assert moved.value > 0.05


def _two(rng: np.random.Generator, by: float) -> tuple[Vectors, Vectors]:
    both = rng.normal(0, 0.3, (2, 60, 8))
    both[:, :, 0] += 1
    both[1, :, 1] += by
    both /= np.linalg.norm(both, axis=-1, keepdims=True)
    return both[0].astype(np.float32), both[1].astype(np.float32)


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=60),
    st.lists(st.integers(0, 9), min_size=1, max_size=60),
    st.sampled_from(["psi", "ks"]),
)
def test_any_numbers_give_a_finite_index(then: list[int], now: list[int], method: str) -> None:
    found = number_drift("x", then, now, method)  # type: ignore[arg-type]
    assert found.value is not None
    assert found.p is not None
    assert 0 <= found.value < 100
    assert 0 <= found.p <= 1
    same = number_drift("x", then, then, method)  # type: ignore[arg-type]
    assert same.value == pytest.approx(0)
    shares = share_drift("x", Counter(map(str, then)), Counter(map(str, now)))
    assert shares.value is not None
    assert np.isfinite(shares.value)


def test_an_empty_side_gives_none() -> None:
    for found in (
        number_drift("x", [], [1.0], "psi"),
        number_drift("x", [1.0], [], "ks"),
        share_drift("x", {}, {"a": 1}),
    ):
        assert (found.value, found.p) == (None, None)
