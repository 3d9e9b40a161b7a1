"""What keyword, vector and hybrid search find with the default options: recall@1/5/10 and nDCG@10.

    python benchmarks/retrieval_quality.py [--data FOLDER]

FOLDER holds xquad.zh.json, xquad.en.json and drcd_dev.json. Each paragraph is one chunk; the paragraph that a question
was written for is the one to be found. Below each set: hybrid minus the better of its two legs on the same questions,
with the 95 % interval of the paired bootstrap.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gezhi.core.protocols import Embedder
from gezhi.core.types import Chunk, Document, Passage
from gezhi.evaluation.quality.ranking import hit, ndcg
from gezhi.evaluation.statistics import paired_bootstrap
from gezhi.models import EmbedOptions, embedder
from gezhi.retrieval import Collection, FileRecord
from report import SHARED, report

Scores = dict[str, list[float]]
LEGS = ("keyword", "dense")
NAMES = ("R@1", "R@5", "R@10", "nDCG@10")
_ALL = 1000
"""More than a collection here gives: every candidate of both legs."""


class Prepared:
    """Remembers the vectors of questions, so that they are computed together."""

    def __init__(self, inner: Embedder, questions: Sequence[str]) -> None:
        self.name, self.dim = inner.name, inner.dim
        self.embed_passages = inner.embed_passages
        self._vectors = dict(zip(questions, inner.embed_queries(questions), strict=True))

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Looked up."""
        return np.stack([self._vectors[text] for text in texts])


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED)
    options = parser.parse_args()
    model = embedder(EmbedOptions())
    rows: list[dict[str, Any]] = []
    for name, paragraphs, questions in sets(options.data):
        rows += measured(name, paragraphs, questions, model)
    notes = [f"Embedder {model.name}. hybrid - best: mean difference [95 % interval], at least -.010 wanted."]
    report("retrieval_quality", "python benchmarks/retrieval_quality.py", rows, notes)


def sets(folder: Path) -> Iterator[tuple[str, list[str], list[tuple[str, int]]]]:
    """Name, paragraphs, and questions with the place of their paragraph."""
    chinese, asked = squad(folder / "xquad.zh.json")
    _, in_english = squad(folder / "xquad.en.json")
    yield "xquad zh", chinese, asked
    yield "drcd dev", *squad(folder / "drcd_dev.json")
    # The two files are parallel: the same questions about the same paragraphs in the same order.
    yield "English on xquad zh", chinese, [(q, place) for (q, _), (_, place) in zip(in_english, asked, strict=True)]


def squad(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """Paragraphs and questions of a file in SQuAD's form."""
    paragraphs: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(asked["question"], len(paragraphs)) for asked in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def measured(
    name: str, paragraphs: list[str], questions: list[tuple[str, int]], model: Embedder
) -> list[dict[str, Any]]:
    """One row a way of searching, and one with the difference."""
    prepared = Prepared(model, [question for question, _ in questions])
    ways: dict[str, Scores] = {way: {score: [] for score in NAMES} for way in (*LEGS, "hybrid")}
    with tempfile.TemporaryDirectory() as folder, Collection.open(Path(folder)) as collection:
        put(collection, paragraphs, prepared)
        retriever = collection.seen_by(None, prepared)
        for question, place in questions:
            found = {"hybrid": retriever.search(question, 10)}
            candidates = retriever.search(question, _ALL)
            found |= {leg: by_leg(candidates, leg) for leg in LEGS}
            for way, passages in found.items():
                add(ways[way], [passage.chunk.document_id for passage in passages], str(place))
    shown = [
        {"set": name, "way": way, **{score: float(np.mean(values)) for score, values in ways[way].items()},
         "questions": len(questions)}
        for way in ways
    ]  # fmt: skip
    better = {score: max(LEGS, key=lambda leg, score=score: sum(ways[leg][score])) for score in NAMES}  # type: ignore[misc]
    gains = {score: str(paired_bootstrap(ways["hybrid"][score], ways[better[score]][score])) for score in NAMES}
    return [*shown, {"set": name, "way": "hybrid - best", **gains, "questions": len(questions)}]


def put(collection: Collection, paragraphs: list[str], prepared: Prepared) -> None:
    """Each paragraph a document of one chunk."""
    pieces = [
        (
            Document(id=str(place), source=f"/{place}", title="", text=text),
            [Chunk(document_id=str(place), source=f"/{place}", text=text, start=0, end=len(text))],
        )
        for place, text in enumerate(paragraphs)
    ]
    with collection.write() as writer:
        writer.put(FileRecord(source="/set", sha256="", size=0, mtime_ns=0, recipe=""), pieces)
        writer.embed(prepared)
        writer.publish()


def by_leg(candidates: Sequence[Passage], leg: str) -> list[Passage]:
    """What one leg found, in its own order."""
    own = [passage for passage in candidates if leg in passage.found_by]
    return sorted(own, key=lambda passage: -passage.found_by[leg])


def add(scores: Scores, ranked: Sequence[str], right: str) -> None:
    """Score one ranked list."""
    for cut in (1, 5, 10):
        scores[f"R@{cut}"].append(hit(ranked, {right}, cut) or 0.0)
    scores["nDCG@10"].append(ndcg(ranked, {right: 1.0}, 10) or 0.0)


if __name__ == "__main__":
    main()
