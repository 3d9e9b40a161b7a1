"""Options are frozen dataclasses; this builds them from TOML and `--set name=value`, and refuses unknown keys.

Values are checked against the annotations: bool, int, float, str, Literal, `X | None`, `tuple[X, ...]`, a nested
options class. Ranges are checked by each class in its `__post_init__`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from gezhi.core.errors import BadOptions
from gezhi.core.names import hint
from gezhi.core.unicode import well_formed

T = TypeVar("T")


def from_mapping(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    """Build the options class `kind`; keys that are absent keep their defaults.

    Args:
        where: What the values came from, for messages: a file, `--set`.

    Raises:
        BadOptions: An unknown key (the nearest is offered), a value of the wrong type or out of range.
    """
    types = get_type_hints(kind)
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for name in values:
        if name not in known:
            raise BadOptions("core.unknown_option", where=where, name=name, hint=hint(name, known),
                             known=", ".join(known))  # fmt: skip
    return kind(**{name: _value(types[name], value, f"{where} [{name}]", name) for name, value in values.items()})


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises BadOptions with the place of the mistake."""
    if not path.is_file():
        raise BadOptions("core.no_config", path=path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadOptions("core.broken_config", path=path, reason=error) from error


def parse_sets(sets: Iterable[str]) -> dict[str, Any]:
    """Nested tables from `a.b=value` texts; a value is TOML where it parses as TOML, else the text itself."""
    tables: dict[str, Any] = {}
    for text in sets:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            raise BadOptions("core.bad_set", text=text)
        *parents, last = path.strip().split(".")
        table = tables
        for parent in parents:
            table = table.setdefault(parent, {})
            if not isinstance(table, dict):
                raise BadOptions("core.bad_set", text=text)
        table[last] = _toml_value(value)
    return tables


def to_mapping(options: Any) -> dict[str, Any]:
    """Nested plain values, such as TOML can hold; fields that are None are left out."""
    values = {field.name: getattr(options, field.name) for field in fields(options)}
    return {
        name: to_mapping(value) if is_dataclass(value) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value is not None
    }


def merged_sets(values: Mapping[str, Any], sets: Iterable[str]) -> dict[str, Any]:
    """`values` overridden by `--set` texts."""
    return _merged(values, parse_sets(sets))


def to_toml(values: Mapping[str, Any]) -> str:
    """Nested plain values as TOML: tables of strings, numbers, booleans and lists of these."""
    lines = [f"{_toml_key(name)} = {_toml_text(value)}" for name, value in values.items() if not _is_table(value)]
    for name, table in values.items():
        if _is_table(table):
            below = to_toml({f"{name}.{part}" if _is_table(value) else part: value for part, value in table.items()})
            own = not below.startswith("[")
            lines += ["", *([f"[{'.'.join(map(_toml_key, name.split('.')))}]"] if own else []), below.strip("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name, ensure_ascii=False)


def _toml_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_text, value))}]"
    # A JSON string is a basic string of TOML, but for DEL, which TOML wants escaped.
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    return text.replace("\x7f", "\\u007f")


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _toml_value(text: str) -> Any:
    try:
        tables = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    # A text of several lines can parse as further keys.
    return tables["value"] if len(tables) == 1 else text


def _value(kind: Any, value: Any, where: str, name: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, Mapping):
            raise _wrong(kind.__name__, value, where, name)
        return from_mapping(kind, value, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        return _value(next(a for a in arguments if a is not NoneType), value, where, name)
    if origin is Literal:
        # 1 == True == 1.0: equal is not enough
        if not any(value == known and type(value) is type(known) for known in arguments):
            raise _wrong(" | ".join(map(str, arguments)), value, where, name)
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise _wrong("list", value, where, name)
        return tuple(_value(arguments[0], item, where, name) for item in value)
    return _scalar(kind, value, where, name)


def _scalar(kind: type, value: Any, where: str, name: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # bool is a subclass of int: `k = true` must not pass as 1
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _wrong(kind.__name__, value, where, name)
    if isinstance(value, str) and well_formed(value) != value:
        raise _wrong("UTF-8", value, where, name)
    return value


def _wrong(expected: str, value: Any, where: str, name: str) -> BadOptions:
    return BadOptions("core.wrong_type", where=where, name=name, expected=expected, value=repr(value))
