"""Fit the model of answerability and write it into the package (`quality/fits/answerability.json`).

    python benchmarks/fit_answerability.py [CMRC] [XQUAD_ZH] [XQUAD_EN] [--questions N] [--cache FOLDER]

Fitted on CMRC 2018 (trial) and XQuAD: in Chinese, in English, questions in one of them on text in the other, and on
text half of which is Chinese. `answerability.py` measures on DRCD.
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
from gezhi.evaluation.quality.answerability_features import MODELS, by_model, features
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
    # the same paragraphs and the same questions in the same order
    pairs = list(zip(asked_en, asked_zh, strict=True))
    to_zh = [Question(text=e.text, gold=z.gold, title=z.title) for e, z in pairs]
    to_en = [Question(text=z.text, gold=e.gold, title=e.title) for e, z in pairs]
    # of two neighbouring articles one is there in English, the other in Chinese
    mixed = {**{gold: zh[gold] for gold in zh if _is_odd(gold)}, **{gold: en[gold] for gold in en if not _is_odd(gold)}}
    to_both = [
        Question(text=asked.text, gold=z.gold if _is_odd(z.gold) else e.gold, title="")
        for e, z in pairs
        for asked in (e, z)
    ]
    sets = {
        "cmrc": (cmrc, asked_cmrc),
        "zh": (zh, asked_zh),
        "en": (en, asked_en),
        "en to zh": (zh, to_zh),
        "zh to en": (en, to_en),
        "mixed": (mixed, to_both),
    }
    made = []
    for seed, (name, (paragraphs, asked)) in enumerate(sets.items(), 1):
        count = options.questions * (2 if name == "mixed" else 1)
        made += items(folder / name, paragraphs, Random(seed).sample(asked, min(count, len(asked))), model, seed)
    return made


def _is_odd(source: str) -> bool:
    return int(Path(source).name.partition("-")[0]) % 2 == 1


def _fitted(name: str, made: Sequence[Item]) -> dict[str, Any]:
    parted = [(item, by_model(item.question, item.passages).get(name)) for item in made]
    own = [(item, passages) for item, passages in parted if passages]
    rows = [features(item.question, passages) for item, passages in own]
    # What one language answers, the passages in the other do not.
    labels = [int(any(passage.chunk.source == item.gold for passage in passages)) for item, passages in own]
    model = fit(rows, labels, MODELS[name], l2=3.0, prior=0.5)
    print(f"{name}: {len(own)} questions, AUROC {auroc(labels, model.probability(rows))}")
    print("    top cosine alone", auroc(labels, [row["cosine"] for row in rows]))
    print("   ", {feature: round(weight, 2) for feature, weight in zip(model.features, model.weights, strict=True)})
    return model.as_json()


if __name__ == "__main__":
    main()
