"""Processes that write runs and the audit log until they are killed, telling what was acknowledged."""

from __future__ import annotations

import itertools
from pathlib import Path

from gezhi.tracking import Audit, Run, Runs


def begin(runs: Runs, name: str = "baseline", *, kind: str = "exam", tags: tuple[str, ...] = ()) -> Run:
    """A run with facts that do not matter."""
    return runs.start(
        kind,
        name,
        options={"k": 8},
        versions={"gezhi": "1"},
        seed=0,
        subject={"name": "drcd", "sha256": "ab"},
        tags=tags,
    )


def answer_for_ever(folder: Path, log: Path) -> None:
    """Take up the interrupted run, or begin one, and add items; each is written to the log when it is acknowledged."""
    with Runs.open(folder) as runs, log.open("a", encoding="utf-8") as acknowledged:
        old = runs.list(state="interrupted", limit=1)
        run = runs.resume(old[0].id) if old else begin(runs)
        for number in itertools.count(len(run.items())):
            run.item(f"q{number}", {"f1": number / 7, "text": "答" * (number % 50)})
            acknowledged.write(f"{number}\n")
            acknowledged.flush()


def append(folder: Path, count: int, who: str) -> None:
    """Append entries to the audit log."""
    with Audit.open(folder) as audit:
        for number in range(count):
            audit.append("test", f"{who}:{number}", {"n": number}, who=who)


def start_many(folder: Path, count: int, name: str) -> None:
    """Start, fill and finish runs."""
    with Runs.open(folder) as runs:
        for number in range(count):
            with begin(runs, f"{name}{number}") as run:
                run.item("q", {"n": number})
