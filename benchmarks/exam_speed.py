"""How long an exam of 1,000 questions takes with cached embeddings, and what a second search of one space costs.

    python benchmarks/exam_speed.py [XQUAD] [--questions 1000]

XQUAD is xquad.zh.json. Every item is on record before the next is asked. Embeddings of passages are in the collection,
those of questions in memory; the first exam fills both.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from gezhi.answering.memory import RememberingEmbedder
from gezhi.evaluation import datasets
from gezhi.evaluation.exam import Exam
from gezhi.knowledge.exam_texts import documents_of, indexed
from gezhi.knowledge.exams import ExamOptions, take
from gezhi.knowledge.pipeline import Pipeline
from gezhi.knowledge.tuning import SearchOptions, search
from gezhi.models import EmbedOptions, embedder
from gezhi.tracking import Runs
from report import SHARED, report

SPACE: dict[str, list[Any]] = {"retrieval.keyword_weight": [0.3, 0.7], "retrieval.fusion": ["scores", "rrf"]}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("xquad", nargs="?", type=Path, default=SHARED / "xquad.zh.json")
    parser.add_argument("--questions", type=int, default=1000)
    options = parser.parse_args()
    exam = datasets.sample(datasets.load(options.xquad), options.questions, 0)
    with tempfile.TemporaryDirectory() as home:
        os.environ["GEZHI_HOME"] = home
        rows = [{"what": what, "seconds": round(seconds, 2), "runs": runs} for what, seconds, runs in _timed(exam)]
    report("exam_speed", f"python benchmarks/exam_speed.py --questions {options.questions}", rows)


def _timed(exam: Exam) -> list[tuple[str, float, int]]:
    documents, cached = documents_of(exam), RememberingEmbedder(embedder(EmbedOptions()))
    found: list[tuple[str, float, int]] = []
    with Runs.open() as runs:
        for what in ("embeddings computed", "embeddings cached"):
            began = time.perf_counter()
            with indexed(documents, Pipeline(), embedder=cached) as knowledge:
                take(exam, knowledge, ExamOptions(retrieval_only=True), runs)
            found.append((f"retrieval exam, {len(exam.items)} items, {what}", time.perf_counter() - began, 1))
        for what in ("search of four settings", "the same search again"):
            before, began = len(runs.list()), time.perf_counter()
            search(exam, documents, Pipeline(), SPACE, SearchOptions(metric="mrr", retrieval_only=True), runs)
            found.append((what, time.perf_counter() - began, len(runs.list()) - before))
    return found


if __name__ == "__main__":
    main()
