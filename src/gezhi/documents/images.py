"""PNG, JPEG, TIFF (all its pages), BMP and WebP: their text by OCR."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError
from gezhi.core.extras import have
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.ocr import LOW, recognised
from gezhi.documents.pages.layout import Piece, mean_confidence, regions
from gezhi.documents.pages.paragraphs import add_blocks, body_of, page_blocks

_LONGEST = 2000
"""Pixels of the longer side that are given to OCR: about 170 dots per inch of an A4 page."""
_DPI = 150.0
"""Where the file does not say."""


def read_image(source: Source) -> Parsed:
    """The text in a picture.

    Raises:
        DocumentError: OCR is off or not installed, no image, too many pixels, or no text in it.
    """
    if source.options.ocr == "off" or not have("rapidocr"):
        raise DocumentError("documents.ocr_needed", path=source.name)
    out = TextBuilder()
    count = 0
    for number, (image, scale) in enumerate(_frames(source), start=1):
        pieces = recognised(image, scale)
        parts = regions(pieces)
        body = body_of(line for part in parts for line in part)
        add_blocks(out, page_blocks(parts, (), body), number)
        note_confidence(out, pieces, number)
        count = number
        source.step()
    if out.empty:
        raise DocumentError("documents.no_text", path=source.name, reason="")
    return out.parsed(meta={"ocr": True, "pages": count})


def note_confidence(out: TextBuilder, pieces: list[Piece], page: int) -> None:
    """Tell a person where the recogniser was not sure."""
    confidence = mean_confidence(pieces)
    if confidence is not None and confidence < LOW:
        out.note(say("documents.ocr_low", page=page, confidence=f"{confidence:.2f}"))


def _frames(source: Source) -> list[tuple[NDArray[np.uint8], float]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(source.data)) as image:
                return [_pixels(frame) for frame in ImageSequence.Iterator(image)]
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise DocumentError("documents.too_many_pixels", path=source.name) from error
    except UnidentifiedImageError as error:
        raise DocumentError("documents.broken", path=source.name, reason=type(error).__name__) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DocumentError("documents.broken", path=source.name, reason=error) from error


def _pixels(frame: Image.Image) -> tuple[NDArray[np.uint8], float]:
    """(height, width, 3) BGR on white, and points a pixel."""
    dpi = frame.info.get("dpi", (_DPI, _DPI))[0]
    upright = ImageOps.exif_transpose(frame).convert("RGBA")
    canvas = Image.new("RGBA", upright.size, "white")
    canvas.alpha_composite(upright)
    shrink = min(1.0, _LONGEST / max(canvas.size))
    if shrink < 1:
        canvas = canvas.resize((max(1, round(canvas.width * shrink)), max(1, round(canvas.height * shrink))))
    pixels = np.asarray(canvas.convert("RGB"), dtype=np.uint8)[:, :, ::-1]
    return np.ascontiguousarray(pixels), 72.0 / (float(dpi) if dpi and dpi > 1 else _DPI) / shrink
