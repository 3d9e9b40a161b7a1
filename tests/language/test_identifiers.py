"""Names made of letters and digits."""

from __future__ import annotations

import pytest

from gezhi.language.identifiers import identifiers, identity


@pytest.mark.parametrize(
    "text",
    ["X1", "ISO 9001", "GPT-4", "3.11.7", "v2.0.1", "13800138000", "400-800-1234", "010-62345678", "ABC-12B", "5G",
     "help@example.com", "https://example.com/a?b=1", "2023-A7", "COVID-19"],
)  # fmt: skip
def test_identifiers_are_found_whole(text: str) -> None:
    assert identifiers(f"用 {text} 吧") == [(2, 2 + len(text))]


@pytest.mark.parametrize(
    "text", ["5km", "10GB", "20k", "3rd", "1990s", "24-hour", "12pm", "2024.03.05", "hello", "1,234", "5-star"]
)
def test_quantities_and_words_are_not(text: str) -> None:
    assert identifiers(text) == []


def test_a_year_may_touch_a_word() -> None:
    assert identifiers("NBA2014年") == []


def test_identity_overlooks_separators_but_not_points_of_versions() -> None:
    assert identity("ISO 9001") == identity("iso-9001")
    assert [text[a:b] for text in ["通过ISO 9001认证"] for a, b in identifiers(text)] == ["ISO 9001"]
    assert identity("3.11.7") != identity("31.1.7")
    assert identity("v2.0.1") == identity("2.0.1")
    assert identity("X1") != identity("X9")
