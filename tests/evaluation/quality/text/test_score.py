from __future__ import annotations

import pytest

from gezhi.core.errors import BadOptions, UnknownName
from gezhi.evaluation.quality.text import TEXT_METRICS, TextOptions, text_metric, text_scorer
from gezhi.evaluation.quality.text.score import language_of, number_of_references

AUTO = TextOptions()


@pytest.mark.parametrize(
    ("text", "reference", "language"),
    [
        ("保修期", "two years", "en"),
        ("two years", "保修期", "zh"),
        ("24个月", "24", "zh"),
        ("24 months", "24", "en"),
        ("", "", "en"),
        ("", "iPhone 15发布会", "zh"),
        ("x", "The company 格致 was founded in Beijing", "en"),
    ],
)
def test_the_language_of_a_pair(text: str, reference: str, language: str) -> None:
    assert language_of(text, reference, AUTO) == language
    assert language_of(text, reference, TextOptions(language="zh")) == "zh"


def test_references_in_different_numbers() -> None:
    assert number_of_references([["a"], ["b"]]) == "1"
    assert number_of_references([["a", "c"], ["b"]]) == "var"


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'meteor'"):
        text_metric("meteo")
    with pytest.raises(UnknownName, match="Did you mean 'rouge-l'"):
        text_scorer("rougel")


@pytest.mark.parametrize("name", [name for name in TEXT_METRICS if name != "chrf"])
def test_an_unknown_way_to_cut_is_refused_at_once(name: str) -> None:
    with pytest.raises(BadOptions, match="no way to cut texts called 'wrods'"):
        text_metric(name, TextOptions(tokenize="wrods"))
