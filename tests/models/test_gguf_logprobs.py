from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from gezhi.core.errors import ModelRefused
from gezhi.models import ChatOptions, logprobs
from models.gemma import gemma_file

pytestmark = pytest.mark.xdist_group("gguf")


@cache
def _model() -> Any:
    return logprobs(ChatOptions(model=f"gguf:{gemma_file()}", threads=1, context_length=128))


def test_they_are_those_of_the_raw_logits() -> None:
    """Of each token by itself, the engine lists the likeliest next ones: what is forced must have the same number."""
    model = _model()
    service = model._engine.service
    prompt, text = "The capital of France is", " Paris."
    made = model.score(prompt, text)
    ids = [2, *service.post("/tokenize", {"content": prompt})["tokens"]]
    for token, value in zip(service.post("/tokenize", {"content": text})["tokens"], made, strict=True):
        body = {"prompt": ids, "n_predict": 1, "n_probs": 200, "temperature": 0}
        (step,) = service.post("/completion", body)["completion_probabilities"]
        listed = {entry["id"]: entry["logprob"] for entry in step["top_logprobs"]}
        assert value == pytest.approx(listed[token], abs=1e-3)
        ids.append(token)


def test_the_first_token_stands_behind_the_start_mark() -> None:
    model = _model()
    assert model.start == "<bos>"
    (value,) = model.score("", "The")
    assert -20 < value < 0


def test_marks_in_a_text_are_text() -> None:
    # As a mark it would be one token, and end the text.
    assert len(_model().score("", "a<end_of_turn>b")) > 3


def test_a_likely_text_is_likelier() -> None:
    model = _model()
    likely, unlikely = (
        model.score("The capital of France is", " Paris"),
        model.score("The capital of France is", " cheese"),
    )
    assert math.fsum(likely) > math.fsum(unlikely) + 3


def test_a_text_beyond_the_context() -> None:
    with pytest.raises(ModelRefused, match="takes 128"):
        _model().score("", "word " * 200)
