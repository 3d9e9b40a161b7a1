"""Fit the model of answerability and write it into the package (`quality/fits/answerability.json`).

    python benchmarks/fit_answerability.py [CMRC] [XQUAD_ZH] [XQUAD_EN] [--questions N] [--cache FOLDER]

Fitted on CMRC 2018 (trial) and XQuAD, Chinese, English, and English questions on Chinese text; `answerability.py`
measures on DRCD.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from gezhi.core.protocols import Embedder
from gezhi.evaluation.logistic import FITS, fit
from gezhi.evaluation.quality.answerability_features import MODELS, crosses_languages, features
from gezhi.evaluation.statistics import auroc
from gezhi.models import EmbedOptions, embedder
from held_out import Item, Question, items, questions
from report import SHARED


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cmrc", nargs="?", type=Path, default=SHARED / "cmrc2018_trial.json")
    parser.add_argument("xquad_zh", nargs="?", type=Path, default=SHARED / "xquad.zh.json")
    parser.add_argument("xquad_en", nargs="?", type=Path, default=SHARED / "xquad.en.json")
    parser.add_argument("--questions", type=int, default=400, help="of each set")
    parser.add_argument("--cache", type=Path, help="folder that keeps the embedded paragraphs")
    options = parser.parse_args()
    model = embedder(EmbedOptions())
    with TemporaryDirectory() as scratch:
        made = _items(options, options.cache or Path(scratch), model)
    record = {
        "embedder": model.name,
        "fitted_on": f"{len(made)} questions of {options.cmrc.name}, {options.xquad_zh.name} and "
        f"{options.xquad_en.name}, gold paragraph there or removed, subject changed, {date.today().isoformat()}",
        "models": {name: _fitted(name, made) for name in MODELS},
    }
    FITS.mkdir(exist_ok=True)
    (FITS / "answerability.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _items(options: argparse.Namespace, folder: Path, model: Embedder) -> list[Item]:
    cmrc, asked_cmrc = questions(options.cmrc)
    zh, asked_zh = questions(options.xquad_zh)
    en, asked_en = questions(options.xquad_en)
    # the same questions in the same order: English ones on the Chinese text
    across = [Question(text=e.text, gold=z.gold, title=z.title) for e, z in zip(asked_en, asked_zh, strict=True)]
    sample = Random(1).sample
    count = options.questions
    return [
        *items(folder / "cmrc", cmrc, sample(asked_cmrc, min(count, len(asked_cmrc))), model, 1),
        *items(folder / "zh", zh, sample(asked_zh, min(count, len(asked_zh))), model, 2),
        *items(folder / "en", en, sample(asked_en, min(count, len(asked_en))), model, 3),
        *items(folder / "zh", zh, sample(across, min(count, len(across))), model, 4),
    ]


def _fitted(name: str, made: Sequence[Item]) -> dict[str, Any]:
    own = [item for item in made if crosses_languages(item.question, item.passages) == (name == "across")]
    rows = [features(item.question, item.passages) for item in own]
    labels = [int(item.answerable) for item in own]
    model = fit(rows, labels, MODELS[name], l2=3.0, prior=0.5)
    print(f"{name}: {len(own)} questions, AUROC {auroc(labels, model.probability(rows))}")
    print("    top cosine alone", auroc(labels, [row["cosine"] for row in rows]))
    print("   ", {feature: round(weight, 2) for feature, weight in zip(model.features, model.weights, strict=True)})
    return model.as_json()


if __name__ == "__main__":
    main()
