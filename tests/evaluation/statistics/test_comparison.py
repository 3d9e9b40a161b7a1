"""Comparisons: which test, which verdict, how many more items."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.catalogue import use_language
from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import compare, items_needed, mcnemar, paired_proportions, sign_flip
from gezhi.evaluation.statistics.planning import PairedBinary


def _binary(only_a: int, only_b: int, same: int) -> tuple[list[float], list[float]]:
    return [1.0] * only_a + [0.0] * only_b + [1.0] * same, [0.0] * only_a + [1.0] * only_b + [1.0] * same


def test_right_and_wrong_goes_to_mcnemar() -> None:
    found = compare(*_binary(20, 6, 74))
    assert (found.test, found.verdict, found.n, found.groups) == ("mcnemar", "worse", 100, 100)
    assert found.p == mcnemar(20, 6)
    assert (found.a_higher, found.b_higher, found.ties) == (20, 6, 74)
    assert found.difference == pytest.approx(-0.14)
    assert (found.mean_a, found.mean_b) == pytest.approx((0.94, 0.80))
    assert found.items_to_show == 0
    expected = paired_proportions(20, 6, 100)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (expected.low, expected.high)


def test_where_the_exact_test_doubts_the_interval_holds_zero() -> None:
    # Tango alone would leave 0 out: z = 2, but p = .125.
    found = compare(*_binary(0, 4, 40))
    assert paired_proportions(0, 4, 44).low > 0
    assert found.p == pytest.approx(0.125)
    assert found.interval is not None
    assert found.interval.low == 0.0
    assert found.verdict == "not_shown"


def test_other_scores_go_to_the_sign_flip() -> None:
    rng = np.random.default_rng(0)
    a = rng.uniform(0, 1, 60)
    b = a + rng.normal(0.1, 0.1, 60)
    found = compare(a, b)
    assert (found.test, found.verdict) == ("sign_flip", "better")
    assert found.p == sign_flip(b - a)
    assert found.interval is not None
    assert 0 < found.interval.low < 0.1 < found.interval.high
    assert compare(b, a).verdict == "worse"
    assert compare(b, a, higher_is_better=False).verdict == "better"


def test_repeated_groups_are_kept_together() -> None:
    rng = np.random.default_rng(1)
    groups = [i // 10 for i in range(200)]
    shift = np.repeat(rng.normal(0, 0.5, 20), 10)
    a = rng.uniform(0, 1, 200)
    alone, together = compare(a, a + shift), compare(a, a + shift, groups=groups)
    assert (together.test, together.groups, together.n) == ("clustered_sign_flip", 20, 200)
    assert together.p == sign_flip(shift, groups)
    assert alone.interval is not None
    assert together.interval is not None
    assert together.interval.high - together.interval.low > 2 * (alone.interval.high - alone.interval.low)
    assert "20 groups" in together.reason


def test_groups_that_do_not_repeat_change_nothing() -> None:
    a, b = _binary(9, 2, 50)
    plain = compare(a, b)
    assert compare(a, b, groups=list(range(61))) == plain
    # All of one document: what is said is said of that document.
    assert compare(a, b, groups=["one"] * 61) == plain


def test_too_few_groups_show_nothing_and_say_so() -> None:
    found = compare([0.1] * 40, [0.9, 0.8, 0.7, 0.9] * 10, groups=[i // 10 for i in range(40)])
    assert found.verdict == "not_shown"
    assert "below 6 no difference can be shown" in found.reason
    assert found.items_to_show == 20
    assert found.interval is not None
    assert found.interval.low <= 0 < found.interval.high
    assert "below 6" in compare([0.1, 0.2], [0.3, 0.5]).reason


def test_missing_scores_drop_the_pair() -> None:
    found = compare([1.0, None, 0.0, 1.0], [1.0, 1.0, None, 0.0])
    assert (found.n, found.dropped, found.a_higher) == (2, 2, 1)


def test_a_margin_must_be_passed_by_the_whole_interval() -> None:
    a, b = _binary(30, 5, 65)
    assert compare(a, b).verdict == "worse"
    found = compare(a, b, margin=0.2)
    assert (found.verdict, found.margin) == ("not_shown", 0.2)
    assert found.items_to_show is not None
    assert found.items_to_show > 50
    assert compare(a, b, margin=0.25).items_to_show is None
    assert compare(b, a, margin=0.05).verdict == "better"


def test_several_hypotheses_share_the_level() -> None:
    a, b = _binary(16, 5, 79)
    alone, many = compare(a, b), compare(a, b, hypotheses=10)
    assert (alone.verdict, many.verdict) == ("worse", "not_shown")
    assert alone.p == many.p
    assert alone.interval is not None
    assert many.interval is not None
    assert many.interval.low < alone.interval.low
    assert many.interval.high == 0.0 or many.interval.high > 0


def test_how_many_more_items_would_show_it() -> None:
    found = compare(*_binary(12, 6, 82))
    assert found.verdict == "not_shown"
    needed = items_needed(-0.06, PairedBinary(base_rate=0.94, discordance=0.18))
    assert found.items_to_show == needed - 100
    rng = np.random.default_rng(3)
    more = compare(np.zeros(30), rng.normal(0.1, 0.5, 30))
    assert more.items_to_show is not None
    assert more.items_to_show > 30


@pytest.mark.parametrize(
    ("a", "b", "n", "p"),
    [
        ([], [], 0, None),
        ([None], [1.0], 0, None),
        ([1.0], [0.0], 1, 1.0),
        ([0.4], [0.7], 1, 1.0),
        ([3.0], [9.0], 1, 1.0),
        ([1.0] * 30, [1.0] * 30, 30, 1.0),
        ([0.3] * 30, [0.3] * 30, 30, 1.0),
        ([7.0] * 30, [7.0] * 30, 30, 1.0),
    ],
)
def test_degenerate_inputs_show_nothing(a: Any, b: Any, n: int, p: float | None) -> None:
    found = compare(a, b)
    assert (found.verdict, found.n, found.p) == ("not_shown", n, p)
    assert found.items_to_show is None or found.items_to_show > 0
    assert (found.difference is None) == (n == 0)
    if n == 0:
        assert (found.test, found.interval) == ("none", None)


def test_no_change_seen_in_thirty_items_is_not_no_change() -> None:
    for value in (1.0, 0.3):
        found = compare([value] * 30, [value] * 30)
        assert found.interval is not None
        assert found.interval.low < -0.05
        assert found.interval.high > 0.05
    assert compare([3.0], [9.0]).interval is None


def test_a_constant_difference_is_found() -> None:
    found = compare([0.3] * 30, [0.4] * 30)
    assert found.verdict == "better"
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((0.1, 0.1))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 9)),
                min_size=1, max_size=30), st.booleans())  # fmt: skip
def test_verdict_interval_and_p_agree_and_turn_with_the_sides(
    rows: list[tuple[float, float, int]], grouped: bool
) -> None:
    a, b, groups = ([row[i] for row in rows] for i in range(3))
    found = compare(a, b, groups=groups if grouped else None)
    assert found.p is not None
    assert found.interval is not None
    assert found.interval.low <= found.interval.mean + 1e-12
    assert found.interval.mean <= found.interval.high + 1e-12
    assert (found.verdict != "not_shown") == (found.p <= 0.05) == (not found.interval.low <= 0 <= found.interval.high)
    turned = compare(b, a, groups=groups if grouped else None)
    assert turned.p == pytest.approx(found.p)
    assert turned.interval is not None
    assert turned.interval.low == pytest.approx(-found.interval.high, abs=1e-9)
    assert {found.verdict, turned.verdict} in ({"not_shown"}, {"better", "worse"})
    assert found.a_higher + found.b_higher + found.ties == found.n


def test_it_speaks_both_languages() -> None:
    use_language("zh")
    assert "McNemar" in compare([1.0], [0.0]).reason
    assert "没有一题" in compare([], []).reason


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(BadOptions, match="got 1 and 2"):
        compare([1.0], [1.0, 0.0])
    with pytest.raises(BadOptions, match="got 2 scores and 3 groups"):
        compare([1.0, 1.0], [1.0, 0.0], groups=[1, 2, 3])
    with pytest.raises(BadOptions, match="NaN"):
        compare([float("nan")], [1.0])
    with pytest.raises(BadOptions, match="margin must be at least 0"):
        compare([1.0], [1.0], margin=-0.1)
    with pytest.raises(BadOptions, match="hypotheses"):
        compare([1.0], [1.0], hypotheses=0)
    with pytest.raises(BadOptions, match="confidence"):
        compare([1.0], [1.0], confidence=1.0)
