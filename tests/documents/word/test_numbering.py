"""Numbers of lists: formats, levels, restarts, lists that share their counting, lists of styles."""

from __future__ import annotations

import pytest
from lxml import etree

from documents.packages import SPACES, outline, para, word
from gezhi.documents import Source
from gezhi.documents.docx import read_docx
from gezhi.documents.word.numbering import Numbering, numeral


def level(index: int, form: str, text: str, more: str = "") -> str:
    inside = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}'
    return f'<w:lvl w:ilvl="{index}">{inside}</w:lvl>'


def numbering(levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>') -> Numbering:
    abstract = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    return Numbering(etree.fromstring(f"<w:numbering {SPACES}>{abstract}{nums}</w:numbering>"), {})


def test_levels_count_below_each_other() -> None:
    lists = numbering(level(0, "chineseCountingThousand", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert [lists.mark("1", depth) for depth in (0, 1, 1, 0, 1)] == ["第一章 ", "1.1 ", "1.2 ", "第二章 ", "2.1 "]


def test_a_level_may_go_on_across_those_above() -> None:
    lists = numbering(level(0, "decimal", "%1.") + level(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>'))
    assert [lists.mark("1", depth) for depth in (0, 1, 1, 0, 1)] == ["1. ", "第1条 ", "第2条 ", "2. ", "第3条 "]


def test_lists_share_their_counting_until_one_starts_anew() -> None:
    nums = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="7"/>{more}</w:num>'
        for key, more in (
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
        )
    )
    lists = numbering(level(0, "decimal", "%1、"), nums)
    assert [lists.mark(key, 0) for key in "1123311"] == ["1、", "2、", "3、", "5、", "6、", "7、", "8、"]


def test_bullets_suffixes_and_unknown_lists() -> None:
    lists = numbering(level(0, "bullet", "\uf0b7") + level(1, "decimal", "(%2)", '<w:suff w:val="nothing"/>'))
    assert [lists.mark("1", 0), lists.mark("1", 1), lists.mark("9", 0), lists.mark("1", 8)] == ["- ", "(1)", "", ""]
    assert Numbering(None, {}).mark("1", 0) == ""


def test_headings_and_items_carry_their_numbers() -> None:
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    style = f'<w:style w:type="paragraph" w:styleId="c"><w:name w:val="heading 1"/>{number}</w:style>'
    item = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
    levels = level(0, "chineseCounting", "第%1条", '<w:pStyle w:val="c"/>') + level(1, "lowerLetter", "%2)")
    data = word(
        para("定义", '<w:pStyle w:val="c"/>') + para("甲方", item) + para("乙方", item)
        + para("付款", '<w:pStyle w:val="c"/>') + para("", item) + para("期限" * 70, item),
        styles=style,
        numbering=f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>',
    )  # fmt: skip
    assert outline(read_docx(Source(name="a.docx", data=data))) == [
        ("heading1", "第一条 定义"), ("list", "a) 甲方\nb) 乙方"), ("heading1", "第二条 付款"),
        ("paragraph", "a) " + "期限" * 70),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"),
        (20, "chineseCounting", "二十"), (105, "chineseCountingThousand", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (2008, "chineseCounting", "二千零八"), (12, "chineseLegalSimplified", "壹拾贰"),
        (12, "ideographDigital", "一二"),
        (3, "ideographTraditional", "丙"), (11, "ideographTraditional", "11"), (12, "ideographZodiac", "亥"),
        (3, "decimalEnclosedCircle", "③"), (21, "decimalEnclosedCircle", "㉑"), (36, "decimalEnclosedCircle", "36"),
        (7, "decimalZero", "07"), (27, "lowerLetter", "aa"), (2, "upperLetter", "B"), (1994, "upperRoman", "MCMXCIV"),
        (4, "lowerRoman", "iv"), (5, "unknown", "5"), (0, "upperRoman", "0"), (5, "none", ""),
        (2, "decimalEnclosedParen", "(2)"),
    ],
)  # fmt: skip
def test_numerals(number: int, form: str, written: str) -> None:
    assert numeral(number, form) == written
