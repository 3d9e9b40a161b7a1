"""Fit the model of the support checker and write it into the package (`quality/fits/support.json`).

    python benchmarks/fit_support.py [CMRC] [XQUAD_ZH] [XQUAD_EN] [--each N]

Fitted on drafts over CMRC 2018 (trial) and the first half of the articles of XQuAD, and on every second of the free
restatements in `paraphrases.toml`, each counted four times; `checker.py` measures on others.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from drafts import Draft, across, drafts, free
from gezhi.evaluation.logistic import FITS, fit
from gezhi.evaluation.quality.support_features import MODELS, Compared, Remembered, add_cosines, compared
from gezhi.evaluation.statistics import auroc
from gezhi.models import EmbedOptions, embedder
from paragraphs import halves, squad
from report import SHARED

PRIOR = {"words": 0.75, "meaning": 0.75, "across": 0.5, "meaning_across": 0.5}
"""Share of true sentences that the models assume: a draft in the language of its source mostly copies it."""


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cmrc", nargs="?", type=Path, default=SHARED / "cmrc2018_trial.json")
    parser.add_argument("xquad_zh", nargs="?", type=Path, default=SHARED / "xquad.zh.json")
    parser.add_argument("xquad_en", nargs="?", type=Path, default=SHARED / "xquad.en.json")
    parser.add_argument("--paraphrases", type=Path, default=Path(__file__).with_name("paraphrases.toml"))
    parser.add_argument("--each", type=int, default=60, help="drafts of each kind")
    options = parser.parse_args()
    zh, en = (
        halves(squad(path, language))[0] for path, language in ((options.xquad_zh, "zh"), (options.xquad_en, "en"))
    )
    cmrc = squad(options.cmrc, "zh")
    made = drafts(cmrc + zh, options.each, 1) + drafts(en, options.each, 2)
    made += across(en, zh, options.each, 7) + across(zh, en, options.each, 8)
    made += free(options.paraphrases, 0) * 4
    model = embedder(EmbedOptions())
    items = [compared(draft.sentence, draft.quotes) for draft in made]
    add_cosines([item for item in items if not item.conflicts], Remembered(model))
    record = {
        "embedder": model.name,
        "fitted_on": f"{len(made)} drafts over {options.cmrc.name} and half of the articles of {options.xquad_zh.name} "
                     f"and {options.xquad_en.name} (benchmarks/drafts.py), {date.today().isoformat()}",
        "with_conflict": round(_true_with_conflict(made, items), 4),
        "models": {name: _fitted(name, made, items) for name in MODELS},
    }  # fmt: skip
    FITS.mkdir(exist_ok=True)
    (FITS / "support.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _fitted(name: str, made: list[Draft], items: list[Compared]) -> dict[str, Any]:
    pairs = [(item.features, int(draft.true)) for draft, item in zip(made, items, strict=True)
             if not item.conflicts and item.crosses == name.endswith("across")]  # fmt: skip
    rows, labels = [row for row, _ in pairs], [label for _, label in pairs]
    model = fit(rows, labels, MODELS[name], l2=3.0, prior=PRIOR[name])
    print(f"{name}: {len(rows)} drafts without conflicts, AUROC {auroc(labels, model.probability(rows))}")
    print("   ", {feature: round(weight, 2) for feature, weight in zip(model.features, model.weights, strict=True)})
    return model.as_json()


def _true_with_conflict(made: list[Draft], items: list[Compared]) -> float:
    """P(true | a conflict was found) at the prior of one language."""
    pairs = [(draft.true, bool(item.conflicts)) for draft, item in zip(made, items, strict=True)]
    flagged = {label: np.mean([conflict for true, conflict in pairs if true == label]) for label in (True, False)}
    true, false = PRIOR["words"] * flagged[True], (1 - PRIOR["words"]) * flagged[False]
    return float(true / (true + false))


if __name__ == "__main__":
    main()
