from __future__ import annotations

import math
from pathlib import Path

import pytest

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.models import ChatOptions, logprobs
from models.tiny_qwen import ANSWER, QUESTION, save_tiny_qwen

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_qwen(tmp_path_factory.mktemp("qwen"))


def test_they_are_those_of_the_models_own_loss(folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = logprobs(ChatOptions(model=f"hf:{folder}", threads=1))
    prompt, text = f"<|im_start|>user\n{QUESTION}<|im_end|>\n", ANSWER
    network = AutoModelForCausalLM.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    before, whole = tokenizer(prompt)["input_ids"], tokenizer(prompt + text)["input_ids"]
    assert whole[: len(before)] == before
    ids = torch.tensor([whole])
    labels = ids.clone()
    labels[0, : len(before)] = -100
    with torch.no_grad():
        loss = float(network(input_ids=ids, labels=labels).loss)
    values = model.score(prompt, text)
    assert len(values) == len(whole) - len(before)
    assert -math.fsum(values) / len(values) == pytest.approx(loss, abs=1e-4)


def test_what_was_taught_is_likelier(folder: Path) -> None:
    model = logprobs(ChatOptions(model=f"hf:{folder}", threads=1))
    assert math.fsum(model.score("", "24个月")) > math.fsum(model.score("", "月个42"))


def test_a_model_without_a_start_mark_begins_behind_its_end_mark(folder: Path) -> None:
    assert logprobs(ChatOptions(model=f"hf:{folder}", threads=1)).start == "<|im_end|>"


def test_a_text_beyond_the_context(folder: Path) -> None:
    with pytest.raises(ModelRefused, match="takes 64"):
        logprobs(ChatOptions(model=f"hf:{folder}", threads=1, context_length=64)).score("", "保修" * 100)


def test_weights_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        logprobs(ChatOptions(model=f"hf:{tmp_path / 'none'}"))
