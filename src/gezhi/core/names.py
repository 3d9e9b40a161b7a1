"""From a name to an object: backends stand in tables of strings, imported only when their name is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from gezhi.core.catalogue import say
from gezhi.core.errors import UnknownName


def resolve(kind: str, name: str, table: Mapping[str, str]) -> Any:
    """The object that `table` has under `name`, as `module:attribute`.

    Args:
        kind: What is looked for, in the reader's language ("chat model"): for the message.

    Raises:
        UnknownName: Lists the names, and the nearest one.
    """
    if name not in table:
        raise UnknownName("core.unknown_name", kind=kind, name=name, hint=hint(name, table), known=", ".join(table))
    module, _, attribute = table[name].partition(":")
    return getattr(import_module(module), attribute)


def hint(name: str, known: Iterable[str]) -> str:
    """'Did you mean ...? ' with the nearest known name, or nothing."""
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return say("core.nearest", nearest=nearest[0]) if nearest else ""
