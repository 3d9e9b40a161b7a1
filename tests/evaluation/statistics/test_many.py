"""Adjusted p-values against statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import benjamini_hochberg, holm


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_as_statsmodels(p: list[float]) -> None:
    assert holm(p) == pytest.approx(list(multipletests(p, method="holm")[1]), abs=1e-12)
    assert benjamini_hochberg(p) == pytest.approx(list(multipletests(p, method="fdr_bh")[1]), abs=1e-12)


def test_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_edges() -> None:
    assert holm([]) == benjamini_hochberg([]) == []
    assert holm([0.7]) == [0.7]
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(BadOptions, match="p must lie between 0 and 1"):
            holm([0.5, value])
        with pytest.raises(BadOptions):
            benjamini_hochberg([value])
