from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gezhi.core.errors import DocumentError
from gezhi.documents import ReadOptions, TextBuilder, read
from gezhi.documents.front import read_bytes
from gezhi.documents.images import note_confidence
from gezhi.documents.pages.layout import Piece, regions

HANDBOOK = Path(__file__).parents[2] / "examples" / "handbook"


def picture(*lines: str, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (1000, 120 + 80 * len(lines)), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 60 + 80 * number), line, "black", ImageFont.load_default(40))
    return image


def saved(image: Image.Image, kind: str, *more: Image.Image) -> bytes:
    out = io.BytesIO()
    options = {"save_all": True, "append_images": list(more)} if more else {}
    image.save(out, format=kind, **options)
    return out.getvalue()


def test_a_scanned_page_in_chinese() -> None:
    (document,) = read(HANDBOOK / "扫描通知.pdf")
    assert "2026年4月18日" in document.text
    assert "上海市徐汇区澄江路526号B座8层。地铁12号线澄江路站3号口步行约6分钟。" in document.text
    assert document.meta["ocr"] is True
    assert document.blocks[0].kind == "heading"
    told = [block.confidence for block in document.blocks if block.kind == "paragraph"]
    assert all(value is not None and value > 0.9 for value in told)


def test_pages_of_a_tiff_and_boxes_in_points() -> None:
    first = picture("Opening hours are nine to five.")
    first.info["dpi"] = (100, 100)
    (document,) = read_bytes(saved(first, "TIFF", picture("Closed on public holidays.")), "a.tiff")
    assert document.meta["pages"] == 2
    assert [block.page for block in document.blocks] == [1, 2]
    assert "nine to five" in document.text
    assert "public holidays" in document.text
    box = document.blocks[0].box
    assert box is not None
    # Drawn at pixel (30, 60): at the assumed 150 dots an inch that is (14, 29) points.
    assert box.left == pytest.approx(14, abs=6)
    assert 20 < box.top < box.bottom < 60


def test_see_through_images_stand_on_white() -> None:
    image = Image.new("RGBA", (1000, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((30, 66), "Words on glass are legible.", "black", ImageFont.load_default(40))
    (document,) = read_bytes(saved(image, "PNG"), "a.png")
    assert "Words on glass" in document.text


def test_a_picture_without_text() -> None:
    noise = Image.fromarray(np.full((200, 200, 3), 200, dtype=np.uint8))
    with pytest.raises(DocumentError, match="no text"):
        read_bytes(saved(noise, "PNG"), "a.png")


def test_recognition_can_be_off() -> None:
    with pytest.raises(DocumentError, match=r"gezhi\[ocr\]"):
        read_bytes(saved(picture("x"), "PNG"), "a.png", ReadOptions(ocr="off"))


def test_low_confidence_is_a_note() -> None:
    out = TextBuilder()
    note_confidence(out, [Piece("clear", 0, 0, 9, 9, 9, confidence=0.95)], 1)
    note_confidence(out, [Piece("blurred words", 0, 0, 9, 9, 9, confidence=0.6)], 2)
    out.paragraph("x")
    (note,) = out.parsed().notes
    assert "page 2" in note
    assert "0.60" in note


def test_boxes_of_two_columns_are_read_one_after_the_other() -> None:
    pieces = [
        Piece(f"{name}{number} {'x' * 40}", left, 50 + 14 * number + shift, left + 220, 61 + 14 * number + shift, 10)
        for name, left, shift in (("R", 300, 3), ("L", 40, 0))
        for number in range(12)
    ]
    found = [line.text.split()[0] for region in regions(pieces) for line in region]
    assert found == [f"L{n}" for n in range(12)] + [f"R{n}" for n in range(12)]
