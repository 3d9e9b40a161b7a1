"""METEOR with exact and stem matches, in the parameters of Banerjee and Lavie (2005): alpha .9, beta 3, gamma .5.

Equal to nltk's `meteor_score` without WordNet: words are aligned from the end to the last free one that matches, where
the paper looks for the alignment with the fewest chunks. Chinese has no stems: characters or words match exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from gezhi.evaluation.quality.text.score import (
    Score,
    TextOptions,
    check_tokenize,
    language_of,
    languages,
    means,
    number_of_references,
    signature,
)
from gezhi.evaluation.quality.text.stem import porter
from gezhi.evaluation.quality.text.tokens import tokenizer_name, units

ALPHA, BETA, GAMMA = 0.9, 3, 0.5
Enumerated = list[tuple[int, str]]


class Meteor:
    """0 to 1; the best over the references, mean over the texts. Of the same text of n tokens it is 1 - .5 / n³."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("meteor", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The score `meteor`."""
        language = languages(texts, references, self._options)
        stems = "porter" if "en" in language else "no"
        sign = signature(
            nrefs=number_of_references(references), lang=language, tok=tokenizer_name(language, self._options),
            stem=stems, alpha=ALPHA, beta=BETA, gamma=GAMMA,
        )  # fmt: skip
        return means(("meteor",), self.of, texts, references, sign)

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text."""
        return {"meteor": max(self._of_pair(text, reference) for reference in references)}

    def _of_pair(self, text: str, reference: str) -> float:
        language = language_of(text, reference, self._options)
        said, wanted = units(text, language, self._options), units(reference, language, self._options)
        matches = aligned(said, wanted, stems=language == "en")
        if not matches:
            return 0.0
        precision, recall = len(matches) / len(said), len(matches) / len(wanted)
        mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall)
        return mean * (1 - GAMMA * (_chunks(matches) / len(matches)) ** BETA)


def aligned(said: Sequence[str], wanted: Sequence[str], *, stems: bool) -> list[tuple[int, int]]:
    """Pairs of positions, by the first: equal tokens, then equal stems of what is left."""
    left, right = list(enumerate(said)), list(enumerate(wanted))
    matches, left, right = _matched(left, right, str)
    if stems:
        by_stem, _, _ = _matched(left, right, porter)
        matches += by_stem
    return sorted(matches)


def _matched(
    left: Enumerated, right: Enumerated, form: Callable[[str], str]
) -> tuple[list[tuple[int, int]], Enumerated, Enumerated]:
    """Matches by a form of the words, and what is left of both."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, word in right:
        places[form(word)].append(j)
    matches = []
    for i, word in reversed(left):
        if free := places.get(form(word)):
            matches.append((i, free.pop()))
    taken_left, taken_right = {i for i, _ in matches}, {j for _, j in matches}
    rest = [pair for pair in left if pair[0] not in taken_left]
    return matches, rest, [pair for pair in right if pair[0] not in taken_right]


def _chunks(matches: Sequence[tuple[int, int]]) -> int:
    """Stretches that stand unbroken and in one order in both."""
    return 1 + sum((i + 1, j + 1) != following for (i, j), following in pairwise(matches))
