from __future__ import annotations

import pytest

from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item, Scorer
from gezhi.evaluation.quality.text import TextOptions, text_metric, text_scorer
from gezhi.evaluation.quality.text.items import over_items

ITEMS = [
    Item(id="1", question="q", answers=("24个月", "两年")),
    Item(id="2", question="q", answers=("北京",)),
    Item(id="3", question="q", unanswerable=True),
    Item(id="4", question="q"),
]


def _answer(text: str, *, refused: bool = False) -> Answer:
    return Answer(id="a", question="q", text=text, refused="nothing_relevant" if refused else None)


def test_the_best_of_the_references_counts() -> None:
    em: Scorer = text_scorer("em")
    assert em(ITEMS[0], _answer("两年。")) == 1.0
    assert em(ITEMS[0], _answer("三年")) == 0.0
    f1 = text_scorer("f1")
    assert f1(ITEMS[0], _answer("保修两年")) == pytest.approx(2 * 2 / (4 + 2))


def test_bleu_and_chrf_are_divided_by_a_hundred() -> None:
    text, wanted = "保修期为两年", "保修期是两年"
    item = Item(id="1", question="q", answers=(wanted,))
    for name, family in (("bleu", "bleu"), ("chrf", "chrf"), ("chrf++", "chrf")):
        whole = {score.name: score.value for score in text_metric(family)([text], [[wanted]])}
        got = text_scorer(name)(item, _answer(text))
        assert got is not None
        assert 0 < got < 1
        if name != "bleu":
            assert got == pytest.approx((whole[name] or 0) / 100)


def test_a_corpus_metric_over_all_items_that_have_answers() -> None:
    answers = [_answer("两年"), _answer("在北京", refused=True), _answer("不知道"), _answer("x")]
    metric = text_metric("bleu", TextOptions(language="zh"))
    assert over_items(metric, ITEMS, answers) == metric(["两年", ""], [["24个月", "两年"], ["北京"]])
    (nothing,) = over_items(metric, ITEMS[2:], answers[2:])
    assert nothing.value is None
