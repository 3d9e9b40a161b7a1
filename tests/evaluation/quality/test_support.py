"""Does a quote support a sentence?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.evaluation.logistic import stored
from gezhi.evaluation.quality.support import SupportChecker

WARRANTY = "产品X1自购买之日起提供十二个月免费保修，人为损坏除外。"


class Pairs:
    """An embedder of character pairs: real vectors, no weights."""

    dim = 512

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls: list[list[str]] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        vectors = np.full((len(texts), self.dim), 0.2, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for left, right in pairwise(text):
                row[(ord(left) * 31 + ord(right)) % self.dim] += 1
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    embed_passages = embed_queries


@pytest.fixture
def words() -> SupportChecker:
    return SupportChecker(None)


def test_a_verbatim_sentence_is_supported(words: SupportChecker) -> None:
    verdict = words.check(WARRANTY, [WARRANTY])
    assert verdict.supported
    assert verdict.score > 0.8
    assert verdict.conflicts == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("产品X1自购买之日起提供二十四个月免费保修。", "number"),
        ("产品X9自购买之日起提供十二个月免费保修。", "name"),
        ("产品X1自购买之日起不提供十二个月免费保修。", "negation"),
        ("产品X1自购买之日起提供十二天免费保修。", "unit"),
    ],
)
def test_a_conflict_decides(words: SupportChecker, sentence: str, kind: str) -> None:
    verdict = words.check(sentence, [WARRANTY])
    assert not verdict.supported
    assert verdict.score < 0.5
    assert kind in {conflict.kind for conflict in verdict.conflicts}


def test_quotes_are_taken_together(words: SupportChecker) -> None:
    sentence = "产品X1提供十二个月免费保修，售价为1,299元。"
    other = "产品X1售价为一千二百九十九元。"
    assert words.check(sentence, [WARRANTY, other]).supported
    assert not words.check(sentence, [WARRANTY]).supported


def test_another_subject_is_not_supported(words: SupportChecker) -> None:
    assert not words.check("火山喷发后岛上居民全部撤离。", [WARRANTY]).supported


def test_nothing_supports_nothing(words: SupportChecker) -> None:
    for sentence, quotes in (("", [WARRANTY]), (WARRANTY, []), (WARRANTY, ["  "]), ("  ", ["  "])):
        verdict = words.check(sentence, quotes)
        assert (verdict.supported, verdict.score) == (False, 0.0)


def test_without_an_embedder_values_decide_across_languages(words: SupportChecker) -> None:
    quote = ["张伟于1998年在杭州创立了这家公司，员工有1.2万人，年收入3.5亿元。"]
    assert words.check("Founded in 1998, it has 12,000 staff and earns 350 million yuan.", quote).supported
    assert not words.check("Founded in 1988, it has 12,000 staff and earns 350 million yuan.", quote).supported
    assert not words.check("It is a nice company.", quote).supported


def test_one_batch_gives_what_single_checks_give(words: SupportChecker) -> None:
    pairs = [(WARRANTY, [WARRANTY]), ("产品X9保修。", [WARRANTY]), ("", [])]
    assert words.check_many(pairs) == [words.check(*pair) for pair in pairs]
    assert words.check_many([]) == []


def test_an_embedder_the_model_was_not_fitted_on_is_left_out(words: SupportChecker) -> None:
    stranger = Pairs("another#1")
    assert SupportChecker(stranger).check(WARRANTY, [WARRANTY]) == words.check(WARRANTY, [WARRANTY])
    assert stranger.calls == []


def test_meaning_counts_in_one_batch_and_conflicts_are_not_embedded() -> None:
    own = Pairs(stored("support")["embedder"])
    checker = SupportChecker(own)
    wrong = "产品X9自购买之日起提供十二个月免费保修。"
    verdicts = checker.check_many([(WARRANTY, [WARRANTY]), (wrong, [WARRANTY]), ("今天天气很好适合出游。", [WARRANTY])])
    assert [verdict.supported for verdict in verdicts] == [True, False, False]
    assert len(own.calls) == 1
    assert wrong not in own.calls[0]
    assert own.calls[0].count(WARRANTY) == 1


def test_only_conflicts_embed_nothing() -> None:
    own = Pairs(stored("support")["embedder"])
    assert not SupportChecker(own).check("产品X9自购买之日起提供十二个月免费保修。", [WARRANTY]).supported
    assert own.calls == []


def test_quotes_that_come_again_are_not_embedded_again() -> None:
    own = Pairs(stored("support")["embedder"])
    checker = SupportChecker(own)
    first = checker.check(WARRANTY, [WARRANTY])
    assert checker.check(WARRANTY, [WARRANTY]) == first
    assert checker.check("产品X1免费保修。", [WARRANTY]).supported
    first_call, second_call = own.calls
    assert set(first_call) == {WARRANTY, *WARRANTY.split("，")}
    assert second_call == ["产品X1免费保修。"]
