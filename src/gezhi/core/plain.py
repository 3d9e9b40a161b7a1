"""Values as JSON can hold them: the one way an Answer or a report leaves the program, in every door."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Dataclasses and mappings as dicts, tuples as lists, paths and times (ISO 8601) as text; all else as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def to_json(value: Any, indent: int | None = None) -> str:
    """`plain(value)` as JSON, Chinese left readable."""
    return json.dumps(plain(value), ensure_ascii=False, indent=indent)


def rebuilt(kind: type[T], value: Any) -> T:
    """The dataclass that `plain` took apart; fields that are absent get their defaults.

    Raises:
        ValueError, TypeError, KeyError: `value` is not what `plain` made of a `kind`.
    """
    made: T = _rebuilt(kind, value)
    return made


def _rebuilt(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not type(None)]
        return None if value is None else _rebuilt(options[0], value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _rebuilt(hints[name], part) for name, part in value.items()})
    if origin is tuple:
        return tuple(_rebuilt(get_args(kind)[0], part) for part in value)
    if origin is list:
        return [_rebuilt(get_args(kind)[0], part) for part in value]
    if origin in (dict, Mapping):
        return {name: _rebuilt(get_args(kind)[1], part) for name, part in value.items()}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
