"""The report of a gate."""

from __future__ import annotations

import pytest

from evaluation.report import sample
from evaluation.report.parsed import page, rows, table, words
from gezhi.evaluation.report import gate_report
from gezhi.evaluation.report.values import Passing


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        (("pass", "pass"), "Pass"),
        (("pass", "inconclusive"), "Inconclusive"),
        (("inconclusive", "regression", "pass"), "Regression"),
        ((), "Inconclusive"),
    ],
)
def test_the_worst_condition_decides(results: tuple[Passing, ...], verdict: str) -> None:
    root = page(gate_report(sample.gate(*results), language="en"))
    assert words(root.xpath("//p[@class='headline']")[0]) == verdict


def test_each_condition_has_its_line_and_reason() -> None:
    root = page(gate_report(sample.gate("pass", "regression"), language="en"))
    assert rows(table(root, "The candidate held against the baseline")) == [
        ["f1", "Pass", "+6.1 +3.0 to +9.2", "2.0"],
        ["recall@8", "Regression", "+1.2 -2.8 to +5.2", "2.0"],
    ]
    assert "区间 & limit <recall@8>" in words(root)
    assert words(root.xpath("//p[@class='notice']")[0]) == "一条备注 \ufffd"


def test_the_line_of_the_limit_stands_left_of_no_difference() -> None:
    root = page(gate_report(sample.gate("pass"), language="zh"))
    first, second = (float(one) for one in root.xpath("//line[@class='origin']/@x1"))
    assert first < 50.0 == second
