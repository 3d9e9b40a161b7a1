"""`gezhi index`: one line a file, a bar while it works, a sum at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.present import short
from gezhi.core.catalogue import say
from gezhi.core.errors import UsageError
from gezhi.core.types import Progress

if TYPE_CHECKING:
    from gezhi.knowledge import FileReport, IndexReport

OnFile = Callable[["FileReport"], None]


def index(*paths: Annotated[str, Parameter(help=say("cli.arg_paths"))], common: Common | None = None) -> int:
    """Bring the collection up to files, folders and globs."""
    common = common or Common()
    if not paths:
        raise UsageError("cli.no_paths")
    with common.open(create=True) as kb:
        if common.json:
            report = kb.index(paths)
            print_json(report)
        else:
            with showing() as (on_file, progress):
                report = kb.index(paths, on_file=on_file, progress=progress)
            print(summary(report))
    return 1 if report.files["failed"] and sum(report.files.values()) == report.files["failed"] else 0


@contextmanager
def showing() -> Iterator[tuple[OnFile, Progress]]:
    """Callbacks that print a line a file above a bar; the bar is for people only, never for a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stdout.isatty()) as bars:
        tasks = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(f"cli.stage_{stage}"), total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        def on_file(report: FileReport) -> None:
            for line in lines(report):
                bars.console.print(line, markup=False)

        yield on_file, progress


def lines(report: FileReport) -> list[str]:
    """What is printed about one file; nothing about an unchanged one would hide that it was looked at."""
    state = say(f"cli.state_{report.state}")
    # Two columns a Chinese character: padded by hand, since str.ljust counts characters.
    padded = state + " " * max(0, 10 - sum(2 if ord(c) > 0x2E80 else 1 for c in state))
    detail = report.reason or (say("cli.chunks", count=report.chunks) if report.state in ("added", "changed") else "")
    line = f"{padded}{short(report.file)}" + (f"  {detail}" if detail else "")
    return [line, *(f"{'':10}{note}" for note in report.notes)]


def summary(report: IndexReport) -> str:
    """The last line: files by state, chunks, seconds."""
    files = say("cli.comma").join(
        f"{say(f'cli.state_{state}')} {count}" for state, count in report.files.items() if count
    )
    return say(
        "cli.indexed",
        files=files,
        added=report.chunks_added,
        removed=report.chunks_removed,
        embedded=report.chunks_embedded,
        seconds=f"{report.seconds:.1f}",
    )
