"""The front door: `gezhi`. Each command stands in a file of its own and is imported when it is typed."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gezhi import __version__
from gezhi.core.catalogue import LANGUAGES, say, use_language
from gezhi.core.errors import GezhiError

if TYPE_CHECKING:
    from cyclopts import App

COMMANDS = {
    "index": "gezhi.cli.index:index",
    "ask": "gezhi.cli.ask:ask",
    "chat": "gezhi.cli.chat:chat",
    "search": "gezhi.cli.search:search",
    "status": "gezhi.cli.status:status",
    "forget": "gezhi.cli.forget:forget",
    "doctor": "gezhi.cli.doctor:doctor",
    "demo": "gezhi.cli.demo:demo",
    "score": "gezhi.cli.score:score",
    "exam make": "gezhi.cli.exam.make:make",
    "exam review": "gezhi.cli.exam.review:review",
    "exam run": "gezhi.cli.exam.run:run",
    "exam compare": "gezhi.cli.exam.compare:compare",
    "exam search": "gezhi.cli.exam.search:search",
    "exam gate": "gezhi.cli.exam.gate:gate",
    "exam power": "gezhi.cli.exam.power:power",
    "exam list": "gezhi.cli.exam.runs:runs",
    "watch report": "gezhi.cli.watch:report",
    "watch thumb": "gezhi.cli.watch:thumb",
    "scan bias": "gezhi.cli.scan:bias",
    "scan safety": "gezhi.cli.scan:safety",
    "scan diversity": "gezhi.cli.scan:diversity",
    "scan choice": "gezhi.cli.scan:choice",
}
"""A name of two words is a command of a group: `exam run` is listed by `gezhi exam --help`."""


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Returns:
        0 done, 1 an error a person can do something about, 2 wrong usage, 130 interrupted.
    """
    from cyclopts import CycloptsError

    from gezhi.cli.usage import command_first, command_of, wording

    for stream in (sys.stdout, sys.stderr):
        # File names and broken documents hold bytes that no encoding can print.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    _use_language_of(arguments)
    debug = "--debug" in arguments
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(name)s: %(message)s")
    try:
        arguments = command_first(arguments, tuple(COMMANDS))
        return int(_app()(arguments, exit_on_error=False, print_error=False, result_action="return_value") or 0)
    except CycloptsError as error:
        return _fail(arguments, "UsageError", str(wording(error, command_of(arguments, tuple(COMMANDS)))), 2)
    except GezhiError as error:
        if debug:
            logging.exception("--debug")
        return _fail(arguments, type(error).__name__, str(error), error.exit_code)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `gezhi search x | head`: nobody listens any more; what Python flushes at exit must not fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if debug:
            logging.exception("--debug")
        return _fail(arguments, type(error).__name__, say("cli.unexpected", kind=type(error).__name__, error=error), 1)


def _app() -> App:
    from cyclopts import App, Group

    app = App(
        name="gezhi",
        help=say("cli.help"),
        help_epilogue=say("cli.help_end"),
        version=__version__,
        help_format="plaintext",
        group_commands=Group(say("cli.commands")),
        group_parameters=Group(say("cli.options")),
        suppress_keyboard_interrupt=False,
    )
    app["--help"].help = say("cli.help_help")
    app["--version"].help = say("cli.help_version")
    groups = {"": app}
    for name, place in COMMANDS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            groups[group] = App(name=group, help=say(f"cli.help_{group}"), help_format="plaintext")
            app.command(groups[group])
        groups[group].command(place, name=word, help=say(f"cli.help_{name.replace(' ', '_')}"))
    return app


def _use_language_of(arguments: Sequence[str]) -> None:
    # Before parsing: even the message about a mistyped command is in the reader's language.
    for before, argument in zip(["", *arguments], [*arguments, ""], strict=True):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else argument
        if (before == "--lang" or value != argument) and value in LANGUAGES:
            use_language("zh" if value == "zh" else "en")


def _fail(arguments: Sequence[str], kind: str, message: str, code: int) -> int:
    if "--json" in arguments:
        from gezhi.cli.common import print_json

        print_json({"error": {"type": kind, "message": message, "exit_code": code}}, indent=None)
    else:
        print(say("cli.error", message=message), file=sys.stderr)
    return code
