"""What every model with log-probabilities keeps to. A server is stood in for by one on loopback with its protocol."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gezhi.core.protocols import LogProbs
from gezhi.models import LOGPROBS, ChatOptions, logprobs
from models.echo_server import echo_server
from models.gemma import gemma_file
from models.tiny_qwen import save_tiny_qwen

TEXTS = ("保修期为24个月。", "The warranty lasts 24 months.", "🙂", "a", "iPhone 15发布会\n\n下一段")
MARKS = {"gguf": pytest.mark.xdist_group("gguf"), "hf": pytest.mark.torch, "modelscope": pytest.mark.torch}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], LogProbs]]:
    """Makes the model of a row, once."""
    models: dict[str, LogProbs] = {}

    def make(scheme: str, stack: ExitStack) -> LogProbs:
        if scheme == "gguf":
            return logprobs(ChatOptions(model=f"gguf:{gemma_file()}", threads=1, context_length=128))
        if scheme == "openai":
            url = stack.enter_context(echo_server()).url
            return logprobs(ChatOptions(model="openai:base", base_url=url))
        folder: Path = tmp_path_factory.mktemp("tiny")
        # A base model: no chat template is needed.
        return logprobs(ChatOptions(model=f"{scheme}:{save_tiny_qwen(folder, template=None, steps=5)}", threads=1))

    with ExitStack() as held:

        def once(scheme: str) -> LogProbs:
            if scheme not in models:
                models[scheme] = make(scheme, held)
            return models[scheme]

        yield once
        models.clear()


@pytest.fixture(params=[pytest.param(row, marks=MARKS.get(row, ())) for row in LOGPROBS])
def model(request: pytest.FixtureRequest, made: Callable[[str], LogProbs]) -> LogProbs:
    return made(request.param)


def test_it_is_a_model_with_logprobs(model: LogProbs) -> None:
    assert isinstance(model, LogProbs)
    assert model.name.partition(":")[0] in LOGPROBS
    assert model.start


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("prompt", ["", "问题：", "The answer is "])
def test_each_token_has_a_log_probability(model: LogProbs, prompt: str, text: str) -> None:
    values = model.score(prompt, text)
    assert 1 <= len(values) <= 4 * len(text.encode())
    assert all(math.isfinite(value) and value <= 1e-6 for value in values)


def test_the_parts_make_the_whole(model: LogProbs) -> None:
    prompt, first, second = "问题：", "保修期为24个月。", "\n整机保修一年。"
    parts = [*model.score(prompt, first), *model.score(prompt + first, second)]
    whole = model.score(prompt, first + second)
    assert len(whole) == len(parts)
    # Quantised weights give a prompt's tokens together slightly other numbers than one after the other.
    assert math.fsum(whole) == pytest.approx(math.fsum(parts), rel=0.05)


def test_it_is_the_same_each_time(model: LogProbs) -> None:
    assert model.score("问题：", "保修期") == pytest.approx(model.score("问题：", "保修期"), abs=1e-3)


@pytest.mark.parametrize("prompt", ["", "问题："])
def test_nothing_has_no_tokens(model: LogProbs, prompt: str) -> None:
    assert len(model.score(prompt, "")) == 0
