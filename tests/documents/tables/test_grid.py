"""Merged cells, titles and headers of tables."""

from __future__ import annotations

from documents.packages import outline
from gezhi.documents import TextBuilder
from gezhi.documents.tables.grid import Cell, add_grid


def added(rows: list[list[Cell]], marked: int | None = None) -> tuple[list[tuple[str, str]], str]:
    builder = TextBuilder()
    add_grid(builder, rows, marked=marked)
    parsed = builder.parsed()
    return outline(parsed), parsed.blocks[-1].header


def cells(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def test_a_cell_over_the_whole_width_above_a_table_is_its_title() -> None:
    rows = [[Cell("表1 补贴", 2)], cells("项目", "金额"), cells("午餐", "25")]
    for marked in (None, 2):
        assert added(rows, marked) == ([("paragraph", "表1 补贴"), ("table", "项目 | 金额\n午餐 | 25")], "项目 | 金额")


def test_a_long_cell_is_not_repeated_downwards() -> None:
    long = "说明" * 40
    rows = [cells("甲", "乙"), [Cell(long), Cell("1")], [Cell("", continues=True), Cell("2")]]
    assert added(rows)[0] == [("table", f"甲 | 乙\n{long} | 1\n| 2")]


def test_rows_of_unequal_length_and_a_header_that_is_all() -> None:
    assert added([cells("甲", "乙"), cells("1"), cells("2", "3", "4")])[0] == [("table", "甲 | 乙\n1\n2 | 3 | 4")]
    assert added([cells("甲", "乙")], 3) == ([("table", "甲 | 乙")], "")
    assert added([[Cell("", continues=True), Cell("乙")], cells("1", "2")])[0] == [("table", "| 乙\n1 | 2")]
