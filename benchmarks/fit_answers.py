"""Fit the weights of `gezhi.answering.scoring` on public reading sets, and say what each further sentence would bring.

    python benchmarks/fit_answers.py [--questions N] [--data FOLDER]

Half of the questions of each set are fitted on, the other half is reported. Right is a unit with a gold answer, if any
is there. The loss is the softmax over the units of a question, more than one of which may be right.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answers import Exam, exams, fill, says
from gezhi.answering.memory import RememberingEmbedder
from gezhi.answering.scoring import WEIGHTS, Features, score
from gezhi.answering.units import quotable_units
from gezhi.core.protocols import Embedder
from gezhi.models import EmbedOptions, embedder
from gezhi.retrieval import Collection, RetrievalOptions
from report import SHARED, report

_FITTED = [Features._fields.index(name) for name in ("cosine", "overlap", "fits", "misfits", "passage")]


@dataclass(frozen=True)
class Case:
    """The units of one question: features (n, 6), and which are right (n,)."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    """Fit and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    made = RememberingEmbedder(embedder(EmbedOptions()))
    found = {exam.name: cases(exam, options.questions, made) for exam in exams(options.data)}
    weights = np.array(WEIGHTS)
    weights[_FITTED] = fitted([case for of_exam in found.values() for case in of_exam[::2]])
    rows = [
        {"set": name, "with": label, **figures(of_exam[1::2], used)}
        for name, of_exam in found.items()
        for label, used in (("WEIGHTS", np.array(WEIGHTS)), ("fitted now", weights))
    ]
    notes = [f"{name}: {weight:.2f}" for name, weight in zip(Features._fields, weights, strict=True)]
    report("fit_answers", f"python benchmarks/fit_answers.py --questions {options.questions}", rows, notes)


def cases(exam: Exam, most: int, made: Embedder) -> list[Case]:
    """One case a question that has any unit."""
    chosen = random.Random(0).sample(exam.questions, min(most, len(exam.questions)))
    found = []
    with tempfile.TemporaryDirectory() as scratch, Collection.open(Path(scratch), RetrievalOptions()) as collection:
        fill(collection, {f"{number:05}": text for number, (_, text) in enumerate(exam.paragraphs)}, made)
        retriever = collection.seen_by(None, made)
        for question in chosen:
            passages = retriever.search(question.text, 8)
            scored = score(question.text, passages, quotable_units(passages), made)
            if scored:
                right = np.array([says(question, one.unit.text) for one in scored])
                found.append(Case(np.array([one.features for one in scored]), right))
    return found


def fitted(cases: list[Case], steps: int = 600, decay: float = 1e-3) -> NDArray[np.float64]:
    """Weights of the fitted features, by gradient descent with Adam's scaling on standardised features."""
    known = [case for case in cases if case.right.any()]
    spread = np.concatenate([case.features[:, _FITTED] for case in known]).std(axis=0) + 1e-9
    weights, mean, square = (np.zeros(len(_FITTED)) for _ in range(3))
    for step in range(1, steps + 1):
        slope = decay * weights
        for case in known:
            x = case.features[:, _FITTED] / spread
            chance = np.exp(x @ weights - np.max(x @ weights))
            chance /= chance.sum()
            right = chance * case.right
            slope = slope + x.T @ (chance - right / right.sum()) / len(known)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = weights - 0.1 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    result: NDArray[np.float64] = weights / spread
    return result


def figures(cases: list[Case], weights: NDArray[np.float64]) -> dict[str, float]:
    """Share of questions whose best unit, and one of whose best three, is right."""
    ranks = [np.argsort(-(case.features @ weights)) for case in cases]
    return {
        "questions": len(cases),
        "right first": float(np.mean([case.right[rank[0]] for case, rank in zip(cases, ranks, strict=True)])),
        "right in three": float(np.mean([case.right[rank[:3]].any() for case, rank in zip(cases, ranks, strict=True)])),
    }


if __name__ == "__main__":
    main()
