from __future__ import annotations

import pytest

from gezhi.answering import AnswerOptions
from gezhi.core.errors import BadOptions


@pytest.mark.parametrize(
    ("name", "value"),
    [("passages", 0), ("max_sentences", 0), ("temperature", 3.0), ("refuse_below", 1.5), ("history_turns", -1)],
)
def test_values_out_of_range(name: str, value: float) -> None:
    with pytest.raises(BadOptions, match=name):
        AnswerOptions(**{name: value})  # type: ignore[arg-type]


def test_defaults_are_valid() -> None:
    assert AnswerOptions().max_sentences == 3
