"""What every text metric and every scorer made of one keeps to, whatever texts come."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from evaluation.quality.text.cases import CHINESE, ENGLISH, MIXED, PAIRS
from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.text import (
    TEXT_METRICS,
    TEXT_SCORERS,
    Score,
    TextMetric,
    TextOptions,
    text_metric,
    text_scorer,
)

STRANGE = [("", ""), ("\ufffd", "\u0000"), (" \t", "\u3000"), ("a" * 5000, "a"), ("é\u2028x", "é x"), ("<s>", "</s>")]
HUNDRED = {"bleu", "chrf", "chrf++", "self-bleu"}
UNBOUNDED = {"longest-repeat", "length-characters", "length-tokens", "length-ratio"}


def _scored(metric: TextMetric, pairs: Sequence[tuple[str, str]]) -> tuple[Score, ...]:
    references = [[reference] for _, reference in pairs] if metric.referenced else []
    return metric([text for text, _ in pairs], references)


@pytest.fixture(params=TEXT_METRICS)
def metric(request: pytest.FixtureRequest) -> TextMetric:
    return text_metric(request.param)


@pytest.mark.parametrize(
    "pairs",
    [CHINESE, ENGLISH, MIXED, STRANGE, [("", "")], [("是", "是")], [("", "a")], [("a", "")]],
    ids=["zh", "en", "mixed", "strange", "empty", "one token", "nothing said", "nothing wanted"],
)
def test_values_are_in_range_and_never_nan(metric: TextMetric, pairs: list[tuple[str, str]]) -> None:
    scores = _scored(metric, pairs)
    assert len({score.name for score in scores}) == len(scores) > 0
    for score in scores:
        most = 100.0 if score.name in HUNDRED else math.inf if score.name in UNBOUNDED else 1.0
        assert score.value is None or 0.0 <= score.value <= most + 1e-9
        assert all(math.isfinite(count) for count in score.counts.values())


def test_no_texts_are_not_measured(metric: TextMetric) -> None:
    scores = metric([], [])
    assert scores
    assert all(score.value is None for score in scores)


def test_each_score_is_signed(metric: TextMetric) -> None:
    for score in _scored(metric, PAIRS):
        fields = dict(field.split(":", 1) for field in score.signature.split("|"))
        assert fields["version"]
        assert "\n" not in score.signature
        assert not metric.referenced or fields["nrefs"] == "1"


def test_the_order_of_texts_does_not_matter(metric: TextMetric) -> None:
    values = [score.value for score in _scored(metric, PAIRS)]
    assert [score.value for score in _scored(metric, PAIRS[::-1])] == pytest.approx(values)


def test_the_same_twice(metric: TextMetric) -> None:
    assert _scored(metric, PAIRS) == _scored(metric, PAIRS)


@pytest.mark.parametrize("name", [name for name in TEXT_METRICS if text_metric(name).referenced])
@pytest.mark.parametrize(
    "text", ["保修期为二十四个月，自签收之日起计算。", "The warranty lasts for twenty four months."]
)
def test_the_reference_itself_scores_best(name: str, text: str) -> None:
    metric, other = text_metric(name), text[::2]
    for same, less in zip(_scored(metric, [(text, text)]), _scored(metric, [(other, text)]), strict=True):
        assert same.value is not None
        assert less.value is not None
        assert same.value > less.value
        assert same.value == pytest.approx(100.0 if same.name in HUNDRED else 1.0, abs=0.01)


@pytest.fixture(params=TEXT_SCORERS)
def scorer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _item(*answers: str, unanswerable: bool = False) -> Item:
    return Item(id="1", question="保修期多久？", answers=answers, unanswerable=unanswerable)


def _answer(text: str, *, refused: bool = False) -> Answer:
    return Answer(id="a", question="保修期多久？", text=text, refused="nothing_relevant" if refused else None)


def test_a_scorer_has_its_name(scorer: str) -> None:
    made = text_scorer(scorer)
    assert made.name == scorer
    assert made.higher_is_better


def test_the_right_answer_is_one_and_another_less(scorer: str) -> None:
    score = text_scorer(scorer)
    item = _item("两年", "保修期为二十四个月，自签收之日起计算")
    right, other = score(item, _answer(item.answers[1])), score(item, _answer("保修期为十二个月"))
    assert right == pytest.approx(1.0, abs=0.001)
    assert other is not None
    assert 0.0 <= other < 0.9


def test_a_refusal_of_what_has_an_answer_is_wrong(scorer: str) -> None:
    assert text_scorer(scorer)(_item("两年"), _answer("两年", refused=True)) == 0.0


def test_what_cannot_be_scored_is_none(scorer: str) -> None:
    score = text_scorer(scorer)
    assert score(_item(), _answer("两年")) is None
    assert score(_item(unanswerable=True), _answer("", refused=True)) is None
    assert score(_item(unanswerable=True), _answer("两年")) is None


def test_options_reach_the_scorer(scorer: str) -> None:
    text, wanted = "the warranty", "a warranty"
    english = text_scorer(scorer, TextOptions(language="en"))(_item(wanted), _answer(text))
    assert english is not None
    if scorer in ("em", "f1", "f1-cmrc"):
        assert english == 1.0
        assert text_scorer(scorer, TextOptions(language="zh"))(_item(wanted), _answer(text)) != 1.0
