from __future__ import annotations

import math

import pytest

from gezhi.evaluation.quality.text.likelihood import Perplexity
from gezhi.models import ChatOptions, logprobs
from models.echo_server import echo_server, logprob


class Even:
    """A model for which every byte is one of 256 equally likely ones."""

    name = "even"
    start = "\n"

    def score(self, prompt: str, continuation: str) -> list[float]:
        return [-math.log(256)] * len(continuation.encode())


def test_a_model_that_knows_nothing_needs_eight_bits_for_a_byte() -> None:
    perplexity, bits = Perplexity(Even())(["保修期", "", "two years"])
    assert perplexity.value == pytest.approx(256)
    assert bits.value == pytest.approx(8)
    assert bits.counts["texts"] == 2
    assert bits.counts["tokens"] == bits.counts["bytes"] == 18


def test_long_texts_weigh_more() -> None:
    with echo_server() as server:
        perplexity, bits = Perplexity(logprobs(ChatOptions(model="openai:m", base_url=server.url)))(["甲乙丙", "丁"])
    nats = -sum(logprob(["\n", *"甲乙丙"[:i]], "甲乙丙"[i]) for i in range(3)) - logprob(["\n"], "丁")
    assert perplexity.value == pytest.approx(math.exp(nats / 4))
    assert bits.value == pytest.approx(nats / math.log(2) / 12)
    assert perplexity.signature.startswith("model:openai:m|start:\\n|version:")


@pytest.mark.parametrize("texts", [[], [""]])
def test_nothing_is_not_measured(texts: list[str]) -> None:
    assert [score.value for score in Perplexity(Even())(texts)] == [None, None]


def test_what_a_model_holds_impossible_has_no_perplexity() -> None:
    class Never(Even):
        def score(self, prompt: str, continuation: str) -> list[float]:
            return [-9999.0]

    perplexity, bits = Perplexity(Never())(["x"])
    assert perplexity.value is None
    assert bits.value == pytest.approx(9999 / math.log(2))
