from __future__ import annotations

import re

import pytest

from documents.pdf_maker import Page, make_pdf
from gezhi.core.errors import DocumentError
from gezhi.core.types import Block, Document
from gezhi.documents import ReadOptions, read
from gezhi.documents.front import read_bytes
from shared_data import shared

WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "while",
    "seven",
    "wizards",
    "watch",
    "from",
    "their",
    "tower",
]
CHINESE = "公司总部设在杭州市西湖区研发中心分布在上海和深圳两地全体员工每年享有十五天带薪年假"


def one(*pages: Page, title: str = "", ocr: str = "off") -> Document:
    (document,) = read_bytes(make_pdf(*pages, title=title), "a.pdf", ReadOptions(ocr=ocr))  # type: ignore[arg-type]
    return document


def texts(document: Document, kind: str | None = None) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if kind in (None, b.kind)]


def column(name: str, count: int) -> list[str]:
    """Lines of running text, each with a number of its own."""
    return [f"{name}{n} " + " ".join(WORDS[n % 9 : n % 9 + 7]) for n in range(count)]


def order(document: Document, name: str) -> list[int]:
    return [int(number) for number in re.findall(rf"\b{name}(\d+)\b", document.text)]


@pytest.mark.parametrize("offset", [0, 4, 6])
def test_two_columns_are_read_one_after_the_other(offset: float) -> None:
    page = Page().lines(60, 100, column("L", 30)).lines(320, 100 + offset, column("R", 28))
    document = one(page)
    assert order(document, "L") == list(range(30))
    assert order(document, "R") == list(range(28))
    assert document.text.index("L29") < document.text.index("R0 ")


def test_three_columns() -> None:
    page = Page(width=842, height=595)
    for number, name in enumerate("ABC"):
        page.lines(40 + 265 * number, 60, [f"{name}{n} {' '.join(WORDS[n % 5 : n % 5 + 6])}" for n in range(20)], 9)
    document = one(page)
    assert "".join(re.findall(r"\b([ABC])\d+\b", document.text)) == "A" * 20 + "B" * 20 + "C" * 20


def test_title_and_abstract_over_two_columns_come_first_and_a_wide_note_last() -> None:
    page = Page().text(150, 60, "A Title Over Both Columns", 18)
    page.lines(60, 100, [f"W{n} " + " ".join(WORDS + WORDS[:4]) for n in range(3)])
    page.lines(60, 160, column("L", 20)).lines(320, 160, column("R", 20))
    page.text(60, 430, "N1 " + " ".join(WORDS + WORDS[:4]))
    document = one(page)
    found = re.findall(r"\b([WLRN])\d+\b", document.text)
    assert "".join(found) == "W" * 3 + "L" * 20 + "R" * 20 + "N"
    assert document.blocks[0].kind == "heading"
    assert document.title == "A Title Over Both Columns"


def test_a_sentence_that_goes_on_in_the_next_column_is_one_paragraph() -> None:
    left, right = column("L", 12), column("R", 12)
    document = one(Page().lines(60, 100, left).lines(320, 100, right))
    assert f"{left[-1]} {right[0]}" in document.text


def test_running_heads_feet_and_page_numbers_are_dropped_and_the_rest_stays() -> None:
    pages = []
    for number in range(4):
        page = Page().text(60, 40, "Handbook of Everything", 8).text(500, 40, f"Part {number}", 8)
        page.lines(60, 100, [f"page{number} line{n} " + " ".join(WORDS[:8]) for n in range(12)])
        page.text(60, 500, "The same sentence stands in the middle of every page.")
        page.text(290, 810, str(number + 17))
        pages.append(page)
    document = one(*pages)
    assert "Handbook" not in document.text
    assert "Part" not in document.text
    assert not re.search(r"^(17|18|19|20)$", document.text, re.MULTILINE)
    assert document.text.count("The same sentence stands") == 4
    assert {block.page for block in document.blocks} == {1, 2, 3, 4}


def test_an_edge_line_that_other_pages_do_not_have_stays() -> None:
    pages = [
        Page().text(60, 40, f"{word} opens this page at its very top.").text(60, 800, f"{word} closes it.")
        for word in ("Alpha", "Beta", "Gamma")
    ]
    document = one(*pages)
    for word in ("Alpha", "Beta", "Gamma"):
        assert f"{word} opens" in document.text
        assert f"{word} closes" in document.text


def test_divided_words_are_made_whole_and_compounds_keep_their_hyphen() -> None:
    lines = [
        "This well-known procedure is described in the earlier chap-",
        "ter of the manual, and every reader should know this well-",
        "known result before going on with the remaining parts of it.",
    ]
    document = one(Page().lines(60, 100, lines))
    assert "earlier chapter of the manual" in document.text
    assert "this well-known result" in document.text


def test_chinese_lines_join_without_spaces_and_an_indent_opens_a_paragraph() -> None:
    page = Page()
    page.text(80, 100, CHINESE[:38]).lines(60, 115, [CHINESE[:40], "共十二天。"], pitch=1.5)
    page.text(80, 145, "第二段从这里开始，说明加班费的计算办法以及申请流程和所需材料的清单。")
    document = one(page)
    assert texts(document) == [
        CHINESE[:38] + CHINESE[:40] + "共十二天。",
        "第二段从这里开始，说明加班费的计算办法以及申请流程和所需材料的清单。",
    ]


def test_headings_by_size_and_by_number() -> None:
    page = Page().text(60, 80, "Annual Report", 20).text(60, 120, "Results", 14)
    page.lines(60, 140, column("A", 4)).text(60, 210, "2.1 Cost of sales", 10, bold=True)
    page.lines(60, 225, column("B", 4)).text(60, 300, "第三章 展望", 10).lines(60, 320, column("C", 3))
    document = one(page)
    headings = {document.text[b.start : b.end]: b.level for b in document.blocks if b.kind == "heading"}
    assert headings == {"Annual Report": 1, "Results": 2, "2.1 Cost of sales": 3, "第三章 展望": 1}


def test_a_list_keeps_its_items_apart() -> None:
    lines = ["1. First take the cover off the machine", "2. Then clean the filter", "3. Put all of it back"]
    document = one(Page().lines(60, 100, lines))
    assert texts(document, "list") == lines


def ruled(page: Page, xs: list[float], ys: list[float]) -> Page:
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    for y in ys:
        page.rule(xs[0], y, xs[-1], y)
    return page


def test_a_ruled_table_becomes_rows_with_its_header() -> None:
    page = ruled(Page(), [60, 160, 300, 400], [100, 120, 155, 175])
    for x, cells in ((65, ["Model", "X1", "X2"]), (165, ["Use", "", "office"]), (305, ["Price", "1999", "2999"])):
        for y, cell in zip((114, 140, 169), cells, strict=True):
            page.text(x, y, cell)
    page.text(165, 133, "living room and").text(165, 147, "bedroom")
    page.text(60, 90, "Prices").lines(60, 200, column("T", 3))
    document = one(page)
    (table,) = [block for block in document.blocks if block.kind == "table"]
    assert document.text[table.start : table.end].splitlines() == [
        "Model | Use | Price",
        "X1 | living room and bedroom | 1999",
        "X2 | office | 2999",
    ]
    assert table.header == "Model | Use | Price"
    assert table.box is not None
    assert tuple(round(value) for value in table.box) == (60, 100, 400, 175)
    assert document.text.index("Prices") < table.start < document.text.index("T0 ")


def test_cells_that_nearly_touch_are_parted_by_the_rule_between_them() -> None:
    page = ruled(Page(), [60, 81, 114, 160], [100, 120, 140])
    page.text(63, 114, "Red").text(83, 114, "Green").text(116, 114, "Blue").text(63, 134, "one").text(83, 134, "two")
    page.text(116, 134, "three")
    assert texts(one(page), "table") == ["Red | Green | Blue\none | two | three"]


def test_a_table_between_two_rules_without_verticals() -> None:
    page = Page().rule(60, 100, 400, 100).rule(60, 120, 400, 120).rule(60, 182, 400, 182)
    for y, row in zip(
        (114, 134, 154, 174),
        (["City", "Staff", "Opened"], ["Hangzhou", "120", "2003"], ["Shanghai", "80", "2010"], ["Shenzhen", "45", ""]),
        strict=True,
    ):
        for x, cell in zip((65, 200, 320), row, strict=True):
            if cell:
                page.text(x, y, cell)
    document = one(page.lines(60, 220, column("T", 3)))
    (table,) = texts(document, "table")
    assert table.splitlines()[0] == "City | Staff | Opened"
    assert "Shanghai | 80 | 2010" in table.splitlines()
    assert table.splitlines()[-1].startswith("Shenzhen | 45")


def test_aligned_cells_without_any_rule() -> None:
    page = Page().lines(60, 80, column("A", 2))
    for number, (name, value, unit) in enumerate(
        [("Item", "Amount", "Unit"), ("water", "12", "l"), ("salt", "3", "g")]
    ):
        y = 130 + 14 * number
        page.text(60, y, name).text(200, y, value).text(300, y, unit)
    assert texts(one(page), "table") == ["Item | Amount | Unit\nwater | 12 | l\nsalt | 3 | g"]


def test_a_bibliography_is_no_table() -> None:
    page = Page()
    for number in range(1, 5):
        page.text(60, 80 + 26 * number, f"[{number}]").text(95, 80 + 26 * number, "A. Author. " + " ".join(WORDS[:9]))
        page.text(95, 92 + 26 * number, f"Journal {number}.")
    document = one(page)
    assert not texts(document, "table")
    assert [text[:3] for text in texts(document, "list")] == ["[1]", "[2]", "[3]", "[4]"]
    assert all("Journal" in text for text in texts(document, "list"))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_turn_of_a_page_changes_neither_order_nor_lines(rotate: int) -> None:
    upright = one(Page().lines(60, 100, column("L", 20)).lines(320, 100, column("R", 20)))
    turned = one(Page(rotate=rotate).lines(60, 100, column("L", 20)).lines(320, 100, column("R", 20)))
    assert turned.text == upright.text


def test_a_page_whose_text_is_turned_is_read_upright() -> None:
    page = Page()
    for number, line in enumerate(column("L", 12)):
        page.text(100 + 14 * number, 700, line, turned=True)
    assert order(one(page), "L") == list(range(12))


def test_a_stamp_in_the_margin_comes_last() -> None:
    document = one(Page().text(30, 600, "stamp 2312.16219", turned=True).lines(60, 100, column("L", 8)))
    assert texts(document)[-1] == "stamp 2312.16219"
    assert order(document, "L") == list(range(8))


def test_boxes_are_points_from_the_top_left() -> None:
    block: Block = one(Page().text(72, 110, "A paragraph of text.")).blocks[0]
    assert block.box is not None
    assert block.box.left == pytest.approx(72, abs=1)
    assert block.box.top < 110 - 6
    assert 110 <= block.box.bottom < 116


def test_title_from_the_file_unless_a_program_made_it_up() -> None:
    page = Page().text(60, 80, "Real Heading", 20).lines(60, 120, column("A", 5))
    assert one(page, title="年度报告").title == "年度报告"
    assert one(page, title="Microsoft Word - draft.docx").title == "Real Heading"


def test_encrypted() -> None:
    with pytest.raises(DocumentError, match=r"a\.pdf is encrypted"):
        read_bytes(make_pdf(Page().text(60, 60, "secret"), encrypted=True), "a.pdf")


def test_a_blank_page_is_no_text() -> None:
    with pytest.raises(DocumentError, match="no text"):
        one(Page())


def scan(width: int = 40, height: int = 40) -> Page:
    return Page(image=(width, height, b"\xff" * (3 * width * height)))


def test_a_scan_without_recognition_says_what_to_install() -> None:
    with pytest.raises(DocumentError, match=r"gezhi\[ocr\]"):
        one(scan())


def test_a_stamp_does_not_make_a_scan_readable() -> None:
    document = one(scan().text(60, 820, "Scanned with some program"), Page().lines(60, 100, column("A", 3)))
    assert any("not read: 1" in note for note in document.notes)


def test_letters_turned_into_outlines_are_a_scan() -> None:
    page = Page()
    for number in range(300):
        page.rule(60 + number, 100, 63 + number, 109)
    with pytest.raises(DocumentError, match=r"gezhi\[ocr\]"):
        one(page)


def test_scanned_pages_among_others_are_a_note() -> None:
    document = one(Page().lines(60, 100, column("A", 5)), scan(), scan())
    assert any("2, 3" in note for note in document.notes)
    assert order(document, "A") == [0, 1, 2, 3, 4]


def test_a_chinese_paper() -> None:
    (document,) = read(shared("Comp_zh_0.pdf"))
    headings = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    assert document.title == headings[0] == "大数据时代计算机网络信息安全防护策略探讨"
    assert headings[2:] == [
        "1 大数据相关内容概述",
        "2 计算机网络信息安全存在的问题",
        "2.1 计算机网络本身的问题",
        "2.2 黑客攻击和病毒入侵",
        "2.3 数据泄露与隐私侵害",
        "3 大数据时代计算机网络信息安全防护策略",
        "3.1 利用身份认证技术",
        "3.2 利用防火墙技术",
        "3.3 加强计算机网络系统的管理与监控",
        "3.4 利用杀毒软件方面的防护",
        "参考文献：",
    ]
    assert "电子通信与计算机科学" not in document.text
    assert "不同广域网或局域网内的计算机系统会受到黑客、病毒或木马程序的攻击" in document.text
    assert [text[:3] for text in texts(document, "list")] == ["[1]", "[2]", "[3]", "[4]", "[5]"]


def test_an_english_paper() -> None:
    (document,) = read(shared("Math_en_0.pdf"))
    assert document.title == "HILBERT PROPERTIES UNDER BASE CHANGE IN SMALL EXTENSIONS"
    assert "Hilbert’s irreducibility theorem and have been studied intensively" in document.text
    assert "Colliot-Thélène–Sansuc" in document.text
    assert "LIOR BARY-SOROKER, ARNO FEHM, AND SEBASTIAN PETERSEN" in document.text
    assert document.text.count("LIOR BARY-SOROKER") == 1
    assert "[BFP24, Lemma 2.15]) and thus also h." in document.text
    headings = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    assert headings[1:] == [
        "1. Introduction",
        "2. Finite extensions",
        "3. Finitely generated extensions",
        "4. Small extensions",
        "5. Counterexamples",
        "Acknowledgements",
        "References",
    ]


def test_large_titles_that_differ_by_number_only_are_no_running_heads() -> None:
    pages = [Page().text(60, 50, f"{n} Step {n} of the work", 18).lines(60, 100, column("A", 9)) for n in range(1, 5)]
    document = one(*pages)
    assert [text for text in texts(document, "heading") if "Step" in text] == [
        f"{n} Step {n} of the work" for n in range(1, 5)
    ]


CMAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
3 beginbfchar <0001> <D840DC0B> <0002> <0041> <0003> <00660069> endbfchar endcmap end end"""


def test_characters_beyond_the_basic_plane_and_ligatures() -> None:
    page = Page()
    page.content.append("BT /C 12 Tf 1 0 0 1 60 700 Tm <00020001000200030002> Tj ET")
    data = make_pdf(page)
    data = data.replace(b"/UniGB-UCS2-H /Desc", b"/Identity-H /ToUnicode 99 0 R /Desc")
    stream = b"99 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(CMAP), CMAP)
    (document,) = read_bytes(data.replace(b"xref\n0", stream + b"xref\n0"), "a.pdf")
    assert document.text == "A𠀋AfiA"
