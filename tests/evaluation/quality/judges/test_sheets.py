from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from gezhi.core.errors import BadOptions
from gezhi.evaluation.quality.judges.rubric import Criterion, Level, Rubric, read_rubric
from gezhi.evaluation.quality.judges.sheets import Filled, Judged, read_sheet, write_sheet

RUBRIC = Rubric(
    name="two",
    criteria=tuple(
        Criterion(name=name, description=name, levels=tuple(Level(value=v, description=str(v)) for v in (1, 2, 3)))
        for name in ("right", "clear")
    ),
)
JUDGED = [
    Judged(item=f"q{i}", question=f"问题{i}？", answers={"old": f"=1+{i}", "new": f"答案, “{i}”\n第二行"},
           references=("参考",))
    for i in range(6)
]  # fmt: skip


def _fill_csv(path: Path, cells: dict[tuple[int, int], str], default: str = "2") -> None:
    rows = _rows(path)
    for line, row in enumerate(rows[1:], 2):
        for column in (4, 5):
            row[column] = cells.get((line, column), default)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)


@pytest.fixture(params=[".csv", ".xlsx"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"sheet{request.param}"
    write_sheet(path, JUDGED, RUBRIC, key=tmp_path / "key.json", seed=3)
    return path


def _rows(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    return [
        ["" if v is None else str(v) for v in row]
        for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    ]


def test_a_sheet_is_blind_shuffled_and_complete(sheet: Path) -> None:
    rows = _rows(sheet)
    assert len(rows) == 13
    assert "old" not in str(rows)
    assert "new" not in str(rows)
    questions = [row[1] for row in rows[1:]]
    assert questions != sorted(questions)
    assert sorted(questions) == sorted([f"问题{i}？" for i in range(6)] * 2)
    assert {row[3].lstrip("'") for row in rows[1:]} == {text for one in JUDGED for text in one.answers.values()}


def test_nothing_in_a_sheet_is_run_as_a_formula(sheet: Path) -> None:
    if sheet.suffix == ".csv":
        assert not any(cell.startswith("=") for row in _rows(sheet) for cell in row)
    else:
        cells = [c for row in openpyxl.load_workbook(sheet).worksheets[0].iter_rows() for c in row if c.value]
        assert {cell.data_type for cell in cells} == {"s"}


def test_an_empty_sheet_comes_back_as_all_empty(sheet: Path, tmp_path: Path) -> None:
    filled = read_sheet(sheet, RUBRIC, key=tmp_path / "key.json")
    assert filled == Filled(scores=(), empty=24, bad=(), missing=(), comments={})


def test_scores_come_back_to_their_systems(sheet: Path, tmp_path: Path) -> None:
    told = json.loads((tmp_path / "key.json").read_text())["rows"]
    if sheet.suffix == ".csv":
        _fill_csv(sheet, {})
    else:
        book = openpyxl.load_workbook(sheet)
        for row in book.worksheets[0].iter_rows(min_row=2):
            row[4].value, row[5].value, row[6].value = 3, 2.0, "好"
        book.save(sheet)
    filled = read_sheet(sheet, RUBRIC, key=tmp_path / "key.json")
    assert (filled.empty, filled.bad, filled.missing) == (0, (), ())
    assert len(filled.scores) == 24
    assert {(s.item, s.system) for s in filled.scores} == {(r["item"], r["system"]) for r in told.values()}
    right = 2 if sheet.suffix == ".csv" else 3
    assert {s.level for s in filled.scores if s.criterion == "right"} == {right}
    assert filled.comments.get("q0 / old", "") == ("" if sheet.suffix == ".csv" else "好")


def test_bad_cells_are_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    path, key = tmp_path / "s.csv", tmp_path / "key.json"
    write_sheet(path, JUDGED, RUBRIC, key=key)
    _fill_csv(path, {(2, 4): "很好", (3, 5): "9", (4, 4): "2.5", (5, 4): ""})
    filled = read_sheet(path, RUBRIC, key=key)
    assert [(bad.cell, bad.value) for bad in filled.bad] == [("E2", "很好"), ("F3", "9"), ("E4", "2.5")]
    assert "1, 2, 3" in filled.bad[0].problem
    assert filled.empty == 1
    assert len(filled.scores) == 24 - 4


def test_rows_lost_repeated_and_renumbered_are_told(tmp_path: Path) -> None:
    path, key = tmp_path / "s.csv", tmp_path / "key.json"
    write_sheet(path, JUDGED, RUBRIC, key=key)
    _fill_csv(path, {})
    rows = _rows(path)
    changed = [rows[0], rows[1], rows[1], ["X9", *rows[2][1:]], *reversed(rows[4:])]
    with path.open("w", encoding="gb18030", newline="") as out:  # as Chinese Excel saves it
        csv.writer(out, delimiter=";").writerows(changed)
    filled = read_sheet(path, RUBRIC, key=key)
    assert [bad.cell for bad in filled.bad] == ["A3", "A4"]
    assert filled.missing == ("R0002", "R0003")
    assert len(filled.scores) == 20


def test_a_sheet_of_another_rubric_key_or_kind_is_refused(tmp_path: Path) -> None:
    path, key = tmp_path / "s.csv", tmp_path / "key.json"
    write_sheet(path, JUDGED, RUBRIC, key=key)
    with pytest.raises(BadOptions, match="was made with the rubric two-"):
        read_sheet(path, read_rubric("correctness"), key=key)
    with pytest.raises(BadOptions, match="key"):
        read_sheet(path, RUBRIC, key=tmp_path / "none.json")
    with pytest.raises(BadOptions, match=r"\.csv or \.xlsx"):
        write_sheet(tmp_path / "s.ods", JUDGED, RUBRIC, key=key)
    path.write_text("row,question\n")
    with pytest.raises(BadOptions, match="no column 'right'"):
        read_sheet(path, RUBRIC, key=key)
    broken = tmp_path / "s.xlsx"
    broken.write_bytes(b"no zip")
    with pytest.raises(BadOptions, match="no intact XLSX"):
        read_sheet(broken, RUBRIC, key=key)
