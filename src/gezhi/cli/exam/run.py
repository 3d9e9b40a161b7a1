"""`gezhi exam run`: the pipeline takes an exam; a table, a page, and a run on record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.exam.working import Part, asked, bar, read_exam, scores_table
from gezhi.core.catalogue import say


def run(
    exam: Annotated[Path, Parameter(help=say("exam.arg_exam"))],
    *,
    scorer: Annotated[tuple[str, ...], Parameter(negative="", help=say("exam.opt_scorer"))] = (),
    retrieval_only: Annotated[bool, Parameter(negative="", help=say("exam.opt_retrieval_only"))] = False,
    part: Part | None = None,
    name: Annotated[str, Parameter(help=say("exam.opt_name"))] = "",
    report: Annotated[Path | None, Parameter(help=say("exam.opt_report"))] = None,
    common: Common | None = None,
) -> int:
    """Take an exam with the pipeline as it is configured."""
    from gezhi.knowledge.exam_report import write_report
    from gezhi.knowledge.exams import ExamOptions, take
    from gezhi.tracking import Runs

    common = common or Common()
    part = part or Part()
    questions = read_exam(exam, part)
    options = ExamOptions(scorers=scorer, retrieval_only=retrieval_only, name=name, seed=part.seed)
    with Runs.open() as runs, bar(common.json) as progress, asked(questions, common, progress) as kb:
        taken = take(questions, kb, options, runs, progress=progress)
        page = write_report(taken, report or runs.folder / taken.record.id / "report.html")
    if common.json:
        print_json(
            {
                "run": taken.record.id,
                "exam": taken.exam.name,
                "sha256": taken.record.subject["sha256"],
                "items": len(taken.outcomes),
                "failed": taken.failed,
                "scores": taken.scores,
                "report": str(page),
            }
        )
        return 0
    from rich.console import Console

    console = Console(highlight=False)
    console.print(say("exam.taken", exam=taken.exam.name, count=len(taken.outcomes), run=taken.record.id))
    console.print(scores_table(taken.scores))
    if taken.failed:
        console.print(say("exam.failed", count=taken.failed))
    if not taken.exam.reviewed:
        console.print(say("exam.is_draft"))
    console.print(say("exam.report_at", path=page), soft_wrap=True)
    console.print(say("exam.compare_next", run=taken.record.id), soft_wrap=True)
    return 0
