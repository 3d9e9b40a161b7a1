"""Numbers as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.language.numbers import number, numerals

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12), ("1,234,567.89", 1234567.89), ("1.2万", 12_000), ("12,000", 12_000), ("三点五亿", 350_000_000),
        ("二〇二四", 2024), ("一百零五", 105), ("一百五", 150), ("三万五", 35_000), ("两千三百万", 23_000_000),
        ("1万亿", 1e12), ("2亿3000万", 230_000_000), ("1亿5千万", 150_000_000), ("廿三", 23), ("卅", 30), ("十", 10),
        ("十五", 15), ("一千零一", 1001), ("两万零三百", 20_300), ("十万八千", 108_000), ("叁佰伍拾", 350),
        ("6½", 6.5), ("½", 0.5), ("twelve", 12), ("twenty-three", 23), ("one hundred and five", 105),
        ("two hundred thousand", 200_000), ("3.5 million", 3_500_000), ("a dozen", 12), ("three and a half", 3.5),
        ("nineteen ninety-eight", 1998), ("20k", 20_000), ("3bn", 3e9), ("20多万", 200_000),
    ],
)  # fmt: skip
def test_exact_numbers(written: str, value: float) -> None:
    assert number(written) == pytest.approx(value)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("十几", 11, 19), ("三十几", 31, 39), ("数百", 100, 999), ("几十万", 100_000, 999_999), ("上百", 100, 1000),
     ("七八", 7, 8), ("三四十", 30, 40), ("several hundred", 100, 999), ("dozens", 12, 119)],
)  # fmt: skip
def test_vague_numbers_are_ranges(written: str, low: float, high: float) -> None:
    (found,) = numerals(written)
    assert (found.low, found.high) == (low, high)
    assert number(written) is None


def test_two_numbers_joined_by_and_stay_two() -> None:
    assert [found.low for found in numerals("two and three")] == [2, 3]


@given(st.integers(min_value=0, max_value=99_999_999))
def test_chinese_numerals_are_read_as_they_are_spelled(value: int) -> None:
    assert number(spelled(value)) == value


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_nothing(value: int) -> None:
    assert number(f"{value:,}") == number(str(value)) == value


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两几数多0123456789.,½ 点", max_size=14))
def test_any_run_of_numeral_characters_is_read_without_failing(text: str) -> None:
    ends = [0]
    for found in numerals(text):
        assert text[found.start : found.end] == found.written
        assert found.start >= ends[-1]
        ends.append(found.end)


def spelled(value: int) -> str:
    """Chinese numeral, written for this test digit by digit."""
    if value == 0:
        return "零"
    high, low = divmod(value, 10_000)
    if not high:
        return below_ten_thousand(low)
    zero = "零" if 0 < low < 1000 else ""
    return below_ten_thousand(high) + "万" + zero + (below_ten_thousand(low) if low else "")


def below_ten_thousand(value: int) -> str:
    text, skipped = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            text += ("零" if skipped and text else "") + DIGITS[digit] + name
        skipped = digit == 0
    return text
