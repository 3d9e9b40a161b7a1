"""Pages: texts stay texts, nothing is fetched, every number has a heading, both languages are whole."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from evaluation.report import sample
from evaluation.report.parsed import page, rows, words
from gezhi.core.catalogue import Language
from gezhi.evaluation.report import Report, comparison_report, exam_report, gate_report, to_html, write
from gezhi.evaluation.report.content import Cell, Column, Entry, Items, Section, Table, Text

HAN = re.compile("[\u4e00-\u9fff]")


@cache
def _reports(language: Language) -> list[Report]:
    exam = sample.exam(reviewed=False)
    before, after = sample.run(exam, name="keyword"), sample.run(exam, lift=0.2)
    return [
        exam_report(exam, after, language=language),
        comparison_report(exam, before, after, sample.changes(), language=language),
        gate_report(sample.gate("pass", "inconclusive", "regression"), language=language),
    ]


def _of(*texts: str) -> Report:
    sections = (Section(title="s", blocks=tuple(Text(text=text) for text in texts)),)
    return Report(title="t", language="en", sections=sections)


@pytest.mark.parametrize("language", get_args(Language))
def test_a_page_asks_for_nothing(language: Language) -> None:
    for report in _reports(language):
        text = to_html(report)
        root = page(report)
        assert not root.xpath("//link | //iframe | //object | //embed | //base | //img | //*[local-name()='image']")
        assert not root.xpath("//@src | //@srcset | //@action | //@data | //@xmlns")
        assert all(link.startswith("#") for link in root.xpath("//@href"))
        assert not re.search(r"@import|url\((?!#)", text)
        # What an answer says is shown, and nothing else has an address.
        assert "//" not in text.replace(sample.HOSTILE.split(" onerror")[0].split("src=")[1], "")


@pytest.mark.parametrize("language", get_args(Language))
def test_ids_are_unique_and_links_lead_somewhere(language: Language) -> None:
    for report in _reports(language):
        root = page(report)
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in root.xpath("//@href")} <= set(ids)
        for reference in re.findall(r"url\(#([^)]+)\)", to_html(report)):
            assert reference in ids


@pytest.mark.parametrize("language", get_args(Language))
def test_headings_tables_and_figures_can_be_heard(language: Language) -> None:
    for report in _reports(language):
        root = page(report)
        assert root.get("lang") == {"zh": "zh-Hans", "en": "en"}[language]
        assert len(root.xpath("//h1")) == 1
        assert root.xpath("//h2")
        assert all(words(node) for node in root.xpath("//h1 | //h2 | //caption | //thead//th | //summary | //label"))
        assert all(node.get("scope") in {"col", "row"} for node in root.xpath("//th"))
        assert all(node.xpath("./caption") for node in root.xpath("//table"))
        assert all(len(node.get("aria-label")) > 10 for node in root.xpath("//*[@role='img']"))
        assert all(node.getparent().get("role") == "img" or node.get("class") == "span" for node in root.xpath("//svg"))


def test_what_is_ours_is_in_one_language_only() -> None:
    blank = re.compile("员工手册|中文|设置|机器|引用准确率")
    for report in _reports("en"):
        root = page(report)
        for data in root.xpath(
            "//*[@dir] | //article | //td | //*[contains(@class, 'notice')] | //option | //*[@class='text']"
        ):
            data.drop_tree()
        assert not HAN.search(blank.sub("", words(root)))
    for report in _reports("zh"):
        root = page(report)
        assert all(HAN.search(words(node)) for node in root.xpath("//h2 | //footer | //form/label"))


def test_markup_in_texts_stays_text() -> None:
    exam = sample.exam()
    root = page(exam_report(exam, sample.run(exam), language="zh"))
    assert len(root.xpath("//script")) == 1
    (answer,) = root.xpath("//article[@data-id='q004']//p[contains(@class, 'said')][contains(., '二十四')]")
    assert sample.HOSTILE in answer.text_content()


@pytest.mark.parametrize(
    "hostile", [sample.HOSTILE, "</title><script>x</script>", "{{ 7 * 7 }}", "' onclick='x", '" x="']
)
def test_markup_stays_text_wherever_it_stands(hostile: str) -> None:
    entry = Entry(id=hostile, title=hostile, blocks=(), tags=(hostile,), badges=((hostile, ""),))
    table = Table(caption=hostile, columns=(Column(title=hostile),), rows=((Cell(text=hostile, detail=hostile),),))
    blocks = (
        table,
        Text(text=hostile, label=hostile, marks=((3, 1),), anchor="a"),
        Items(entries=(entry,), note=hostile),
    )
    report = Report(title=hostile, language="en", headline=hostile, lead=hostile, notices=(hostile,),
                    sections=(Section(title=hostile, lead=hostile, blocks=blocks),))  # fmt: skip
    root = page(report)
    assert len(root.xpath("//script")) == 1
    assert not root.xpath("//img | //@onclick | //@onerror | //@x")
    assert root.xpath("//title")[0].text == hostile
    assert rows(root.xpath("//table")[0]) == [[" ".join(f"{hostile} {hostile}".split())]]
    assert root.xpath("//article/@data-id") == [hostile]


def test_the_policy_lets_only_our_script_run() -> None:
    exam = sample.exam(8)
    root = page(exam_report(exam, sample.run(exam), language="en"))
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = hashlib.sha256(root.xpath("//script")[0].text.encode()).digest()
    assert f"script-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "default-src 'none'" in policy


def test_a_page_without_items_has_no_script() -> None:
    assert not page(_of("x")).xpath("//script | //form")


def test_broken_text_is_repaired() -> None:
    text = to_html(_of("a\x00b\x1b[31mc", "\ud83d", "\x85", "行\n行\ttab"))
    assert text.encode()
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]", text)
    assert "a\ufffdb\ufffd[31mc" in text
    assert "行\n行\ttab" in text


def test_marks_stand_behind_what_they_support() -> None:
    block = Text(text="甲。乙。", marks=((2, 1), (2, 3), (4, 2), (9, 4)), anchor="q")
    root = page(Report(title="t", language="zh", sections=(Section(title="s", blocks=(block,)),)))
    (said,) = root.xpath("//p[@class='said']")
    assert said.text_content() == "甲。[1][3]乙。[2][4]"
    assert said.xpath(".//@href") == ["#q-1", "#q-3", "#q-2", "#q-4"]


def test_the_same_report_gives_the_same_page() -> None:
    exam = sample.exam(12)
    first, second = (to_html(exam_report(exam, sample.run(exam), language="zh")) for _ in range(2))
    assert first == second


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "report.html"
    write(_of("first"), target)
    write(_of("第二"), target)
    assert target.read_text(encoding="utf-8") == to_html(_of("第二"))
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]
