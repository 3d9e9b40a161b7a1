from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.core.errors import ModelRefused
from gezhi.core.types import Delta, Reply, Usage
from gezhi.models.replies import StopTexts, finished, joined

COUNTED = Usage(prompt_tokens=3, completion_tokens=2)


def estimate(written: str) -> Usage:
    return Usage(prompt_tokens=1, completion_tokens=len(written), estimated=True)


def test_there_is_one_last_piece() -> None:
    pieces = [Delta(text="<think>a</think> b"), Delta(finish_reason="length"), Delta(usage=COUNTED)]
    deltas = list(finished(pieces, model="m", estimate=estimate))
    assert deltas == [Delta(reasoning="a"), Delta(text="b"), Delta(finish_reason="length", usage=COUNTED)]
    assert joined(deltas, model="m") == Reply(text="b", reasoning="a", finish_reason="length", usage=COUNTED)


def test_usage_is_estimated_from_thoughts_and_text_where_it_is_not_told() -> None:
    *_, last = finished([Delta(reasoning="ab"), Delta(text="cde")], model="m", estimate=estimate)
    assert last == Delta(finish_reason="stop", usage=Usage(prompt_tokens=1, completion_tokens=5, estimated=True))


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([], "is empty"),
        ([Delta(text=" \n"), Delta(finish_reason="stop")], "is empty"),
        ([Delta(reasoning="hm"), Delta(finish_reason="length")], "max_tokens"),
    ],
)
def test_a_reply_without_text_is_an_error(pieces: list[Delta], words: str) -> None:
    with pytest.raises(ModelRefused, match=words):
        list(finished(pieces, model="m", estimate=estimate))
    with pytest.raises(ModelRefused, match=words):
        joined(pieces, model="m")


@given(st.text("ab。", max_size=30), st.lists(st.text("ab。", min_size=1, max_size=4), max_size=3), st.integers(1, 5))
def test_stop_texts_however_the_text_is_cut(text: str, stops: list[str], size: int) -> None:
    finder, said = StopTexts(stops), ""
    for start in range(0, len(text), size):
        said += finder.feed(text[start : start + size])
        if finder.found:
            break
    else:
        said += finder.rest()
    places = [text.find(stop) for stop in stops if stop in text]
    # Texts are looked for as they come: one that is complete earlier wins over one that began earlier.
    assert finder.found == bool(places)
    assert text.startswith(said)
    if not places:
        assert said == text
    elif len(places) == 1:
        assert said == text[: places[0]]


def test_empty_stop_texts_stop_nothing() -> None:
    finder = StopTexts(("",))
    assert finder.feed("abc") == "abc"
    assert not finder.found
