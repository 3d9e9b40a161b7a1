"""What every embedder keeps to, whatever runs it.

Models of hubs are a folder here (fetching has its own tests); services are stood in for by one on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.core.protocols import Embedder
from gezhi.models import EMBEDDERS, EmbedOptions, embedder, embedder_state
from models.embedding_server import embedding_server
from models.tiny_export import save_tiny_export

Vectors = NDArray[np.float32]
TEXTS = [
    "产品X1的保修期是两年。",
    "The warranty lasts 24 months.",
    "短",
    "一段长一些的文字，" * 12,
    "a",
    "2024-03-01 12,000.50",
    "产品X1的保修期是两年。",
]
JUNK = [
    "\x00\x01\x02",
    "\ud800 half a pair",
    "🎉👩‍👩‍👧",
    "﷽ ﬁ ①",
    "\u200b\u200d",
    "<s></s>",
    "%s {0} \\n",
    "\ufffd\ufffd",
]
BLANK = ["", " ", "\n\t\u3000"]


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture(scope="module")
def options(stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, EmbedOptions]]:
    """The options of each row; a row without its own case is a service."""
    folder = save_tiny_export(tmp_path_factory.mktemp("tiny") / "tiny")
    local = {scheme: EmbedOptions(model=f"{scheme}:{folder}", threads=2) for scheme in ("onnx", "hf", "modelscope")}
    server = stack.enter_context(embedding_server())
    services = {
        scheme: EmbedOptions(model=f"{scheme}:m", base_url=server.url, key_env="STAND_IN_API_KEY")
        for scheme in EMBEDDERS
        if scheme not in local and scheme != "e5-small"
    }
    yield {"e5-small": EmbedOptions(threads=2), **local, **services}


@pytest.fixture(scope="module")
def made() -> dict[str, Embedder]:
    return {}


@pytest.fixture(params=list(EMBEDDERS))
def row(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_API_KEY", "k")


@pytest.fixture
def model(row: str, options: dict[str, EmbedOptions], made: dict[str, Embedder]) -> Embedder:
    if row not in made:
        made[row] = embedder(options[row])
    return made[row]


def lengths(vectors: Vectors) -> list[float]:
    found: list[float] = np.linalg.norm(vectors, axis=1).tolist()
    return found


def both(model: Embedder, texts: Sequence[str]) -> list[Vectors]:
    return [model.embed_queries(texts), model.embed_passages(texts)]


def test_it_is_an_embedder(row: str, model: Embedder, options: dict[str, EmbedOptions]) -> None:
    assert isinstance(model, Embedder)
    assert model.name.startswith(row)
    assert model.dim > 0
    assert embedder_state(options[row]).name == model.name


def test_unit_vectors_one_a_text(model: Embedder) -> None:
    for vectors in both(model, TEXTS):
        assert vectors.shape == (len(TEXTS), model.dim)
        assert vectors.dtype == np.float32
        assert lengths(vectors) == pytest.approx([1.0] * len(TEXTS), abs=1e-5)


def test_no_texts(model: Embedder) -> None:
    for vectors in both(model, []):
        assert vectors.shape == (0, model.dim)
        assert vectors.dtype == np.float32


def test_the_same_again(model: Embedder) -> None:
    for first, second in zip(both(model, TEXTS), both(model, TEXTS), strict=True):
        assert (first == second).all()
        assert first[0] == pytest.approx(first[-1], abs=1e-6)


def test_a_vector_does_not_depend_on_its_neighbours(
    row: str, model: Embedder, options: dict[str, EmbedOptions]
) -> None:
    together = model.embed_passages(TEXTS)
    alone = np.vstack([model.embed_passages([text]) for text in TEXTS])
    assert np.sum(together * alone, axis=1).min() >= 0.999
    changed = replace(options[row], batch=1, threads=1)
    assert np.sum(together * embedder(changed).embed_passages(TEXTS), axis=1).min() >= 0.999


def test_the_order_is_kept(model: Embedder) -> None:
    forwards, backwards = model.embed_passages(TEXTS), model.embed_passages(TEXTS[::-1])
    assert forwards == pytest.approx(backwards[::-1], abs=1e-5)


def test_different_texts_have_different_vectors(model: Embedder) -> None:
    vectors = model.embed_passages(TEXTS[:6])
    assert np.triu(vectors @ vectors.T, 1).max() < 0.9999


def test_blank_texts_are_similar_to_nothing(model: Embedder) -> None:
    for vectors in both(model, [*BLANK, "保修", *BLANK]):
        assert lengths(vectors) == pytest.approx([0, 0, 0, 1, 0, 0, 0], abs=1e-5)
    for vectors in both(model, BLANK):
        assert (vectors == 0).all()


def test_a_text_far_too_long(model: Embedder) -> None:
    for vectors in both(model, ["保修期" * 20_000, "word " * 20_000]):
        assert lengths(vectors) == pytest.approx([1.0, 1.0], abs=1e-5)


def test_any_string_is_taken(model: Embedder) -> None:
    for vectors in both(model, JUNK):
        assert np.isfinite(vectors).all()
        assert lengths(vectors) == pytest.approx([1.0] * len(JUNK), abs=1e-5)


def test_tuples_and_lists_are_one(model: Embedder) -> None:
    assert (model.embed_queries(tuple(TEXTS[:2])) == model.embed_queries(TEXTS[:2])).all()
