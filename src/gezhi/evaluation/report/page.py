"""A report as one HTML file: no address in it is asked for anything, and only the filter of the items needs its script.

Texts are escaped by jinja2. Beside that a content policy lets the browser run the one script we wrote, known by its
hash, and load nothing: an answer that smuggles markup past the escaping still does nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from gezhi.core.catalogue import say, speaking
from gezhi.core.system import replace_durably
from gezhi.core.unicode import well_formed
from gezhi.evaluation.report.content import Block, Items, Report, Text

_FOLDER = Path(__file__).parent


def to_html(report: Report) -> str:
    """The page, to be written as UTF-8. The same report gives the same text."""
    style, script = (_read(name) for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    with speaking(report.language):
        text = _template().render(
            report=report,
            style=Markup(style),
            script=Markup(script),
            digest=digest,
            scripted=any(isinstance(block, Items) for section in report.sections for block in section.blocks),
        )
    return _printable(well_formed(text))


def write(report: Report, path: Path) -> None:
    """Write the page to `path`, whole or not at all; what stood there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(to_html(report), encoding="utf-8")
    replace_durably(temporary, path)


@cache
def _template() -> Template:
    world = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    world.filters["pieces"] = _pieces
    world.filters["groups"] = _groups
    world.filters["svg"] = Markup
    world.globals.update(say=say)
    return world.get_template("page.html")


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").strip()


def _pieces(text: Text) -> Iterator[tuple[str, list[int]]]:
    """Stretches of the text, each with the numbers of the marks behind it."""
    numbers: dict[int, list[int]] = {}
    for end, number in text.marks:
        numbers.setdefault(min(end, len(text.text)), []).append(number)
    for start, end in pairwise(sorted({0, len(text.text), *numbers})):
        yield text.text[start:end], numbers.get(end, [])


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Neighbours of one kind together: figures stand side by side."""
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        yield kind, list(group)


def _printable(text: str) -> str:
    """Control characters that HTML forbids become U+FFFD; documents bring them along."""
    return text.translate(_FORBIDDEN)


_FORBIDDEN = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x0c"}
