from __future__ import annotations

from typing import Any

import pytest
from nltk.stem import PorterStemmer
from nltk.translate.meteor_score import single_meteor_score

from evaluation.quality.text.cases import PAIRS, SEVERAL
from gezhi.evaluation.quality.text import TextOptions
from gezhi.evaluation.quality.text.meteor import Meteor, aligned
from gezhi.evaluation.quality.text.score import language_of
from gezhi.evaluation.quality.text.tokens import units


class NoWordNet:
    """No word has synonyms."""

    def synsets(self, word: str) -> list[Any]:
        return []


class NoStems:
    """Chinese words have no stems, and English ones among them are not stemmed."""

    def stem(self, word: str) -> str:
        return word


def _oracle(text: str, reference: str, options: TextOptions) -> float:
    language = language_of(text, reference, options)
    said, wanted = units(text, language, options), units(reference, language, options)
    stemmer = PorterStemmer() if language == "en" else NoStems()
    return float(single_meteor_score(wanted, said, stemmer=stemmer, wordnet=NoWordNet()))


@pytest.mark.parametrize("tokenize", ["characters", "words"])
@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_it_is_nltks(text: str, reference: str, tokenize: str) -> None:
    options = TextOptions(tokenize=tokenize)
    got = Meteor(options).of(text, [reference])
    assert got == {"meteor": pytest.approx(_oracle(text, reference, options), abs=1e-4)}


@pytest.mark.parametrize(("text", "references"), SEVERAL)
def test_the_best_of_several_references(text: str, references: list[str]) -> None:
    options = TextOptions()
    best = max(_oracle(text, reference, options) for reference in references)
    assert Meteor(options).of(text, references) == {"meteor": pytest.approx(best, abs=1e-4)}


def test_the_same_text_is_nearly_one() -> None:
    of = Meteor(TextOptions()).of
    assert of("一二三四五六七八九十", ["一二三四五六七八九十"])["meteor"] == pytest.approx(1 - 0.5 / 1000)
    assert of("two words", ["two words"])["meteor"] == pytest.approx(0.9375)


def test_words_in_order_are_worth_more() -> None:
    of = Meteor(TextOptions()).of
    assert of("甲乙丙丁", ["甲乙丙丁"])["meteor"] > of("丁丙乙甲", ["甲乙丙丁"])["meteor"]


def test_stems_match_in_english_alone() -> None:
    assert aligned(["running"], ["runs"], stems=True) == [(0, 0)]
    assert aligned(["running"], ["runs"], stems=False) == []


def test_the_signature() -> None:
    (english,) = Meteor(TextOptions())(["cats"], [["cat"]])
    assert "stem:porter|" in english.signature
    assert "alpha:0.9|beta:3|gamma:0.5" in english.signature
    (chinese,) = Meteor(TextOptions(tokenize="words"))(["保修"], [["保修期"]])
    assert "tok:rjieba-" in chinese.signature
    assert "stem:no" in chinese.signature
