"""Running text from HTML: blank space folded as a browser does it, line breaks kept, hidden elements known."""

from __future__ import annotations

import re

from lxml import etree

_BLANKS = re.compile(r"[ \t\n\r\f]+")
# Chinese is written without spaces: a line break of the source between two characters is none in the text.
_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\n\r\f]*(?=[{_WIDE}])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Inline:
    """Collects pieces of text until a block ends."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, text: str | None) -> None:
        """Text as it stands in the source."""
        if text:
            self._parts.append(text)

    def open(self, tag: str, element: etree._Element) -> None:
        """An inline element begins: those that are text by themselves are added."""
        if tag == "br":
            self._parts.append("\x00")
        elif tag == "img" and (element.get("alt") or "").strip():
            self._parts.append(f"[{element.get('alt').strip()}]")
        elif tag in ("td", "th", "option"):
            self._parts.append(" ")

    def take(self) -> str:
        """What was collected, folded; begins anew."""
        text = fold_blanks("".join(self._parts))
        self._parts.clear()
        lines = (line.strip() for line in text.split("\x00"))
        return "\n".join(line for line in lines if line)


def fold_blanks(text: str) -> str:
    """Runs of blank space become one space, none between Chinese characters parted by a line break."""
    return _BLANKS.sub(" ", _BREAK_IN_CHINESE.sub("", text))


def tag_of(element: etree._Element | None) -> str:
    """The local name, lower case; "" for comments and the like."""
    name = element.tag if element is not None else None
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser would not show it."""
    if not isinstance(element.tag, str):
        return True
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
    )
