"""Is a sentence grounded in the facts of its news? Against counting shared words, on sentences half of which are wrong.

    python benchmarks/groundedness.py [CRUD_HALLU_MODIFIED] [NEWS] [--news N]

The file has the key facts of each news text, and questions with their answers; not the texts. A question said as a
statement with its answer is true; with a planted error it is wrong: another number, the likest answer from other news,
or another answer of the same news. The last cannot be told from facts that are mere names and phrases, so it is counted
apart. Whole texts are measured on news (NEWS): three sentences of each, one with a number, date, unit or negation
changed. No news is reported on by a curve that was fitted on it (five folds).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

import corruptions
from gezhi.evaluation import calibration
from gezhi.evaluation.logistic import fit
from gezhi.evaluation.quality.groundedness import Groundedness, lexical
from gezhi.evaluation.statistics import auroc, auroc_difference
from gezhi.language.sentences import sentences
from gezhi.models import EmbedOptions, embedder
from paragraphs import Paragraph, news
from report import SHARED, report

_ASKED = re.compile(
    "是?(?:哪(?:一?[个些位种年家支所座项名届场次国省市州地里]|里|儿)?|什么|何[时地处人]?|谁|多少|如何|怎样|怎么样?|为什么)"
)
_UNKNOWN = "无法推断"
ROWS = (
    ("claims: number", ("number",)),
    ("claims: answer of other news", ("other news",)),
    ("claims: answer of the same news", ("same news",)),
    ("claims, without the same news", ("number", "other news")),
    ("claims, all", ("number", "other news", "same news")),
    ("three sentences of a news text", ("text",)),
)
FEATURES = ("lexical", "words", "meaning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence about the facts of a news text."""

    news: str
    kind: str
    true: bool
    sentence: str
    facts: tuple[str, ...]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hallu", nargs="?", type=Path, default=SHARED / "crud_hallu_modified.json")
    parser.add_argument("news_texts", nargs="?", type=Path, default=SHARED / "crud_news_part1")
    parser.add_argument("--news", type=int, default=600, help="for claims; a tenth of it for whole texts")
    options = parser.parse_args()
    made = claims(json.loads(options.hallu.read_text(encoding="utf-8")), options.news, Random(3))
    made += texts(news(options.news_texts, 1900), options.news // 10, Random(7))
    scores = features(made)
    scores["fitted"] = np.empty(len(made))
    for whole in (True, False):
        # phrases and whole texts have scores of different kinds
        own = [k for k, claim in enumerate(made) if (claim.kind == "text") == whole]
        scores["fitted"][own] = fitted([made[k] for k in own], {name: scores[name][own] for name in FEATURES})
    rows = [row(name, [k for k, claim in enumerate(made) if claim.kind in kinds], made, scores) for name, kinds in ROWS]
    notes = [
        "AUROC with 95 % bootstrap intervals. words, meaning: groundedness without and with the embedder, as shipped.",
        "fitted: a logistic of all three, each news by a fit on others. Its lead is paired; ECE is its own.",
    ]
    report("groundedness", f"python benchmarks/groundedness.py --news {options.news}", rows, notes)


def claims(file: Mapping[str, Any], most: int, random: Random) -> list[Claim]:
    """A true and a wrong sentence of each news text that has a question which can be said as a statement."""
    whole = {name: told for name, told in file.items() if told and len(told["question"]) == len(told["answers"])}
    answers = sorted({answer for told in whole.values() for answer in told["answers"]} - {_UNKNOWN})
    made: list[Claim] = []
    for name in random.sample(sorted(whole), len(whole)):
        if len(made) >= 2 * most:
            break
        made += _pair(name, whole[name], answers, random)
    return made


def _pair(name: str, told: Mapping[str, Any], answers: Sequence[str], random: Random) -> Iterator[Claim]:
    asked = [pair for pair in zip(told["question"], told["answers"], strict=True) if _fits(*pair)]
    if not asked or len(told["key_info"]) < 2:
        return
    question, answer = random.choice(asked)
    ways = {"number": _other_number, "other news": _of_others, "same news": _of_the_same}
    for kind in sorted(ways, key=lambda way: (way != "number", random.random())):
        wrong = ways[kind](answer, told, answers, random)
        if wrong:
            facts = ("，".join(told["key_info"]) + "。",)
            for true, said in ((True, answer), (False, wrong)):
                yield Claim(news=name, kind=kind, true=true, sentence=_statement(question, said), facts=facts)
            return


def _fits(question: str, answer: str) -> bool:
    return answer != _UNKNOWN and 1 < len(answer) < 30 and bool(_ASKED.search(question))


def _statement(question: str, answer: str) -> str:
    return _ASKED.sub(answer.replace("\\", ""), question, count=1).rstrip("？?") + "。"


def _other_number(answer: str, told: Mapping[str, Any], _answers: Sequence[str], random: Random) -> str | None:
    digits = re.search(r"\d+", answer)
    if not digits:
        return None
    new = corruptions.other_number(digits.group(), random)
    return None if new in "".join(told["key_info"]) else answer[: digits.start()] + new + answer[digits.end() :]


def _of_others(answer: str, told: Mapping[str, Any], answers: Sequence[str], random: Random) -> str | None:
    """The likest of 300 answers from other news, of about the same length."""
    facts = "".join(told["key_info"])
    own = set(answer)
    alike = [
        other
        for other in random.sample(answers, 300)
        if abs(len(other) - len(answer)) <= 2 and other not in facts and not re.search(r"\d", other)
    ]
    return max(alike, key=lambda other: len(own & set(other)) / len(own | set(other)), default=None)


def _of_the_same(answer: str, told: Mapping[str, Any], _answers: Sequence[str], random: Random) -> str | None:
    others = [other for other in told["answers"] if other != _UNKNOWN and other not in answer and answer not in other]
    return random.choice(others) if others else None


def texts(every: Sequence[Paragraph], most: int, random: Random) -> list[Claim]:
    """Three sentences on end of news texts, as they are and with an error in one."""
    made: list[Claim] = []
    for paragraph in random.sample(every, most):
        spans = [(a, b) for a, b in sentences(paragraph.text) if 12 <= b - a <= 160][:-1]
        if len(spans) < 3:
            continue
        first = random.randrange(len(spans) - 2)
        three = [paragraph.text[a:b] for a, b in spans[first : first + 3]]
        changed = _changed(three, paragraph, every, random)
        if changed:
            made += [
                Claim(news=paragraph.article, kind="text", true=true, sentence="".join(said), facts=(paragraph.text,))
                for true, said in ((True, three), (False, changed))
            ]
    return made


def _changed(said: Sequence[str], paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> list[str] | None:
    for corrupt in random.sample(_CORRUPT, len(_CORRUPT)):
        for place in random.sample(range(len(said)), len(said)):
            wrong = corrupt(said[place], paragraph, every, random)
            if wrong and wrong != said[place]:
                return [*said[:place], wrong, *said[place + 1 :]]
    return None


_CORRUPT = (corruptions.number, corruptions.date, corruptions.unit, corruptions.negation)


def features(made: Sequence[Claim]) -> dict[str, NDArray[np.float64]]:
    """What the scores say of each claim."""
    plain, meaning = Groundedness(), Groundedness(embedder(EmbedOptions()))
    return {
        "lexical": np.array([lexical(claim.sentence, claim.facts) or 0.0 for claim in made]),
        "words": np.array([plain.score(claim.sentence, claim.facts) or 0.0 for claim in made]),
        "meaning": np.array([meaning.score(claim.sentence, claim.facts) or 0.0 for claim in made]),
    }


def fitted(made: Sequence[Claim], scores: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """A logistic of all scores, fitted on the other folds of news."""
    rows = [{name: float(scores[name][k]) for name in FEATURES} for k in range(len(made))]
    order = Random(1).sample(sorted({claim.news for claim in made}), len({claim.news for claim in made}))
    fold = {name: place % 5 for place, name in enumerate(order)}
    out = np.empty(len(made))
    for held_out in range(5):
        here = [k for k, claim in enumerate(made) if fold[claim.news] == held_out]
        rest = [k for k, claim in enumerate(made) if fold[claim.news] != held_out]
        model = fit([rows[k] for k in rest], [int(made[k].true) for k in rest], FEATURES)
        out[here] = model.probability([rows[k] for k in here])
    return out


def row(
    name: str, chosen: Sequence[int], made: Sequence[Claim], scores: Mapping[str, NDArray[np.float64]]
) -> dict[str, Any]:
    """AUROCs of one kind of error."""
    labels = [int(made[k].true) for k in chosen]
    shown = {score: str(auroc(labels, values[chosen])) for score, values in scores.items()}
    lead = auroc_difference(labels, scores["fitted"][chosen], scores["lexical"][chosen])
    error = calibration.expected_error(labels, scores["fitted"][chosen])
    return {"planted error": name, "n": len(chosen), **shown, "fitted over lexical": str(lead), "ECE": round(error, 4)}


if __name__ == "__main__":
    main()
