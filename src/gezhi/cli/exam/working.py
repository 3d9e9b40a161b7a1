"""What the exam commands share: the bar, the exam with the documents it is about, a table of scores."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common
from gezhi.core.catalogue import say
from gezhi.core.types import Progress

if TYPE_CHECKING:
    from rich.table import Table

    from gezhi.evaluation.exam import Exam
    from gezhi.evaluation.report.values import Score
    from gezhi.knowledge import Knowledge


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Part:
    """Which part of an exam."""

    sample: Annotated[int, Parameter(help=say("exam.opt_sample"))] = 0
    seed: Annotated[int, Parameter(help=say("exam.opt_seed"))] = 0


@contextmanager
def bar(quiet: bool) -> Iterator[Progress]:
    """A bar for people; nothing for a pipe, or with --json."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not sys.stderr.isatty()) as bars:
        tasks = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(f"exam.stage_{stage}"), total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield progress


def read_exam(path: Path, part: Part) -> Exam:
    """The exam in a file, or so many of its items drawn at random. Raises BadOptions, NotFound."""
    from gezhi.evaluation import datasets

    exam = datasets.load(path)
    return datasets.sample(exam, part.sample, part.seed) if 0 < part.sample < len(exam.items) else exam


def asked(exam: Exam, common: Common, progress: Progress) -> Knowledge:
    """What the exam is taken by: the collection; or, of an exam that brings its texts, one of these texts."""
    if not exam.texts or common.collection != "default":
        return common.open()
    from gezhi.knowledge.exam_texts import documents_of, indexed
    from gezhi.knowledge.pipeline import load_pipeline

    return indexed(documents_of(exam), load_pipeline(common.config, common.set), progress=progress)


def scores_table(rows: Sequence[Score]) -> Table:
    """One row a scorer."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(say("exam.col_score"))
    for name in ("mean", "interval", "measured", "not_measured"):
        table.add_column(say(f"exam.col_{name}"), justify="right")
    for row in rows:
        found = row.interval
        numbers = (
            (f"{found.mean:.3f}", f"{found.low:.3f} – {found.high:.3f}", str(found.n)) if found else ("–", "–", "0")
        )
        table.add_row(row.name, *numbers, str(row.missing))
    return table
