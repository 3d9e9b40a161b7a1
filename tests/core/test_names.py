from __future__ import annotations

import math

import pytest

from gezhi.core.catalogue import use_language
from gezhi.core.errors import UnknownName
from gezhi.core.names import hint, resolve

TABLE = {"root": "math:sqrt", "bm25": "no.such.module:Index", "ghost": "math:no_such"}


def test_a_name_becomes_its_object() -> None:
    assert resolve("function", "root", TABLE) is math.sqrt


def test_other_rows_are_not_imported() -> None:
    resolve("function", "root", TABLE)
    with pytest.raises(ModuleNotFoundError):
        resolve("function", "bm25", TABLE)
    with pytest.raises(AttributeError):
        resolve("function", "ghost", TABLE)


def test_an_unknown_name_lists_the_known_and_offers_the_nearest() -> None:
    with pytest.raises(
        UnknownName, match=r"no index is called 'bm52'\. Did you mean 'bm25'\? Known: root, bm25, ghost"
    ):
        resolve("index", "bm52", TABLE)
    use_language("zh")
    with pytest.raises(UnknownName, match="没有名为“bm52”的索引。是不是想输入“bm25”？可用的有：root, bm25, ghost"):
        resolve("索引", "bm52", TABLE)


def test_nothing_is_offered_where_nothing_is_near() -> None:
    assert hint("qqq", TABLE) == ""
    assert hint("x", []) == ""
