"""`gezhi exam list`: the runs on record, the latest first."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say


def runs(
    *,
    limit: Annotated[int, Parameter(help=say("exam.opt_limit"))] = 20,
    common: Common | None = None,
) -> int:
    """List runs of exams and gates."""
    from gezhi.tracking import Runs

    common = common or Common()
    with Runs.open() as store:
        found = store.list(limit=limit)
    if common.json:
        print_json([{**_facts(record), "summary": record.summary} for record in found])
        return 0
    if not found:
        print(say("exam.no_runs"))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("run", "kind", "name", "subject", "state", "headline"):
        table.add_column(say(f"exam.col_{name}"))
    for record in found:
        scores = record.summary.get("scores") or [{}]
        first = scores[0].get("interval") or {}
        headline = f"{scores[0]['name']} {first['mean']:.3f}" if first else str(record.summary.get("result", ""))
        subject = str(record.subject.get("name", ""))
        table.add_row(record.id, record.kind, record.name, subject, say(f"exam.state_{record.state}"), headline)
    Console(highlight=False).print(table)
    return 0


def _facts(record: object) -> dict[str, object]:
    names = ("id", "kind", "name", "state", "started", "subject")
    return {
        name: str(value) if name == "started" else value
        for name in names
        if (value := getattr(record, name)) is not None
    }
