"""`gezhi chat`: questions that follow from each other, until an empty line or end of input."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from gezhi.cli.common import Common, print_json
from gezhi.cli.present import show_answer
from gezhi.core.catalogue import say
from gezhi.core.errors import GezhiError
from gezhi.core.types import Answer, Message
from gezhi.knowledge import Knowledge


def chat(
    *,
    where: Annotated[str | None, Parameter(help=say("cli.opt_where"))] = None,
    common: Common | None = None,
) -> int:
    """Ask questions that follow from each other. With --json: one question a line in, one Answer a line out."""
    common = common or Common()
    console = Console(highlight=False, soft_wrap=True)
    history: list[Message] = []
    with common.open() as kb:
        kb.door = "cli"
        if not common.json:
            console.print(say("cli.chat_hello"), style="dim")
        while (question := _question(common)) is not None:
            if question == "/new":
                history.clear()
            elif question:
                answer = _answer(kb, question, history, where, None if common.json else console)
                if answer and not answer.refused:
                    history += [Message("user", question), Message("assistant", answer.text)]
    return 0


def _answer(
    kb: Knowledge, question: str, history: list[Message], where: str | None, console: Console | None
) -> Answer | None:
    try:
        if console:
            return show_answer(kb.stream(question, history, where), console)
        answer = kb.ask(question, history, where)
        print_json(answer, indent=None)
    except GezhiError as error:
        # One question that cannot be asked does not end the conversation.
        print(say("cli.error", message=error), file=sys.stderr)
        return None
    return answer


def _question(common: Common) -> str | None:
    """The next line, stripped; None at the end."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 - importing it gives input() a history and line editing
    prompt = "" if common.json or not sys.stdin.isatty() else say("cli.chat_prompt")
    try:
        line = input(prompt).strip()
    except EOFError:
        return None
    return None if line in ("/quit", "/exit") else line
