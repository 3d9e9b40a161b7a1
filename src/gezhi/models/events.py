"""JSON values out of a byte stream: server-sent events (WHATWG HTML, section 9.2) and lines (NDJSON).

Differences from the specification: only `data` matters here; `[DONE]` ends the stream and is handed on; an
`event: error` whose data is not JSON becomes `{"error": data}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

LONGEST_LINE = 16 * 1024 * 1024
DONE = "[DONE]"


def server_sent_events(pieces: Iterable[bytes]) -> Iterator[Any]:
    """The JSON value of each event, and DONE if the stream says that it is whole. Raises ValueError for broken JSON.

    An event cut off by the end of the stream is dropped, as the specification says: whoever reads must know by the
    values whether they are complete.
    """
    data: list[str] = []
    kind = ""
    for line in lines(pieces):
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value
            continue
        text, failed = "\n".join(data), kind == "error"
        data, kind = [], ""
        if text == DONE:
            yield DONE
            return
        if text:
            yield _reported(text) if failed else json.loads(text)


def json_lines(pieces: Iterable[bytes]) -> Iterator[Any]:
    """The JSON value of each line that is not blank. Raises ValueError for one that is not JSON."""
    for line in lines(pieces, ending=True):
        if line.strip():
            yield json.loads(line)


def lines(pieces: Iterable[bytes], *, ending: bool = False) -> Iterator[str]:
    r"""Lines ended by \n, \r\n or \r, decoded whole: a character may be split between two pieces.

    `str.splitlines` and httpx's `iter_lines` would also cut at U+2028, U+0085 and others that stand inside JSON texts.

    Args:
        ending: Whether what follows the last line end counts as a line.
    """
    rest, first = b"", True
    for piece in pieces:
        rest += piece
        # A \r at the very end may be the first half of \r\n: it waits for the next piece.
        held = b"\r" if rest.endswith(b"\r") else b""
        *whole, rest = rest.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest += held
        if len(rest) > LONGEST_LINE:
            raise ValueError(f"a line of more than {LONGEST_LINE} bytes")
        for line in whole:
            yield _decoded(line, first)
            first = False
    if rest and (ending or rest.endswith(b"\r")):
        yield _decoded(rest.removesuffix(b"\r"), first)


def table(value: Any) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one: what strangers send may be anything anywhere."""
    return value if isinstance(value, dict) else {}


def number(value: Any) -> int:
    """The value if it is a whole number, else 0."""
    return value if isinstance(value, int) else 0


def _decoded(line: bytes, first: bool) -> str:
    text = line.decode("utf-8", "replace")
    return text.removeprefix("\ufeff") if first else text


def _reported(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    return value if isinstance(value, dict) and value.get("error") else {"error": value}
