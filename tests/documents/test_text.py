"""Plain text: paragraphs, chapter headings, titles, notes about what could not be decoded."""

from __future__ import annotations

import random

import pytest

from gezhi.core.errors import DocumentError
from gezhi.core.types import Document
from gezhi.documents.front import read_bytes
from gezhi.documents.outline import chapter_level, numbered_level


def document(text: str | bytes, name: str = "a.txt") -> Document:
    (made,) = read_bytes(text.encode() if isinstance(text, str) else text, name)
    return made


def blocks(made: Document) -> list[tuple[str, str]]:
    return [(block.kind, made.text[block.start : block.end]) for block in made.blocks]


def test_paragraphs_stand_between_empty_lines() -> None:
    made = document("公司简介\r\n\r\n第一段\r\n续行。\r\n \t\r\n\r\n第二段。\r\n")
    assert blocks(made) == [("paragraph", "公司简介"), ("paragraph", "第一段\n续行。"), ("paragraph", "第二段。")]
    assert made.title == "公司简介"


def test_without_empty_lines_each_line_is_a_paragraph() -> None:
    made = document("2024-01-01 INFO start\n2024-01-01 WARN 磁盘将满\n", "server.log")
    assert [text for _, text in blocks(made)] == ["2024-01-01 INFO start", "2024-01-01 WARN 磁盘将满"]
    assert made.title == "server.log"


def test_long_blocks_of_lines_are_lines() -> None:
    lines = [f"第{n}行写了一些很长很长的内容，直到这里。" for n in range(100)]
    assert len(blocks(document("开头\n\n" + "\n".join(lines)))) == 101


def test_chapters_become_headings() -> None:
    made = document("第一章 总则\n本制度适用于全体员工。\n第一节 目的\n为了规范。\n\n第二章 附则\n解释权归公司。")
    assert blocks(made) == [
        ("heading", "第一章 总则"),
        ("paragraph", "本制度适用于全体员工。"),
        ("heading", "第一节 目的"),
        ("paragraph", "为了规范。"),
        ("heading", "第二章 附则"),
        ("paragraph", "解释权归公司。"),
    ]
    assert [block.level for block in made.blocks if block.kind == "heading"] == [2, 3, 2]


def test_a_first_line_that_is_a_sentence_is_no_title() -> None:
    assert document("这是正文的第一句。\n第二句。").title == "a.txt"


def test_encodings_are_found_and_damage_is_noted() -> None:
    text = "公司成立于二〇〇三年，总部位于杭州。\n\n保修期是十二个月。"
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        assert document(text.encode(encoding)).text == text
    data = bytearray((text * 9).encode())
    data[100] = 0xFF
    (note,) = document(bytes(data)).notes
    assert "utf-8" in note


def test_binary_data_is_no_text() -> None:
    with pytest.raises(DocumentError, match="no known kind"):
        read_bytes(random.Random(1).randbytes(5000), "a.txt")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第三章 总则", 2),
        ("第 12 章　售后", 2),
        ("第一编 总则", 1),
        ("第二节 请假", 3),
        ("Chapter 3: Leave", 2),
        ("Part II", 1),
        ("附录A", 2),
        ("附件一：价格表", 2),
        ("第一章说明了公司的历史和主要产品。", 0),
        ("第三部分内容如下：", 0),
        ("第一条 甲方应当付款", 0),
        ("第一章程的修改", 0),
        ("chapters are long", 0),
        ("", 0),
    ],
)
def test_chapter_lines(line: str, level: int) -> None:
    assert chapter_level(line) == level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、公司概况", 3),
        ("（二）请假", 4),
        ("2.1 范围", 4),
        ("1.2.3 细则", 5),
        ("3. Scope", 3),
        ("3.14", 0),
        ("1、甲；", 0),
    ],
)
def test_numbered_lines(line: str, level: int) -> None:
    assert numbered_level(line) == level
