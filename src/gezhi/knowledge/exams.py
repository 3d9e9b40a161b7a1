"""Exams of a pipeline: take one and keep what came of it, read it back, compare two runs, let only winners through."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from gezhi.core.errors import BadOptions
from gezhi.core.options import to_mapping
from gezhi.core.plain import plain, rebuilt
from gezhi.core.types import Answer, Message, Progress
from gezhi.evaluation.exam import Exam, Item, Outcome, Scorer, Solver
from gezhi.evaluation.quality import scorer
from gezhi.evaluation.report.values import Score
from gezhi.evaluation.running import by_tag, clusters, run_exam, summaries, values_of
from gezhi.knowledge.base import Knowledge
from gezhi.tracking import Record, Run, Runs, fingerprint

if TYPE_CHECKING:
    from gezhi.evaluation.statistics import Comparison

KIND = "exam"
_JUDGED = "judge:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A run of an exam, read back."""

    record: Record
    exam: Exam
    """Without its texts."""
    outcomes: list[Outcome]
    scores: list[Score]
    """The first is the headline."""
    tags: dict[str, list[Score]]

    @property
    def failed(self) -> int:
        """Items that the solver could not answer."""
        return sum(outcome.answer is None for outcome in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamOptions:
    """How an exam is taken."""

    scorers: tuple[str, ...] = ()
    """Their names, the headline first; none: what can be measured on the exam."""
    retrieval_only: bool = False
    """Search, and do not answer: answers have passages only."""
    name: str = ""
    """Of the run; none: the exam's."""
    seed: int = 0
    """Told to the run, for solvers that draw."""


def default_scorers(exam: Exam, k: int) -> list[str]:
    """What can be measured on an exam: rankings where places are known, answers where references are, refusals."""
    names: list[str] = []
    if any(item.answers for item in exam.items):
        names += ["correct", "f1"]
    if any(item.relevant for item in exam.items):
        names += [f"recall@{k}", "mrr", f"ndcg@{k}"]
        names += ["citation_precision", "citation_recall"] if any(item.answers for item in exam.items) else []
    names += ["support"] if names else []
    return [*names, "refused_right"] if any(item.unanswerable for item in exam.items) else names


def take(
    exam: Exam,
    knowledge: Knowledge,
    options: ExamOptions,
    runs: Runs,
    *,
    again: bool = True,
    progress: Progress = lambda stage, done, total: None,
) -> Taken:
    """Take an exam; each item is on record before the next is asked, and an interrupted run is taken up.

    Args:
        again: False gives back a finished run of the same work, where there is one, instead of doing it again.

    Raises:
        BadOptions: Nothing can be measured, or documents of the exam are not indexed.
        UnknownName: No such scorer.
    """
    wanted = default_scorers(exam, knowledge.pipeline.retrieval.k)
    names = list(options.scorers) or (_for_search(wanted) if options.retrieval_only else wanted)
    if not names:
        raise BadOptions("exam.nothing_to_measure", name=exam.name)
    made = [_scorer(one, knowledge) for one in names]
    _check_documents(exam, knowledge)
    subject = {"name": exam.name, "sha256": exam.sha256, "reviewed": exam.reviewed, "items": len(exam.items)}
    chosen = {
        "pipeline": {name: part for name, part in to_mapping(knowledge.pipeline).items() if name != "watch"},
        "scorers": names,
        "retrieval_only": options.retrieval_only,
    }
    versions = _versions(knowledge)
    work = fingerprint(KIND, subject=subject, options=chosen, versions=versions, seed=options.seed)
    if not again and (old := _finished(runs, work, exam)):
        return read(runs, old)
    unfinished = runs.resumable(KIND, work)
    run = (
        runs.resume(unfinished.id)
        if unfinished
        else runs.start(
            KIND, options.name or exam.name, options=chosen, versions=versions, seed=options.seed, subject=subject
        )
    )
    items = {item.id: item for item in exam.items}
    with run:
        outcomes = run_exam(
            exam,
            _searching(knowledge) if options.retrieval_only else knowledge.ask,
            made,
            record=lambda outcome: run.item(outcome.item, _to_record(items[outcome.item], outcome)),
            done=dict(_outcomes(run)),
            progress=progress,
        )
        found = summaries(exam, outcomes, made)
        run.summary({"scores": plain(found), "failed": sum(outcome.answer is None for outcome in outcomes)})
    return _taken(run.record, replace(exam, texts={}), outcomes, found)


def read(runs: Runs, text: str) -> Taken:
    """The run of an exam that `Runs.find` finds. Raises NotFound; BadOptions where it is no finished exam."""
    run = runs.find(text, KIND)
    record = run.record
    if record.kind != KIND or record.state != "done":
        raise BadOptions("exam.no_exam_run", id=record.id, kind=record.kind, state=record.state)
    records = run.items()
    outcomes = [rebuilt(Outcome, one["outcome"]) for one in records.values()]
    items = tuple(rebuilt(Item, one["item"]) for one in records.values())
    subject = record.subject
    exam = Exam(name=str(subject["name"]), items=items, reviewed=bool(subject["reviewed"]))
    return _taken(record, exam, outcomes, [rebuilt(Score, one) for one in record.summary["scores"]])


def compare(a: Taken, b: Taken, *, confidence: float = 0.95, only: Sequence[str] = ()) -> dict[str, Comparison]:
    """Scorer to the comparison of `b` with `a`, item by item; items of one document are counted together.

    Raises:
        BadOptions: The runs are of different exams, or have no score in common.
    """
    from gezhi.evaluation.statistics import compare as compared

    check_same(a, b)
    theirs = {one.name for one in b.scores}
    common = [one for one in a.scores if one.name in theirs and (not only or one.name in only)]
    if not common:
        raise BadOptions("exam.no_common_score", a=a.record.id, b=b.record.id)
    right = {outcome.item: outcome for outcome in b.outcomes}
    ordered = [right[outcome.item] for outcome in a.outcomes]
    groups = clusters(a.exam)
    # The headline was named beforehand and is tested by itself; what stands beside it shares one level.
    return {
        one.name: compared(
            values_of(a.outcomes, one.name),
            values_of(ordered, one.name),
            groups=groups,
            higher_is_better=one.higher_is_better,
            confidence=confidence,
            hypotheses=max(1, len(common) - 1) if place else 1,
        )
        for place, one in enumerate(common)
    }


def check_same(a: Taken, b: Taken) -> None:
    """Raise BadOptions unless both runs are of the same exam."""
    if a.record.subject["sha256"] != b.record.subject["sha256"]:
        raise BadOptions("exam.different_exams", a=a.record.id, b=b.record.id, exam_a=a.exam.name, exam_b=b.exam.name)


def _taken(record: Record, exam: Exam, outcomes: list[Outcome], scores: list[Score]) -> Taken:
    tags = by_tag(exam, outcomes, scores)
    return Taken(record=record, exam=exam, outcomes=outcomes, scores=scores, tags=tags)


def _scorer(name: str, knowledge: Knowledge) -> Scorer:
    """The scorer of a name; judges ask the chat model of the pipeline."""
    if not name.startswith(_JUDGED):
        return scorer(name, knowledge.embedder if name == "grounded" else None)
    from gezhi.evaluation.quality.judges.scoring import judge_scorer

    if knowledge.model is None:
        raise BadOptions("exam.no_judge", name=name)
    return judge_scorer(name, knowledge.model)


def _for_search(names: list[str]) -> list[str]:
    return [name for name in names if "@" in name or name == "mrr"]


def _versions(knowledge: Knowledge) -> dict[str, str]:
    files = sorted((file.source, file.sha256, file.recipe) for file in knowledge.collection.files().values())
    content = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
    model = knowledge.pipeline.chat.model
    return {"gezhi": version("gezhi"), "collection": content, "embedder": knowledge.embedder.name, "model": model}


def _finished(runs: Runs, work: str, exam: Exam) -> str | None:
    done = runs.list(KIND, exam.sha256, state="done")
    return next((record.id for record in done if record.fingerprint == work), None)


def _searching(knowledge: Knowledge) -> Solver:
    def search(question: str, history: Sequence[Message] = ()) -> Answer:
        return Answer(id="", question=question, text="", passages=tuple(knowledge.search(question)), route="extractive")

    return search


def _check_documents(exam: Exam, knowledge: Knowledge) -> None:
    """An exam about documents that are no longer indexed measures nothing."""
    held = knowledge.collection.files()
    wanted = {place.source for item in exam.items for place in item.relevant}
    gone = sorted(source for source in wanted if not any(_names(source, file) for file in held))
    if gone:
        raise BadOptions("exam.not_indexed", count=len(gone), first=gone[0], collection=knowledge.folder.name)


def _names(source: str, file: str) -> bool:
    return file == source or file.endswith("/" + source) or file.startswith(source + "!")


def _to_record(item: Item, outcome: Outcome) -> dict[str, object]:
    return {"item": plain(item), "outcome": plain(outcome)}


def _outcomes(run: Run) -> list[tuple[str, Outcome]]:
    return [(name, rebuilt(Outcome, one["outcome"])) for name, one in run.items().items()]
