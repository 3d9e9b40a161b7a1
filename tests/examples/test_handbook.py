"""The sample handbook is what its sources say, and its questions have their answers in it."""

from __future__ import annotations

import csv
import email
import email.policy
import importlib.util
import io
import json
import re
import sys
import tomllib
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import lxml.html
import numpy as np
import openpyxl
import pptx
import pypdfium2
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
HANDBOOK = EXAMPLES / "handbook"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
SCAN = "扫描通知.pdf"
KINDS = {".md", ".pdf", ".docx", ".xlsx", ".pptx", ".html", ".txt", ".csv", ".eml"}


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_handbook", EXAMPLES / "make_handbook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks itself up there.
    sys.modules["make_handbook"] = module
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
needs_font = pytest.mark.skipif(not MAKER.FONT.exists(), reason=f"needs {MAKER.FONT} (Debian fonts-wqy-microhei)")


def test_nothing_but_documents_stands_in_the_folder() -> None:
    files = list(HANDBOOK.iterdir())
    assert {file.suffix for file in files} == KINDS
    assert sum(file.stat().st_size for file in files) < 1_500_000
    assert (HANDBOOK / SCAN).stat().st_size < 200_000


@pytest.mark.parametrize("name", MAKER.WITHOUT_FONT)
def test_files_are_what_the_script_writes(name: str) -> None:
    made, kept = MAKER.WITHOUT_FONT[name](), (HANDBOOK / name).read_bytes()
    # Compressed bytes differ between zlib builds; what they hold does not.
    assert _members(made) == _members(kept) if made.startswith(b"PK") else made == kept


@needs_font
def test_the_manual_is_what_the_script_writes() -> None:
    assert _pdf_text(MAKER.manual_pdf()) == _pdf_text((HANDBOOK / "产品手册.pdf").read_bytes())


@needs_font
def test_the_scan_is_what_the_script_writes() -> None:
    made, kept = _pixels(MAKER.scan_pdf()), _pixels((HANDBOOK / SCAN).read_bytes())
    assert np.abs(made - kept).mean() < 1.0


def test_the_manual_has_two_columns_and_running_lines() -> None:
    pages = pypdfium2.PdfDocument(HANDBOOK / "产品手册.pdf")
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        text = page.get_textpage()
        width = page.get_width()
        lefts = Counter(round(text.get_rect(i)[0]) for i in range(text.count_rects()))
        (left, _), *_ = lefts.most_common(1)
        assert left < width / 3
        assert f"第 {number} 页 / 共 {len(pages)} 页" in text.get_text_range()
        if number < len(pages):
            assert sum(n for at, n in lefts.items() if abs(at - width / 2) < 20) > 10


def test_the_scan_has_no_text_layer() -> None:
    assert _pdf_text((HANDBOOK / SCAN).read_bytes()).strip() == ""


def test_the_release_notes_need_gb18030() -> None:
    data = (HANDBOOK / "发布记录.txt").read_bytes()
    for wrong in ("utf-8", "gb2312", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            data.decode(wrong)
    assert "李䶮" in data.decode("gb18030")


def test_question_ids_are_unique_and_fields_known() -> None:
    fields = {"id", "question", "language", "answers", "source", "quote", "tags", "history"}
    assert all(set(question) == fields for question in QUESTIONS)
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        chinese = re.search(r"[\u4e00-\u9fff]", question["question"]) is not None
        assert question["language"] == ("zh" if chinese else "en")
        assert bool(question["answers"]) == ("answerable" in question["tags"]) != ("unanswerable" in question["tags"])
        assert bool(question["history"]) == ("follow-up" in question["tags"])
        assert [turn["role"] for turn in question["history"]] == ["user", "assistant"] * (len(question["history"]) // 2)


def test_there_are_enough_questions_of_each_kind() -> None:
    counts = Counter(tag for question in QUESTIONS for tag in question["tags"])
    languages = Counter(question["language"] for question in QUESTIONS if question["answers"])
    assert languages["zh"] >= 20
    assert languages["en"] >= 8
    least = {"cross-lingual": 6, "unanswerable": 8, "follow-up": 4, "numeric": 8, "ocr": 2, "table": 4, "negation": 4}
    assert {tag: counts[tag] for tag in least if counts[tag] < least[tag]} == {}


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q["answers"]], ids=lambda q: q["id"])
def test_the_quote_stands_in_its_file_and_holds_the_answer(question: dict[str, Any]) -> None:
    if question["source"] == SCAN:
        pytest.importorskip("rapidocr", reason="the scanned page needs the ocr extra")
    assert _bare(question["quote"]) in _bare(_text(question["source"]))
    if "negation" not in question["tags"] and "cross-lingual" not in question["tags"]:
        assert any(_bare(answer) in _bare(question["quote"]) for answer in question["answers"])


def test_what_must_be_refused_is_nowhere() -> None:
    whole = "".join(_text(file.name) for file in HANDBOOK.iterdir() if file.name != SCAN)
    for absent in ("X9", "2022年", "防水等级", "伦敦", "租金", "dental", "unpaid"):
        assert absent not in whole


def test_what_the_scan_answers_is_nowhere_else() -> None:
    whole = "".join(_text(file.name) for file in HANDBOOK.iterdir() if file.name != SCAN)
    for fact in ("澄江路", "6218", "4月20日"):
        assert fact not in whole


def test_the_demo_asks_four_questions() -> None:
    demo = tomllib.loads((EXAMPLES / "demo.toml").read_text(encoding="utf-8"))["question"]
    assert len(demo) == 4
    assert demo[0]["text"] == "产品X1的保修期是多久？"
    assert demo[2]["source"] == SCAN
    assert demo[3]["expect"] == []
    known = {question["question"]: question for question in QUESTIONS}
    for item in demo:
        assert set(item["expect"]) <= set(known[item["text"]]["answers"])
        assert item.get("source") == known[item["text"]]["source"]


def _bare(text: str) -> str:
    """Without white space, table rules and commas, full width folded: what differs between extractors."""
    return re.sub(r"[\s|,]", "", text).replace("：", ":")


@cache
def _text(name: str) -> str:
    return READERS[Path(name).suffix](HANDBOOK / name) if name != SCAN else _recognised(HANDBOOK / name)


def _plain(path: Path) -> str:
    return path.read_bytes().decode("gb18030" if path.suffix == ".txt" else "utf-8")


def _word(path: Path) -> str:
    document = docx.Document(str(path))
    rows = (" ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def _sheets(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(" ".join(map(str, row)) for sheet in book for row in sheet.values)


def _slides(path: Path) -> str:
    shapes = [shape for slide in pptx.Presentation(str(path)).slides for shape in slide.shapes]
    return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)


def _page(path: Path) -> str:
    return str(lxml.html.fromstring(path.read_bytes()).text_content())


def _rows(path: Path) -> str:
    return "\n".join(",".join(row) for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def _mail(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(message.get_content())


def _pdf_text(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def _recognised(path: Path) -> str:
    from rapidocr import RapidOCR

    found: Any = RapidOCR()(_pixels(path.read_bytes()).astype(np.uint8))
    return "\n".join(found.txts)


def _pixels(data: bytes) -> Any:
    page = pypdfium2.PdfDocument(data)[0]
    return np.asarray(page.render(scale=150 / 72).to_pil().convert("RGB"), dtype=np.float32)


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


READERS = {
    ".md": _plain,
    ".txt": _plain,
    ".pdf": lambda path: _pdf_text(path.read_bytes()),
    ".docx": _word,
    ".xlsx": _sheets,
    ".pptx": _slides,
    ".html": _page,
    ".csv": _rows,
    ".eml": _mail,
}
