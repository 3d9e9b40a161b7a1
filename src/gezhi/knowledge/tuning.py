"""Searches the options of a pipeline on an exam: tried on one part of the documents, the winner proved on the other.

What candidates share is done once: documents are read once, cut and embedded once for each way of cutting, questions
embedded once, and an exam that was taken before with the same options on the same documents is not taken again.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gezhi.answering.memory import RememberingEmbedder
from gezhi.core.errors import BadOptions
from gezhi.core.options import from_mapping, merged_sets, read_toml, to_mapping, to_toml
from gezhi.core.protocols import Embedder
from gezhi.core.types import Document, Progress
from gezhi.evaluation.datasets import split
from gezhi.evaluation.exam import Exam
from gezhi.knowledge.exam_texts import indexed
from gezhi.knowledge.exams import ExamOptions, Taken, compare, take
from gezhi.knowledge.pipeline import Pipeline
from gezhi.models import embedder
from gezhi.tracking import Runs

if TYPE_CHECKING:
    from gezhi.evaluation.statistics import Comparison

Settings = tuple[tuple[str, Any], ...]
"""Dotted option and value, such as `("retrieval.k", 8)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One candidate on the development part."""

    settings: Settings
    """Empty: the pipeline as it is."""
    mean: float
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found."""

    metric: str
    tried: list[Tried]
    """Best first."""
    winner: Settings
    pipeline: Pipeline
    """With the winner's settings."""
    held_out: Comparison | None
    """The winner against the pipeline as it is, on documents that the search has not seen; None where nothing beat it
    on the development part."""
    runs: tuple[str, str] | None
    """Those of the held-out part: as it is, winner."""


def read_space(path: Path, pipeline: Pipeline) -> dict[str, list[Any]]:
    """Options and the values to try, from a TOML file such as `[retrieval]` with `k = [4, 8, 16]`.

    Raises:
        BadOptions: No list, an unknown option (the nearest is offered) or a value out of range.
    """
    space = dict(_flat(read_toml(path)))
    if not space:
        raise BadOptions("exam.empty_space", path=path)
    for name, values in space.items():
        if not isinstance(values, list) or not values:
            raise BadOptions("exam.no_list", path=path, name=name, value=values)
        for value in values:
            configured(pipeline, ((name, value),), str(path))
    return space


def configured(pipeline: Pipeline, settings: Settings, where: str = "") -> Pipeline:
    """The pipeline with these settings. Raises BadOptions."""
    tables: dict[str, Any] = to_mapping(pipeline)
    for name, value in settings:
        *above, last = name.split(".")
        table = tables
        for part in above:
            table = table.setdefault(part, {})
        table[last] = value
    return from_mapping(Pipeline, tables, where)


def search(
    exam: Exam,
    documents: Sequence[Document],
    pipeline: Pipeline,
    space: Mapping[str, list[Any]],
    options: SearchOptions,
    runs: Runs,
    progress: Progress = lambda stage, done, total: None,
) -> Found:
    """Try candidates, the pipeline as it is among them, and prove the best on held-out documents.

    Raises:
        BadOptions: The metric is not measured on this exam, or there are too few documents to hold any out.
    """
    development, held_out = split(exam, options.development, options.seed)
    candidate = _Candidates(documents, pipeline, options, runs)
    tried: dict[Settings, Tried] = {}
    for settings in itertools.chain([()], _candidates(space, options, tried, candidate)):
        if settings not in tried:
            taken = candidate.take(development, settings)
            tried[settings] = Tried(settings=settings, mean=_mean(taken, options.metric), run=taken.record.id)
            progress("search", len(tried), options.budget)
    ranked = candidate.ranked(tried)
    winner = ranked[0].settings
    before, after = (candidate.take(held_out, settings) for settings in ((), winner)) if winner else (None, None)
    return Found(
        metric=candidate.metric,
        tried=ranked,
        winner=winner,
        pipeline=configured(pipeline, winner),
        held_out=compare(before, after, only=[candidate.metric])[candidate.metric] if before and after else None,
        runs=(before.record.id, after.record.id) if before and after else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How a search goes on."""

    metric: str = ""
    """Scorer that decides; empty: the exam's headline."""
    budget: int = 40
    """Candidates tried at most, the pipeline as it is among them."""
    development: float = 0.5
    """Share of the items that candidates are tried on; the others stay unseen until the end."""
    retrieval_only: bool = False
    """Search without answering: faster, for options of splitting and retrieval."""
    seed: int = 0
    """Of the parts and of what is drawn."""


class _Candidates:
    """Takes exams with settings; documents and vectors are kept between them."""

    def __init__(self, documents: Sequence[Document], pipeline: Pipeline, options: SearchOptions, runs: Runs) -> None:
        self._documents, self._pipeline, self._options, self._runs = documents, pipeline, options, runs
        self._embedders: dict[str, Embedder] = {}
        self.metric, self.higher_is_better = options.metric, True

    def take(self, exam: Exam, settings: Settings) -> Taken:
        pipeline = configured(self._pipeline, settings)
        options = ExamOptions(
            scorers=(self.metric,) if self.metric else (),
            retrieval_only=self._options.retrieval_only,
            name=" ".join(f"{name}={value}" for name, value in settings) or "as it is",
            seed=self._options.seed,
        )
        with indexed(self._documents, pipeline, embedder=self._embedder(pipeline)) as knowledge:
            taken = take(exam, knowledge, options, self._runs, again=False)
        self.metric = self.metric or taken.scores[0].name
        self.higher_is_better = taken.scores[0].higher_is_better
        return taken

    def ranked(self, tried: Mapping[Settings, Tried]) -> list[Tried]:
        """Best first; of equals the one that changes least."""
        sign = -1 if self.higher_is_better else 1
        return sorted(tried.values(), key=lambda one: (sign * one.mean, len(one.settings)))

    def _embedder(self, pipeline: Pipeline) -> Embedder:
        key = repr(pipeline.embed)
        if key not in self._embedders:
            self._embedders[key] = RememberingEmbedder(embedder(pipeline.embed))
        return self._embedders[key]


def _candidates(
    space: Mapping[str, list[Any]],
    options: SearchOptions,
    tried: Mapping[Settings, Tried],
    candidate: _Candidates,
) -> Iterator[Settings]:
    """All combinations where the budget allows; else half of it at random, then one step at a time from the best."""
    names = list(space)
    count = 1
    for values in space.values():
        count *= len(values)
    if count < options.budget:
        yield from (tuple(zip(names, chosen, strict=True)) for chosen in itertools.product(*space.values()))
        return
    draw = random.Random(options.seed)
    while len(tried) < max(2, options.budget // 2):
        yield tuple((name, draw.choice(values)) for name, values in space.items())
    while len(tried) < options.budget:
        best = candidate.ranked(tried)[0].settings or tuple((name, space[name][0]) for name in names)
        steps = [
            tuple((name, value if name == changed else old) for name, old in best)
            for changed in names
            for value in space[changed]
        ]
        fresh = [step for step in steps if step not in tried]
        yield draw.choice(fresh) if fresh else tuple((name, draw.choice(values)) for name, values in space.items())


def _mean(taken: Taken, metric: str) -> float:
    interval = taken.scores[0].interval
    if interval is None:
        raise BadOptions("exam.not_measured", metric=metric or taken.scores[0].name, name=taken.exam.name)
    return interval.mean


def _flat(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value, "" if name == "space" and not above else f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def to_file(found: Found, settings: Mapping[str, Any]) -> str:
    """A gezhi.toml with the winner's settings over those of the file in use."""
    return to_toml(merged_sets(settings, [f"{name}={_text(value)}" for name, value in found.winner]))


def _text(value: Any) -> str:
    return to_toml({"x": value}).removeprefix("x = ").strip()
