from __future__ import annotations

import sqlite3
from collections.abc import Callable
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any as Any_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.catalogue import use_language
from gezhi.core.errors import BadFilter
from gezhi.retrieval import Collection
from gezhi.retrieval.filters import All, Any, Filter, Not, Test, compile_sql, parse, passes, prepare
from gezhi.retrieval.store import NAME
from retrieval.parts import piece, record

Test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("year>=2024", Test("year", ">=", "2024")),
        ("source:*.pdf AND year>=2024", All((Test("source", ":", "*.pdf"), Test("year", ">=", "2024")))),
        ("a=1 OR b=2 AND c=3", Any((Test("a", "=", "1"), All((Test("b", "=", "2"), Test("c", "=", "3")))))),
        ("(a=1 or b=2) and c=3", All((Any((Test("a", "=", "1"), Test("b", "=", "2"))), Test("c", "=", "3")))),
        ("NOT a=1 AND b!=2", All((Not(Test("a", "=", "1")), Test("b", "!=", "2")))),
        ('title:"年度 报告*"', Test("title", ":", "年度 报告*")),
        (r'title="a \"b\" c"', Test("title", "=", 'a "b" c')),
        ("author exists", Test("author", "exists")),
        ("作者=张三", Test("作者", "=", "张三")),
        ('"odd name"<-3.5', Test("odd name", "<", "-3.5")),
        ("exists = 1", Test("exists", "=", "1")),
        ("source:/docs/a-b_c/[1].txt", Test("source", ":", "/docs/a-b_c/[1].txt")),
    ],
)
def test_reading(text: str, tree: Filter) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("year>=", 7, "a value"),
        (">=2024", 1, "a field"),
        ("year 2024", 6, "exists behind 'year'"),
        ("(a=1", 5, "a closing parenthesis"),
        ("a=1 b=2", 5, "AND, OR or the end"),
        ("a=1 AND", 8, "a field"),
        ("a=1)", 4, "AND, OR or the end"),
        ('title:"never closed', 7, "a field"),
        ("NOT", 4, "a field"),
        ("(" * 60 + "a=1" + ")" * 60, 52, "at most 50"),
    ],
)
def test_mistakes_are_shown_with_their_place(text: str, place: int, expected: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(text)
    assert f"at character {place}:" in str(caught.value)
    assert expected in str(caught.value)


def test_a_mistake_in_chinese() -> None:
    use_language("zh")
    with pytest.raises(BadFilter, match="第 7 个字符处"):
        parse("year>=")


@pytest.mark.parametrize(
    ("have", "operator", "wanted", "passed"),
    [
        (2024, "=", "2024", True),
        (2024, "=", "2024.0", True),
        ("2024", ">=", "2023", True),
        ("9", "<", "10", True),
        ("2024-03-01", "<", "2024-10-01", True),
        ("v9", "<", "v10", False),
        (2024.5, ":", "2024.*", True),
        (True, "=", "1", True),
        (None, "!=", "1", False),
        (None, "exists", "", False),
        ("", "exists", "", True),
        ("年度報告.PDF", ":", "年度报告.pdf", True),
        ("a[1].txt", ":", "*[1].txt", True),
        ("a\nb", ":", "a*b", True),
        ("张三", "!=", "李四", True),
    ],
)
def test_comparing(have: str | float | None, operator: str, wanted: str, passed: bool) -> None:
    assert passes(have, operator, wanted) is passed  # type: ignore[arg-type]


FIELDS = ["year", "author", "odd name", "heading", "page", "source", "title"]
VALUES = ["2023", "2024", "10", "9", "张三", "甲", "b", "*", "a?"]
META = st.dictionaries(
    st.sampled_from(["year", "author", "odd name", "heading"]),
    st.one_of(
        st.integers(2022, 2025), st.floats(8, 11), st.booleans(), st.sampled_from(["张三", "甲", "ab", "10", "b"])
    ),
    max_size=3,
)
TESTS = st.one_of(
    st.builds(
        Test, st.sampled_from(FIELDS), st.sampled_from([":", "=", "!=", "<", "<=", ">", ">="]), st.sampled_from(VALUES)
    ),
    st.builds(Test, st.sampled_from(FIELDS), st.just("exists")),
)
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=6,
)


def written(tree: Filter) -> str:
    match tree:
        case Test(field, "exists"):
            return f'"{field}" exists'
        case Test(field, operator, value):
            return f'"{field}" {operator} "{value}"'
        case Not(part):
            return f"NOT ({written(part)})"
        case All(parts):
            return " AND ".join(f"({written(part)})" for part in parts)
        case Any(parts):
            return " OR ".join(f"({written(part)})" for part in parts)


def holds(tree: Filter, fields: dict[str, object]) -> bool:
    """The plain meaning, written down once more and otherwise."""
    match tree:
        case Not(part):
            return not holds(part, fields)
        case All(parts):
            return all(holds(part, fields) for part in parts)
        case Any(parts):
            return any(holds(part, fields) for part in parts)
    have = fields.get(tree.field)
    if have is None or tree.operator == "exists":
        return have is not None
    if isinstance(have, bool):
        have = int(have)
    shown = f"{have:g}" if isinstance(have, float) else str(have)
    if tree.operator == ":":
        return fnmatchcase(shown, tree.value)
    left: str | float = shown
    right: str | float = tree.value
    if shown.replace(".", "", 1).isdigit() and tree.value.isdigit():
        left, right = float(str(have)), float(tree.value)
    compare: Callable[[Any_, Any_], object] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}[tree.operator]
    return bool(compare(left, right))


@settings(max_examples=300, deadline=None)
@given(FILTERS)
def test_a_filter_written_out_is_read_the_same(tree: Filter) -> None:
    assert parse(written(tree)) == tree


@settings(max_examples=60, deadline=None)
@given(st.lists(META, min_size=1, max_size=6), st.lists(FILTERS, min_size=1, max_size=6))
def test_the_database_finds_what_the_plain_meaning_says(
    tmp_path_factory: pytest.TempPathFactory, metas: list[dict[str, str | int | float | bool]], trees: list[Filter]
) -> None:
    folder = tmp_path_factory.mktemp("c")
    expected: list[dict[str, object]] = []
    with Collection.open(folder) as collection, collection.write() as writer:
        for number, meta in enumerate(metas):
            source = f"/{'ab'[number % 2]}{number}"
            document, chunks = piece(source, ["甲", "乙", "丙", "丁"], meta, title="b")
            writer.put(record(source), [(document, chunks)])
            expected += [{**meta, "page": chunk.page, "source": source, "title": "b"} for chunk in chunks]
    connection = sqlite3.connect(folder / NAME)
    prepare(connection)
    for tree in trees:
        sql, values = compile_sql(tree)
        found = {row[0] for row in connection.execute(f"SELECT id FROM chunks WHERE {sql}", values)}
        assert found == {n for n, fields in enumerate(expected, 1) if holds(tree, fields)}
    connection.close()


def test_field_names_are_data(tmp_path: Path) -> None:
    with Collection.open(tmp_path) as collection:
        with collection.write() as writer:
            writer.put(record("/a"), [piece("/a", ["甲"], {"x'); DROP TABLE chunks; --": 1})])
        connection = sqlite3.connect(tmp_path / NAME)
        prepare(connection)
        sql, values = compile_sql(parse('"x\'); DROP TABLE chunks; --"=1'))
        assert connection.execute(f"SELECT count(*) FROM chunks WHERE {sql}", values).fetchone() == (1,)
        connection.close()
