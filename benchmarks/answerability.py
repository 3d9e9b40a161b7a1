"""Answer or refuse: the answerability model against the top cosine alone, on questions half of which have no answer.

    python benchmarks/answerability.py [DRCD] [--questions N] [--cache FOLDER]

On DRCD (dev), which the model was not fitted on: gold paragraph found, gold paragraph held out, or another subject
asked about (see `held_out.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gezhi.evaluation.quality.answerability import Answerability
from gezhi.evaluation.statistics import auroc, auroc_difference, calibration_error
from gezhi.models import EmbedOptions, embedder
from held_out import Item, items, questions
from report import SHARED, report


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drcd", nargs="?", type=Path, default=SHARED / "drcd_dev.json")
    parser.add_argument("--questions", type=int, default=1200)
    parser.add_argument("--cache", type=Path, help="folder that keeps the embedded paragraphs")
    options = parser.parse_args()
    model = embedder(EmbedOptions())
    paragraphs, asked = questions(options.drcd)
    sample = Random(5).sample(asked, min(options.questions, len(asked)))
    with TemporaryDirectory() as scratch:
        made = items((options.cache or Path(scratch)) / "drcd", paragraphs, sample, model, 6)
    judge = Answerability(model.name)
    probabilities = [judge.probability(item.question, item.passages) for item in made]
    if None in probabilities:
        raise SystemExit(f"fitted for another embedder than {model.name}: run benchmarks/fit_answerability.py")
    rows = [
        _row("gold paragraph held out", made, probabilities, ("answerable", "gold removed")),
        _row("another subject asked about", made, probabilities, ("answerable", "other subject")),
        _row("all", made, probabilities, ("answerable", "gold removed", "other subject")),
    ]
    command = f"python benchmarks/answerability.py --questions {options.questions}"
    report(
        "answerability", command, rows, ["AUROC with 95 % bootstrap intervals; difference is paired; both of one run."]
    )


def _row(
    name: str, made: Sequence[Item], probabilities: Sequence[float | None], kinds: Sequence[str]
) -> dict[str, Any]:
    members = [k for k, item in enumerate(made) if item.kind in kinds]
    labels = np.array([int(made[k].answerable) for k in members])
    ours = np.array([probabilities[k] for k in members], dtype=float)
    cosine = np.array([max(p.found_by.get("dense", 0.0) for p in made[k].passages) for k in members])
    return {
        "unanswerable by": name, "questions": len(members), "answerable": int(labels.sum()),
        "AUROC": str(auroc(labels, ours)), "top cosine": str(auroc(labels, cosine)),
        "difference": str(auroc_difference(labels, ours, cosine)),
        "calibration error": round(calibration_error(labels, ours), 4),
        "right at 1/2": round(float(((ours >= 0.5) == labels).mean()), 4),
    }  # fmt: skip


if __name__ == "__main__":
    main()
