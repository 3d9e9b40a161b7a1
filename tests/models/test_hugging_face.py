from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.core.types import Delta, Message, Sampling
from gezhi.models import ChatOptions, chat_model
from models.tiny_qwen import ANSWER, QUESTION, TEMPLATE, THOUGHT, save_tiny_qwen

pytestmark = pytest.mark.torch
ASKED = [Message("user", QUESTION)]
ALWAYS_THINKS = TEMPLATE.replace("{% endif %}{% endif %}", "{% else %}<think>\n{% endif %}{% endif %}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_qwen(tmp_path_factory.mktemp("tiny"), steps=90)


def model(folder: Path, **options: Any) -> Any:
    return chat_model(ChatOptions(model=f"hf:{folder}", threads=1, **options))


def test_it_answers_without_a_thought(folder: Path) -> None:
    reply = model(folder, thinking="off").reply(ASKED, Sampling(max_tokens=80))
    assert (reply.text, reply.reasoning, reply.finish_reason) == (ANSWER, "", "stop")


def test_a_thought_is_kept_apart(folder: Path) -> None:
    asked = Sampling(max_tokens=100, temperature=0.0, stop=())
    reply = model(_with_template(folder, ALWAYS_THINKS)).reply(ASKED, asked)
    assert reply.text == ANSWER
    assert reply.reasoning.strip() == THOUGHT


def test_pieces_are_whole_characters(folder: Path) -> None:
    deltas: list[Delta] = list(model(folder, thinking="off").stream(ASKED, Sampling(max_tokens=80)))
    assert len(deltas) > 10
    assert not any("\ufffd" in delta.text for delta in deltas)


def test_usage_is_exact(folder: Path) -> None:
    made = model(folder, thinking="off")
    usage = made.reply(ASKED, Sampling(max_tokens=80)).usage
    assert usage.completion_tokens == made.count_tokens(ANSWER) + 1
    assert not usage.estimated


def test_the_first_tokens_are_those_of_transformers(folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder)
    torch.manual_seed(3)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.05)
    noisy = folder.parent / "noisy"
    shutil.copytree(folder, noisy, dirs_exist_ok=True)
    network.save_pretrained(noisy)
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": "别的"}], tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")
    made = network.generate(**ids, max_new_tokens=24, do_sample=False)[0, ids["input_ids"].shape[1] :]
    expected = tokenizer.decode(made, skip_special_tokens=True)
    reply = model(noisy, thinking="off").reply([Message("user", "别的")], Sampling(max_tokens=24))
    assert (reply.reasoning + reply.text).strip() == expected.strip()


def test_a_seed_repeats_and_temperature_varies(folder: Path) -> None:
    made = model(folder, thinking="off")

    def draw(seed: int) -> str:
        return str(made.reply(ASKED, Sampling(max_tokens=20, temperature=3.0, seed=seed)).text)

    assert draw(1) == draw(1)
    assert len({draw(seed) for seed in range(1, 6)}) > 1


def test_a_small_top_p_is_greedy(folder: Path) -> None:
    made = model(folder, thinking="off")
    reply = made.reply(ASKED, Sampling(max_tokens=80, temperature=1.5, top_p=1e-6, seed=1))
    assert reply.text == ANSWER


def test_the_context_bounds_prompt_and_reply(folder: Path) -> None:
    made = model(folder, thinking="off", context_length=64)
    assert made.context_length == 64
    assert model(folder).context_length == 256
    with pytest.raises(ModelRefused, match="takes 64"):
        made.reply([Message("user", QUESTION * 20)], Sampling())
    taken = made.reply([Message("system", "x"), *ASKED], Sampling(max_tokens=1)).usage.prompt_tokens
    filled = [Message("system", "x" * (64 - taken - 4)), *ASKED]
    reply = made.reply(filled, Sampling(max_tokens=80))
    assert reply.finish_reason == "length"
    assert reply.usage.prompt_tokens + reply.usage.completion_tokens == 64


def test_a_base_model_cannot_be_talked_to(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Instruct"):
        model(save_tiny_qwen(tmp_path, template=None, steps=0))


@pytest.mark.parametrize("broken", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_broken_folder(folder: Path, tmp_path: Path, broken: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / broken).write_bytes(b"{broken")
    with pytest.raises(ModelError, match="cannot load"):
        model(copy)


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_an_incomplete_folder(folder: Path, tmp_path: Path, missing: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / missing).unlink()
    with pytest.raises(ModelError, match="cannot load"):
        model(copy)


def _with_template(folder: Path, template: str) -> Path:
    copy = folder.parent / "thinks"
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    (copy / "chat_template.jinja").unlink(missing_ok=True)
    path = copy / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"chat_template": template}
    path.write_text(json.dumps(config), encoding="utf-8")
    return copy
