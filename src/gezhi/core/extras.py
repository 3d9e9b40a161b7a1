"""Optional heavy parts: asked for where they are needed, refused with the exact pip line."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from gezhi.core.errors import MissingExtra


def need(module: str, *, extra: str) -> Any:
    """Import and return `module`, which the extra `extra` installs.

    Raises:
        MissingExtra: It is not installed.
    """
    if not have(module):
        raise MissingExtra("core.missing_extra", module=module, extra=extra)
    return import_module(module)


def have(module: str) -> bool:
    """Whether `module` is installed; it is not imported (of `a.b`, only `a` is)."""
    parent = module.rpartition(".")[0]
    return (not parent or have(parent)) and find_spec(module) is not None
