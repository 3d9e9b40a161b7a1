"""The report of one run: what stands in it, and in which order."""

from __future__ import annotations

import json
from dataclasses import replace

from evaluation.report import sample
from evaluation.report.parsed import page, rows, section, table, words
from gezhi.evaluation.report import exam_report
from gezhi.evaluation.report.values import Run, Score
from gezhi.evaluation.statistics import Interval


def test_the_headline_is_the_first_metric_with_its_interval() -> None:
    exam = sample.exam()
    first = Score(name="f1", interval=Interval(mean=0.8712, low=0.8421, high=0.8988, n=57), missing=3)
    root = page(exam_report(exam, replace(sample.run(exam), scores=(first,)), language="en"))
    assert words(root.xpath("//p[@class='headline']")[0]) == "f1 87.1 %"
    lead = words(root.xpath("//p[@class='lead']")[0])
    assert "57 questions" in lead
    assert "84.2 % to 89.9 %" in lead
    assert "3 more could not be measured" in lead


def test_what_was_not_measured_is_no_number() -> None:
    exam = sample.exam(6)
    run = replace(sample.run(exam), scores=(Score(name="judge", interval=None, missing=6),))
    root = page(exam_report(exam, run, language="en"))
    assert words(root.xpath("//p[@class='headline']")[0]) == "judge not measured"
    assert rows(table(root, "All metrics, 6 questions")) == [["judge", "not measured", "", "0 6 not measured"]]
    assert not {word.lower() for word in words(root).split()} & {"nan", "none", "inf", "null"}


def test_every_metric_has_a_line() -> None:
    exam = sample.exam()
    run = sample.run(exam)
    lines = rows(table(page(exam_report(exam, run, language="en")), "All metrics, 60 questions"))
    assert [line[0].split()[0] for line in lines] == ["f1", "recall@8", "seconds", "judge"]
    assert "lower is better" in lines[2][0]
    assert "chars|v1" in lines[0][0]
    assert lines[2][1].endswith(" s")


def test_tags_are_compared_within_a_metric() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="en"))
    assert [line[0] for line in rows(table(root, "recall@8"))] == ["中文", "english", "table"]


def test_worst_items_come_first_and_failures_before_them() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="en"))
    articles = root.xpath("//article")
    assert articles[0].get("data-id") == "q003"
    orders = [json.loads(article.get("data-order"))["worst"] for article in articles]
    assert orders == sorted(orders)


def test_lower_may_be_better() -> None:
    exam = sample.exam()
    run = sample.run(exam)
    slow = replace(run, scores=(run.scores[2],))
    worst = [json.loads(one)["worst"] for one in page(exam_report(exam, slow, language="en")).xpath("//@data-order")]
    assert worst[1] == min(-one.scores["seconds"] for one in run.outcomes if one.answer)  # type: ignore[operator]


def test_only_so_many_items_are_shown_and_that_is_said() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="en", shown=7))
    assert len(root.xpath("//article")) == 7
    assert "7 of 60 questions are listed here" in words(root)


def test_an_item_has_all_that_is_known_about_it() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="zh"))
    (article,) = root.xpath("//article[@data-id='q001']")
    told = words(article)
    parts = (
        "员工每年有几天年假？ #1", "24 个月 两年", "保修期为二十四个月。[1]", "已核对", "不支持", "handbook/x1.md",
        "第 3 页", "售后 > 保修", "检索到的 2 个段落", "0.913", "保修期可以无限延长。", "未测得",
    )  # fmt: skip
    for part in parts:
        assert part in told
    ids = article.xpath(".//li/@id")
    assert [link[1:] for link in article.xpath(".//sup/a/@href")] == ids


def test_refusals_are_counted_by_whether_they_are_right() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="en"))
    unanswerable = {number for number in range(60) if number % 6 == 5}
    refused = {number for number in range(60) if number % 7 == 5 and number != 3}
    lines = rows(table(root, "Answered and refused"))
    assert [line[1:3] for line in lines] == [
        [str(60 - len(unanswerable) - 1 - len(refused - unanswerable)), str(len(refused - unanswerable))],
        [str(len(unanswerable - refused)), str(len(refused & unanswerable))],
    ]
    assert "rightly refused" in words(root.xpath("//article[@data-id='q005']")[0])
    assert "should have refused" in words(root.xpath("//article[@data-id='q011']")[0])


def test_errors_say_why() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="en"))
    assert "模型服务在 30 秒内没有应答 <timeout>" in words(section(root, "Errors"))
    assert "1 of 60 questions got no answer" in words(root)


def test_drafts_and_unfinished_runs_are_announced() -> None:
    exam = sample.exam(20, reviewed=False)
    run = sample.run(exam)
    root = page(exam_report(exam, replace(run, outcomes=run.outcomes[:9]), language="zh"))
    told = " ".join(words(node) for node in root.xpath("//p[@class='notice']"))
    assert "还没有人审阅" in told
    assert "20 题中只做了 9 题" in told


def test_the_environment_names_the_exam_by_its_hash() -> None:
    exam = sample.exam(5)
    told = words(section(page(exam_report(exam, sample.run(exam), language="en")), "Environment"))
    assert exam.sha256 in told
    assert "Example CPU 3000" in told


def test_sections_without_content_are_left_out() -> None:
    exam = sample.exam(3)
    whole = sample.run(exam)
    bare = Run(name="bare", outcomes=whole.outcomes, scores=whole.scores)
    titles = [words(node) for node in page(exam_report(exam, bare, language="en")).xpath("//h2")]
    assert titles == ["Scores", "Distribution of scores", "Refusals", "Question by question", "Environment"]


def test_the_language_is_that_of_the_program_if_none_is_asked_for() -> None:
    exam = sample.exam(3)
    assert exam_report(exam, sample.run(exam)).language == "en"


def test_an_exam_that_nothing_came_of_has_a_report() -> None:
    exam = sample.exam(3)
    run = Run(name="empty", outcomes=(), scores=(Score(name="f1", interval=None, missing=0),))
    root = page(exam_report(exam, run, language="zh"))
    assert "3 题中只做了 0 题" in words(root)
    assert not root.xpath("//article")


def test_known_groups_of_the_environment_are_called_in_the_language_of_the_report() -> None:
    exam = sample.exam(3)
    run = replace(sample.run(exam), name=exam.name, environment={"options": {"retrieval.k": "8"}, "own": {"a": "b"}})
    root = page(exam_report(exam, run, language="zh"))
    assert rows(table(root, "设置")) == [["retrieval.k", "8"]]
    assert rows(table(root, "own")) == [["a", "b"]]
    assert words(root.xpath("//h1")[0]) == "测评报告：员工手册"
