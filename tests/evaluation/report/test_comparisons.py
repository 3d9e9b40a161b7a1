"""Two runs: verdicts in words, what changed most, settings that differ."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from evaluation.report import sample
from evaluation.report.parsed import page, rows, section, table, words
from gezhi.evaluation.report import comparison_report
from gezhi.evaluation.report.values import Change


@pytest.fixture(scope="module")
def root() -> Any:
    exam = sample.exam()
    runs = sample.run(exam, name="keyword"), sample.run(exam, lift=0.2)
    return page(comparison_report(exam, *runs, sample.changes(), language="en"))


def test_the_verdict_is_said_in_a_sentence(root: Any) -> None:
    assert words(root.xpath("//p[@class='headline']")[0]) == "Better"
    assert words(root.xpath("//p[@class='lead']")[0]) == (
        "f1 is better: 70.0 % to 76.1 %, a difference of +6.1 percentage points. 60 questions, 95 % confidence "
        "interval +3.0 to +9.2 percentage points."
    )


def test_each_metric_has_its_line(root: Any) -> None:
    lines = rows(table(root, "All metrics, intervals of 95 % confidence"))
    assert lines[1] == ["recall@8", "Not shown permutation p = 0.410", "+1.2 -2.8 to +5.2", "70.0 %", "71.2 %", "60"]
    assert lines[3] == ["judge", "not measured", "not measured", "not measured", "not measured", "0"]
    assert lines[4][2:5] == ["-0.200 s -0.300 s to -0.100 s", "0.700 s", "0.500 s"]
    assert "about 412 more questions would show it" in words(section(root, "Differences"))


def test_items_that_changed_most_come_first(root: Any) -> None:
    orders = [json.loads(one) for one in root.xpath("//@data-order")]
    assert [one["changed"] for one in orders] == sorted(one["changed"] for one in orders)
    assert orders[0]["changed"] < 0
    assert {"better", "worse", "unknown"} <= set(root.xpath("//@data-state"))
    for article in root.xpath("//article"):
        order = json.loads(article.get("data-order"))
        assert (order["gained"] < 0) is (article.get("data-state") == "better")


def test_both_answers_stand_side_by_side(root: Any) -> None:
    (article,) = root.xpath("//article[@data-id='q001']")
    columns = article.xpath(".//div[@class='pair']/div")
    assert [words(column.xpath(".//p[@class='label']")[0]) for column in columns] == ["keyword", "hybrid-k8"]


def test_only_settings_that_differ_are_listed(root: Any) -> None:
    assert rows(table(root, "Settings that differ")) == [["设置 options · chat.model", "keyword", "hybrid-k8"]]


def test_equal_settings_are_said_to_be_equal() -> None:
    exam = sample.exam(6)
    run = sample.run(exam)
    told = page(comparison_report(exam, run, run, sample.changes(), language="zh"))
    assert "完全相同" in words(section(told, "不同的设置"))
    assert set(told.xpath("//@data-state")) <= {"same", "unknown"}


def test_nothing_measured_is_said_and_not_drawn() -> None:
    exam = sample.exam(6)
    run = sample.run(exam)
    none = Change(name="judge", before=None, after=None, difference=None, verdict="not_shown")
    told = page(comparison_report(exam, run, run, (none,), language="en"))
    assert "cannot be compared" in words(told.xpath("//p[@class='lead']")[0])
    assert not told.xpath("//figure")


def test_items_of_one_run_only_are_left_out() -> None:
    exam = sample.exam(6)
    run = sample.run(exam)
    less = replace(run, outcomes=run.outcomes[:4])
    assert len(page(comparison_report(exam, run, less, sample.changes(), language="en")).xpath("//article")) == 4
