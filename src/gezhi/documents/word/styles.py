"""What the styles of a Word document say about a paragraph: heading level, list, weight and size of its letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from gezhi.documents.ooxml import W

_HEADING = re.compile(r"(?:heading|标题|標題|見出し|überschrift|titre|título|заголовок)\s*([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題|文档标题|titel|titre|título)$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*(?:[1-9]|heading|标题)$|table of figures$", re.IGNORECASE)
_FALSE = ("0", "false", "off", "none")


@dataclass(frozen=True)
class Style:
    """What holds for the paragraphs of one style, its basis counted in."""

    level: int = 0
    """Of a heading, from 1; 0 for none."""
    title: bool = False
    contents: bool = False
    """A line of the table of contents."""
    number: str = ""
    """numId of its list."""
    depth: int | None = None
    """Level of its list, from 0; None where the list knows it."""
    bold: bool = False
    size: int = 0
    """Half points; 0 is not told."""


class Styles:
    """The paragraph styles by id."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = list(root.iterfind(f"{W}style")) if root is not None else []
        self._elements = {element.get(f"{W}styleId") or "": element for element in elements}
        self._root = root
        self._known: dict[str, Style] = {}

    def style(self, paragraph: etree._Element) -> tuple[str, Style]:
        """The id and style of a paragraph."""
        told = paragraph.find(f"{W}pPr/{W}pStyle")
        name = told.get(f"{W}val") or "" if told is not None else self._default
        if name not in self._known:
            self._known[name] = self._read(name)
        return name, self._known[name]

    def lists(self) -> dict[str, str]:
        """Id of each style that has a list to its numId."""
        found = {}
        for name, element in self._elements.items():
            number = value(element, f"{W}pPr/{W}numPr/{W}numId")
            if number:
                found[name] = number
        return found

    @cached_property
    def _default(self) -> str:
        return next(
            (name for name, element in self._elements.items()
             if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") not in (None, *_FALSE)), "",
        )  # fmt: skip

    def _read(self, name: str) -> Style:
        chain = list(self._chain(name))
        names = [value(element, f"{W}name") for element in chain]
        heading = next((match for text in names if (match := _HEADING.match(text))), None)
        outline = _first(chain, f"{W}pPr/{W}outlineLvl")
        level = int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else 0
        depth = _first(chain, f"{W}pPr/{W}numPr/{W}ilvl")
        size = _first(chain, f"{W}rPr/{W}sz") or value(self._root, f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        return Style(
            level=level or (int(heading[1]) if heading and not outline else 0),
            title=bool(names) and _TITLE.match(names[0]) is not None,
            contents=bool(names) and _CONTENTS.match(names[0]) is not None,
            number=_first(chain, f"{W}pPr/{W}numPr/{W}numId"),
            depth=int(depth) if depth.isdecimal() else None,
            bold=next((on for element in chain if (on := switched(element.find(f"{W}rPr"), "b")) is not None), False),
            size=int(size) if size.isdecimal() else 0,
        )

    def _chain(self, name: str) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name in self._elements and name not in seen:
            seen.add(name)
            yield self._elements[name]
            name = value(self._elements[name], f"{W}basedOn")


def value(element: etree._Element | None, path: str) -> str:
    """`w:val` of what stands at `path`; "" where it is missing."""
    found = element.find(path) if element is not None else None
    return "" if found is None else found.get(f"{W}val") or ""


def switched(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a property that is on or off is on; None where nothing is said about it."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else found.get(f"{W}val") not in _FALSE


def _first(chain: list[etree._Element], path: str) -> str:
    return next((text for element in chain if (text := value(element, path))), "")
