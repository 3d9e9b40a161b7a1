from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.core.types import Delta
from gezhi.models.thinking import Beginning, Thoughts, begun


def sort(pieces: list[Delta], begins: Beginning = "unknown") -> tuple[str, str]:
    """(text, reasoning) of a reply that comes in these pieces."""
    thoughts = Thoughts(begins=begins)
    deltas = [delta for piece in pieces for delta in thoughts.feed(piece)] + list(thoughts.end())
    assert all(bool(delta.text) != bool(delta.reasoning) for delta in deltas)
    assert thoughts.any_text == bool("".join(delta.text for delta in deltas).strip())
    return "".join(delta.text for delta in deltas), "".join(delta.reasoning for delta in deltas)


@pytest.mark.parametrize(
    ("begins", "whole", "text", "reasoning"),
    [
        ("unknown", "答案", "答案", ""),
        ("unknown", "<think>想</think>\n\n答案", "答案", "想"),
        ("unknown", " \n<think>想\n</think>答案 <think> 标签</think>", "答案 <think> 标签</think>", "想\n"),
        ("unknown", "<think></think>答", "答", ""),
        ("unknown", "<think>一</think><think>二</think>答", "答", "一二"),
        ("unknown", "<think>没完", "", "没完"),
        ("unknown", "<thin", "<thin", ""),
        ("unknown", "<b>1</b> < 2", "<b>1</b> < 2", ""),
        ("unknown", "  ", "", ""),
        ("likely_thought", "想</think>答", "答", "想"),
        ("likely_thought", "<think>想</think>答", "答", "想"),
        ("likely_thought", "\n没有想", "没有想", ""),
        ("thought", "想\n</think>\n\n答", "答", "想\n"),
        ("thought", "只想</thin", "", "只想</thin"),
    ],
)
@given(size=st.integers(1, 12))
def test_tags_however_the_text_is_cut(begins: Beginning, whole: str, text: str, reasoning: str, size: int) -> None:
    pieces = [Delta(text=whole[start : start + size]) for start in range(0, len(whole), size)]
    assert sort(pieces, begins) == (text, reasoning)


@pytest.mark.parametrize("begins", ["unknown", "likely_thought", "thought"])
def test_thoughts_in_a_field_of_their_own(begins: Beginning) -> None:
    pieces = [Delta(reasoning="想"), Delta(reasoning="好"), Delta(text="答"), Delta(text="案")]
    assert sort(pieces, begins) == ("答案", "想好")


def test_text_is_not_held_back_longer_than_needed() -> None:
    thoughts = Thoughts()
    assert [delta.text for delta in thoughts.feed(Delta(text="<"))] == []
    assert [delta.text for delta in thoughts.feed(Delta(text="5 天"))] == ["<5 天"]
    assert [delta.text for delta in thoughts.feed(Delta(text="<think"))] == ["<think"]


def test_thoughts_stream() -> None:
    thoughts = Thoughts()
    assert [delta.reasoning for delta in thoughts.feed(Delta(text="<think>想一"))] == ["想一"]
    assert [delta.reasoning for delta in thoughts.feed(Delta(text="想</th"))] == ["想"]
    assert [delta.text for delta in thoughts.feed(Delta(text="ink>答"))] == ["答"]


@pytest.mark.parametrize(("text", "size"), [("x</th", 4), ("x</think>", 0), ("<", 1), ("", 0), ("<<", 1)])
def test_begun(text: str, size: int) -> None:
    assert begun(text, "</think>") == size
