"""Word, PowerPoint, Excel and EPUB files written part by part, so that a test says exactly what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from gezhi.documents import Parsed

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPACES = f'xmlns:w="{W}" xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{OFFICE}" ' + (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name, content)
    return made.getvalue()


def relations(links: Iterable[tuple[str, str, str]]) -> str:
    """Id, kind and target of each."""
    lines = (f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'


def properties(**values: str) -> str:
    """The core properties: title, creator, created, modified."""
    inside = "".join(f"<x:{name}>{value}</x:{name}>" for name, value in values.items())
    return f'<cp:coreProperties xmlns:cp="urn:cp" xmlns:x="urn:x">{inside}</cp:coreProperties>'


def word(body: str, core: str = "", **parts: str) -> bytes:
    """A Word file; `parts` are `styles`, `numbering`, `footnotes` ... by what stands inside their root."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "endnotes": "endnotes"}
    files = {
        "_rels/.rels": relations(
            [("r1", "officeDocument", "word/document.xml"), ("r2", "core-properties", "core.xml")]
        ),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations((f"rel_{name}", name, f"{name}.xml") for name in parts),
        **({"core.xml": core} if core else {}),
    }
    for name, inside in parts.items():
        root = roots.get(name)
        files[f"word/{name}.xml"] = f"<w:{root} {SPACES}>{inside}</w:{root}>" if root else inside
    return packed(files)


def para(text: str, properties: str = "", run: str = "") -> str:
    """A Word paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def slides(*trees: str, **parts: str) -> bytes:
    """A presentation; each slide is what stands in its shape tree. `parts`: `slide1_notesSlide` and the like."""
    entries = "".join(f'<p:sldId id="{n}" r:id="s{n}"/>' for n in range(1, len(trees) + 1))
    files = {
        "_rels/.rels": relations([("r1", "officeDocument", "ppt/presentation.xml")]),
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{entries}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            (f"s{n}", "slide", f"slides/slide{n}.xml") for n in range(1, len(trees) + 1)
        ),
    }
    for number, tree in enumerate(trees, 1):
        files[f"ppt/slides/slide{number}.xml"] = slide(tree)
        kinds = [name.partition("_")[2] for name in parts if name.startswith(f"slide{number}_")]
        files[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(
            (k, k, f"../slide{number}_{k}.xml") for k in kinds
        )
    return packed({**files, **{f"ppt/{name}.xml": content for name, content in parts.items()}})


def slide(tree: str, root: str = "sld") -> str:
    return f"<p:{root} {SPACES}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld></p:{root}>"


def shape(*lines: str, at: tuple[int, int, int, int] | None = None, role: str = "", properties: str = "") -> str:
    """A text shape; `at` is left, top, width, height; each line is a paragraph, XML where it begins with <."""
    holder = f'<p:ph type="{role}"/>' if role else ""
    place = f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{at[2]}" cy="{at[3]}"/></a:xfrm>' if at else ""
    paragraphs = "".join(
        line if line.startswith("<") else f"<a:p>{properties}<a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines
    )
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr>"
        f"<p:txBody>{paragraphs}</p:txBody></p:sp>"
    )


def workbook(*sheets: str, strings: str = "", styles: str = "", states: Mapping[int, str] | None = None) -> bytes:
    """An Excel file with sheets 表A, 表B ...: what stands in each `worksheet`; `states` by number of the sheet."""
    states = states or {}
    entries = "".join(
        f'<sheet name="表{chr(64 + n)}" sheetId="{n}" r:id="s{n}" state="{states.get(n, "visible")}"/>'
        for n in range(1, len(sheets) + 1)
    )
    links = [(f"s{n}", "worksheet", f"/xl/worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    return packed(
        {
            "_rels/.rels": relations([("r1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations(
                [*links, ("t", "sharedStrings", "sharedStrings.xml"), ("y", "styles", "styles.xml")]
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{S}">{styles}</styleSheet>',
            **{f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{S}">{sheet}</worksheet>'
               for n, sheet in enumerate(sheets, 1)},
        }
    )  # fmt: skip


def book(
    chapters: Mapping[str, str], *, metadata: str = "", spine: str = "", extra: Mapping[str, str] | None = None
) -> bytes:
    """An EPUB; `chapters` is file to XHTML, `spine` stands in place of all of them in order."""
    items = "".join(f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
                    for n, name in enumerate(chapters))  # fmt: skip
    references = spine or "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}{(extra or {}).get('manifest', '')}</manifest>"
        f"<spine>{references}</spine>{(extra or {}).get('guide', '')}</package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    files = {name: content for name, content in (extra or {}).items() if "/" in name}
    return packed(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package,
         **{f"OEBPS/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml">{content}</html>'
            for name, content in chapters.items()}, **files}
    )  # fmt: skip


def outline(parsed: Parsed) -> list[tuple[str, str]]:
    """Kind (with the level of a heading) and text of each block."""
    return [(f"{block.kind}{block.level or ''}", parsed.text[block.start : block.end]) for block in parsed.blocks]
