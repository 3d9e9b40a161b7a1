"""The catalogue and the code agree: every text is there in both languages, and used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from gezhi.core import errors
from house.source import FILES, PACKAGE, ROOMS, nodes, shown

FOLDER = PACKAGE / "core" / "catalogue"
TEXTS: dict[str, dict[str, str]] = {
    f"{file.stem}.{name}": texts
    for file in sorted(FOLDER.glob("*.toml"))
    for name, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()
}
STEMS = sorted({key.partition(".")[0] for key in TEXTS})
PARTS = {"exam", "exams", "judging", "report", "scans", "score", "statistics", "watch"}
"""What rooms with much to say keep in files of their own."""
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _calls() -> Iterator[tuple[Path, ast.Call, ast.expr]]:
    """Calls of `say` and of errors with their first argument."""
    for file in FILES:
        for node in nodes(ast.Call, file):
            function = getattr(node, "func", None)
            if isinstance(node, ast.Call) and isinstance(function, ast.Name) and function.id in {"say", *ERRORS}:
                yield from ((file, node, key) for key in node.args[:1])


def _pattern(made: ast.JoinedStr) -> str:
    """A key put together at run time, as a regular expression."""
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in made.values)
    return "".join(parts)


def test_each_file_belongs_to_a_room_or_a_part_of_one() -> None:
    assert set(STEMS) <= {*ROOMS, *PARTS}


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_is_there_in_both_languages(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == {"zh", "en"}
    assert _placeholders(texts["zh"]) == _placeholders(texts["en"])
    assert all(name.isidentifier() for name in _placeholders(texts["en"]))
    # Punctuation and proper names are the same everywhere or have no letters at all.
    speaks = re.search(r"[a-z]", re.sub(r"\{\w*\}", "", texts["zh"])) and texts["zh"] != texts["en"]
    assert re.search(r"[\u4e00-\u9fff]", texts["zh"]) or not speaks
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"格致", "", texts["en"]))
    assert all(text.strip() for text in texts.values())


def test_every_key_in_the_code_is_in_the_catalogue_with_its_values() -> None:
    for file, call, key in _calls():
        if not isinstance(key, ast.Constant):
            continue
        assert key.value in TEXTS, shown(file, call)
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert _placeholders(TEXTS[key.value]["en"]) <= given, shown(file, call)


def test_every_key_made_at_run_time_can_be_in_the_catalogue() -> None:
    for file, call, key in _calls():
        if isinstance(key, ast.JoinedStr):
            assert any(re.fullmatch(_pattern(key), known) for known in TEXTS), shown(file, call)


def test_every_text_is_used() -> None:
    used = {str(node.value) for file in FILES for node in nodes(ast.Constant, file) if isinstance(node, ast.Constant)}
    patterns = {
        _pattern(node) for file in FILES for node in nodes(ast.JoinedStr, file) if isinstance(node, ast.JoinedStr)
    }
    # Only those that begin with a file's name: f"{a}.{b}" would excuse everything.
    made = [pattern for pattern in patterns if pattern.startswith(tuple(rf"{stem}\." for stem in STEMS))]
    assert [key for key in TEXTS if key not in used and not any(re.fullmatch(one, key) for one in made)] == []
