"""Chinese and English texts side by side: does a question find its answer in the other language?

    python benchmarks/retrieval_languages.py [--data FOLDER]

FOLDER holds xquad.zh.json and xquad.en.json, which are parallel. The collection has every other paragraph in Chinese
only and the rest in English only (then nine in ten in Chinese); each question is asked in both languages. Beside the
search with default options stands the plain order of cosines.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from gezhi.core.protocols import Embedder
from gezhi.models import EmbedOptions, embedder
from gezhi.retrieval import Collection
from report import SHARED, report
from retrieval_quality import Prepared, by_leg, put, squad

_DEPTH = 1000


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED)
    options = parser.parse_args()
    texts, asked = {}, {}
    for language in ("zh", "en"):
        texts[language], asked[language] = squad(options.data / f"xquad.{language}.json")
    model = embedder(EmbedOptions())
    prepared = Prepared(model, [question for questions in asked.values() for question, _ in questions])
    rows: list[dict[str, Any]] = []
    for every in (2, 10):
        kept = ["en" if place % every == every - 1 else "zh" for place in range(len(texts["zh"]))]
        rows += measured([texts[kept[place]][place] for place in range(len(kept))], kept, asked, prepared)
    report("retrieval_languages", "python benchmarks/retrieval_languages.py", rows, [f"Embedder {model.name}."])


def measured(
    paragraphs: list[str], kept: list[str], asked: dict[str, list[tuple[str, int]]], prepared: Embedder
) -> list[dict[str, Any]]:
    """A row for each pair of languages."""
    hits: dict[tuple[str, str], list[tuple[bool, ...]]] = {}
    with tempfile.TemporaryDirectory() as folder, Collection.open(Path(folder)) as collection:
        put(collection, paragraphs, prepared)  # type: ignore[arg-type]
        retriever = collection.seen_by(None, prepared)
        for language, questions in asked.items():
            for question, place in questions:
                found = [passage.chunk.document_id for passage in retriever.search(question, _DEPTH)]
                cosines = by_leg(retriever.search(question, _DEPTH), "dense")
                plain = [passage.chunk.document_id for passage in cosines]
                right = str(place)
                one = (right in plain[:1], right in plain[:8], right in found[:1], right in found[:8])
                hits.setdefault((language, kept[place]), []).append(one)
    share = f"{kept.count('zh')} zh, {kept.count('en')} en"
    names = ("cosine R@1", "cosine R@8", "gezhi R@1", "gezhi R@8")
    return [
        {"paragraphs": share, "question": question, "answer": answer, "questions": len(found)}
        | dict(zip(names, np.mean(found, axis=0).tolist(), strict=True))
        for (question, answer), found in sorted(hits.items())
    ]


if __name__ == "__main__":
    main()
