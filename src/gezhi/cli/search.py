"""`gezhi search`: the passages, without an answer."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import UsageError


def search(
    *question: Annotated[str, Parameter(help=say("cli.arg_question"))],
    k: Annotated[int | None, Parameter(name=["--k", "-k"], help=say("cli.opt_k"))] = None,
    where: Annotated[str | None, Parameter(help=say("cli.opt_where"))] = None,
    common: Common | None = None,
) -> int:
    """Find passages."""
    common = common or Common()
    if not question:
        raise UsageError("cli.no_question")
    with common.open() as kb:
        passages = kb.search(" ".join(question), k, where)
        notes = kb.notes()
    if common.json:
        print_json(passages)
        return 0
    from rich.console import Console

    from gezhi.cli.present import show_passages

    console = Console(highlight=False, soft_wrap=True)
    if passages:
        show_passages(passages, console)
    else:
        console.print(say("cli.nothing_found"))
    for note in notes:
        console.print(say("cli.note", note=note), style="yellow")
    return 0
