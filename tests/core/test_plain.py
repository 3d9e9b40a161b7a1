from __future__ import annotations

import json
from pathlib import Path

import pytest

from gezhi.core.plain import plain, rebuilt, to_json
from gezhi.core.types import Answer, Box, Chunk, Citation, Passage, Usage


def test_an_answer_becomes_plain_values_all_the_way_down() -> None:
    citation = Citation(
        number=1, answer_start=0, answer_end=1, passage=0, quote="引", source="a.md", source_start=0, source_end=1
    )
    values = plain(Answer(id="1", question="?", text="甲", citations=(citation,), usage=Usage(prompt_tokens=3)))
    assert values["citations"][0]["quote"] == "引"
    assert values["usage"]["prompt_tokens"] == 3
    assert values["refused"] is None
    assert values["passages"] == []
    assert json.loads(json.dumps(values)) == values


def test_paths_keys_and_named_tuples() -> None:
    assert plain({1: Path("a/b"), "box": Box(0.0, 1.0, 2.0, 3.0)}) == {"1": "a/b", "box": [0.0, 1.0, 2.0, 3.0]}


def test_a_class_is_not_taken_for_its_instance() -> None:
    assert plain(Usage) is Usage


def test_chinese_stays_readable() -> None:
    assert to_json({"文": "字"}) == '{"文": "字"}'
    assert to_json({"a": 1}, indent=1) == '{\n "a": 1\n}'


def test_an_answer_comes_back_whole() -> None:
    chunk = Chunk(document_id="d", source="a.md", text="引文", start=0, end=2, meta={"title": "甲"})
    answer = Answer(
        id="1",
        question="?",
        text="甲",
        citations=(
            Citation(
                number=1,
                answer_start=0,
                answer_end=1,
                passage=0,
                quote="引",
                source="a.md",
                source_start=0,
                source_end=1,
            ),
        ),
        passages=(Passage(chunk=chunk, score=0.5, found_by={"dense": 0.8}),),
        timings={"search": 0.1},
        notes=("注",),
    )
    assert rebuilt(Answer, json.loads(to_json(answer))) == answer


def test_what_was_never_a_dataclass_is_an_error() -> None:
    with pytest.raises(KeyError):
        rebuilt(Usage, {"tokens": 3})
