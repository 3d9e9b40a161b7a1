"""What is said about a command line that cannot be parsed, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise, takewhile

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnknownOptionError

from gezhi.core.errors import UsageError
from gezhi.core.names import hint

_VALUED = ("--lang", "--collection", "-c", "--config", "--set")


def command_first(arguments: Sequence[str], commands: Sequence[str]) -> list[str]:
    """`--lang zh ask ...` as `ask --lang zh ...`: options that every command takes may stand before it.

    Raises:
        UsageError: The first word is no command.
    """
    before = list(takewhile(lambda argument: argument not in commands, arguments))
    rest = arguments[len(before) :]
    if rest:
        return [rest[0], *before, *rest[1:]]
    if any(argument in ("--help", "-h", "--version") for argument in arguments):
        return list(arguments)
    for option, word in pairwise(["", *arguments]):
        if not word.startswith("-") and option not in _VALUED:
            raise UsageError("cli.unknown_command", name=word, hint=hint(word, commands))
    return ["--help"]


def wording(error: CycloptsError, command: str) -> UsageError:
    """The error as one sentence that ends with what to type next."""
    if isinstance(error, UnknownOptionError):
        name = error.token.keyword or error.token.value
        known = chain.from_iterable(argument.names for argument in error.argument_collection if argument.parse)
        return UsageError("cli.unknown_option", name=name, hint=hint(name, known), command=command)
    if isinstance(error, CoercionError) and error.token is not None:
        return UsageError(
            "cli.bad_value", name=error.token.keyword or command, value=error.token.value, command=command
        )
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        return UsageError("cli.missing_value", name=error.keyword or error.argument.name, command=command)
    return UsageError("cli.usage", problem=" ".join(str(error).split()), command=command)
