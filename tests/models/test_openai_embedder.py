from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gezhi.core.errors import BadOptions, MissingKey, ModelRefused, ModelUnreachable
from gezhi.models import EmbedOptions, embedder
from gezhi.models.openai_embedder import OpenAIEmbedder
from models.embedding_server import DIM, EmbeddingServer, embedding_server, packed, vector

TEXTS = ["保修期", "", "两年", "warranty", "  ", "一", "二"]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as running:
        yield running


def model(server: EmbeddingServer, name: str = "openai:m", **options: Any) -> OpenAIEmbedder:
    made = embedder(EmbedOptions(model=name, base_url=server.url, **{"timeout": 5.0, **options}))
    assert isinstance(made, OpenAIEmbedder)
    return made


def units(*texts: str, dim: int = DIM) -> Any:
    rows = np.array([vector(text, dim) for text in texts])
    return pytest.approx(rows / np.linalg.norm(rows, axis=1, keepdims=True), abs=1e-6)


@pytest.mark.parametrize("numbers_only", [False, True])
def test_both_encodings(numbers_only: bool) -> None:
    with embedding_server(numbers_only=numbers_only) as server:
        made = model(server, batch=2)
        assert made.embed_passages(["a", "b", "c"]) == units("a", "b", "c")
        formats = [body["encoding_format"] for body in server.bodies]
    # The length of the vectors is asked for first.
    assert formats == (["base64", "float", "float", "float"] if numbers_only else ["base64"] * 3)


def test_blank_texts_are_never_sent_and_the_order_is_kept(server: EmbeddingServer) -> None:
    made = model(server, batch=2, query_prompt="q: ")
    found = made.embed_queries(TEXTS)
    assert found[[0, 2, 3, 5, 6]] == units("q: 保修期", "q: 两年", "q: warranty", "q: 一", "q: 二")
    assert (found[[1, 4]] == 0).all()
    assert sorted(len(body["input"]) for body in server.bodies) == [1, 1, 2, 2]


def test_nothing_is_asked_before_the_first_text(server: EmbeddingServer) -> None:
    model(server)
    assert server.bodies == []


def test_dimensions_are_asked_for_and_held(server: EmbeddingServer) -> None:
    made = model(server, dimensions=4)
    assert (made.dim, made.name) == (4, "openai:m(4, '', '')")
    assert made.embed_passages(["a"]) == units("a", dim=4)
    assert [body["dimensions"] for body in server.bodies] == [4]


def test_a_server_that_ignores_the_dimensions(server: EmbeddingServer) -> None:
    server.change = lambda reply: {"data": [{"index": 0, "embedding": packed([1.0, 2.0])}]}
    with pytest.raises(ModelRefused, match="2 dimensions, not 4"):
        model(server, dimensions=4).embed_passages(["a"])


def test_vectors_in_another_order(server: EmbeddingServer) -> None:
    server.change = lambda reply: {"data": reply["data"][::-1]}
    assert model(server).embed_passages(["a", "b", "c"]) == units("a", "b", "c")


Change = Callable[[Any], Any]
STRANGE: dict[str, Change] = {
    "no data": lambda reply: {},
    "a list": lambda reply: [1],
    "too few": lambda reply: {"data": reply["data"][1:]},
    "one twice": lambda reply: {"data": [*reply["data"], reply["data"][0]]},
    "no index": lambda reply: {"data": [{"embedding": [1.0]}]},
    "not base64": lambda reply: {"data": [{"index": 0, "embedding": "!"}]},
    "half a number": lambda reply: {"data": [{"index": 0, "embedding": "AAAA"}]},
    "not numbers": lambda reply: {"data": [{"index": 0, "embedding": ["x"]}]},
    "nan": lambda reply: {"data": [{"index": 0, "embedding": packed([1.0, float("nan")])}]},
    "nested": lambda reply: {"data": [{"index": 0, "embedding": [[1.0], [2.0]]}]},
    "empty": lambda reply: {"data": []},
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_replies_that_are_no_vectors(server: EmbeddingServer, change: Change) -> None:
    server.change = change
    with pytest.raises(ModelRefused, match="did not answer in the expected format"):
        model(server, dimensions=DIM).embed_passages(["a"])


def test_a_busy_server_is_asked_again(server: EmbeddingServer) -> None:
    server.script.extend([(429, {"error": {"message": "slow down"}}, {"retry-after": "0"}), (503, {}, {})])
    assert model(server, retries=2, dimensions=DIM).embed_passages(["a"]) == units("a")
    assert len(server.bodies) == 3


def test_refusals_are_told_once(server: EmbeddingServer) -> None:
    server.script.append((404, {"error": {"message": "no such model"}}, {}))
    with pytest.raises(ModelRefused, match="no such model"):
        model(server, dimensions=DIM).embed_passages(["a"])
    assert len(server.bodies) == 1


def test_no_server() -> None:
    with embedding_server() as server:
        made = model(server, retries=0)
    with pytest.raises(ModelUnreachable):
        made.embed_passages(["a"])


def test_the_key_comes_from_the_variable_that_is_named(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MissingKey, match="MY_API_KEY"):
        model(server, key_env="MY_API_KEY")
    monkeypatch.setenv("MY_API_KEY", "secret")
    monkeypatch.setenv("OPENAI_API_KEY", "OpenAI's alone")
    monkeypatch.setenv("DASHSCOPE_API_KEY", "DashScope's")
    for made in (model(server, key_env="MY_API_KEY"), model(server), model(server, "dashscope:m")):
        made.embed_passages(["a"])
    assert server.keys == ["Bearer secret"] * 2 + [None] * 2 + ["Bearer DashScope's"] * 2


def test_a_provider_wants_its_key() -> None:
    with pytest.raises(MissingKey, match="DASHSCOPE_API_KEY"):
        embedder(EmbedOptions(model="dashscope:text-embedding-v4"))


def test_a_provider_gets_no_more_texts_than_it_takes(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "k")
    model(server, "dashscope:text-embedding-v4", batch=64).embed_passages([f"t{number}" for number in range(25)])
    assert max(len(body["input"]) for body in server.bodies) == 10


def test_an_address_that_is_none() -> None:
    with pytest.raises(BadOptions):
        embedder(EmbedOptions(model="openai:m", base_url="localhost"))
