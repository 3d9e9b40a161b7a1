"""What is said about a command line that cannot be parsed, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise, takewhile

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnknownOptionError

from gezhi.core.errors import UsageError
from gezhi.core.names import hint

_VALUED = ("--lang", "--collection", "-c", "--config", "--set")


def command_first(arguments: Sequence[str], commands: Sequence[str]) -> list[str]:
    """`--lang zh ask ...` as `ask --lang zh ...`: options that every command takes may stand before it, or within it.

    Args:
        commands: Each by its words: `ask`, `exam run`.

    Raises:
        UsageError: The first word is no command, or the one behind `exam` none of its commands.
    """
    path: list[str] = []
    options: list[str] = []
    rest = list(arguments)
    while known := _next_words(path, commands):
        before = list(takewhile(lambda argument: argument not in known, rest))
        if len(before) == len(rest):
            return _without_command(path, [*options, *rest], known)
        options += before
        path.append(rest[len(before)])
        rest = rest[len(before) + 1 :]
    return [*path, *options, *rest]


def command_of(arguments: Sequence[str], commands: Sequence[str]) -> str:
    """The command that a line which `command_first` has set right begins with, with all its words."""
    return next((name for name in commands if list(arguments[: len(name.split())]) == name.split()), arguments[0])


def _next_words(path: Sequence[str], commands: Sequence[str]) -> list[str]:
    names = [name.split() for name in commands]
    return list(dict.fromkeys(name[len(path)] for name in names if len(name) > len(path) and name[: len(path)] == path))


def _without_command(path: Sequence[str], rest: Sequence[str], known: Sequence[str]) -> list[str]:
    if any(argument in ("--help", "-h", "--version") for argument in rest):
        return [*path, *rest]
    for option, word in pairwise(["", *rest]):
        if not word.startswith("-") and option not in _VALUED:
            name = " ".join([*path, word])
            nearest = hint(name, [" ".join([*path, one]) for one in known])
            raise UsageError("cli.unknown_command", name=name, hint=nearest, help=" ".join(["gezhi", *path, "--help"]))
    return [*path, "--help"]


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
