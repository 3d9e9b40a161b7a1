"""Diversity over repeated sampling: does a model say the same again, in words (distinct-n) or in meaning (clusters)?"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions, ExamError, ModelError, NotFound
from gezhi.core.protocols import ChatModel, Embedder
from gezhi.core.types import Message, Progress, Sampling
from gezhi.evaluation.quality.text.score import TextOptions
from gezhi.evaluation.quality.text.variety import Distinct
from gezhi.evaluation.scans.asking import ScanOptions, each, mean, sampled
from gezhi.evaluation.scans.questions import read_records
from gezhi.evaluation.statistics import Interval


@dataclass(frozen=True, kw_only=True)
class DiversityOptions:
    """How often and how freely each prompt is sampled."""

    samples: int = 8
    """Replies a prompt."""
    temperature: float = 0.8
    top_p: float = 0.95
    same: float = 0.93
    """Cosine from which two replies mean the same: of the built-in embedder, which puts unrelated texts of one language
    at .75 to .85."""

    def __post_init__(self) -> None:
        ranges = {"samples": (2, 1000), "temperature": (0.0, 5.0), "top_p": (0.001, 1.0), "same": (-1.0, 1.0)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadOptions("scans.out_of_range", name=name, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """The replies to one prompt."""

    prompt: str
    replies: tuple[str, ...]
    failed: int
    distinct: dict[str, float | None]
    """distinct-1, -2, -3 over all replies together."""
    different: float | None
    """Share of replies that no earlier one equals, letter for letter."""
    spread: float | None
    """Mean of 1 - cosine over all pairs of replies: 0 where all mean the same."""
    largest: float | None
    """Share of the largest cluster of replies that mean the same; 1: the mode has collapsed."""
    clusters: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversityReport:
    """All prompts, and what to do about it."""

    model: str
    options: DiversityOptions
    distinct_2: Interval | None
    """Mean over prompts; so are the others. None for fewer than five prompts."""
    different: Interval | None
    spread: Interval | None
    largest: Interval | None
    prompts: tuple[Sampled, ...]
    failed: int
    advice: tuple[str, ...]
    """Sentences in the reader's language."""


def scan_diversity(
    model: ChatModel,
    embedder: Embedder,
    prompts: Sequence[str],
    diversity: DiversityOptions | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> DiversityReport:
    """Sample each prompt several times, with seeds one after the other where the model takes seeds.

    Raises:
        ModelError: Every request failed.
    """
    diversity, options = diversity or DiversityOptions(), options or ScanOptions()
    chosen = sampled(prompts, options)
    turns = [(i, turn) for i in range(len(chosen)) for turn in range(diversity.samples)]

    def ask(place: tuple[int, int]) -> str:
        sampling = Sampling(
            temperature=diversity.temperature, top_p=diversity.top_p, max_tokens=options.max_tokens,
            seed=options.seed + place[1],
        )  # fmt: skip
        return model.reply([Message("user", chosen[place[0]])], sampling).text.strip()

    results = each(ask, turns, options, progress, "diversity")
    found = []
    for i, prompt in enumerate(chosen):
        own = results[i * diversity.samples : (i + 1) * diversity.samples]
        texts = [one for one in own if not isinstance(one, ModelError)]
        found.append(_sampled(prompt, texts, len(own) - len(texts), embedder, diversity))
    return DiversityReport(
        model=model.name,
        options=diversity,
        distinct_2=mean([v for one in found if (v := one.distinct["distinct-2"]) is not None]),
        different=mean([one.different for one in found if one.different is not None]),
        spread=mean([one.spread for one in found if one.spread is not None]),
        largest=mean([one.largest for one in found if one.largest is not None]),
        prompts=tuple(found),
        failed=sum(one.failed for one in found),
        advice=tuple(advice(found, diversity)),
    )


def prompts_of(path: Path) -> list[str]:
    """The prompts of a file: a line each, or `prompt` or `question` of each JSON line.

    Raises:
        NotFound, ExamError: No file, or a broken one, with the place.
    """
    if path.suffix.lower() in (".jsonl", ".json", ".csv", ".tsv"):
        return [record.text("prompt", "question") for record in read_records(path)]
    if not path.is_file():
        raise NotFound("scans.no_file", path=path)
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines()]
    found = [line for line in lines if line]
    if not found:
        raise ExamError("scans.nothing", path=path)
    return found


def own_prompts() -> list[str]:
    """A few open prompts that have many good replies."""
    tables = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8"))
    return [str(prompt) for prompt in tables["open"]["prompts"]]


def advice(found: Sequence[Sampled], options: DiversityOptions) -> list[str]:
    """What the numbers say about the sampling settings, in the reader's language."""
    largest = [one.largest for one in found if one.largest is not None]
    different = [one.different for one in found if one.different is not None]
    spread = [one.spread for one in found if one.spread is not None]
    if not largest or not different or not spread:
        return [say("scans.advice_too_few")]
    share, letters = sum(largest) / len(largest), sum(different) / len(different)
    if options.temperature == 0:
        return [say("scans.advice_greedy")]
    if letters <= 0.5:
        return [say("scans.advice_same_text", share=f"{1 - letters:.0%}", temperature=options.temperature)]
    if share >= 0.9:
        return [say("scans.advice_same_meaning", share=f"{share:.0%}", temperature=options.temperature)]
    said = [say("scans.advice_varied", share=f"{share:.0%}")]
    if sum(spread) / len(spread) > 0.2:
        said.append(say("scans.advice_scattered", temperature=options.temperature))
    return said


def clusters(vectors: NDArray[np.float32], same: float) -> list[list[int]]:
    """Rows of unit vectors in groups, largest first: each joins the first group whose mean direction is near enough.

    Order-dependent, as leader clustering is (Hartigan 1975); no chain of near neighbours makes one group of two
    meanings, as single linkage would.
    """
    groups: list[list[int]] = []
    for i, vector in enumerate(vectors):
        for group in groups:
            centre = vectors[group].mean(axis=0)
            if float(vector @ centre) >= same * float(np.linalg.norm(centre)):
                group.append(i)
                break
        else:
            groups.append([i])
    return sorted(groups, key=len, reverse=True)


def _sampled(prompt: str, texts: Sequence[str], failed: int, embedder: Embedder, options: DiversityOptions) -> Sampled:
    scores = {score.name: score.value for score in Distinct(TextOptions())(texts)} if texts else {}
    distinct = {f"distinct-{n}": scores.get(f"distinct-{n}") for n in (1, 2, 3)}
    if len(texts) < 2:
        return Sampled(prompt=prompt, replies=tuple(texts), failed=failed, distinct=distinct, different=None,
                       spread=None, largest=None, clusters=None)  # fmt: skip
    vectors = embedder.embed_passages(texts)
    cosines = (vectors @ vectors.T)[np.triu_indices(len(texts), 1)]
    groups = clusters(vectors, options.same)
    return Sampled(
        prompt=prompt,
        replies=tuple(texts),
        failed=failed,
        distinct=distinct,
        different=len(set(texts)) / len(texts),
        spread=max(0.0, 1 - float(cosines.mean())),
        largest=len(groups[0]) / len(texts),
        clusters=len(groups),
    )
