from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem import PorterStemmer

from gezhi.evaluation.quality.text.stem import porter
from shared_data import shared

ORACLE = PorterStemmer()
ENDINGS = """
s es ies sses ed ied eed ing y ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness
fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant
ement ment ent sion tion ou ism ate iti ous ive ize e ll
"""


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("hopping", "hop"), ("hoping", "hope"), ("relational", "relat"),
        ("days", "day"), ("always", "alway"), ("dying", "die"), ("sky", "sky"), ("happy", "happi"), ("is", "is"),
        ("additionally", "addit"), ("analogy", "analog"), ("controlled", "control"), ("falling", "fall"),
    ],
)  # fmt: skip
def test_stems(word: str, stem: str) -> None:
    assert porter(word) == stem == ORACLE.stem(word)


@given(st.text("abeilosty", max_size=7), st.sampled_from(ENDINGS.split()), st.sampled_from(["", "s", "ly", "ing"]))
def test_any_word_is_stemmed_as_nltk_does(start: str, ending: str, last: str) -> None:
    word = start + ending + last
    assert porter(word) == ORACLE.stem(word)


def test_the_words_of_a_question_set_are_stemmed_as_nltk_does() -> None:
    text = shared("xquad.en.json").read_text(encoding="utf-8")
    words = set(re.findall("[a-z]+", text.lower()))
    assert len(words) > 1000
    assert [word for word in words if porter(word) != ORACLE.stem(word)] == []
