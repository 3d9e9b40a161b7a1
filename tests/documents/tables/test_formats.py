"""Values of cells as Excel shows them."""

from __future__ import annotations

import pytest

from gezhi.documents.tables.formats import format_code, plain_number, shown_value


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("0.30000000000000004", "General", "0.3"), ("12", "General", "12"), ("1E-7", "General", "0.0000001"),
        ("1.0E+20", "General", "100000000000000000000"), ("-0", "0.00", "0.00"), ("-0.001", "0.00", "0.00"),
        ("0.125", "0%", "13%"), ("1.005", "0.00", "1.01"),
        ("0.1256", "0.0%", "12.6%"), ("1234567.891", "#,##0.00", "1234567.89"),
        ("1234.5", "#,##0.##", "1234.5"), ("5", "0.0#", "5.0"), ("42", "000000", "000042"),
        ("99", '"¥"#,##0.00', "¥99.00"), ("99", "[$¥-804]#,##0;[Red]-0", "¥99"), ("-99", "[$€-407] 0", "-€99"),
        ("3", '0"台"', "3台"), ("3", "0\\件", "3件"), ("7", "_(* #,##0_);_(* (#,##0)", "7"), ("5", "[Blue]0", "5"),
        ("1234567", "#,##0,", "1234567"), ("0.5", "# ?/?", "0.5"), ("123456", "0.00E+00", "123456"), ("7", "@", "7"),
        ("abc", "0.00", "abc"), ("", "0", ""), ("1e999", "0", "1e999"), ("NaN", "0", "NaN"),
    ],
)  # fmt: skip
def test_numbers(value: str, code: str, text: str) -> None:
    assert shown_value(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("46082", "yyyy-mm-dd", "2026-03-01"), ("46082", 'yyyy"年"m"月"d"日"', "2026-03-01"),
        ("46082", "m/d/yy", "2026-03-01"),
        ("46082", 'yyyy"年"m"月"', "2026-03"), ("46082", "yyyy", "2026"),
        ("46082.395833333336", "yyyy-mm-dd hh:mm", "2026-03-01 09:30"),
        ("46082.395833333336", "yyyy-mm-dd", "2026-03-01"), ("46082", "yyyy-mm-dd hh:mm", "2026-03-01"),
        ("0.395833333333333", "h:mm", "09:30"), ("0.395833333333333", "h:mm AM/PM", "09:30"), ("0.5", "mm:ss", "12:00"),
        ("1.5", "[h]:mm", "36:00"), ("1.50001", "[h]:mm:ss", "36:00:01"), ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy-mm-dd", "1900-02-28"), ("61", "yyyy-mm-dd", "1900-03-01"),
        ("46082", "[$-F800]dddd, mmmm dd, yyyy", "2026-03-01"),
        ("9999999", "yyyy-mm-dd", "9999999"), ("-5", "yyyy-mm-dd", "-5"), ("5", '"d"0', "d5"),
    ],
)  # fmt: skip
def test_dates(value: str, code: str, text: str) -> None:
    assert shown_value(value, code) == text


def test_books_that_count_from_1904() -> None:
    assert shown_value("44620", "yyyy-mm-dd", epoch_1904=True) == "2026-03-01"


def test_formats_known_by_number() -> None:
    assert [format_code(number, {170: "0.0", 9: ""}) for number in (0, 9, 31, 170, 999)] == [
        "General", "0%", "yyyy-mm-dd", "0.0", "General",
    ]  # fmt: skip


def test_plain_numbers() -> None:
    assert [plain_number(value) for value in ("1350.50", "0.1", "1E3", "一", "")] == ["1350.5", "0.1", "1000", "一", ""]
