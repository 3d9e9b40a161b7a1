"""A page as tests read it."""

from __future__ import annotations

from typing import Any

from lxml import html

from gezhi.evaluation.report import Report, to_html


def page(report: Report) -> Any:
    return html.document_fromstring(to_html(report).encode(), parser=html.HTMLParser(encoding="utf-8"))


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def rows(table: Any) -> list[list[str]]:
    return [[words(cell) for cell in row.xpath("./th | ./td")] for row in table.xpath(".//tbody/tr")]


def table(root: Any, caption: str) -> Any:
    (found,) = root.xpath("//table[caption[normalize-space() = $caption]]", caption=caption)
    return found


def section(root: Any, title: str) -> Any:
    (found,) = root.xpath("//section[h2[normalize-space() = $title]]", title=title)
    return found
