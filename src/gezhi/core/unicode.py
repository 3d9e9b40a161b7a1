"""Texts that are Unicode: halves of surrogate pairs, as broken files and other people's bytes have them, are not."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """The text that can be stored and sent: halves that stand together are joined, others become U+FFFD."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
