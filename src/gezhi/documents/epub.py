"""EPUB books (EPUB 2 and 3): chapters in the order of the spine, each read as HTML.

Left out: the cover, the table of contents, and what the spine calls aside from the linear text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.decode import decode
from gezhi.documents.html import add_html
from gezhi.documents.markup import html_root
from gezhi.documents.ooxml import Package
from gezhi.documents.properties import properties

# Fonts are "encrypted" with these in many books; that hides no text (EPUB Open Container Format 4.2).
_FONT_METHODS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ASIDE = frozenset(("nav", "cover", "toc", "ncx", "titlepage", "coverpage"))
_LEAST = 40
"""Characters of text that a page named as a cover must have to be read."""


def read_epub(source: Source) -> Parsed:
    """The text of the chapters.

    Raises:
        DocumentError: Damaged, without a list of chapters, or with encrypted ones.
    """
    package = Package(source)
    sealed = _sealed(package)
    name = _book(package, source)
    book = package.root(name)
    builder = TextBuilder()
    titles = _titles(package, name, book)
    for chapter in _chapters(book, posixpath.dirname(name)):
        if chapter.file.lower() in sealed:
            raise DocumentError("documents.encrypted", path=source.name)
        _add(builder, package, chapter, titles)
        source.step()
    return builder.parsed(title=_told(book, "title"), meta=_meta(book))


class _Chapter(NamedTuple):
    file: str
    aside: bool


def _sealed(package: Package) -> set[str]:
    """Names of the encrypted files that are no fonts, lower case."""
    root = package.optional("META-INF/encryption.xml")
    found = set()
    for data in root.iter("{*}EncryptedData") if root is not None else ():
        method = data.find("{*}EncryptionMethod")
        if method is not None and (method.get("Algorithm") or "") in _FONT_METHODS:
            continue
        found |= {unquote(one.get("URI") or "").lower() for one in data.iter("{*}CipherReference")}
    return found


def _book(package: Package, source: Source) -> str:
    """The file that describes the book."""
    for file in package.root("META-INF/container.xml").iter("{*}rootfile"):
        if file.get("full-path"):
            return unquote(file.get("full-path") or "")
    raise DocumentError("documents.broken", path=source.name, reason="META-INF/container.xml")


def _chapters(book: etree._Element, folder: str) -> Iterator[_Chapter]:
    items = {item.get("id"): item for item in book.iter("{*}item")}
    covers = {one.get("href", "").partition("#")[0] for one in book.iter("{*}reference") if one.get("type") in _ASIDE}
    for reference in book.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "html" not in (item.get("media-type") or "html"):
            continue
        href = item.get("href") or ""
        names = {(item.get("id") or "").lower(), posixpath.basename(href).lower().partition(".")[0]}
        if "nav" in (item.get("properties") or "").split():
            continue
        yield _Chapter(_place(folder, href), bool(names & _ASIDE) or href in covers)


def _place(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _add(builder: TextBuilder, package: Package, chapter: _Chapter, titles: dict[str, str]) -> None:
    try:
        root = html_root(decode(package.data(chapter.file)).text)
    except DocumentError:
        builder.note(say("documents.chapter_broken", file=posixpath.basename(chapter.file)))
        return
    body = next(root.iter("{*}body"), root) if root is not None else None
    if body is None or len("".join(body.itertext()).strip()) < (_LEAST if chapter.aside else 1):
        return
    title = titles.get(chapter.file.lower(), "")
    if title and not any(True for _ in body.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        builder.heading(title, 1)
    add_html(builder, body)


def _titles(package: Package, name: str, book: etree._Element) -> dict[str, str]:
    """File of a chapter to its title in the table of contents (EPUB 3 `nav`, EPUB 2 `ncx`)."""
    found: dict[str, str] = {}
    for item in book.iter("{*}item"):
        is_nav = "nav" in (item.get("properties") or "").split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        file = _place(posixpath.dirname(name), item.get("href") or "")
        root = package.optional(file)
        for link, text in _links(root) if root is not None else ():
            found.setdefault(_place(posixpath.dirname(file), link).lower(), text)
    return found


def _links(root: etree._Element) -> Iterator[tuple[str, str]]:
    for link in root.iter("{*}a"):
        yield link.get("href") or "", " ".join("".join(link.itertext()).split())
    for point in root.iter("{*}navPoint"):
        target, label = point.find("{*}content"), point.find("{*}navLabel")
        if target is not None and label is not None:
            yield target.get("src") or "", " ".join("".join(label.itertext()).split())


def _told(book: etree._Element, name: str) -> str:
    """The first element of Dublin Core with that name."""
    found = book.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}")
    return next((text for one in found if (text := " ".join((one.text or "").split()))), "")


def _meta(book: etree._Element) -> dict[str, str | int]:
    return properties(date=_told(book, "date"), author=_told(book, "creator"), language=_told(book, "language"))
