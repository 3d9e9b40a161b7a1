"""The options that every command takes, and the collection they name."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from gezhi.core.catalogue import say
from gezhi.core.plain import to_json

if TYPE_CHECKING:
    from gezhi.knowledge import Knowledge


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Common:
    """What every command takes."""

    collection: Annotated[str, Parameter(name=["--collection", "-c"], help=say("cli.opt_collection"))] = "default"
    json: Annotated[bool, Parameter(negative="", help=say("cli.opt_json"))] = False
    config: Annotated[Path | None, Parameter(help=say("cli.opt_config"))] = None
    set: Annotated[tuple[str, ...], Parameter(negative="", help=say("cli.opt_set"))] = ()
    lang: Annotated[Literal["zh", "en"] | None, Parameter(help=say("cli.opt_lang"))] = None
    debug: Annotated[bool, Parameter(negative="", help=say("cli.opt_debug"))] = False

    def open(self, *, create: bool = False) -> Knowledge:
        """The collection named, with the configuration named. `default` may always be opened: it may just be empty."""
        from gezhi import knowledge

        create = create or self.collection == "default"
        return knowledge.open(self.collection, config=self.config, sets=self.set, create=create)


def print_json(value: Any, indent: int | None = 2) -> None:
    """Print a value as JSON; in ASCII alone where the encoding of the output lacks a character of it."""
    text = to_json(value, indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text), indent=indent)
    print(text, flush=True)
