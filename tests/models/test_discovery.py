from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.core.extras import have
from gezhi.models import ChatOptions, Discovered, discover
from gezhi.models.discovery import card_licence
from gezhi.models.providers import PROVIDERS
from models.servers import chat_server, refuse
from models.test_gguf_header import WHOLE


@pytest.fixture(autouse=True)
def no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own Ollama is left alone: an address where nobody listens."""
    with chat_server() as server:
        url = server.url
    monkeypatch.setenv("OLLAMA_HOST", url)


def by_kind(found: list[Discovered], kind: str) -> list[Discovered]:
    return [one for one in found if one.kind == kind]


def configured(model: str, **options: str) -> Discovered:
    first = discover(ChatOptions(model=model, **options))[0]  # type: ignore[arg-type]
    assert (first.kind, first.name) == ("configured", model)
    return first


def test_keys_are_found_by_name_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not by_kind(discover(), "key")
    for provider in PROVIDERS.values():
        monkeypatch.setenv(provider.key_env, "sk-secret")
    found = by_kind(discover(), "key")
    assert [one.name for one in found] == [f"{name}:" for name in PROVIDERS]
    assert "DASHSCOPE_API_KEY" in found[1].note
    assert "--set chat.model=dashscope:" in found[1].note
    assert "sk-secret" not in repr(found)


def test_ollamas_models_with_their_licences(monkeypatch: pytest.MonkeyPatch) -> None:
    with chat_server() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        found = by_kind(discover(), "ollama")
        server.paths["/api/show"] = refuse(404)
        unknown = by_kind(discover(), "ollama")
        server.paths["/api/tags"] = {"models": []}
        empty = by_kind(discover(), "ollama")
    assert [(one.name, one.usable, one.licence) for one in found] == [
        ("ollama:qwen-plus", True, "Apache License 2.0"),
        ("ollama:qwen3:4b", True, "Apache License 2.0"),
    ]
    assert "--set chat.model=ollama:qwen3:4b" in found[1].note
    assert [one.licence for one in unknown] == ["", ""]
    assert [one.usable for one in empty] == [False]
    assert "ollama pull" in empty[0].note


def test_no_ollama() -> None:
    (found,) = by_kind(discover(), "ollama")
    assert not found.usable
    assert "ollama serve" in found.note


def test_installed_packages() -> None:
    (found,) = [one for one in by_kind(discover(), "gguf") if one.name == "gguf:gemma3-270m"]
    assert found.usable
    assert found.licence == "gemma"
    assert "base model" in found.note


def test_the_configured_server() -> None:
    with chat_server() as server:
        url = f"{server.url}/v1"
        assert configured("openai:qwen-plus", base_url=url).usable
        wrong = configured("openai:qwen-plsu", base_url=url)
        server.paths["/v1/models"] = {"data": []}
        silent = configured("openai:anything", base_url=url)
    assert not wrong.usable
    assert "Did you mean 'qwen-plus'" in wrong.note
    assert silent.usable
    gone = configured("openai:qwen-plus", base_url=url)
    assert not gone.usable
    assert url in gone.note


def test_the_configured_ollama() -> None:
    with chat_server() as server:
        found = configured("ollama:qwen3:4b", base_url=server.url)
        server.paths["/api/show"] = refuse(404, "not found")
        missing = configured("ollama:qwen9", base_url=server.url)
    assert found.usable
    assert found.licence == "Apache License 2.0"
    assert "ollama pull qwen9" in missing.note


def test_the_configured_file(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(WHOLE)
    assert configured(f"gguf:{path}").licence == "apache-2.0"
    assert "there is no model file" in configured(f"gguf:{path}x.gguf").note
    assert "gemma3-270m" in configured("gguf:gema3-270m").note


@pytest.mark.parametrize(
    ("model", "words"),
    [("deepseek:x", "export DEEPSEEK_API_KEY="), ("opnai:x", "'openai'"), ("openai:gpt-5", "export OPENAI_API_KEY=")],
)
def test_a_configuration_that_cannot_work(model: str, words: str) -> None:
    found = configured(model)
    assert not found.usable
    assert words in found.note


def test_a_configured_folder_needs_the_extra(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\n---\n", encoding="utf-8")
    found = configured(f"hf:{tmp_path}")
    assert found.usable == have("transformers")
    assert found.usable or 'pip install "gezhi[torch]"' in found.note


@pytest.mark.torch
def test_a_configured_folder_that_is_not_there() -> None:
    assert "there is no model folder" in configured("hf:/no/such/folder").note
    assert not configured("hf:./none").usable
    assert configured("hf:nobody/fetched-this").usable


def test_nothing_is_configured() -> None:
    assert not by_kind(discover(ChatOptions()), "configured")
    assert configured("fake:x").usable


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlanguage: zh\nlicense: apache-2.0 \n---\n# M", "apache-2.0"),
        ("---\nlanguage: zh\n---\nlicense: none of these", ""),
        ("no table", ""),
        (None, ""),
    ],
)
def test_the_licence_on_a_card(card: str | None, licence: str, tmp_path: Path) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert card_licence(tmp_path) == licence
