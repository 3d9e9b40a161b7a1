from __future__ import annotations

from typing import Any

import pytest
from rouge_chinese import Rouge as RougeChinese
from rouge_score.rouge_scorer import RougeScorer

from evaluation.quality.text.cases import ENGLISH, PAIRS, SEVERAL
from gezhi.evaluation.quality.text import TextOptions, text_metric
from gezhi.evaluation.quality.text.rouge import Rouge, RougeSet
from gezhi.evaluation.quality.text.score import language_of
from gezhi.evaluation.quality.text.tokens import jieba_words, units

NAMES = {"rouge-1": "rouge1", "rouge-2": "rouge2", "rouge-l": "rougeL"}


class Cut:
    """Our tokens for rouge-score, which knows no Chinese."""

    def __init__(self, options: TextOptions) -> None:
        self._options = options

    def tokenize(self, text: str) -> list[str]:
        return units(text, "zh", self._options)


def _oracle(language: str, options: TextOptions) -> RougeScorer:
    tokenizer = Cut(options) if language == "zh" else None
    return RougeScorer(list(NAMES.values()), use_stemmer=options.stem, tokenizer=tokenizer)


@pytest.mark.parametrize("tokenize", ["characters", "words"])
@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_it_is_rouge_scores(text: str, reference: str, tokenize: str) -> None:
    options = TextOptions(tokenize=tokenize)
    expected = _oracle(language_of(text, reference, options), options).score(reference, text)
    got = Rouge(options).of(text, [reference])
    assert got == {name: pytest.approx(expected[theirs].fmeasure, abs=1e-4) for name, theirs in NAMES.items()}


@pytest.mark.parametrize(("text", "reference"), ENGLISH)
def test_with_stems_too(text: str, reference: str) -> None:
    options = TextOptions(language="en", stem=True)
    expected = _oracle("en", options).score(reference, text)
    got = Rouge(options).of(text, [reference])
    assert got == {name: pytest.approx(expected[theirs].fmeasure, abs=1e-4) for name, theirs in NAMES.items()}


@pytest.mark.parametrize(("text", "references"), SEVERAL)
def test_the_best_of_several_references(text: str, references: list[str]) -> None:
    got = Rouge(TextOptions(language="en")).of(text, references)
    expected = _oracle("en", TextOptions()).score_multi(references, text)
    assert got == {name: pytest.approx(expected[theirs].fmeasure, abs=1e-4) for name, theirs in NAMES.items()}


def _chinese(text: str, tokenize: str) -> str:
    return " ".join(jieba_words(text) if tokenize == "words" else (c for c in text if not c.isspace()))


@pytest.mark.parametrize("tokenize", ["characters", "words"])
@pytest.mark.parametrize(("text", "reference"), [pair for pair in PAIRS if all(pair)])
def test_the_form_over_sets_is_rouge_chineses(text: str, reference: str, tokenize: str) -> None:
    options = TextOptions(language="zh", tokenize=tokenize)
    oracle: Any = RougeChinese(metrics=["rouge-1", "rouge-2"])
    (expected,) = oracle.get_scores(_chinese(text, tokenize), _chinese(reference, tokenize))
    assert RougeSet(options).of(text, [reference]) == {
        "rouge-set-1": pytest.approx(expected["rouge-1"]["f"], abs=1e-4),
        "rouge-set-2": pytest.approx(expected["rouge-2"]["f"], abs=1e-4),
    }


def test_counts_are_clipped_and_sets_are_not() -> None:
    clipped, *_ = text_metric("rouge")(["好好好好好好"], [["好好"]])
    assert clipped.value == pytest.approx(0.5)
    sets, *_ = text_metric("rouge-set")(["好好好好好好"], [["好好"]])
    assert sets.value == 1.0
    assert "counts:clipped" in clipped.signature
    assert "counts:sets" in sets.signature


def test_chinese_is_not_zero() -> None:
    # rouge-score itself drops every Chinese character.
    same = "保修期为24个月。"
    assert Rouge(TextOptions()).of(same, [same]) == {"rouge-1": 1.0, "rouge-2": 1.0, "rouge-l": 1.0}


def test_the_signature_names_what_was_compared() -> None:
    one, *_ = text_metric("rouge", TextOptions(stem=True))(["保修", "a cat"], [["保修"], ["the cat"]])
    assert one.signature.startswith(
        "nrefs:1|lang:en+zh|counts:clipped|tok:rouge-score-porter+characters|punct:no|version"
    )
    assert one.value == pytest.approx((1 + 0.5) / 2)
    assert one.counts == {"texts": 2}
