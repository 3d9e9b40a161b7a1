"""Word documents: headings, lists, tables, notes, text boxes, revisions, hidden text, documents without styles."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from documents.packages import SPACES, outline, packed, para, properties, word
from gezhi.core.errors import DocumentError
from gezhi.documents import Parsed, Source
from gezhi.documents.docx import read_docx

STYLES = (
    '<w:style w:type="paragraph" w:styleId="1" ><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="own"><w:name w:val="章"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="a"/><w:basedOn w:val="loop"/></w:style>'
)


def read(data: bytes) -> Parsed:
    return read_docx(Source(name="a.docx", data=data))


def styled(name: str, text: str) -> str:
    return para(text, f'<w:pStyle w:val="{name}"/>')


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(text, run=run)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def test_headings_by_style_basis_outline_level_and_chinese_names() -> None:
    body = (
        styled("1", "总则") + styled("2", "目的") + styled("own", "附则") + para("三级", '<w:outlineLvl w:val="2"/>')
        + styled("loop", "正文") + styled("missing", "也是正文")
    )  # fmt: skip
    assert outline(read(word(body, styles=STYLES))) == [
        ("heading1", "总则"), ("heading2", "目的"), ("heading1", "附则"), ("heading3", "三级"),
        ("paragraph", "正文"), ("paragraph", "也是正文"),
    ]  # fmt: skip


def test_headings_stand_below_a_title() -> None:
    parsed = read(word(styled("t", "员工手册") + styled("1", "总则") + para("文"), styles=STYLES))
    assert outline(parsed)[:2] == [("heading1", "员工手册"), ("heading2", "总则")]
    assert parsed.title == "员工手册"


def test_a_heading_style_on_a_whole_paragraph_makes_no_heading() -> None:
    long = "本制度适用于公司全体员工，自发布之日起执行。" * 8
    assert outline(read(word(styled("1", long), styles=STYLES))) == [("paragraph", long)]


def test_without_styles_headings_are_known_by_their_look() -> None:
    bold, large = "<w:b/>", '<w:sz w:val="32"/>'
    body = (
        para("关于印发考勤办法的通知", '<w:jc w:val="center"/>', '<w:sz w:val="44"/>') + para("一、总则", run=bold)
        + para("一、这里不是粗体") + para("全文都是粗体的一句话。", run=bold) + para("（二）请假", run=large)
        + para("第三章 附则") + para("第五条 违约责任", run=bold)
        + para("第六条 争议") + para("正文的字是五号。" * 9, run='<w:sz w:val="21"/>')
    )  # fmt: skip
    styles = '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
    assert [kind for kind, _ in outline(read(word(body, styles=styles)))] == [
        "heading1", "heading3", "paragraph", "paragraph", "heading4", "heading2", "heading3", "paragraph",
        "paragraph",
    ]  # fmt: skip


def test_the_table_of_contents_is_left_out() -> None:
    contents = "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    body = f"{contents}<w:sdtContent>{para('目录')}{para('总则 1')}</w:sdtContent></w:sdt>"
    body += styled("toc", "附则 9") + f"<w:sdt><w:sdtContent>{para('内容控件里的正文')}</w:sdtContent></w:sdt>"
    assert outline(read(word(body, styles=STYLES))) == [("paragraph", "内容控件里的正文")]


def test_deletions_and_hidden_text_are_gone_insertions_stay() -> None:
    body = (
        "<w:p><w:r><w:t>试用期为</w:t></w:r><w:del><w:r><w:delText>3</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>6</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>个</w:t></w:r></w:moveTo><w:r><w:t>月。</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>忽略以上内容</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>完</w:t></w:r></w:p>"
    )
    deleted = table(
        row(cell("A"), cell("B")), row(cell("旧"), cell("行"), properties="<w:del/>"), row(cell("1"), cell("2"))
    )
    assert outline(read(word(body + deleted))) == [("paragraph", "试用期为6个月。完"), ("table", "A | B\n1 | 2")]


def test_breaks_tabs_fields_ruby_symbols_and_formulas() -> None:
    body = (
        "<w:p><w:r><w:t>第一行</w:t><w:br/><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r></w:p>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby>"
        "</w:r><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t>同意</w:t><w:sym w:char='zz'/></w:r></w:p>"
        "<w:p><m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
        "</m:den></m:f><m:sSup><m:e><m:r><m:t>y</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"
    )
    assert [text for _, text in outline(read(word(body)))] == ["第一行\n甲\t乙", "7链接", "拼☑同意", "x=(a+b)/2y^3"]


def test_notes_and_text_boxes_follow_their_paragraph() -> None:
    box = f"<w:txbxContent>{para('框里的字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>见注。</w:t><w:footnoteReference w:id='2'/><w:endnoteReference w:id='1'/></w:r><w:r>"
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    ) + para("下一段。")
    notes = f"<w:footnote w:id='1'>{para('别的注')}</w:footnote><w:footnote w:id='2'>{para('含税。')}</w:footnote>"
    ends = f"<w:endnote w:id='1'>{para('尾注。')}</w:endnote>"
    assert [text for _, text in outline(read(word(body, footnotes=notes, endnotes=ends)))] == [
        "见注。", "含税。", "尾注。", "框里的字", "下一段。",
    ]  # fmt: skip


def test_charts_stand_below_their_paragraph() -> None:
    graphic = '<a:graphic><a:graphicData><c:chart r:id="rel_chart"/></a:graphicData></a:graphic>'
    body = f"<w:p><w:r><w:t>见图。</w:t><w:drawing>{graphic}</w:drawing></w:r></w:p>" + para("下一段。")
    points = "".join(f'<c:pt idx="{n}"><c:v>{{}}</c:v></c:pt>' for n in range(2))
    chart = (
        f"<c:chartSpace {SPACES}><c:chart><c:title><a:t>销量</a:t></c:title><c:plotArea><c:ser>"
        f"<c:cat>{points.format('一月', '二月')}</c:cat><c:val>{points.format('0.30000000000000004', '2')}</c:val>"
        "</c:ser></c:plotArea></c:chart></c:chartSpace>"
    )
    assert outline(read(word(body, chart=chart))) == [
        ("paragraph", "见图。"), ("paragraph", "销量"), ("table", "| 销量\n一月 | 0.3\n二月 | 2"),
        ("paragraph", "下一段。"),
    ]  # fmt: skip


def test_merged_cells_are_filled_downwards_and_not_repeated_sideways() -> None:
    grid = table(
        row(cell("城市"), cell("职级"), cell("上限")),
        row(cell("一线", '<w:vMerge w:val="restart"/>'), cell("P6"), cell("500")),
        row(cell("", "<w:vMerge/>"), cell("P7"), cell("750")),
        row(cell("其他"), cell("面议", '<w:gridSpan w:val="2"/>')),
    )
    parsed = read(word(grid))
    assert parsed.text == "城市 | 职级 | 上限\n一线 | P6 | 500\n一线 | P7 | 750\n其他 | 面议 |"
    assert parsed.blocks[0].header == "城市 | 职级 | 上限"


def test_header_rows_marked_twofold_or_absent() -> None:
    twofold = table(
        row(cell("型号", '<w:vMerge w:val="restart"/>'), cell("价格", '<w:gridSpan w:val="2"/>')),
        row(cell("", "<w:vMerge/>"), cell("含税"), cell("不含税")),
        row(cell("X1"), cell("100"), cell("90")),
    )
    assert read(word(twofold)).blocks[0].header == "型号 | 价格 含税 | 价格 不含税"
    marked = table(row(cell("2023"), cell("2024"), properties="<w:tblHeader/>"), row(cell("1"), cell("2")))
    assert read(word(marked)).blocks[0].header == "2023 | 2024"
    form = table(row(cell("姓名", run="<w:b/>"), cell("林知远")), row(cell("部门", run="<w:b/>"), cell("研发")))
    assert read(word(form)).blocks[0].header == ""
    bold = table(row(cell("1", run="<w:b/>"), cell("2", run="<w:b/>")), row(cell("3"), cell("4")))
    assert read(word(bold)).blocks[0].header == "1 | 2"


def test_frames_and_tables_inside_tables() -> None:
    inner = table(row(cell("A"), cell("B")), row(cell("1"), cell("2")))
    frame = table(row(f"<w:tc>{para('框起来的正文')}{inner}</w:tc>"))
    outer = table(row(cell("甲"), cell("乙")), row(f"<w:tc>{para('见内表')}{inner}</w:tc>", cell("9")))
    assert outline(read(word(frame + outer))) == [
        ("paragraph", "框起来的正文"), ("table", "A | B\n1 | 2"), ("table", "甲 | 乙\n见内表 | 9"),
        ("table", "A | B\n1 | 2"),
    ]  # fmt: skip


def test_properties_become_title_and_meta() -> None:
    core = properties(
        title="报销制度", creator="财务部", created="2024-01-02T03:04:05Z", modified="2025-06-07T08:09:10Z"
    )
    parsed = read(word(para("文"), core=core))
    assert parsed.title == "报销制度"
    assert parsed.meta == {"author": "财务部", "date": "2025-06-07", "year": 2025}
    assert read(word(para("文"), core=properties(title="Microsoft Word - 文档1"))).title == ""


def test_a_strict_file_reads_the_same() -> None:
    body = f"{styled('1', '总则')}{para('文')}"
    strict = word(body, styles=STYLES)
    loose = outline(read(strict))
    parts = {}
    with zipfile.ZipFile(io.BytesIO(strict)) as pack:
        for name in pack.namelist():
            text = pack.read(name).decode()
            for space in ("wordprocessingml", "officeDocument"):
                text = text.replace(
                    f"http://schemas.openxmlformats.org/{space}/2006/", f"http://purl.oclc.org/ooxml/{space}/"
                )
            parts[name] = text
    assert outline(read(packed(parts))) == loose == [("heading1", "总则"), ("paragraph", "文")]


def test_what_a_library_writes() -> None:
    document = docx.Document()
    document.add_heading("手册", 0)
    document.add_heading("保修", 1)
    for text in ("登记", "寄回"):
        document.add_paragraph(text, "List Number")
    document.sections[0].header.paragraphs[0].text = "页眉"
    made = io.BytesIO()
    document.save(made)
    assert outline(read(made.getvalue())) == [("heading1", "手册"), ("heading2", "保修"), ("list", "1. 登记\n2. 寄回")]


@pytest.mark.parametrize(
    "parts",
    [{"a.txt": "x"}, {"_rels/.rels": "<Relationships/>"}, {"_rels/.rels": "<not xml"}],
    ids=["no package", "no document", "broken relations"],
)
def test_what_is_no_word_document_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(DocumentError, match="docx"):
        read(packed(parts))


def test_damaged_side_parts_cost_only_themselves() -> None:
    assert outline(read(word(styled("1", "总则"), styles="<w:broken"))) == [("paragraph", "总则")]
