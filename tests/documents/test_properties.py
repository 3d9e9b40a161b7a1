"""Dates, authors and languages as files write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gezhi.documents.properties import properties


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2024-03-05T08:00:00Z", {"date": "2024-03-05", "year": 2024}),
        ("2024年3月5日", {"date": "2024-03-05", "year": 2024}),
        ("2024/3/5", {"date": "2024-03-05", "year": 2024}),
        ("20240305", {"date": "2024-03-05", "year": 2024}),
        (datetime(2024, 3, 5, 8, 0), {"date": "2024-03-05", "year": 2024}),
        (date(2024, 3, 5), {"date": "2024-03-05", "year": 2024}),
        ("2024", {"year": 2024}),
        ("2024-03", {"year": 2024}),
        ("2023-02-31", {"year": 2023}),
        ("yesterday", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_dates(written: str | date | None, found: dict[str, str | int]) -> None:
    assert properties(date=written) == found


def test_author_and_language() -> None:
    assert properties(author=" 张\n三 ", language="zh-CN") == {"author": "张 三", "language": "zh"}
    assert properties(author=" ", language=None) == {}
