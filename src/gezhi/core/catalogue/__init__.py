"""What Gezhi says to people, in Chinese and English: one TOML file a room, one table a text.

A key is `room.name`; only the file of that room is read. English is the fallback language.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)

_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def say(key: str, /, **values: object) -> str:
    """The text of `key` in the current language, its placeholders filled.

    Raises:
        KeyError: No such text: a mistake in the program, found by the tests.
    """
    room, _, name = key.partition(".")
    return _texts(room)[name][current_language()].format(**values)


def use_language(language: Language | None) -> None:
    """Choose the language of this context; None goes back to the one of the locale."""
    _chosen.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Use a language within a `with`: for a text that is not for the person at the terminal."""
    before = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(before)


def current_language() -> Language:
    """The chosen language, else Chinese where the locale is Chinese, else English."""
    return _chosen.get() or _of_locale()


def _of_locale() -> Language:
    # locale.getlocale() is ("en_US", ...) for C.UTF-8 on some systems, so the variables that people set go first.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith("zh") else "en"


@cache
def _texts(room: str) -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name(f"{room}.toml")
    if not path.is_file():
        raise KeyError(room)
    return tomllib.loads(path.read_text(encoding="utf-8"))
