"""Charts and diagrams of Word and PowerPoint files: the numbers and words that they show."""

from __future__ import annotations

from itertools import zip_longest

from lxml import etree

from gezhi.documents.build import TextBuilder
from gezhi.documents.ooxml import CHART, DIAGRAM, A, Link, Package
from gezhi.documents.tables.formats import plain_number


def add_graphic(builder: TextBuilder, package: Package, link: Link, page: int | None = None) -> None:
    """Append what a relationship of kind `chart` or `diagramData` leads to; others are passed over."""
    if link.kind not in ("chart", "diagramData"):
        return
    root = package.optional(link.target)
    if root is None:
        return
    if link.kind == "chart":
        _add_chart(builder, root, page)
    else:
        _add_diagram(builder, root, page)


def _add_chart(builder: TextBuilder, root: etree._Element, page: int | None) -> None:
    """The title, then a table: categories down, series across, from the values stored in the file."""
    title = root.find(f"{CHART}chart/{CHART}title")
    series = list(root.iter(f"{CHART}ser"))
    categories: list[str] = []
    names, columns = [], []
    for one in series:
        found = _points(one.find(f"{CHART}cat"), one.find(f"{CHART}xVal"))
        categories = categories if len(categories) >= len(found) else found
        names.append(" ".join(_points(one.find(f"{CHART}tx"))))
        columns.append(_points(one.find(f"{CHART}val"), one.find(f"{CHART}yVal")))
    caption = "".join(title.itertext(f"{A}t")) if title is not None else ""
    if len(names) == 1 and not names[0]:
        names = [caption]
    builder.paragraph(caption, page=page)
    builder.table(zip_longest(categories, *columns, fillvalue=""), header=["", *names], page=page)


def _points(*sources: etree._Element | None) -> list[str]:
    """The stored values of the first source that is there, by index."""
    source = next((one for one in sources if one is not None), None)
    if source is None:
        return []
    lowest = next(iter(source.iter(f"{CHART}lvl")), source)
    found: dict[int, str] = {}
    for point in lowest.iter(f"{CHART}pt"):
        index = point.get("idx") or ""
        if index.isdecimal() and int(index) < _MOST_POINTS:
            found[int(index)] = plain_number(point.findtext(f"{CHART}v") or "")
    direct = source.findtext(f"{CHART}v")
    return [found.get(index, "") for index in range(max(found, default=-1) + 1)] or ([direct] if direct else [])


_MOST_POINTS = 10_000


def _add_diagram(builder: TextBuilder, root: etree._Element, page: int | None) -> None:
    """The words of a SmartArt diagram, one line each."""
    lines = []
    for point in root.iter(f"{DIAGRAM}pt"):
        text = " ".join("".join(part.itertext(f"{A}t")) for part in point.iter(f"{A}p")).strip()
        if text and point.get("type") not in ("pres", "sibTrans", "parTrans"):
            lines.append(f"- {text}")
    builder.bullets("\n".join(lines), page=page)
