"""An indexer to be killed: writes down what it is about to do and what was acknowledged, for ever."""

from __future__ import annotations

import os
import random
from pathlib import Path

from gezhi.retrieval import Collection
from retrieval.parts import HashedTerms, piece, record

FILES = 6


def paragraphs(file: int, version: int) -> list[str]:
    """Half of them are the same in every version; one is there twice."""
    same = [f"公共文件{file}的第{n}段，从不改变。" for n in range(3)]
    new = [f"公共文件{file}的第{n}段，第{version}版。" for n in range(3)]
    return [*same, *new, "公共的一段，到处都有。", "公共的一段，到处都有。"]


def index_for_ever(folder: Path, log: Path, seed: int) -> None:
    """Put, forget, embed and publish at random. Lines of the log: `begin OP FILE VERSION`, `done OP FILE VERSION`."""
    draw = random.Random(seed)
    embedder = HashedTerms(dim=16)
    with log.open("ab", buffering=0) as lines, Collection.open(folder) as collection, collection.write() as writer:

        def noted(what: str, operation: str) -> None:
            os.write(lines.fileno(), f"{what} {operation}\n".encode())

        for step in range(1_000_000):
            file, version = draw.randrange(FILES), seed * 1_000_000 + step
            kind = draw.choices(["put", "forget", "embed", "publish"], [6, 1, 3, 3])[0]
            if kind == "forget" and f"/{file}" not in collection.files():
                continue
            operation = f"{kind} {file} {version}"
            noted("begin", operation)
            if kind == "put":
                writer.put(record(f"/{file}", str(version)), [piece(f"/{file}", paragraphs(file, version))])
            elif kind == "forget":
                writer.forget(f"/{file}")
            elif kind == "embed":
                writer.embed(embedder, batch=3)
            else:
                writer.publish()
            noted("done", operation)
