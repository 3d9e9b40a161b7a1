from __future__ import annotations

import pytest
from sacrebleu.metrics.bleu import BLEU

from evaluation.quality.text.cases import CHINESE, ENGLISH
from gezhi.evaluation.quality.text import TextOptions, text_metric


@pytest.mark.parametrize(("texts", "language"), [([t for t, _ in CHINESE], "zh"), ([t for t, _ in ENGLISH], "en")])
def test_it_is_the_mean_of_sacrebleus_sentence_scores(texts: list[str], language: str) -> None:
    oracle = BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    each = [oracle.sentence_score(text, texts[:i] + texts[i + 1 :]).score for i, text in enumerate(texts)]
    (score,) = text_metric("self-bleu", TextOptions(language="zh" if language == "zh" else "en"))(texts, [])
    assert score.value == pytest.approx(sum(each) / len(each), abs=1e-4)
    assert score.counts == {"texts": len(texts)}


def test_the_same_texts_and_others() -> None:
    metric = text_metric("self-bleu")
    assert metric(["今天天气很好"] * 3, [])[0].value == pytest.approx(100)
    assert metric(["甲乙丙丁", "戊己庚辛"], [])[0].value == 0.0


@pytest.mark.parametrize("texts", [[], ["独一段"]])
def test_one_text_has_no_others(texts: list[str]) -> None:
    assert text_metric("self-bleu")(texts, [])[0].value is None
