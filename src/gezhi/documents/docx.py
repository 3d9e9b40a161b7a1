"""Word documents (WordprocessingML, ECMA-376 part 1) in document order."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.table import Table

from gezhi.documents.build import Parsed, Source, TextBuilder


def read_docx(source: Source) -> Parsed:
    """Headings, paragraphs and tables of a DOCX."""
    document: Any = docx.Document(io.BytesIO(source.data))
    out = TextBuilder()
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            rows = [[cell.text for cell in row.cells] for row in part.rows]
            out.table(rows[1:], header=rows[0] if rows else ())
        elif part.style.name.startswith("Heading "):
            out.heading(part.text, int(part.style.name[-1]))
        else:
            out.paragraph(part.text)
    return out.parsed(title=document.core_properties.title or "")
