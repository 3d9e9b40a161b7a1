"""`gezhi forget`: take files out of the collection."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.core.errors import UsageError


def forget(*files: Annotated[str, Parameter(help=say("cli.arg_forget"))], common: Common | None = None) -> int:
    """Take files, or all files of a folder, out of the collection; the files themselves stay."""
    from gezhi.cli.present import short

    common = common or Common()
    if not files:
        raise UsageError("cli.no_paths")
    with common.open() as kb:
        sources = kb.forget(files)
    if common.json:
        print_json({"forgotten": sources})
    else:
        for source in sources:
            print(say("cli.forgotten", file=short(source)))
    return 0
