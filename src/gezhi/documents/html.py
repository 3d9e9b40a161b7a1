"""HTML: headings, paragraphs, lists, tables row-wise, code; navigation, scripts, forms and footers are left out.

`add_html` does the same for what other formats carry as HTML: mails, EPUB chapters, HTML inside Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.html_table import add_table
from gezhi.documents.inline import Inline, is_hidden, tag_of
from gezhi.documents.markup import html_root
from gezhi.documents.properties import properties
from gezhi.documents.text import text_of

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_NO_CONTENT = """
script style noscript template svg iframe object nav footer aside button select textarea dialog menu canvas head audio
video map
"""
_LEFT_OUT = frozenset(_NO_CONTENT.split())
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"))
_OWN_LINES = """
address article blockquote body center details dd div dl dt fieldset figcaption figure form header hgroup hr html li
main p section summary td th tr tbody thead caption ol ul table pre
"""
_BLOCKS = frozenset(_OWN_LINES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEAST_MAIN = 0.25
"""Share of the page's text that `<main>` or the only `<article>` must have to be taken for the content."""


def read_html(source: Source) -> Parsed:
    """The main content of a page.

    Raises:
        DocumentError: There is no element in it.
    """
    builder = TextBuilder()
    declared = _DECLARED.search(source.data[:4096])
    root = html_root(text_of(source, builder, declared[1].decode("ascii") if declared else None))
    if root is None:
        raise DocumentError("documents.no_text", path=source.name, reason="")
    add_html(builder, _content(root))
    return builder.parsed(title=_title(root), meta=_meta(root))


def add_html(builder: TextBuilder, root: etree._Element, *, below: int = 0) -> None:
    """Append what `root` holds; headings stand `below` so many levels deeper than they say."""
    _Walk(builder, below).walk(root)


class _Walk:
    """Goes through the tree; text between the borders of blocks collects into one paragraph."""

    def __init__(self, builder: TextBuilder, below: int) -> None:
        self.builder, self.below = builder, below
        self.inline = Inline()

    def walk(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if tag in _LEFT_OUT or is_hidden(element) or element.get("role") in _ROLES:
            return
        if tag in _HEADINGS:
            self.flush()
            self.builder.heading(_text(element), _HEADINGS[tag] + self.below)
        elif tag in ("ul", "ol"):
            self.flush()
            self._list(element)
        elif tag == "table":
            self.flush()
            add_table(self.builder, element, self.walk_children)
        elif tag == "pre":
            self.flush()
            self.builder.code("".join(element.itertext()))
        elif tag in _BLOCKS:
            self.flush()
            self.walk_children(element)
            self.flush()
        else:
            self.inline.open(tag, element)
            self.walk_children(element)

    def walk_children(self, element: etree._Element) -> None:
        """What stands in the element, as if it were not there."""
        self.inline.add(element.text)
        for child in element:
            self.walk(child)
            self.inline.add(child.tail)
        if tag_of(element) in _BLOCKS:
            self.flush()

    def flush(self) -> None:
        self.builder.paragraph(self.inline.take())

    def _list(self, element: etree._Element) -> None:
        if any(tag_of(inner) in _HEADINGS or tag_of(inner) in ("table", "pre") for inner in element.iter()):
            # A list that is used for layout, or has more in it than lines.
            self.walk_children(element)
        else:
            self.builder.bullets("\n".join(_items(element, 0)))


def _items(element: etree._Element, depth: int) -> Iterator[str]:
    """Lines of a list, those of inner lists indented."""
    number = _first_number(element)
    for item in element:
        tag = tag_of(item)
        if tag in ("ul", "ol"):
            yield from _items(item, depth + 1)
        elif tag not in _LEFT_OUT and not is_hidden(item):
            mark = f"{number}. " if tag_of(element) == "ol" else "- "
            number += 1
            text = _text(item, without=("ul", "ol"))
            if text:
                yield "  " * depth + mark + text.replace("\n", " ")
            for inner in item.iterdescendants():
                if tag_of(inner) in ("ul", "ol") and _nearest_list_item(inner) is item:
                    yield from _items(inner, depth + 1)


def _first_number(element: etree._Element) -> int:
    start = element.get("start") or ""
    return int(start) if start.isdecimal() else 1


def _nearest_list_item(element: etree._Element) -> etree._Element | None:
    return next((parent for parent in element.iterancestors() if tag_of(parent) == "li"), None)


def _text(element: etree._Element, without: tuple[str, ...] = ()) -> str:
    inline = Inline()
    _collect(element, inline, without)
    return inline.take()


def _collect(element: etree._Element, inline: Inline, without: tuple[str, ...]) -> None:
    inline.add(element.text)
    for child in element:
        tag = tag_of(child)
        if tag not in without and tag not in _LEFT_OUT and not is_hidden(child):
            inline.open("br" if tag in _BLOCKS else tag, child)
            _collect(child, inline, without)
        inline.add(child.tail)


def _content(root: etree._Element) -> etree._Element:
    """`<main>` or the only `<article>` where most of the page's text is in it, else the body."""
    body = root.find("body") if root.find("body") is not None else root
    candidates = [*body.iter("main"), *body.xpath(".//*[@role='main']")] or list(body.iter("article"))
    if len(candidates) == 1 and len(_text(candidates[0])) >= _LEAST_MAIN * len(_text(body)):
        return candidates[0]
    return body


def _title(root: etree._Element) -> str:
    for element in root.iter("title", "h1"):
        text = " ".join("".join(element.itertext()).split())
        if text and tag_of(element.getparent()) != "svg":
            return text
    return ""


_DATES = ("article:published_time", "date", "pubdate", "publishdate", "dc.date", "dcterms.date", "dcterms.issued")


def _meta(root: etree._Element) -> dict[str, str | int]:
    named = {
        (element.get("name") or element.get("property") or "").lower(): element.get("content") or ""
        for element in root.iter("meta")
    }
    dates = [named[name] for name in _DATES if named.get(name)]
    dates += [element.get("datetime") for element in root.iter("time") if element.get("datetime")][:1]
    html = next(root.iter("html"), root)
    return properties(
        date=dates[0] if dates else None,
        author=named.get("author") or named.get("dc.creator"),
        language=html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang"),
    )
