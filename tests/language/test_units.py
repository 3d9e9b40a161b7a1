"""Units behind numbers, money before them."""

from __future__ import annotations

import pytest

from gezhi.language.units import NONE, money_before, unit_behind


@pytest.mark.parametrize(
    ("text", "dimension", "factor"),
    [
        ("公里", "length", 1000), (" km away", "length", 1000), ("Kilometres", "length", 1000), ("斤", "mass", 500),
        ("公斤", "mass", 1000), (" GB", "data", 1e9), ("%", "ratio", 0.01), ("个百分点", "points", 1),
        ("percentage points", "points", 1), (" per cent", "ratio", 0.01), ("years old", "age", 1), ("岁", "age", 1),
        ("元人民币", "CNY", 1), (" US dollars", "USD", 1), ("小时", "seconds", 3600), ("个月", "months", 1),
        ("名", "count", 1), ("工作日", "working days", 1),
    ],
)  # fmt: skip
def test_units_in_both_languages(text: str, dimension: str, factor: float) -> None:
    end, unit = unit_behind(text, 0)
    assert unit.dimension == dimension
    assert unit.factor == pytest.approx(factor)
    assert 0 < end <= len(text)


def test_a_unit_per_another() -> None:
    for text in ("公里/小时", " km/h", "kilometers per hour"):
        end, unit = unit_behind(text, 0)
        assert unit.dimension == "length/seconds"
        assert unit.factor == pytest.approx(1000 / 3600)
        assert end == len(text)


def test_symbols_are_case_sensitive_and_words_are_whole() -> None:
    assert unit_behind("MB", 0)[1].factor == 1e6
    assert unit_behind("Mb", 0)[1] is NONE
    assert unit_behind(" men", 0) == (0, NONE)


def test_money_before_a_number() -> None:
    assert money_before("约US$", 4)[1].dimension == "USD"
    assert money_before("人民币", 3)[1].dimension == "CNY"
    assert money_before("共", 1) == (1, NONE)
