from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.core.catalogue import use_language
from gezhi.core.errors import BadOptions
from gezhi.core.options import from_mapping, merged_sets, parse_sets, read_toml, to_mapping


@dataclass(frozen=True, kw_only=True)
class Search:
    k: int = 5
    weight: float = 0.5
    fusion: Literal["scores", "rrf"] = "scores"
    legs: tuple[str, ...] = ("keyword", "dense")
    model: str | None = None

    def __post_init__(self) -> None:
        if self.k < 1:
            raise BadOptions("core.wrong_type", where="search", name="k", expected="k >= 1", value=self.k)


@dataclass(frozen=True, kw_only=True)
class Whole:
    name: str = "default"
    stream: bool = True
    bits: Literal[4, 8] = 8
    search: Search = field(default_factory=Search)


def test_absent_keys_keep_their_defaults() -> None:
    assert from_mapping(Whole, {}, "--set") == Whole()
    assert from_mapping(Whole, {"search": {"k": 8}}, "--set") == Whole(search=Search(k=8))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"search": {"weight": 1}}, Whole(search=Search(weight=1.0))),
        ({"search": {"legs": ["dense"]}}, Whole(search=Search(legs=("dense",)))),
        ({"search": {"legs": []}}, Whole(search=Search(legs=()))),
        ({"search": {"model": "e5"}}, Whole(search=Search(model="e5"))),
        ({"search": {"model": None}}, Whole()),
        ({"search": {"fusion": "rrf"}}, Whole(search=Search(fusion="rrf"))),
        ({"bits": 4, "stream": False}, Whole(bits=4, stream=False)),
    ],
)
def test_values_of_the_right_type_are_taken(values: dict[str, Any], expected: Whole) -> None:
    made = from_mapping(Whole, values, "--set")
    assert made == expected
    assert isinstance(made.search.weight, float)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"search": {"k": "8"}}, r"a\.toml \[search\] \[k\]: option 'k' must be int, got '8'"),
        ({"search": {"k": True}}, "must be int, got True"),
        ({"search": {"k": 8.0}}, r"must be int, got 8\.0"),
        ({"search": {"weight": True}}, "must be float, got True"),
        ({"search": {"weight": "a lot"}}, "must be float"),
        ({"search": {"fusion": "score"}}, r"must be scores \| rrf, got 'score'"),
        ({"search": {"legs": "dense"}}, "must be list, got 'dense'"),
        ({"search": {"legs": [1]}}, "must be str, got 1"),
        ({"search": {"model": 3}}, "must be str, got 3"),
        ({"search": 5}, "must be Search, got 5"),
        ({"stream": 1}, "must be bool, got 1"),
        ({"bits": True}, "must be 4 | 8"),
        ({"bits": 8.0}, "must be 4 | 8"),
        ({"name": None}, "must be str, got None"),
    ],
)
def test_values_of_the_wrong_type_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(BadOptions, match=message):
        from_mapping(Whole, values, "a.toml")


def test_an_unknown_key_offers_the_nearest_and_says_where() -> None:
    with pytest.raises(BadOptions, match=r"a\.toml \[search\]: there is no option 'fussion'\. Did you mean 'fusion'\?"):
        from_mapping(Whole, {"search": {"fussion": "rrf"}}, "a.toml")
    use_language("zh")
    with pytest.raises(BadOptions, match=r"a\.toml里没有选项“nme”。是不是想输入“name”？可用的有：name, stream"):
        from_mapping(Whole, {"nme": "x"}, "a.toml")


def test_ranges_are_checked_by_the_class() -> None:
    with pytest.raises(BadOptions, match="k >= 1"):
        from_mapping(Whole, {"search": {"k": 0}}, "--set")


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        (["a=1"], {"a": 1}),
        (["a.b=1", "a.c=2.5"], {"a": {"b": 1, "c": 2.5}}),
        (["a=true", "b='5'", 'c="x"'], {"a": True, "b": "5", "c": "x"}),
        (["a=[1, 2]"], {"a": [1, 2]}),
        (["a=gguf:gemma3-270m"], {"a": "gguf:gemma3-270m"}),
        (["a=中文"], {"a": "中文"}),
        (["a="], {"a": ""}),
        (["a=b=c"], {"a": "b=c"}),
        ([" a.b =1"], {"a": {"b": 1}}),
        (["a=1", "a=2"], {"a": 2}),
        (["a=1\nb = 2"], {"a": "1\nb = 2"}),
        (["a=1\n[x]"], {"a": "1\n[x]"}),
    ],
)
def test_sets_are_read_as_toml_or_text(sets: list[str], expected: dict[str, Any]) -> None:
    assert parse_sets(sets) == expected


@pytest.mark.parametrize("sets", [["a"], ["=1"], [" = 1"], [""], ["a=1", "a.b=2"]])
def test_a_set_that_cannot_be_meant_is_refused(sets: list[str]) -> None:
    with pytest.raises(BadOptions, match=r"--set takes name=value"):
        parse_sets(sets)


def test_sets_go_before_the_file_and_leave_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "gezhi.toml"
    path.write_text('name = "甲"\n[search]\nk = 7\nfusion = "rrf"\n', encoding="utf-8")
    made = from_mapping(Whole, merged_sets(read_toml(path), ["search.k=9", "stream=false"]), "here")
    assert made == Whole(name="甲", stream=False, search=Search(k=9, fusion="rrf"))


def test_merging_does_not_change_what_is_merged() -> None:
    under = {"search": {"k": 7}}
    assert merged_sets(under, ["search.k=9", "search.model=x"]) == {"search": {"k": 9, "model": "x"}}
    assert under == {"search": {"k": 7}}


@pytest.mark.parametrize("data", [b"k = ", b"[search\n", b"k = 1\nk = 2\n", "名 = 1".encode("gb18030"), b"\xff\xfe"])
def test_a_broken_file_says_where_it_is_broken(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "gezhi.toml"
    path.write_bytes(data)
    with pytest.raises(BadOptions, match=r"gezhi\.toml cannot be read: .*(line|position|end of document)"):
        read_toml(path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadOptions, match="there is no configuration file"):
        read_toml(tmp_path / name)


wholes = st.builds(
    Whole,
    name=st.text(),
    stream=st.booleans(),
    bits=st.sampled_from([4, 8]),
    search=st.builds(
        Search,
        k=st.integers(min_value=1),
        weight=st.floats(allow_nan=False),
        fusion=st.sampled_from(["scores", "rrf"]),
        legs=st.lists(st.text()).map(tuple),
        model=st.none() | st.text(),
    ),
)


@given(wholes)
def test_what_is_written_is_read_back(whole: Whole) -> None:
    assert from_mapping(Whole, to_mapping(whole), "--set") == whole


@given(st.lists(st.text()))
def test_any_set_gives_tables_or_a_clear_refusal(sets: list[str]) -> None:
    try:
        tables = parse_sets(sets)
    except BadOptions as error:
        assert error.key == "core.bad_set"
    else:
        assert isinstance(tables, dict)
