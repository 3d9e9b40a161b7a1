"""PowerPoint presentations (PresentationML, ECMA-376 part 1): a slide is a page, its title a heading."""

from __future__ import annotations

import io
from typing import Any

import pptx

from gezhi.documents.build import Parsed, Source, TextBuilder


def read_pptx(source: Source) -> Parsed:
    """The text of all slides of a PPTX."""
    deck: Any = pptx.Presentation(io.BytesIO(source.data))
    out = TextBuilder()
    for page, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            if shape.has_text_frame and shape == slide.shapes.title:
                out.heading(shape.text_frame.text, 1, page=page)
            elif shape.has_text_frame:
                out.paragraph(shape.text_frame.text, page=page)
            elif shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                out.table(rows[1:], header=rows[0] if rows else (), page=page)
    return out.parsed(title=deck.core_properties.title or "")
