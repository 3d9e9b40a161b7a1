"""How fast a collection is built, opened and searched, and how much memory that takes - beside parsing and embedding.

    python benchmarks/retrieval_speed.py [NEWS] [--chunks 7113] [--large 100000]

NEWS is crud_news_part1 of CRUD-RAG, one text a line, cut into 200 characters. Vectors are made up beforehand (random
unit vectors of 384 numbers), as if they came from a cache. Building is durable: put, vectors on record, published.
Opening and searching happen in a new process. The large case compares the vector indexes on clustered random vectors.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.core.names import resolve
from gezhi.core.types import Chunk, Document, Meta
from gezhi.retrieval import VECTOR_INDEXES, Collection, FileRecord
from gezhi.retrieval.vectors import StoredRows
from report import SHARED, report

Vectors = NDArray[np.float32]
DIM = 384
SEARCHING = """
import sys, time, json
began = time.perf_counter()
from pathlib import Path
from gezhi.retrieval import Collection
class Cached:
    name, dim = "cached", 384
    def embed_queries(self, texts):
        return vectors[[places[text] for text in texts]]
folder, questions = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
import numpy as np
vectors, places = np.load(sys.argv[3]), {question: place for place, question in enumerate(questions)}
retriever = Collection.open(folder).seen_by(None, Cached())
opened = time.perf_counter() - began
retriever.search(questions[0], 8)
first = time.perf_counter() - began
def timed(where=None):
    took = []
    for question in questions:
        start = time.perf_counter()
        retriever.search(question, 8, where)
        took.append(1000 * (time.perf_counter() - start))
    return sorted(took)
plain, filtered = timed(), timed("number<200")
# Not getrusage: on Linux a process starts with the peak of the one that started it.
status = Path("/proc/self/status")
peak = status.read_text().partition("VmHWM:")[2].split()[0] if status.exists() else "nan"
print(json.dumps({"opened": opened, "first": first, "plain": plain, "filtered": filtered, "memory": float(peak)}))
"""


class Made:
    """Gives vectors that were there before."""

    name = "cached"
    dim = DIM

    def __init__(self, seed: int = 0) -> None:
        self._vectors = unit(np.random.default_rng(seed).standard_normal((4096, DIM)))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """A slice of them."""
        return self._vectors[: len(texts)]

    embed_queries = embed_passages


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", nargs="?", type=Path, default=SHARED / "crud_news_part1")
    parser.add_argument("--chunks", type=int, default=7113)
    parser.add_argument("--large", type=int, default=100_000)
    options = parser.parse_args()
    texts = documents(options.news, options.chunks)
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            build(texts, len(texts), Path(scratch, "one")),
            build(texts, 1, Path(scratch, "many")),
            *search(texts, Path(scratch, "one", "0"), Path(scratch)),
        ]
    rows += large(options.large)
    notes = ["Times of searches are the median, with the 95th percentile in the second column; one thread."]
    report("retrieval_speed", "python benchmarks/retrieval_speed.py", rows, notes)


def documents(path: Path, chunks: int) -> list[tuple[Document, list[Chunk]]]:
    """Texts with their chunks, `chunks` of these in all."""
    made: list[tuple[Document, list[Chunk]]] = []
    left = chunks
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if len(line) <= 100 or not left:
            continue
        source = f"/news/{number}.txt"
        document = Document(id=f"d{number}", source=source, title=line[:20], text=line, meta={"number": number})
        meta: Meta = {"number": number, "title": line[:20]}
        cut = [
            Chunk(document_id=document.id, source=source, text=line[start : start + 200], start=start,
                  end=min(start + 200, len(line)), meta=meta)
            for start in range(0, len(line), 200)
        ][:left]  # fmt: skip
        left -= len(cut)
        made.append((document, cut))
    return made


def build(texts: list[tuple[Document, list[Chunk]]], a_file: int, folder: Path) -> dict[str, Any]:
    """Put, embed from the cache, publish; `a_file` texts a file, each file a commit. The middle one of three runs."""
    count = sum(len(chunks) for _, chunks in texts)
    _built(texts[:10], a_file, folder / "warm")
    took, put = sorted(_built(texts, a_file, folder / str(number)) for number in range(3))[1]
    files = -(-len(texts) // a_file)
    return row(f"build, {files} file(s)", count / took, "chunks/s", f"{took:.2f} s, of them putting {put:.2f} s")


def _built(texts: list[tuple[Document, list[Chunk]]], a_file: int, folder: Path) -> tuple[float, float]:
    made = Made()
    with Collection.open(folder) as collection:
        began = time.perf_counter()
        with collection.write() as writer:
            for start in range(0, len(texts), a_file):
                record = FileRecord(source=f"/news/{start}", sha256="", size=0, mtime_ns=0, recipe="")
                writer.put(record, texts[start : start + a_file])
            put = time.perf_counter() - began
            writer.embed(made, batch=512)
            writer.publish()
        return time.perf_counter() - began, put


def search(texts: list[tuple[Document, list[Chunk]]], folder: Path, scratch: Path) -> list[dict[str, Any]]:
    """Open and search in a new process."""
    draw = random.Random(0)
    whole = [chunk.text for _, chunks in texts for chunk in chunks if len(chunk.text) > 40]
    questions = [text[20:38] for text in draw.sample(whole, 500)]
    (scratch / "questions.json").write_text(json.dumps(questions))
    np.save(scratch / "questions.npy", Made(seed=1).embed_queries(questions))
    command = [sys.executable, "-c", SEARCHING, str(folder)]
    arguments = [str(scratch / "questions.json"), str(scratch / "questions.npy")]
    subprocess.run([*command, *arguments], check=True, capture_output=True)
    done = subprocess.run([*command, *arguments], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    middle, high = len(questions) // 2, len(questions) * 95 // 100
    return [
        row("import and open", told["opened"], "s"),
        row("import, open and first search", told["first"], "s"),
        row("hybrid search, k=8", told["plain"][middle], "ms", f"p95 {told['plain'][high]:.2f} ms"),
        row(
            "with a filter that a tenth passes", told["filtered"][middle], "ms", f"p95 {told['filtered'][high]:.2f} ms"
        ),
        row("peak memory of that process", told["memory"] / 2**10, "MiB"),
    ]


def large(count: int) -> list[dict[str, Any]]:
    """Build time, search time and recall@10 of each vector index."""
    everything, queries = clustered(count, 1), clustered(300, 2)
    rows = StoredRows(np.arange(1, count + 1), everything)
    truth = [set((np.argpartition(-(everything @ query), 10)[:10] + 1).tolist()) for query in queries]
    told = []
    for kind in VECTOR_INDEXES:
        began = time.perf_counter()
        index = resolve("vector index", kind, VECTOR_INDEXES).build(rows, None)
        built = time.perf_counter() - began
        took, found = timed(lambda query, index=index: index.search(query, 64), queries)  # type: ignore[misc]
        recall = float(
            np.mean([len(right & set(ids[:10].tolist())) / 10 for right, (ids, _) in zip(truth, found, strict=True)])
        )
        about = f"p95 {took[len(took) * 95 // 100]:.2f} ms, recall@10 {recall:.4f}, built in {built:.1f} s"
        told.append(row(f"vectors: {kind}, {count:,} chunks", took[len(took) // 2], "ms", about))
    return told


def timed(search: Callable[[Vectors], Any], queries: Vectors) -> tuple[list[float], list[Any]]:
    """Milliseconds of each search, sorted, and what each found."""
    took, found = [], []
    search(queries[0])
    for query in queries:
        start = time.perf_counter()
        found.append(search(query))
        took.append(1000 * (time.perf_counter() - start))
    return sorted(took), found


def clustered(count: int, seed: int) -> Vectors:
    """Unit vectors like those of text embedders: all on one side, a few strong directions, many topics."""
    rng, same = np.random.default_rng(seed), np.random.default_rng(7)
    strength = np.arange(1, DIM + 1) ** -0.6
    topics = same.standard_normal((2000, DIM)) * strength
    side = same.standard_normal(DIM)
    own = topics[rng.integers(0, len(topics), count)] * 0.8 + rng.standard_normal((count, DIM)) * strength * 0.7
    return unit(unit(own) + 2 * unit(side))


def unit(vectors: Any) -> Vectors:
    """Scaled to length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def row(what: str, figure: float, unit: str, about: str = "") -> dict[str, Any]:
    """One line of the table."""
    return {"what": what, "figure": figure, "unit": unit, "about": about}


if __name__ == "__main__":
    main()
