from __future__ import annotations

import dataclasses

import pytest

from gezhi.core.types import Answer, Chunk, Citation, Usage


def _citation(number: int, end: int) -> Citation:
    return Citation(
        number=number, answer_start=0, answer_end=end, passage=0, quote="q", source="s", source_start=0, source_end=1
    )


def _answer(text: str, *citations: Citation) -> Answer:
    return Answer(id="1", question="?", text=text, citations=citations)


def test_marks_stand_behind_each_supported_stretch() -> None:
    answer = _answer("一句。二句。", _citation(1, 3), _citation(2, 6))
    assert answer.marked() == "一句。[1]二句。[2]"


def test_marks_of_one_place_are_sorted_and_shown_once() -> None:
    answer = _answer("一句。", _citation(3, 3), _citation(1, 3), _citation(3, 3))
    assert answer.marked() == "一句。[1][3]"


def test_one_quote_may_support_two_places() -> None:
    assert _answer("a. b.", _citation(1, 2), _citation(1, 5)).marked() == "a.[1] b.[1]"


def test_an_answer_without_citations_is_its_text() -> None:
    assert _answer("没有。").marked() == "没有。"


def test_usage_adds_up() -> None:
    one = Usage(prompt_tokens=2, completion_tokens=3)
    assert one + Usage(prompt_tokens=5) == Usage(prompt_tokens=7, completion_tokens=3)


def test_context_is_embedded_but_not_text() -> None:
    chunk = Chunk(document_id="d", source="s", text="正文", start=0, end=2, context="标题 > 小节")
    assert chunk.embedded_text == "标题 > 小节\n正文"
    assert dataclasses.replace(chunk, context="").embedded_text == "正文"


def test_values_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Usage().prompt_tokens = 1  # type: ignore[misc]
