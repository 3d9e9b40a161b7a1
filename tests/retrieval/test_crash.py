"""The indexer is killed (-9) at random moments; after each, all that was acknowledged is there, and found."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import time
from pathlib import Path

import pytest

from gezhi.retrieval import Collection
from retrieval.indexer import FILES, index_for_ever, paragraphs
from retrieval.parts import HashedTerms

MOST_LINES = 60
"""Lines of the log until a kill: two an operation."""


@pytest.mark.parametrize("kills", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_everything_acknowledged_survives(tmp_path: Path, kills: int) -> None:
    folder, log = tmp_path / "c", tmp_path / "log"
    embedder = HashedTerms(dim=16)
    draw = random.Random(0)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["retrieval.indexer", "gezhi.retrieval.searching"])
    operations = 0
    for kill in range(kills):
        process = context.Process(target=index_for_ever, args=(folder, log, kill))
        process.start()
        # At any line of the log and a moment later; some before the first one, while the collection is being opened.
        lines = len(_lines(log)) + draw.randrange(-5, MOST_LINES)
        while len(_lines(log)) < lines and process.is_alive():
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        process.join()
        operations += check(folder, log, embedder)
    assert operations > 5 * kills, "the indexer hardly did anything: the kills hit nothing"


def check(folder: Path, log: Path, embedder: HashedTerms) -> int:
    """Compare the collection with the log, start a new log of what is there; returns the operations done."""
    lines = _lines(log)
    with Collection.open(folder) as collection:
        expected = _expected(lines)
        recorded = {source: file.sha256 for source, file in collection.files().items()}
        versions: dict[int, int] = {}
        for file in range(FILES):
            states = expected.get(file, {None})
            found = [v for v in states if (None if v is None else _digest(v)) == recorded.get(f"/{file}")]
            assert found, f"file {file}: not in any acknowledged state"
            if found[0] is not None:
                versions[file] = found[0]
        texts = sorted(text for file, version in versions.items() for text in paragraphs(file, version))
        assert sorted(chunk.text for chunk in collection.chunks()) == texts
        _check_search(collection, embedder, texts)
        with collection.write() as writer:
            waiting = writer.waiting(embedder)
            assert writer.embed(embedder) == waiting
            assert writer.embed(embedder) == 0
            writer.publish()
        assert collection.statistics().embedded.get(embedder.name, 0) == len(texts)
        _check_search(collection, embedder, texts, all_embedded=True)
    log.write_text("".join(f"done put {file} {version}\n" for file, version in versions.items()))
    return sum(line.startswith("done") for line in lines)


def _check_search(
    collection: Collection, embedder: HashedTerms, texts: list[str], *, all_embedded: bool = False
) -> None:
    retriever = collection.seen_by(None, embedder)
    found = retriever.search("公共", 1000)
    assert sorted(passage.chunk.text for passage in found) == texts
    assert all("keyword" in passage.found_by for passage in found)
    assert not all_embedded or all("dense" in passage.found_by for passage in found)


def _expected(lines: list[str]) -> dict[int, set[int | None]]:
    """File to the versions it may be in (None: gone): the last acknowledged one, or the one that was under way."""
    states: dict[int, set[int | None]] = {}
    for line in lines:
        what, kind, file, version = line.split()
        if kind in ("put", "forget"):
            new = int(version) if kind == "put" else None
            states[int(file)] = {new} if what == "done" else states.get(int(file), {None}) | {new}
    return states


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def _digest(version: int) -> str:
    return hashlib.sha256(str(version).encode()).hexdigest()
