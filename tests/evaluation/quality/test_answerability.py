"""The probability that passages answer a question."""

from __future__ import annotations

import pytest

from gezhi.core.types import Chunk, Passage
from gezhi.evaluation.logistic import stored
from gezhi.evaluation.quality.answerability import Answerability

TEXTS = (
    "产品X1自购买之日起提供十二个月免费保修，人为损坏不在保修范围内。",
    "差旅报销须在出差结束后三十天内提交，并附上发票原件。",
    "会议室需提前一天在系统中预订，每次使用不得超过两小时。",
)


def passages(*found: tuple[str, float, float]) -> list[Passage]:
    return [
        Passage(
            chunk=Chunk(document_id=f"d{k}", source=f"{k}.txt", text=text, start=0, end=len(text)),
            score=1 - k / 10,
            found_by={"keyword": keyword, "dense": dense},
        )
        for k, (text, keyword, dense) in enumerate(found)
    ]


FOUND = passages((TEXTS[0], 22.0, 0.90), (TEXTS[1], 3.0, 0.81), (TEXTS[2], 2.0, 0.80))


@pytest.fixture
def judge() -> Answerability:
    return Answerability(stored("answerability")["embedder"])


def test_a_question_the_passages_answer(judge: Answerability) -> None:
    probability = judge.probability("产品X1的保修期是多久？", FOUND)
    assert probability is not None
    assert 0.5 < probability <= 1


def test_another_product_is_another_question(judge: Answerability) -> None:
    same, other = (judge.probability(f"产品{name}的保修期是多久？", FOUND) for name in ("X1", "X9"))
    assert same is not None and other is not None
    assert other < same - 0.2


def test_nothing_alike_answers_nothing(judge: Answerability) -> None:
    weak = passages((TEXTS[1], 1.0, 0.80), (TEXTS[2], 0.9, 0.80), (TEXTS[0], 0.8, 0.79))
    probability = judge.probability("火星上最高的山叫什么名字？", weak)
    assert probability is not None
    assert probability < 0.2


def test_across_languages_the_cosine_decides(judge: Answerability) -> None:
    near, far = (
        judge.probability("How long is the warranty?", passages((TEXTS[0], 0.0, cosine), (TEXTS[1], 0.0, 0.75)))
        for cosine in (0.90, 0.76)
    )
    assert near is not None and far is not None
    assert near > far


def test_without_passages_or_question_the_chance_is_nothing(judge: Answerability) -> None:
    assert judge.probability("产品X1的保修期是多久？", []) == 0.0
    assert judge.probability("  ", FOUND) == 0.0


def test_cosines_of_another_embedder_are_not_judged() -> None:
    assert Answerability("another#1").probability("产品X1的保修期是多久？", FOUND) is None
    assert Answerability(None).probability("产品X1的保修期是多久？", FOUND) is None
