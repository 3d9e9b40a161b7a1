"""`gezhi doctor`: what is there, and what to type for what is not."""

from __future__ import annotations

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say

_MARKS = {"ok": ("✓", "green"), "absent": ("–", "dim"), "problem": ("✗", "red")}


def doctor(*, common: Common | None = None) -> int:
    """Check what is installed and reachable. Exit code 1 if something needs mending."""
    from gezhi.knowledge import load_pipeline
    from gezhi.knowledge.doctor import examine

    common = common or Common()
    checks = examine(load_pipeline(common.config, common.set))
    code = 1 if any(check.state == "problem" for check in checks) else 0
    if common.json:
        print_json({"checks": checks})
        return code
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for check in checks:
        mark, style = _MARKS[check.state]
        detail = Text(check.detail)
        if check.fix:
            detail.append(f"\n→ {check.fix}", style="bold")
        table.add_row(Text(mark, style=style), Text(_label(check.name)), detail)
    Console(highlight=False).print(table)
    return code


def _label(name: str) -> str:
    # "collection default", "extra ocr": the second word is a name and stays
    kind, _, rest = name.partition(" ")
    if kind in ("extra", "collection", "found"):
        return f"{say(f'cli.check_{kind}')} {rest}"
    return say(f"cli.check_{name.lower().replace(' ', '_')}")
