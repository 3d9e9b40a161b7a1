"""What exams say of Gezhi's own retrieval, refusals and confidence, on parts that nothing was fitted on.

    python benchmarks/exams_quality.py [DRCD] [XQUAD_ZH] [--questions N] [--cache FOLDER]

Each set is an exam that brings its paragraphs along. Rankings are scored on the whole of them; then the paragraphs of
half of the articles are withheld, so that their questions should be refused, and every question is answered whatever
its confidence (`refuse_below = 0`). An answer is right where it says a reference; confidence is calibrated by curves
that were fitted on other articles (five folds).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from answers import fill
from gezhi.answering import Answerer, AnswerOptions
from gezhi.answering.memory import RememberingEmbedder
from gezhi.core.protocols import Embedder
from gezhi.core.types import Answer
from gezhi.evaluation import calibration
from gezhi.evaluation.datasets import held_out_gold, load, sample
from gezhi.evaluation.exam import Exam
from gezhi.evaluation.quality import scorer
from gezhi.evaluation.quality.answers import correct, refusals
from gezhi.models import EmbedOptions, embedder
from gezhi.retrieval import Collection, RetrievalOptions
from report import SHARED, report

RANKINGS = ("recall@1", "recall@8", "mrr", "map", "ndcg@8")
REFUSE_BELOW = AnswerOptions().refuse_below


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drcd", nargs="?", type=Path, default=SHARED / "drcd_dev.json")
    parser.add_argument("xquad", nargs="?", type=Path, default=SHARED / "xquad.zh.json")
    parser.add_argument("--questions", type=int, default=1000, help="of each set")
    parser.add_argument("--articles", type=int, default=150, help="of DRCD, for time")
    options = parser.parse_args()
    made = RememberingEmbedder(embedder(EmbedOptions()))
    exams = [some_articles(load(options.drcd), options.articles), load(options.xquad)]
    rows: list[dict[str, Any]] = []
    asked_and_given: list[tuple[Exam, list[Answer]]] = []
    with TemporaryDirectory() as scratch:
        for exam in exams:
            asked = sample(exam, options.questions)
            rows += retrieval_rows(asked, Path(scratch, exam.name, "whole"), made)
            withheld = held_out_gold(asked)
            given = answers(withheld, Path(scratch, exam.name, "part"), made)
            rows += refusal_rows(withheld, given)
            rows += confidence_rows(withheld, given)
            asked_and_given.append((withheld, given))
    rows += transfer_rows(*asked_and_given[0], *asked_and_given[1])
    rows += transfer_rows(*asked_and_given[1], *asked_and_given[0])
    notes = [
        "Retrieval: passages searched for among all paragraphs. Refusals: paragraphs of half of the articles withheld.",
        "Confidence: probability that the answer is right, where everything is answered; calibrated by five-fold",
        "cross-fitting over articles. Saved area: under risk-coverage, against a constant confidence.",
    ]
    report("exams_quality", f"python benchmarks/exams_quality.py --questions {options.questions}", rows, notes)


def some_articles(exam: Exam, most: int) -> Exam:
    """Items and texts of a part of the articles."""
    kept = set(random.Random(4).sample(sorted({item.document for item in exam.items}), most))
    texts = {source: text for source, text in exam.texts.items() if source.rpartition("-")[0] in kept}
    return replace(exam, items=tuple(item for item in exam.items if item.document in kept), texts=texts)


def retrieval_rows(exam: Exam, folder: Path, made: Embedder) -> list[dict[str, Any]]:
    """Means of the rankings' scores."""
    scorers = [scorer(name) for name in RANKINGS]
    with Collection.open(folder, RetrievalOptions()) as collection:
        fill(collection, exam.texts, made)
        retriever = collection.seen_by(None, made)
        found = [
            (item, Answer(id="", question=item.question, text="", passages=tuple(retriever.search(item.question, 8))))
            for item in exam.items
        ]
    means = {one.name: mean(value for pair in found if (value := one(*pair)) is not None) for one in scorers}
    return [row(exam, "retrieval", len(found), name, value) for name, value in means.items()]


def answers(exam: Exam, folder: Path, made: Embedder) -> list[Answer]:
    """Answers to all items, refused only where there is nothing to say."""
    with Collection.open(folder, RetrievalOptions()) as collection:
        fill(collection, exam.texts, made)
        answerer = Answerer(
            collection.seen_by(None, made),
            made,
            None,
            AnswerOptions(refuse_below=0.0),
            empty=lambda: False,
            document_text=lambda name: collection.document(name).text,
        )
        return [answerer.answer(item.question) for item in exam.items]


def refusal_rows(exam: Exam, given: Sequence[Answer]) -> list[dict[str, Any]]:
    """With the threshold that is in force."""
    refused = [
        replace(answer, refused="nothing_relevant") if (answer.confidence or 0.0) < REFUSE_BELOW else answer
        for answer in given
    ]
    found = refusals(exam.items, refused)
    shown = {"precision": found.precision, "recall": found.recall, "answerable answered": found.answered_share}
    rows = [row(exam, f"refusal below {REFUSE_BELOW}", len(given), name, value) for name, value in shown.items()]
    answerable = [float(not item.unanswerable) for item in exam.items]
    confidences = [answer.confidence or 0.0 for answer in given]
    return [*rows, *quality(exam, "confidence that it can be answered, as it is", answerable, confidences)]


def confidence_rows(exam: Exam, given: Sequence[Answer]) -> list[dict[str, Any]]:
    """Of being right, before and after calibration."""
    right = [
        0.0 if item.unanswerable else correct(item, answer) or 0.0
        for item, answer in zip(exam.items, given, strict=True)
    ]
    confidences = [answer.confidence or 0.0 for answer in given]
    groups = [item.document for item in exam.items]
    rows = quality(exam, "confidence that it is right, as it is", right, confidences)
    for name, fitted in (("isotonic", calibration.fit_isotonic), ("Platt", calibration.fit_platt)):
        after = calibration.cross_fitted(fitted, right, confidences, groups)
        rows += quality(exam, f"confidence that it is right, {name}", right, after)
    return rows


def transfer_rows(
    fitted_on: Exam, their_answers: Sequence[Answer], exam: Exam, given: Sequence[Answer]
) -> list[dict[str, Any]]:
    """Whether a curve and a threshold for refusing, fitted on one set, do on another what they should."""
    wanted = [float(not item.unanswerable) for item in fitted_on.items]
    told = [answer.confidence or 0.0 for answer in their_answers]
    curve = calibration.fit_platt(wanted, told)
    threshold = calibration.choose_threshold(wanted, told, risk=0.05)
    answerable = np.array([float(not item.unanswerable) for item in exam.items])
    confidences = np.array([answer.confidence or 0.0 for answer in given])
    what = f"can be answered, fitted on {fitted_on.name}"
    shown: dict[str, float] = {
        "ECE before": calibration.expected_error(answerable, confidences),
        "ECE after": calibration.expected_error(answerable, curve(confidences)),
        f"right at {REFUSE_BELOW}": float(((confidences >= REFUSE_BELOW) == answerable).mean()),
    }
    if threshold:
        above = confidences >= threshold.threshold
        shown["threshold for risk .05"] = threshold.threshold
        shown["right at it"] = float((above == answerable).mean())
        shown["risk at it"] = float(1 - answerable[above].mean())
    return [row(exam, what, len(given), name, value) for name, value in shown.items()]


def quality(
    exam: Exam, what: str, right: Sequence[float], confidences: Sequence[float] | np.ndarray
) -> list[dict[str, Any]]:
    """ECE, Brier, and the area under risk-coverage against a constant confidence."""
    area, constant = calibration.area_under_risk(right, confidences), 1 - mean(right)
    shown: Mapping[str, float] = {
        "ECE": calibration.expected_error(right, confidences),
        "Brier": calibration.brier(right, confidences),
        "area under risk-coverage": area,
        "area of a constant": constant,
        "saved area": 1 - area / constant,
    }
    return [row(exam, what, len(right), name, value) for name, value in shown.items()]


def row(exam: Exam, what: str, items: int, score: str, value: float | None) -> dict[str, Any]:
    """One line of the table."""
    shown = None if value is None else round(value, 4)
    return {"exam": exam.name, "what": what, "items": items, "score": score, "value": shown}


if __name__ == "__main__":
    main()
