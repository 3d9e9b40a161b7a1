"""`gezhi status`: what the collection holds; `--files` each file, `--quality` what is wrong with the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say

if TYPE_CHECKING:
    from rich.table import Table

    from gezhi.knowledge import Status


def status(
    *,
    files: Annotated[bool, Parameter(negative="", help=say("cli.opt_files"))] = False,
    quality: Annotated[bool, Parameter(negative="", help=say("cli.opt_quality"))] = False,
    common: Common | None = None,
) -> int:
    """Say what the collection holds."""
    common = common or Common()
    with common.open() as kb:
        state = kb.status()
        records = sorted(kb.collection.files().values(), key=lambda record: record.source) if files else []
        report = kb.quality() if quality else None
    if common.json:
        extra = {"file_records": records} if files else {}
        print_json({"status": state, **extra, **({"quality": report} if report else {})})
        return 0
    from rich.console import Console

    from gezhi.cli.present import short
    from gezhi.cli.quality import show_quality

    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(state))
    for record in records:
        console.print(short(record.source), markup=False)
        for note in record.notes:
            console.print(f"  {note}", markup=False, style="yellow")
    if report:
        show_quality(report, console)
    return 0


def _table(state: Status) -> Table:
    from rich.table import Table

    rows = {
        "collection": state.collection,
        "folder": state.folder,
        "files": f"{state.files:,}",
        "documents": f"{state.documents:,}",
        "chunks": f"{state.chunks:,}",
        "embedded": f"{state.embedded:,} ({state.embedder})",
        "size": f"{state.bytes / 1e6:,.1f} MB",
        "index": say("cli.index_current" if state.published else "cli.index_behind"),
        "model": state.model or say("cli.model_none"),
    }
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in rows.items():
        table.add_row(say(f"cli.status_{name}"), str(value))
    return table
