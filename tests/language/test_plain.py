"""Plain text and the way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gezhi.language.plain import plain


def test_forms_that_mean_the_same_become_the_same() -> None:
    assert plain("１２３ＧＢ").text == "123GB"
    assert plain("臺灣 10 月 8 日").text == "台湾10月8日"
    assert plain("100㎞").text == "100km"


def test_fractions_and_raised_digits_do_not_turn_into_other_numbers() -> None:
    assert plain("6½ 次，10²").text.replace(",", "，") == "6½次，10²" or "6½" in plain("6½ 次").text
    assert "61" not in plain("6½").text
    assert "102" not in plain("10²").text


@given(st.text(max_size=60))
def test_every_character_knows_where_it_stood(text: str) -> None:
    made = plain(text)
    assert len(made.origins) == len(made.text)
    assert list(made.origins) == sorted(made.origins)
    assert all(0 <= origin < len(text) for origin in made.origins)
    if made.text:
        start, end = made.span(0, len(made.text))
        assert 0 <= start < end <= len(text)
