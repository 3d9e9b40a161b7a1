"""How much of what is wrong the support checker catches, and how much of what is right it drops.

    python benchmarks/checker.py [DRCD] [NEWS] [XQUAD_ZH] [XQUAD_EN] [--each N] [--seed N] [--misses FILE]

Drafts are made by `drafts.py` over DRCD (dev), CRUD news and the half of XQuAD that the model was not fitted on; the
quote is the sentence itself, with its neighbours, or its whole paragraph. `--misses` writes what was judged wrongly.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drafts import Draft, across, drafts, free
from gezhi.evaluation.quality.support import Support, SupportChecker
from gezhi.evaluation.statistics import Interval, proportion
from gezhi.models import EmbedOptions, embedder
from paragraphs import halves, news, squad
from report import SHARED, report

HARD = ("restated", "restated wrong", "neighbouring quote", "free", "free wrong", "added clause")
"""Kinds beyond scripted edits of one sentence; totals are given with and without them."""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, file in (
        ("drcd", "drcd_dev.json"),
        ("news", "crud_news_part1"),
        ("xquad_zh", "xquad.zh.json"),
        ("xquad_en", "xquad.en.json"),
    ):
        parser.add_argument(name, nargs="?", type=Path, default=SHARED / file)
    parser.add_argument("--paraphrases", type=Path, default=Path(__file__).with_name("paraphrases.toml"))
    parser.add_argument("--each", type=int, default=60, help="drafts of each kind and source")
    parser.add_argument("--seed", type=int, default=200, help="which drafts are drawn")
    parser.add_argument("--misses", type=Path)
    options = parser.parse_args()
    made = _drafts(options)
    model = embedder(EmbedOptions())
    began = time.perf_counter()
    with_meaning = SupportChecker(model).check_many([(draft.sentence, draft.quotes) for draft in made])
    seconds = time.perf_counter() - began
    words_only = SupportChecker(None).check_many([(draft.sentence, draft.quotes) for draft in made])
    if options.misses:
        _write_misses(options.misses, made, with_meaning)
    notes = [
        f"{len(made)} drafts in {seconds:.0f} s: {1000 * seconds / len(made):.0f} ms each with {model.name}.",
        "right = corrupted caught, or true kept; intervals are Wilson's, 95 %.",
        "hard = statements made of questions and answers, free restatements, a clause added, the neighbour quoted.",
    ]
    report(
        "checker",
        f"python benchmarks/checker.py --each {options.each} --seed {options.seed}",
        _rows(made, with_meaning, words_only),
        notes,
    )


def _drafts(options: argparse.Namespace) -> list[Draft]:
    zh = halves(squad(options.xquad_zh, "zh"))[1]
    en = halves(squad(options.xquad_en, "en"))[1]
    each = options.each
    seed = options.seed
    return [
        *drafts(squad(options.drcd, "zh"), each, seed),
        *drafts(news(options.news, 1900), each, seed + 1),
        *drafts(zh, each, seed + 2),
        *drafts(en, 2 * each, seed + 3),
        *free(options.paraphrases, 1),
        *across(en, zh, each, seed + 4),
        *across(zh, en, each, seed + 5),
    ]


def _rows(made: Sequence[Draft], judged: Sequence[Support], words_only: Sequence[Support]) -> list[dict[str, Any]]:
    groups: list[tuple[str, str, list[int]]] = []
    for language in ("zh", "en"):
        own = [k for k, draft in enumerate(made) if draft.language == language]
        kinds = dict.fromkeys(made[k].kind for k in own)
        groups += [(kind, language, [k for k in own if made[k].kind == kind]) for kind in kinds]
    everything = range(len(made))
    within = [k for k in everything if not made[k].kind.startswith("across")]
    plain = [k for k in within if made[k].kind not in HARD]
    crossing = [k for k in everything if made[k].kind.startswith("across")]
    for name, members in (("total", plain), ("total with hard ones", within), ("total across languages", crossing)):
        for true in (True, False):
            label = f"{name}: {'true kept' if true else 'corrupted caught'}"
            groups.append((label, "both", [k for k in members if made[k].true == true]))
    return [_row(kind, language, members, made, judged, words_only) for kind, language, members in groups]


def _row(
    kind: str,
    language: str,
    members: list[int],
    made: Sequence[Draft],
    judged: Sequence[Support],
    words: Sequence[Support],
) -> dict[str, Any]:
    right = sum(judged[k].supported == made[k].true for k in members)
    plain = sum(words[k].supported == made[k].true for k in members)
    interval: Interval = proportion(right, len(members))
    return {
        "kind": kind, "language": language, "is": "true" if made[members[0]].true else "corrupted", "n": len(members),
        "right": round(interval.mean, 4), "low": round(interval.low, 4), "high": round(interval.high, 4),
        "right without embedder": round(plain / len(members), 4),
    }  # fmt: skip


def _write_misses(path: Path, made: Sequence[Draft], judged: Sequence[Support]) -> None:
    misses = [
        {"kind": draft.kind, "language": draft.language, "sentence": draft.sentence, "original": draft.original,
         "quotes": draft.quotes, "score": support.score,
         "conflicts": [[c.kind, c.said, c.found] for c in support.conflicts]}
        for draft, support in zip(made, judged, strict=True) if draft.true != support.supported
    ]  # fmt: skip
    path.write_text(json.dumps(misses, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
