"""Workbooks and comma-separated files: values, merged and hidden, dialects and encodings."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from string import ascii_uppercase

import openpyxl
import pytest

from documents.packages import outline, packed, workbook
from gezhi.core.errors import DocumentError
from gezhi.documents import Parsed, Source
from gezhi.documents.sheets import read_csv, read_xlsx


def read(data: bytes) -> Parsed:
    return read_xlsx(Source(name="a.xlsx", data=data))


def read_text(data: bytes | str, name: str = "a.csv") -> Parsed:
    return read_csv(Source(name=name, data=data.encode() if isinstance(data, str) else data))


def rows(*lines: str) -> str:
    """A sheet of inline strings, numbers where they are digits."""
    made = ""
    for line in lines:
        cells = "".join(
            f"<c><v>{cell}</v></c>" if cell.isdigit() else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in line.split("|")
        )
        made += f"<row>{cells}</row>"
    return f"<sheetData>{made}</sheetData>"


def test_what_a_library_writes() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "报价"
    sheet.append(["型号", "单价", "折扣", "生效", "时间"])
    sheet.append(["X1", 0.1 + 0.2, 0.125, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)])
    sheet.append(["X2", 1234567, 1, date(2024, 2, 29), None])
    sheet["C2"].number_format = sheet["C3"].number_format = "0.0%"
    sheet["B3"].number_format = '#,##0.00"元"'
    book.properties.creator = "财务部"
    made = io.BytesIO()
    book.save(made)
    parsed = read(made.getvalue())
    assert parsed.text == (
        "报价\n\n型号 | 单价 | 折扣 | 生效 | 时间\nX1 | 0.3 | 12.5% | 2026-03-01 | 2026-03-01 09:30\n"
        "X2 | 1234567.00元 | 100.0% | 2024-02-29 |"
    )
    assert parsed.blocks[1].header == "型号 | 单价 | 折扣 | 生效 | 时间"
    assert parsed.meta["author"] == "财务部"


def test_kinds_of_cells() -> None:
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c><c r="C1" t="b"><v>1</v></c>'
        '<c r="D1" t="e"><v>#N/A</v></c>'
        '<c r="E1" t="str"><f>A1</f><v>算得</v></c><c r="F1" t="d"><v>2026-03-01T00:00:00</v></c><c r="G1"><v>-</v></c>'
        '<c r="H1" t="inlineStr"><is><r><t>富</t></r><r><t>文本</t></r></is></c>'
    )
    strings = "<si><t>漢字_x000D_</t><rPh><t>かんじ</t></rPh></si>"
    sheet = f'<sheetData><row r="1">{cells}</row></sheetData>'
    assert read(workbook(sheet, strings=strings)).text.endswith("漢字 | TRUE | 算得 | 2026-03-01 | - | 富文本")


def test_formulas_without_results_and_hidden_sheets_are_told() -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1</f></c></row></sheetData>'
    parsed = read(workbook(sheet, rows("秘密|表"), states={2: "hidden"}))
    assert "秘密" not in parsed.text
    assert [note for note in parsed.notes if "表A" in note and "1" in note]
    assert [note for note in parsed.notes if "表B" in note]


def test_merged_cells_hold_for_each_row_below() -> None:
    sheet = rows("城市|职级|上限", "一线|P6|500", "|P7|750", "其他|P6|320") + (
        '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A1:A1"/><mergeCell ref="odd"/>'
        '<mergeCell ref="Z1:ZZ9"/></mergeCells>'
    )
    assert read(workbook(sheet)).text.endswith("一线 | P6 | 500\n一线 | P7 | 750\n其他 | P6 | 320")


def test_a_cell_merged_over_all_rows_of_a_sheet_is_no_flood() -> None:
    sheet = rows("说明|a", "|b", "|c") + '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
    assert read(workbook(sheet)).text.endswith("说明 | a\n说明 | b\n说明 | c")


def test_far_cells_do_not_blow_up_the_sheet() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>7</v></c><c r="XFE1"><v>8</v></c></row>'
    far += '<row r="1048577"><c><v>9</v></c></row>'
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert read(workbook(f"<sheetData>{first}{far}</sheetData>")).text.split() == ["表A", "1", "7"]


def test_a_very_wide_sheet_shows_only_what_is_filled() -> None:
    names = [first + second for first in ascii_uppercase[:12] for second in ascii_uppercase]
    cells = "".join(
        f'<row r="{n}"><c r="{name}{n}"><v>{n}</v></c><c r="A{n}"><v>5</v></c></row>' for n, name in enumerate(names, 1)
    )
    assert read(workbook(f"<sheetData>{cells}</sheetData>")).text.count("|") == 312


def test_a_sheet_that_breaks_off_gives_its_first_rows() -> None:
    whole = workbook(rows("型号|价格", "X1|100"))
    with zipfile.ZipFile(io.BytesIO(whole)) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    cut = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData></worksheet>", b"<row><c><v>")
    parsed = read(packed({**parts, "xl/worksheets/sheet1.xml": cut}))
    assert parsed.text.endswith("型号 | 价格\nX1 | 100")
    assert parsed.notes


def test_the_only_sheet_with_a_name_that_says_nothing_has_no_heading() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["a", "b"])
    made = io.BytesIO()
    book.save(made)
    assert read(made.getvalue()).text == "a | b"


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(DocumentError, match="xlsx"):
        read(packed({"xl/workbook.xml": "<a/>"}))


TABLE = "编号,名称,价格\nF1,滤芯,189\nN1,风机,260\n"
AS_READ = "编号 | 名称 | 价格\nF1 | 滤芯 | 189\nN1 | 风机 | 260"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = (
        TABLE.replace("编号", "編號")
        .replace("名称", "名稱")
        .replace("价格", "價格")
        .replace("滤", "濾")
        .replace("风机", "風機")
    )
    assert read_text(text.encode(encoding)).text == "編號 | 名稱 | 價格\nF1 | 濾芯 | 189\nN1 | 風機 | 260"


@pytest.mark.parametrize(
    ("delimiter", "name", "first"),
    [(";", "a.csv", ""), ("\t", "a.tsv", ""), ("\t", "a.csv", ""), ("|", "a.csv", "sep=|\n")],
)
def test_dialects(delimiter: str, name: str, first: str) -> None:
    assert read_text(first + TABLE.replace(",", delimiter), name).text == AS_READ


def test_decimal_commas_do_not_win_over_semicolons() -> None:
    parsed = read_text("Modell;Preis;Gewicht\nX1;1,5;2,25\nX2;2,5;3,75\n")
    assert parsed.text == "Modell | Preis | Gewicht\nX1 | 1,5 | 2,25\nX2 | 2,5 | 3,75"


def test_quotes_newlines_and_large_fields() -> None:
    parsed = read_text('名称,说明\nX1,"第一行\n第二行,含逗号"\nX2,"他说""好"""\nX3,' + "长" * 200_000 + "\n")
    assert parsed.text.startswith('名称 | 说明\nX1 | 第一行 第二行,含逗号\nX2 | 他说"好"\nX3 | 长')
    assert len(parsed.text) > 200_000


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    lines = "".join(f"{n},19寸\n" for n in range(400))
    parsed = read_text(f'编号,尺寸\n1,"17\n{lines}')
    assert parsed.text.count("\n") == 401
    assert parsed.text.endswith("399 | 19寸")


def test_one_column_is_lines() -> None:
    assert outline(
        read_text(
            "说明文字在这里，只有一列，读起来就是一段话，不是表格。\n\n第二段也是这样，读起来就是一段话，不是什么表格。\n"
        )
    ) == [
        ("paragraph", "说明文字在这里，只有一列，读起来就是一段话，不是表格。"),
        ("paragraph", "第二段也是这样，读起来就是一段话，不是什么表格。"),
    ]
