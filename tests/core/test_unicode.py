from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.core.unicode import well_formed


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("保修期 🙂", "保修期 🙂"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("\ud83d\ude00\ud83d", "😀\ufffd"),
        ("问\udcff", "问\ufffd"),
    ],
)
def test_halves_are_joined_or_replaced(text: str, becomes: str) -> None:
    assert well_formed(text) == becomes


@given(st.text(st.characters(exclude_categories=[]) | st.sampled_from("\ud83d\ude00\udcff")))
def test_every_text_can_be_stored(text: str) -> None:
    got = well_formed(text)
    assert well_formed(got) == got
    assert got.encode().decode() == got
    assert [one for one in got if ord(one) < 0xD800] == [one for one in text if ord(one) < 0xD800]
