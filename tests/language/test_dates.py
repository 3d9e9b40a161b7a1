"""Dates and times of day."""

from __future__ import annotations

import pytest

from gezhi.language.dates import Moment, contradicts, dates, refines


def only(text: str) -> Moment:
    (found,) = dates(text)
    assert text[found.start : found.end]
    return found.moment


@pytest.mark.parametrize(
    "text", ["2024年3月", "二〇二四年三月", "二零二四年三月", "2024-03", "2024/3", "March 2024", "Mar. 2024"]
)
def test_one_month_in_many_forms(text: str) -> None:
    assert only(text) == Moment(years=(2024, 2024), months=(3, 3))


@pytest.mark.parametrize(
    "text",
    ["2024年3月5日", "2024-03-05", "2024/3/5", "2024.03.05", "5 March 2024", "March 5, 2024", "March 5th, 2024",
     "二〇二四年三月五日", "2024年3月5号"],
)  # fmt: skip
def test_one_day_in_many_forms(text: str) -> None:
    assert only(text) == Moment(years=(2024, 2024), months=(3, 3), days=(5, 5))


@pytest.mark.parametrize(
    ("text", "years"),
    [("公元前221年", (-221, -221)), ("221 BC", (-221, -221)), ("20世纪90年代", (1990, 1999)), ("1990s", (1990, 1999)),
     ("上世纪八十年代", (1980, 1989)), ("nineteenth century", (1800, 1899)), ("19th century", (1800, 1899)),
     ("民国38年", (1949, 1949)), ("2001–02", (2001, 2002)), ("09年", (2009, 2009))],
)  # fmt: skip
def test_years_and_spans_of_years(text: str, years: tuple[int, int]) -> None:
    assert only(text) == Moment(years=years)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("14:30", (870, 870)), ("下午2点半", (870, 870)), ("14时30分", (870, 870)), ("2:30 pm", (870, 870)),
     ("3点", (180, 900)), ("上午九点", (540, 540)), ("每晚两点", (120, 120)), ("中午十二点", (720, 720)),
     ("12:15 a.m.", (15, 15))],
)  # fmt: skip
def test_times_of_day(text: str, minutes: tuple[int, int]) -> None:
    assert only(text) == Moment(minutes=minutes)


def test_quarters_halves_and_weekdays() -> None:
    assert only("2024年第三季度") == only("Q3 2024") == only("third quarter of 2024")
    assert only("上半年").months == (1, 6)
    assert only("3月下旬").days == (21, 31)
    assert only("星期天").weekday == only("Sunday").weekday == 7


@pytest.mark.parametrize(
    "text",
    ["3个月", "5号线", "30日内", "一周三次", "三点意见", "You may go", "1/2", "三年前", "阿波罗11号", "2024.3.5.1"],
)
def test_what_is_no_date(text: str) -> None:
    assert dates(text) == []


def test_the_whole_is_refined_by_the_part_and_not_the_reverse() -> None:
    year, month, day = only("2024年"), only("2024-03"), only("2024-03-05")
    assert refines(day, month) and refines(day, year) and refines(month, year)
    assert not refines(month, day)
    assert not refines(only("2024-03-06"), day)
    assert refines(only("1995年"), only("1990s"))
    assert not refines(only("1998–99"), only("1988–99"))
    assert refines(only("20世纪80年代"), only("80年代"))


def test_contradiction_needs_a_shared_part() -> None:
    assert contradicts(only("2024年3月"), only("2024年4月"))
    assert not contradicts(only("2024年"), only("3月5日"))
