"""Rows of a sheet: titles, headers, data, remarks."""

from __future__ import annotations

import pytest

from documents.packages import outline
from gezhi.documents import TextBuilder
from gezhi.documents.tables.sheet import Row, add_rows


def tables(text: str, spans: dict[tuple[int, int], int] | None = None) -> list[tuple[str, str, str]]:
    """Kind, text and header of each block; cells are parted by |, an empty line is an empty row."""
    rows = []
    for number, line in enumerate(text.strip().split("\n"), 1):
        cells = {place: cell.strip() for place, cell in enumerate(line.split("|")) if cell.strip()}
        if cells:
            merged = {column: last for (row, column), last in (spans or {}).items() if row == number}
            rows.append(Row(number, cells, merged))
    builder = TextBuilder()
    add_rows(builder, rows)
    parsed = builder.parsed()
    return [(*found, block.header) for found, block in zip(outline(parsed), parsed.blocks, strict=True)]


def test_titles_above_and_remarks_below() -> None:
    assert tables("2026年费用标准\n单位：元\n城市|职级|上限\n一线|P6|500\n其他|P6|320\n注：自3月1日起执行。") == [
        ("paragraph", "2026年费用标准", ""), ("paragraph", "单位：元", ""),
        ("table", "城市 | 职级 | 上限\n一线 | P6 | 500\n其他 | P6 | 320", "城市 | 职级 | 上限"),
        ("paragraph", "注：自3月1日起执行。", ""),
    ]  # fmt: skip


def test_a_table_goes_on_after_an_empty_row() -> None:
    assert tables("姓名|部门\n林知远|总经理办\n\n许青禾|研发\n\n何田|客服") == [
        ("table", "姓名 | 部门\n林知远 | 总经理办\n许青禾 | 研发\n何田 | 客服", "姓名 | 部门")
    ]


def test_a_header_of_its_own_begins_a_table() -> None:
    assert [header for *_, header in tables("型号|价格\nX1|100\nX2|200\n\n地区|销量\n华东|300\n华南|400")] == [
        "型号 | 价格", "地区 | 销量",
    ]  # fmt: skip


def test_a_title_begins_a_table() -> None:
    found = tables("一、价格\n型号|价格\nX1|100\n\n二、销量\n地区|销量\n华东|300")
    assert [(kind, header) for kind, _, header in found] == [
        ("paragraph", ""), ("table", "型号 | 价格"), ("paragraph", ""), ("table", "地区 | 销量"),
    ]  # fmt: skip


def test_names_in_two_rows_become_one() -> None:
    found = tables("型号|价格||库存\n型号|含税|不含税|库存\nX1|100|90|5", {(1, 1): 2})
    assert found[0][2] == "型号 | 价格 含税 | 价格 不含税 | 库存"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("地区|2023|2024\n华东|12|14", "地区 | 2023 | 2024"),
        ("2023|2024\n12|14", ""),
        ("1|2\n3|4", ""),
        ("姓名|姓名\n甲|乙", ""),
        ("名称||价格\nX1|黑|5\nX2|白|6", "名称 |  | 价格"),
    ],
)
def test_headers(text: str, header: str) -> None:
    assert tables(text)[0][2] == header


def test_a_short_last_row_stays_in_the_table() -> None:
    assert tables("项目|金额\n房租|100\n水电|20\n合计") == [
        ("table", "项目 | 金额\n房租 | 100\n水电 | 20\n合计 |", "项目 | 金额")
    ]


def test_empty_columns_are_left_out() -> None:
    assert tables("|名称||价格\n|X1||5\n|X2||6")[0][1] == "名称 | 价格\nX1 | 5\nX2 | 6"
