"""Presentations: titles, reading order, lists, tables, charts, diagrams, notes, slides without a title or damaged."""

from __future__ import annotations

import io
import zipfile

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from documents.packages import SPACES, outline, packed, shape, slide, slides
from gezhi.core.errors import DocumentError
from gezhi.documents import Parsed, Source
from gezhi.documents.pptx import read_pptx


def read(data: bytes) -> Parsed:
    return read_pptx(Source(name="季度汇报.pptx", data=data))


def frame(inside: str) -> str:
    return f"<p:graphicFrame><a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></p:graphicFrame>"


def test_a_slide_is_a_page_and_its_title_a_heading() -> None:
    parsed = read(
        slides(
            shape("正文一", "正文二", role="body") + shape("概况", role="title") + shape("3", role="sldNum"),
            shape("第二页的文字超过了标题的长度。" * 5),
            shape("只有一行", at=(0, 0, 9, 9)) + shape("再一行", at=(0, 20, 9, 9)),
            "",
        )
    )
    assert outline(parsed) == [
        ("heading1", "概况"), ("list", "- 正文一\n- 正文二"), ("heading1", "季度汇报 2"),
        ("paragraph", "第二页的文字超过了标题的长度。" * 5), ("heading1", "只有一行"), ("paragraph", "再一行"),
    ]  # fmt: skip
    assert [block.page for block in parsed.blocks] == [1, 1, 2, 2, 3, 3]


def test_lists_number_bullet_and_level() -> None:
    def numbered(text: str, depth: int = 0) -> str:
        return f'<a:p><a:pPr lvl="{depth}"><a:buAutoNum type="x"/></a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'

    plain = "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>无</a:t></a:r><a:br/><a:fld><a:t>域</a:t></a:fld></a:p>"
    tree = shape(
        numbered("一"), numbered("甲", 1), numbered("乙", 1), numbered("二"), numbered("丙", 1), plain, role="body"
    )
    assert outline(read(slides(shape("题", role="ctrTitle") + tree)))[1] == (
        "list", "1. 一\n  1. 甲\n  2. 乙\n2. 二\n  1. 丙\n无\n域",
    )  # fmt: skip


def test_groups_stay_together() -> None:
    def group(left: int, *texts: str) -> str:
        inside = "".join(shape(text, at=(0, 10 * n, 5, 5)) for n, text in enumerate(texts))
        place = f'<a:xfrm><a:off x="{left}" y="0"/><a:ext cx="90" cy="90"/></a:xfrm>'
        return f"<p:grpSp><p:grpSpPr>{place}</p:grpSpPr>{inside}</p:grpSp>"

    parsed = read(slides(shape("题", role="title") + group(100, "丙", "丁") + group(0, "甲", "乙")))
    assert [text for _, text in outline(parsed)] == ["题", "甲", "乙", "丙", "丁"]


def test_a_placeholder_has_its_place_from_the_layout() -> None:
    layout = slide(
        shape("", at=(0, 50, 9, 9), role="body") + shape("", at=(0, 0, 9, 9), role="subTitle"), root="sldLayout"
    )
    tree = (
        shape("题", role="title")
        + shape("后", role="body")
        + shape("中", at=(0, 20, 9, 9))
        + shape("先", role="subTitle")
    )
    parsed = read(slides(tree, slide1_slideLayout=layout))
    assert [text for _, text in outline(parsed)] == ["题", "先", "中", "- 后"]


def test_tables_with_merged_cells() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = (
        (cell("项目"), cell("负责人"), cell("预算")),
        (cell("X2", 'rowSpan="2"'), cell("许青禾"), cell("1850")),
        (cell("", 'vMerge="1"'), cell("合计", 'gridSpan="2"'), cell("", 'hMerge="1"')),
    )
    table = "".join(f"<a:tr>{''.join(row)}</a:tr>" for row in rows)
    parsed = read(slides(frame(f'<a:tbl><a:tblPr firstRow="1"/>{table}</a:tbl>')))
    assert outline(parsed)[1] == ("table", "项目 | 负责人 | 预算\nX2 | 许青禾 | 1850\nX2 | 合计 |")
    assert parsed.blocks[1].header == "项目 | 负责人 | 预算"


def test_notes_stand_below_their_slide_and_make_one() -> None:
    notes = slide(shape("对外不得承诺。", role="body") + shape("2", role="sldNum"), root="notes")
    parsed = read(slides(shape("题", role="title"), "", slide1_notesSlide=notes, slide2_notesSlide=notes))
    assert outline(parsed) == [
        ("heading1", "题"), ("paragraph", "对外不得承诺。"), ("heading1", "季度汇报 2"),
        ("paragraph", "对外不得承诺。"),
    ]  # fmt: skip


def test_a_chart_is_a_table_of_its_numbers() -> None:
    deck = pptx.Presentation()
    page = deck.slides.add_slide(deck.slide_layouts[5])
    page.shapes.title.text = "销量"
    data = CategoryChartData()
    data.categories = ["一季度", "二季度"]
    data.add_series("X1", (1200, 1350.5))
    data.add_series("X2", (0.1, None))
    page.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 9, 9, data)
    deck.core_properties.title, deck.core_properties.author = "PowerPoint Presentation", "产品部"
    made = io.BytesIO()
    deck.save(made)
    parsed = read(made.getvalue())
    assert outline(parsed)[1] == ("table", "| X1 | X2\n一季度 | 1200 | 0.1\n二季度 | 1350.5 |")
    assert parsed.title == ""
    assert parsed.meta["author"] == "产品部"


def test_a_diagram_is_a_list_of_its_words() -> None:
    points = "".join(
        f'<dgm:pt type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for kind, text in (("node", "登记"), ("parTrans", "箭头"), ("node", "检测"))
    )
    data = f"<dgm:dataModel {SPACES}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
    parsed = read(slides(frame('<dgm:relIds r:dm="diagramData"/>'), slide1_diagramData=data))
    assert outline(parsed) == [("heading1", "季度汇报 1"), ("list", "- 登记\n- 检测")]


def test_a_damaged_slide_costs_only_itself() -> None:
    parsed = read(_with_damage())
    assert [text for _, text in outline(parsed)] == ["一", "三"]
    assert [block.page for block in parsed.blocks] == [1, 3]
    assert len(parsed.notes) == 1
    assert "2" in parsed.notes[0]


def _with_damage() -> bytes:
    whole = slides(*(shape(text, role="title") for text in "一二三"))
    with zipfile.ZipFile(io.BytesIO(whole)) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    return packed({**parts, "ppt/slides/slide2.xml": b"<p:sld"})


def test_what_is_no_presentation_is_refused() -> None:
    with pytest.raises(DocumentError, match="pptx"):
        read(packed({"ppt/presentation.xml": "<a/>"}))
