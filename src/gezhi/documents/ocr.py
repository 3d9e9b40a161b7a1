"""Text from images with rapidocr (extra `ocr`; PP-OCRv6 models inside its wheel, nothing is fetched).

What to expect of it: 〇 is dropped (二〇二六 is read as 二二六), so dates in Chinese figures need care; handwriting and
vertical text are not its subject. Confidence is kept with every piece, so that what is uncertain can be told.
"""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.core.extras import need
from gezhi.core.system import usable_cores
from gezhi.documents.pages.layout import Piece

LOW = 0.8
"""Mean confidence of a page below which a person is told."""
_LEAST = 0.5
"""Confidence below which a piece is left out: mostly drawings read as letters."""


def recognised(image: NDArray[np.uint8], points_per_pixel: float) -> list[Piece]:
    """The pieces of text in an image, with their confidence.

    Args:
        image: (height, width, 3), BGR.
        points_per_pixel: 1/72 inches that a pixel is wide: boxes are in points.

    Raises:
        MissingExtra: rapidocr is not installed.
    """
    result = _engine()(image)
    if result.boxes is None or result.txts is None or result.scores is None:
        return []
    pieces = []
    for quad, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        (left, top), (right, bottom) = quad.min(axis=0) * points_per_pixel, quad.max(axis=0) * points_per_pixel
        if score >= _LEAST and text.strip():
            # Detection boxes are padded by about a fifth of the letters' height.
            size = float(bottom - top) * 0.8
            pieces.append(
                Piece(text.strip(), float(left), float(top), float(right), float(bottom), size, "", float(score))
            )
    return _even(pieces)


def _even(pieces: list[Piece]) -> list[Piece]:
    """Heights of boxes vary with the letters in them: those near the usual one are set to it."""
    usual = median(piece.size for piece in pieces) if pieces else 0.0
    return [replace(piece, size=usual) if 0.8 < piece.size / usual < 1.2 else piece for piece in pieces]


@cache
def _engine() -> Any:
    rapidocr = need("rapidocr", extra="ocr")
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    threads = int(os.environ.get("OMP_NUM_THREADS") or usable_cores())
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": _LEAST,
            # More are no faster on a CPU, and take more memory: all of a batch are padded to the widest.
            "Rec.rec_batch_num": 2,
            # Sharp enough for small print on a page, and a fifth less memory than the 2,000 it takes by itself.
            "Global.max_side_len": 1600,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
