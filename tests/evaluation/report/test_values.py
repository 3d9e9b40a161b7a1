"""Numbers as people read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.report import sample
from gezhi.core.catalogue import speaking
from gezhi.evaluation.report.values import Unit, difference_text, range_text, unit_text, verdict_text
from gezhi.evaluation.statistics import Interval


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.8712, "share", "87.1 %"), (1.0, "share", "100.0 %"), (1.2394, "seconds", "1.239 s"), (34.56, "number", "34.6"),
     (-0.0001, "number", "0.000")],
)  # fmt: skip
def test_values(value: float, unit: Unit, told: str) -> None:
    assert unit_text(value, unit) == told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.032, "share", "+3.2"), (-0.0004, "share", "0.0"), (0.2, "seconds", "+0.200 s"), (-1.5, "number", "-1.500")],
)
def test_differences_have_a_sign(value: float, unit: Unit, told: str) -> None:
    assert difference_text(value, unit) == told


def test_no_share_reaches_beyond_all() -> None:
    wide = Interval(mean=0.9, low=-0.1, high=1.048, n=12)
    assert range_text(wide, "share") == "0.0 % to 100.0 %"
    assert range_text(wide, "number") == "-0.100 to 1.048"
    assert range_text(wide, "share", difference=True) == "-10.0 to +104.8"


def test_verdicts_are_whole_sentences() -> None:
    better, unsure, worse, none, _ = sample.changes()
    with speaking("zh"):
        assert verdict_text(better) == (
            "f1 变好：从 70.0% 到 76.1%，相差 +6.1 个百分点。60 道相同的题目，95% 置信区间 +3.0 至 +9.2 个百分点。"
        )
        assert verdict_text(unsure).endswith("大约还需要 412 题才能看出来。")
        assert "变差" in verdict_text(worse)
        assert "无法比较" in verdict_text(none)
    assert "more questions" not in verdict_text(replace(unsure, needed=None))
    assert "90 % confidence" in verdict_text(replace(better, confidence=0.9))
