from __future__ import annotations

import pytest

from gezhi.core.errors import ModelError, ModelTimeout
from gezhi.core.types import Message, Reply, Sampling, Usage
from gezhi.models.fake import Call, FakeChat

ASKED = [Message("user", "多久？")]
LATE = ModelTimeout("models.timeout", url="http://x", seconds=1.0)


def test_replies_come_in_order_and_calls_are_kept() -> None:
    model = FakeChat(["一", Reply(text="二", reasoning="想", finish_reason="length")])
    sampling = Sampling(seed=7)
    assert model.reply(ASKED, sampling).text == "一"
    second = model.reply(ASKED, Sampling())
    assert (second.text, second.reasoning, second.finish_reason) == ("二", "想", "length")
    assert model.calls == [Call(tuple(ASKED), sampling), Call(tuple(ASKED), Sampling())]


def test_more_calls_than_replies_is_the_tests_mistake() -> None:
    model = FakeChat(["一"])
    model.reply(ASKED, Sampling())
    with pytest.raises(LookupError, match="1 replies"):
        model.stream(ASKED, Sampling())


def test_a_call_counts_when_it_is_made() -> None:
    model = FakeChat(["一", "二"])
    first, second = model.stream(ASKED, Sampling()), model.stream(ASKED, Sampling())
    assert next(second).text == "二"
    assert next(first).text == "一"


def test_it_fails_after_the_pieces_it_is_told_to() -> None:
    stream = FakeChat(["a b c"], fail=LATE, fail_after=2).stream(ASKED, Sampling())
    assert [next(stream).text, next(stream).text] == ["a", " "]
    with pytest.raises(ModelTimeout):
        next(stream)


@pytest.mark.parametrize(
    "model", [FakeChat([LATE]), FakeChat(["a"], fail=LATE), FakeChat(["a"], fail=LATE, fail_after=9)]
)
def test_it_fails_whole(model: FakeChat) -> None:
    with pytest.raises(ModelTimeout):
        model.reply(ASKED, Sampling())


def test_an_empty_reply_is_an_error_as_in_real_models() -> None:
    with pytest.raises(ModelError):
        FakeChat([""]).reply(ASKED, Sampling())


def test_usage_is_counted_or_as_scripted() -> None:
    assert FakeChat(["好 word"]).reply(ASKED, Sampling()).usage == Usage(prompt_tokens=3, completion_tokens=3)
    scripted = Usage(prompt_tokens=100, completion_tokens=50)
    assert FakeChat([Reply(text="好", usage=scripted)]).reply(ASKED, Sampling()).usage == scripted
