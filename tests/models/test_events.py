from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.models.events import DONE, LONGEST_LINE, json_lines, lines, server_sent_events

STREAM = '\ufeff: hello\r\ndata: {"a":\r\ndata:1}\r\n\r\nid: 7\nretry: 5\ndata: "一\u2028二🙂"\n\ndata: [DONE]\n\n'


def cuts(data: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


@given(st.lists(st.integers(0, 200), max_size=12))
def test_however_the_bytes_are_cut(places: list[int]) -> None:
    assert list(server_sent_events(cuts(STREAM.encode(), places))) == [{"a": 1}, "一\u2028二🙂", DONE]


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))), st.data())
def test_lines_are_cut_at_line_ends_only(texts: list[str], data: st.DataObject) -> None:
    ends = [data.draw(st.sampled_from(["\n", "\r\n"])) for _ in texts]
    whole = "".join(text + end for text, end in zip(texts, ends, strict=True)).encode()
    places = data.draw(st.lists(st.integers(0, 10**6), max_size=8))
    expected = [text.removeprefix("\ufeff") if index == 0 else text for index, text in enumerate(texts)]
    assert list(lines(cuts(whole, places))) == expected


def test_a_lone_carriage_return_ends_a_line() -> None:
    assert list(lines([b"a\rb\r", b"c\r"])) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("stream", "values"),
    [
        (b"data: 1\n\n\n\ndata: 2\n\n", [1, 2]),
        (b"data:1\n\nevent: ping\n\ndata: 2\n\n", [1, 2]),
        (b"data: 1\n\ndata: 2", [1]),
        (b"data\n\ndata: 2\n\n", [2]),
        (b": keep-alive\n\n", []),
        (b"event: error\ndata: gone wrong\n\n", [{"error": "gone wrong"}]),
        (b'event: error\ndata: {"message": "m"}\n\n', [{"error": {"message": "m"}}]),
        (b'event: error\ndata: {"error": "m"}\n\n', [{"error": "m"}]),
        (b"data: [DONE]\n\ndata: 3\n\n", [DONE]),
        (b"", []),
    ],
)
def test_events(stream: bytes, values: list[Any]) -> None:
    assert list(server_sent_events([stream])) == values


def test_broken_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        list(server_sent_events([b"data: {\n\n"]))


@given(st.lists(st.integers(0, 200), max_size=8), st.booleans())
def test_json_lines(places: list[int], ended: bool) -> None:
    values = [{"text": "质保\u2028期"}, [1, 2], "x"]
    text = "\n\n".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n" * ended
    assert list(json_lines(cuts(text.encode(), places))) == values


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        list(lines([b"x" * (LONGEST_LINE + 1)]))
