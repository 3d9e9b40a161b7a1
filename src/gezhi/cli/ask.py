"""`gezhi ask`: one question, one checked answer."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import UsageError


def ask(
    *question: Annotated[str, Parameter(help=say("cli.arg_question"))],
    where: Annotated[str | None, Parameter(help=say("cli.opt_where"))] = None,
    keep_unsupported: Annotated[bool, Parameter(negative="", help=say("cli.opt_keep_unsupported"))] = False,
    common: Common | None = None,
) -> int:
    """Answer a question from the collection, with checked citations."""
    common = common or Common()
    if not question:
        raise UsageError("cli.no_question")
    sets = (*common.set, "answer.keep_unsupported=true") if keep_unsupported else common.set
    with Common(collection=common.collection, config=common.config, set=sets).open() as kb:
        kb.door = "cli"
        if common.json:
            print_json(kb.ask(" ".join(question), where=where))
        else:
            from rich.console import Console

            from gezhi.cli.present import show_answer

            show_answer(kb.stream(" ".join(question), where=where), Console(highlight=False, soft_wrap=True))
    return 0
