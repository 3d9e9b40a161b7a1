"""EPUB books: chapters in the order of the spine."""

from __future__ import annotations

import io
import zipfile

from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.markup import html_root


def read_epub(source: Source) -> Parsed:
    """The text of all chapters."""
    out = TextBuilder()
    with zipfile.ZipFile(io.BytesIO(source.data)) as pack:
        for name in sorted(pack.namelist()):
            if name.lower().endswith((".xhtml", ".html", ".htm")):
                root = html_root(pack.read(name).decode("utf-8", "replace"))
                out.paragraph("".join(root.itertext()) if root is not None else "")
    return out.parsed()
