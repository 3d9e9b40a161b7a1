"""Quotes for drafted sentences: found, put right, and not found by accident."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.answering.proof import Proof, Prover
from gezhi.answering.units import quotable_units
from gezhi.core.types import Chunk, Passage
from gezhi.evaluation.quality.support import SupportChecker


class NoMeaning:
    """Every text is as near as every other: words alone decide."""

    name, dim = "none", 2

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([1.0, 0.0], np.float32), (len(texts), 1))

    embed_passages = embed_queries


def quoted(texts: Sequence[str], sentence: str, marks: Sequence[int], question: str = "") -> list[str]:
    """The quotes that support the sentence; none where nothing does."""
    passages = [
        Passage(chunk=Chunk(document_id=str(i), source=str(i), text=text, start=0, end=len(text)), score=1.0)
        for i, text in enumerate(texts)
    ]
    prover = Prover(question, passages, quotable_units(passages), NoMeaning(), SupportChecker(None))
    proof = prover.prove(sentence, marks)
    found = [passages[quote.passage].chunk.text[quote.start : quote.end] for quote in proof.quotes]
    assert len(found) == 1 or proof.supported
    return found if proof.supported else []


RULES = "试用期内不得远程办公。员工每周最多可以远程办公 2 天。办公室在三楼。"
SHOP = "X1 的保修期为 24 个月。X1 Pro 的保修期为 36 个月。食堂在三楼。"


def test_one_quote_is_enough() -> None:
    assert quoted([RULES], "员工每周最多可以远程办公 2 天。", [1]) == ["员工每周最多可以远程办公 2 天。"]


@pytest.mark.parametrize("marks", [[2], [], [9], [2, 9]])
def test_quotes_are_found_where_they_are(marks: list[int]) -> None:
    assert quoted([SHOP, "今天天气很好。"], "X1 的保修期为 24 个月。", marks) == ["X1 的保修期为 24 个月。"]


def test_two_passages_hold_a_sentence_together() -> None:
    texts = ["X1 的重量为 1.2 千克。", "X2 的重量为 2.5 千克。"]
    assert quoted(texts, "X1 的重量为 1.2 千克，X2 的重量为 2.5 千克。", [1, 2]) == texts


def test_a_sibling_of_the_product_proves_nothing() -> None:
    assert quoted([SHOP], "X1 的保修期为 36 个月。", [1]) == []
    assert quoted([SHOP], "保修期为 36 个月。", [1], question="X1 的保修期是多久？") == []
    assert quoted([SHOP], "保修期为 36 个月。", [1], question="X1 Pro 的保修期是多久？") == [
        "X1 Pro 的保修期为 36 个月。"
    ]


def test_what_the_named_passage_contradicts_is_not_looked_for_elsewhere() -> None:
    other = "租赁设备的保修期为 36 个月。"
    assert quoted(["设备的保修期为 24 个月。", other], "设备的保修期为 36 个月。", [1]) == []


def test_an_address_must_stand_in_the_quote() -> None:
    text = "保修条款见 https://example.com/a 。"
    assert quoted([text], "保修条款见 https://example.com/a 。", [1])
    assert not quoted([text], "保修条款见 https://example.com/b 。", [1])


def test_nothing_to_quote() -> None:
    prover = Prover("", [], [], NoMeaning(), SupportChecker(None))
    assert prover.prove("保修期为 24 个月。", [1]) == Proof(quotes=(), supported=False)
