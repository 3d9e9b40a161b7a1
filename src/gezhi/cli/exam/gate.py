"""`gezhi exam gate`: pass (0), regression (3) or inconclusive (4), for people and for continuous integration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.exam.compare import changes_table
from gezhi.core.catalogue import say


def gate(
    *,
    baseline: Annotated[str, Parameter(help=say("exam.opt_baseline"))],
    candidate: Annotated[str, Parameter(help=say("exam.opt_candidate"))],
    non_inferiority: Annotated[float, Parameter(help=say("exam.opt_margin"))] = 0.02,
    scorer: Annotated[tuple[str, ...], Parameter(negative="", help=say("exam.opt_scorer"))] = (),
    force: Annotated[str, Parameter(help=say("exam.opt_force"))] = "",
    report: Annotated[Path | None, Parameter(help=say("exam.opt_report"))] = None,
    common: Common | None = None,
) -> int:
    """Let the candidate through only if it is shown to be no worse than the baseline by more than the margin."""
    from gezhi.core.catalogue import current_language
    from gezhi.evaluation.report import junit
    from gezhi.knowledge import gating
    from gezhi.knowledge.exam_report import write_gate
    from gezhi.knowledge.exams import read
    from gezhi.tracking import Audit, Runs

    common = common or Common()
    with Runs.open() as runs:
        before, after = read(runs, baseline), read(runs, candidate)
        decided = gating.gate(before, after, non_inferiority, scorer)
        run = gating.record(decided, after, non_inferiority, runs)
        page = write_gate(decided, report or run.folder / "gate.html")
        page.with_suffix(".xml").write_text(junit(decided, language=current_language()), encoding="utf-8")
        forced = bool(force) and decided.result != "pass"
        if forced:
            with Audit.open() as audit:
                gating.force(after, force, runs, audit)
    if common.json:
        print_json(
            {
                "run": run.id,
                "result": decided.result,
                "forced": forced,
                "checks": decided.checks,
                "report": str(page),
                "junit": str(page.with_suffix(".xml")),
            }
        )
    else:
        from rich.console import Console

        console = Console(highlight=False)
        console.print(say(f"exam.gate_headline_{decided.result}", a=before.record.name, b=after.record.name))
        console.print(changes_table([check.change for check in decided.checks]))
        for check in decided.checks:
            console.print(f"· {check.reason}", soft_wrap=True)
        if forced:
            console.print(say("exam.forced"))
        console.print(say("exam.report_at", path=page), soft_wrap=True)
    return 0 if forced else gating.EXIT_CODES[decided.result]
