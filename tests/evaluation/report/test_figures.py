"""Drawings: the reader's fonts and the page's colours, words as words, nothing from elsewhere."""

from __future__ import annotations

import re

from lxml import etree

from evaluation.report import sample
from gezhi.core.catalogue import speaking
from gezhi.evaluation.report import figures
from gezhi.evaluation.report.values import RiskCoverage


def _texts(svg: str) -> list[str]:
    return [text for text in etree.fromstring(svg).xpath("//*[local-name()='text']/text()") if text.strip()]


def test_words_are_words_in_chinese_too() -> None:
    with speaking("zh"):
        svg = figures.distribution("引用 <准确率> $x_1$ & co", [0.1, 0.5, 0.5], share=True)
    assert {"引用 <准确率> $x_1$ & co", "题数", "100%"} <= set(_texts(svg))
    assert "font-family" not in svg
    assert "DejaVu" not in svg


def test_colours_are_those_of_the_page() -> None:
    run = sample.run(sample.exam(6))
    assert run.risk is not None
    assert run.reliability is not None
    for svg in (figures.risk_coverage(run.risk), figures.reliability(run.reliability)):
        assert "currentColor" in svg
        assert "var(--series-1)" in svg
        assert "var(--series-2)" in svg
        assert not re.search("#[0-9a-f]{6}", svg)


def test_ids_of_different_drawings_differ() -> None:
    one, two = (set(re.findall(r'id="([^"]+)"', figures.distribution(n, [1.0], share=True))) for n in ("f1", "f 1"))
    assert one
    assert not one & two


def test_drawings_are_the_same_each_time_and_need_nothing() -> None:
    first, second = (figures.differences(sample.changes()[:3]) for _ in range(2))
    assert first == second
    assert "http" not in first
    assert "<metadata" not in first
    assert "<style" not in first
    assert {"f1", "recall@8", "引用准确率"} <= set(_texts(first))


def test_odd_data_can_be_drawn() -> None:
    figures.risk_coverage(RiskCoverage(coverage=[1.0], risk=[0.0], constant=0.0))
    figures.distribution("seconds", [3.5], share=False)
    figures.distribution("perplexity", [1.0, 1e6, -2.0], share=False)
