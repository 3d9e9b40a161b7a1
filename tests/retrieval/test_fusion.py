from __future__ import annotations

import numpy as np
import pytest

from gezhi.retrieval.bm25 import KeywordIndex
from gezhi.retrieval.fusion import keyword_trust

TEXTS = [
    "产品X1的保修期是两年，自签收之日起算。",
    "七天内可以无理由退货，运费由买方承担。",
    "本手册由澄明科技编写，版权所有。",
    "滤芯每六个月更换一次，请在官网购买。",
]


def trust(question: str) -> float:
    index = KeywordIndex(None)
    index.update(np.empty(0, np.int64), enumerate(TEXTS, 1))
    _, scores, reach = index.search(question, 10)
    return keyword_trust(float(scores[0]), reach) if len(scores) else 0.0


def test_a_question_in_the_words_of_the_text_is_trusted() -> None:
    assert trust("产品X1的保修期是多久") > 0.8


def test_a_question_in_another_language_is_not() -> None:
    assert trust("How long is the warranty of product X1 valid after delivery") < 0.05


def test_trust_grows_with_what_is_matched() -> None:
    questions = ["warranty period of X1", "X1 保修", "产品X1的保修期", "产品X1的保修期是两年"]
    values = [trust(question) for question in questions]
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("score", "reach", "value"), [(0, 10, 0), (5, 10, 1), (50, 10, 1), (2.5, 10, 0.125), (0, 0, 0)]
)
def test_its_scale(score: float, reach: float, value: float) -> None:
    assert keyword_trust(score, reach) == pytest.approx(value)
