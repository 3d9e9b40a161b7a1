"""`gezhi exam search`: which options win on an exam, proved on documents that the search has not seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.exam.working import Part, bar, read_exam
from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions

if TYPE_CHECKING:
    from gezhi.evaluation.exam import Exam
    from gezhi.knowledge.pipeline import Pipeline
    from gezhi.knowledge.tuning import Found, SearchOptions
    from gezhi.tracking import Runs

_SHOWN = 10


def search(
    exam: Annotated[Path, Parameter(help=say("exam.arg_exam"))],
    *,
    space: Annotated[Path, Parameter(help=say("exam.opt_space"))],
    budget: Annotated[int, Parameter(help=say("exam.opt_budget"))] = 40,
    metric: Annotated[str, Parameter(help=say("exam.opt_metric"))] = "",
    retrieval_only: Annotated[bool, Parameter(negative="", help=say("exam.opt_retrieval_only"))] = False,
    out: Annotated[Path, Parameter(help=say("exam.opt_best"))] = Path("gezhi.best.toml"),
    common: Common | None = None,
) -> int:
    """Try the options in a space file on one part of the documents, and prove the winner on the other."""
    from gezhi.knowledge.pipeline import load_pipeline
    from gezhi.knowledge.tuning import SearchOptions
    from gezhi.tracking import Runs

    common = common or Common()
    if budget < 2:
        raise BadOptions("exam.bad_budget", value=budget)
    options = SearchOptions(metric=metric, budget=budget, retrieval_only=retrieval_only)
    questions = read_exam(exam, Part())
    pipeline = load_pipeline(common.config, common.set)
    with Runs.open() as runs:
        found = _found(questions, pipeline, space, options, runs, common)
    if found.held_out:
        _write(found, out, common)
    if common.json:
        print_json({"found": found, "file": str(out) if found.held_out else None})
    else:
        _show(found, out)
    return 0


def _found(exam: Exam, pipeline: Pipeline, space: Path, options: SearchOptions, runs: Runs, common: Common) -> Found:
    from gezhi.knowledge.exam_texts import documents_of
    from gezhi.knowledge.tuning import read_space, search

    candidates = read_space(space, pipeline)
    if exam.texts and common.collection == "default":
        documents = documents_of(exam)
    else:
        with common.open() as kb:
            documents = list(kb.collection.documents())
    with bar(common.json) as progress:
        return search(exam, documents, pipeline, candidates, options, runs, progress)


def _write(found: Found, out: Path, common: Common) -> None:
    from gezhi.knowledge.pipeline import settings
    from gezhi.knowledge.tuning import to_file

    _, values = settings(common.config, common.set)
    lines = _verdict(found).splitlines()
    out.write_text("".join(f"# {line}\n" for line in lines) + "\n" + to_file(found, values), encoding="utf-8")


def _show(found: Found, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column(found.metric, justify="right")
    table.add_column(say("exam.col_settings"))
    for one in found.tried[:_SHOWN]:
        table.add_row(f"{one.mean:.3f}", _settings(one.settings))
    console.print(say("exam.searched", count=len(found.tried), metric=found.metric))
    console.print(table)
    if len(found.tried) > _SHOWN:
        console.print(say("exam.more", count=len(found.tried) - _SHOWN), style="dim")
    console.print(_verdict(found), soft_wrap=True)
    if found.held_out:
        console.print(say("exam.best_at", path=out), soft_wrap=True)


def _verdict(found: Found) -> str:
    """What the held-out part says, in a sentence."""
    if found.held_out is None:
        return say("exam.nothing_better")
    gap = found.held_out.interval
    if gap is None:
        return say("exam.nothing_better")
    return say(
        f"exam.winner_{found.held_out.verdict}",
        settings=_settings(found.winner),
        metric=found.metric,
        difference=f"{gap.mean:+.3f}",
        low=f"{gap.low:+.3f}",
        high=f"{gap.high:+.3f}",
        count=gap.n,
    )


def _settings(settings: tuple[tuple[str, object], ...]) -> str:
    return " ".join(f"{name}={value}" for name, value in settings) or say("exam.as_it_is")
