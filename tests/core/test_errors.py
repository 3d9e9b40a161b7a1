from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from gezhi.core import errors
from gezhi.core.catalogue import use_language
from gezhi.core.errors import BadOptions, GezhiError, ModelTimeout, UsageError


def _tree(kind: type[GezhiError]) -> list[type[GezhiError]]:
    return [kind, *(inner for below in kind.__subclasses__() for inner in _tree(below))]


KINDS = [kind for kind in _tree(GezhiError) if kind.__module__ == errors.__name__]


def test_the_drawn_tree_is_the_tree() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([│├└─ ]*)([A-Z]\w+) {2,}\S", line)
        if found:
            drawn.append((len(found[1]) // 4, found[2]))
    depths = [(len(kind.__mro__) - len(GezhiError.__mro__), kind.__name__) for kind in KINDS]
    assert drawn == depths


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_crosses_processes_with_its_values(kind: type[GezhiError]) -> None:
    error = kind("core.no_config", path=Path("/tmp/配置.toml"))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.key, again.values, str(again)) == (error.key, error.values, str(error))


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_usage_exits_2_and_everything_else_1(kind: type[GezhiError]) -> None:
    assert kind.exit_code == (2 if issubclass(kind, UsageError) else 1)


def test_the_text_is_in_the_language_of_the_reader_not_of_the_raiser() -> None:
    error = BadOptions("core.no_config", path="a.toml")
    use_language("zh")
    assert str(error) == "没有配置文件 a.toml。请检查 --config 后面的路径"
    use_language("en")
    assert str(error) == "there is no configuration file a.toml. Check the path behind --config"


def test_a_family_is_caught_by_its_head() -> None:
    with pytest.raises(errors.ModelError):
        raise ModelTimeout("core.nearest", nearest="x")
