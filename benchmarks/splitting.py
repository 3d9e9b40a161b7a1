"""The splitter: how long chunks are, how fast it is, and how many chunks an edit of one paragraph changes.

Run: python benchmarks/splitting.py [FILE of news lines] [--edits N]
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from gezhi.core.types import Chunk, Document
from gezhi.documents import TextBuilder, split
from report import SHARED, report

HAN = [chr(code) for code in range(0x4E00, 0x5200)]
MIXES: dict[str, Callable[[random.Random], int]] = {
    "5 to 200 characters": lambda rng: rng.randint(5, 200),
    "5 to 400 characters": lambda rng: rng.randint(5, 400),
    "5 to 1500 characters": lambda rng: rng.randint(5, 1500),
    "5 to 1500, most of them short": lambda rng: int(5 * 300 ** rng.random()),
    "all of 20": lambda rng: 20,
    "all of 90 (the worst length)": lambda rng: 90,
    "380 to 460": lambda rng: rng.randint(380, 460),
}


def main() -> None:
    """Print two tables and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("news", nargs="?", type=Path, default=SHARED / "crud_news_part1")
    parser.add_argument("--edits", type=int, default=1500, help="edits for each mix of lengths")
    arguments = parser.parse_args()
    lines = [line for line in arguments.news.read_text(encoding="utf-8").splitlines() if line]
    rng = random.Random(1)
    mixed = [_paragraph(rng, MIXES["5 to 400 characters"](rng)) for _ in range(5000)]
    rows = [
        _lengths("news, a document a line", [[line] for line in lines]),
        _lengths("paragraphs of 5 to 400 characters", [mixed]),
        _lengths("one line of 1.6 million characters without a mark", [["".join(rng.choices(HAN, k=1_600_000))]]),
        _lengths("the same line 300,000 times", [["同样的一行"] * 300_000]),
    ]
    report(
        "splitting",
        "python benchmarks/splitting.py",
        rows,
        ["Size 400, overlap 60: the defaults. Lengths in characters."],
    )
    report(
        "splitting_edits",
        "python benchmarks/splitting.py",
        [_edits(name, arguments.edits) for name in MIXES],
        [
            "A document of about 100 paragraphs; each edit changes a character, appends a sentence or puts one in, or "
            "replaces, inserts or deletes a paragraph. Fresh: chunks whose context and text were not there before.",
            "Of a new paragraph that does not fit into one chunk only the surroundings are counted, and one.",
        ],
    )


def _lengths(name: str, documents: Sequence[Sequence[str]]) -> dict[str, object]:
    made = [_document(paragraphs) for paragraphs in documents]
    begun = time.perf_counter()
    lengths = sorted(len(chunk.text) for document in made for chunk in split(document))
    seconds = time.perf_counter() - begun
    size = sum(len(document.text.encode()) for document in made)
    return {
        "text": name,
        "chunks": len(lengths),
        "mean": round(sum(lengths) / len(lengths)),
        **{f"{share} %": lengths[len(lengths) * share // 100] for share in (5, 25, 50, 75, 95)},
        "longest": lengths[-1],
        "below 60": f"{sum(length < 60 for length in lengths) / len(lengths):.1%}",
        "MB a minute": round(size / 1e6 / seconds * 60),
    }


def _edits(name: str, count: int) -> dict[str, object]:
    rng, draw = random.Random(7), MIXES[name]
    paragraphs = [_paragraph(rng, draw(rng)) for _ in range(100)]
    before, fresh = _texts(paragraphs), Counter[int]()
    for _ in range(count):
        edited, own = _edited(rng, paragraphs, draw(rng))
        after = _texts(edited)
        fresh[(after - before).total() - own] += 1
        if 80 < len(edited) < 120:
            paragraphs, before = edited, after
    total = fresh.total()
    return {
        "paragraphs": name,
        "edits": total,
        **{f"{n} fresh": f"{fresh[n] / total:.1%}" for n in (0, 1, 2, 3)},
        "more than 3": sum(number for n, number in fresh.items() if n > 3),
        "most": max(fresh),
    }


def _edited(rng: random.Random, paragraphs: Sequence[str], length: int) -> tuple[list[str], int]:
    """The paragraphs after one edit, and the chunks beyond one that a long new paragraph is by itself."""
    place = rng.randrange(len(paragraphs))
    old, edited = paragraphs[place], list(paragraphs)
    at = rng.randrange(len(old))
    new = _paragraph(rng, length)
    kind = rng.choice(("character", "append", "sentence", "replace", "insert", "delete"))
    edited[place : place + 1] = {
        "character": [(old[:at] + "变" + old[at + 1 :]).strip()],
        "append": [old + _sentence(rng)],
        "sentence": [old[:at] + _sentence(rng) + old[at:]],
        "replace": [new],
        "insert": [new, old],
        "delete": [],
    }[kind]
    return edited, len(split(_document([new]))) - 1 if kind in ("replace", "insert") else 0


def _texts(paragraphs: Sequence[str]) -> Counter[tuple[str, str]]:
    chunks: Sequence[Chunk] = split(_document(paragraphs))
    return Counter((chunk.context, chunk.text) for chunk in chunks)


def _document(paragraphs: Sequence[str]) -> Document:
    builder = TextBuilder()
    for paragraph in paragraphs:
        builder.paragraph(paragraph)
    parsed = builder.parsed()
    return Document(id="d", source="d", title="d", text=parsed.text, blocks=parsed.blocks)


def _paragraph(rng: random.Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += _sentence(rng)
    return text[:length]


def _sentence(rng: random.Random) -> str:
    text = "".join(rng.choices(HAN, k=rng.randint(4, 50)))
    return f"{text[: len(text) // 2]}，{text[len(text) // 2 :]}{rng.choice('。。。！？；')}"


if __name__ == "__main__":
    main()
