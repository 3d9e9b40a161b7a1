"""`gezhi exam compare`: two runs of one exam, item by item, with a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.exam.working import Part, asked, bar, read_exam
from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions

if TYPE_CHECKING:
    from rich.table import Table

    from gezhi.evaluation.report.values import Change
    from gezhi.knowledge.exams import Taken
    from gezhi.tracking import Runs


def compare(
    before: Annotated[str, Parameter(help=say("exam.arg_before"))],
    after: Annotated[str, Parameter(help=say("exam.arg_after"))],
    *,
    exam: Annotated[Path | None, Parameter(help=say("exam.opt_exam"))] = None,
    scorer: Annotated[tuple[str, ...], Parameter(negative="", help=say("exam.opt_scorer"))] = (),
    report: Annotated[Path | None, Parameter(help=say("exam.opt_report"))] = None,
    common: Common | None = None,
) -> int:
    """Compare AFTER with BEFORE: runs, or configurations (TOML files) that take --exam first."""
    from gezhi.evaluation.report.values import verdict_text
    from gezhi.knowledge.exam_report import changes, write_comparison
    from gezhi.knowledge.exams import compare as compared
    from gezhi.tracking import Runs

    common = common or Common()
    with Runs.open() as runs:
        a, b = (_taken(runs, one, exam, scorer, common) for one in (before, after))
        found = changes(a, b, compared(a, b, only=scorer))
        page = write_comparison(a, b, found, report or runs.folder / b.record.id / f"against-{a.record.id}.html")
    if common.json:
        print_json({"before": a.record.id, "after": b.record.id, "changes": found, "report": str(page)})
        return 0
    from rich.console import Console

    console = Console(highlight=False)
    console.print(say("exam.compared", a=a.record.name, b=b.record.name, exam=a.exam.name, count=len(a.outcomes)))
    console.print(changes_table(found))
    for change in [found[0], *(change for change in found[1:] if change.verdict != "not_shown")]:
        console.print(f"· {verdict_text(change)}", soft_wrap=True)
    console.print(say("exam.report_at", path=page), soft_wrap=True)
    return 0


def changes_table(found: list[Change]) -> Table:
    """One row a score."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(say("exam.col_score"))
    for name in ("before", "after", "difference", "interval", "p"):
        table.add_column(say(f"exam.col_{name}"), justify="right")
    table.add_column(say("exam.col_verdict"))
    for change in found:
        means = (f"{one.mean:.3f}" if one else "–" for one in (change.before, change.after))
        gap = change.difference
        numbers = (f"{gap.mean:+.3f}", f"{gap.low:+.3f} – {gap.high:+.3f}") if gap else ("–", "–")
        p = "–" if change.p is None else f"{change.p:.3f}"
        table.add_row(change.name, *means, *numbers, p, say(f"report.headline_{change.verdict}"))
    return table


def _taken(runs: Runs, text: str, exam: Path | None, scorers: tuple[str, ...], common: Common) -> Taken:
    """The run that is named, or that of the configuration in a file, taken now unless it was taken before."""
    from gezhi.knowledge.exams import ExamOptions, read, take

    if not text.endswith(".toml"):
        return read(runs, text)
    if exam is None:
        raise BadOptions("exam.no_exam_for_config", path=text)
    settings = Common(collection=common.collection, config=Path(text), set=common.set)
    questions = read_exam(exam, Part())
    options = ExamOptions(scorers=scorers, name=Path(text).stem)
    with bar(common.json) as progress, asked(questions, settings, progress) as kb:
        return take(questions, kb, options, runs, again=False, progress=progress)
