"""The package that Word, PowerPoint and Excel files are: parts, relationships, properties (ECMA-376 part 2).

Read as XML with lxml alone: the libraries that write such files refuse many that real programs made, and know neither
text boxes nor tracked changes nor hidden text. Left out: signatures, and thumbnails.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Source
from gezhi.documents.markup import xml_root
from gezhi.documents.properties import properties

_SCHEMAS = "http://schemas.openxmlformats.org"
W = f"{{{_SCHEMAS}/wordprocessingml/2006/main}}"
A = f"{{{_SCHEMAS}/drawingml/2006/main}}"
P = f"{{{_SCHEMAS}/presentationml/2006/main}}"
R = f"{{{_SCHEMAS}/officeDocument/2006/relationships}}"
S = f"{{{_SCHEMAS}/spreadsheetml/2006/main}}"
M = f"{{{_SCHEMAS}/officeDocument/2006/math}}"
CHART = f"{{{_SCHEMAS}/drawingml/2006/chart}}"
DIAGRAM = f"{{{_SCHEMAS}/drawingml/2006/diagram}}"
ALTERNATES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
# "Strict" files have namespaces of their own with the same names in them (ECMA-376 part 1, annex of namespaces).
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
DAMAGED = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError, zlib.error,
            etree.XMLSyntaxError)  # fmt: skip
"""What reading a damaged part raises."""
_NO_TITLE = re.compile(
    r"untitled|无标题|未命名|^powerpoint (presentation|演示文稿)|^microsoft (word|excel|powerpoint)"
    r"|^(slide|幻灯片|document|文档|presentation|工作簿|book)\s*\d*$|\.(docx?|pptx?|xlsx?|wps)$",
    re.IGNORECASE,
)


class Link(NamedTuple):
    """A relationship of a part."""

    kind: str
    """The last part of its type: `styles`, `slide`, `footnotes`."""
    target: str
    """Name of the part, "" for an address outside the package."""


class Package:
    """The parts of one file by name, without the leading slash; names differ in case at times."""

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            self._pack = zipfile.ZipFile(io.BytesIO(source.data))
        except DAMAGED as error:
            raise DocumentError("documents.broken", path=source.name, reason=error) from error
        self._names = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in self._pack.infolist()}

    def main(self) -> str:
        """The name of the part that the file is about.

        Raises:
            DocumentError: There is none.
        """
        for link in self.links("").values():
            if link.kind == "officeDocument":
                return link.target
        raise DocumentError("documents.broken", path=self._source.name, reason="officeDocument")

    def root(self, name: str) -> etree._Element:
        """The root element of a part.

        Raises:
            DocumentError: Missing or damaged.
        """
        try:
            return xml_root(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", self.data(name)))
        except DAMAGED as error:
            raise DocumentError("documents.broken", path=f"{self._source.name}/{name}", reason=error) from error

    def optional(self, name: str | None) -> etree._Element | None:
        """The root element of a part that a file can be read without; None where it is missing or damaged."""
        if not name or name.lower() not in self._names:
            return None
        try:
            return self.root(name)
        except DocumentError:
            return None

    def data(self, name: str) -> bytes:
        """A part as it is.

        Raises:
            DocumentError: Missing or damaged.
        """
        try:
            with self.open(name) as file:
                return file.read()
        except DAMAGED as error:
            raise DocumentError("documents.broken", path=f"{self._source.name}/{name}", reason=error) from error

    def open(self, name: str) -> IO[bytes]:
        """A part to be read piece by piece.

        Raises:
            DocumentError: There is no such part.
        """
        info = self._names.get(name.lower())
        if info is None:
            raise DocumentError("documents.broken", path=self._source.name, reason=name)
        return self._pack.open(info)

    def links(self, name: str) -> dict[str, Link]:
        """The relationships of a part ("" is the package itself) by id."""
        folder, _, last = name.rpartition("/")
        root = self.optional(posixpath.join(folder, "_rels", f"{last}.rels"))
        links = {}
        for element in root if root is not None else ():
            target = element.get("Target") or ""
            outside = element.get("TargetMode") == "External" or not target
            part = "" if outside else posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            links[element.get("Id") or ""] = Link((element.get("Type") or "").rpartition("/")[2], part)
        return links

    def linked(self, name: str, kind: str) -> etree._Element | None:
        """The root of the first part of this kind that `name` is related to."""
        found = (link.target for link in self.links(name).values() if link.kind == kind)
        return self.optional(next(found, None))

    def title(self) -> str:
        """From the properties; "" where it is one that a program made up."""
        title = " ".join(self._property("title").split())
        return "" if len(title) < 2 or _NO_TITLE.search(title) else title

    def meta(self) -> dict[str, str | int]:
        """Author, and the day of the last change or else of the making, from the properties."""
        changed = self._property("modified") or self._property("created")
        return properties(author=self._property("creator"), date=changed[:10])

    def _property(self, name: str) -> str:
        root = self.linked("", "core-properties")
        found = root.iterfind(f"{{*}}{name}") if root is not None else iter(())
        return next((element.text.strip() for element in found if element.text), "")


def shown_children(element: etree._Element) -> Iterator[etree._Element]:
    """The child elements; of content offered in several forms (ECMA-376 part 3) only the first is gone into."""
    for child in element:
        if child.tag == ALTERNATES:
            chosen = next(iter(child), None)
            if chosen is not None:
                yield from shown_children(chosen)
        elif isinstance(child.tag, str):
            yield child
