from __future__ import annotations

from collections.abc import Callable

import pytest

from gezhi.answering import Answerer
from gezhi.answering.prompt import cited_prompt, recent, version
from gezhi.core.errors import ModelRefused
from gezhi.core.types import Chunk, Message, Passage
from gezhi.models.fake import FakeChat

Make = Callable[..., Answerer]


def passage(text: str, context: str = "") -> Passage:
    chunk = Chunk(document_id="d", source="d.md", text=text, start=0, end=len(text), context=context)
    return Passage(chunk=chunk, score=1.0)


@pytest.mark.parametrize("context_length", [800, 1000, 1500, 4000])
def test_the_prompt_and_the_reply_fit_into_the_context(context_length: int) -> None:
    model = FakeChat([], context_length=context_length)
    passages = [passage(f"第 {i} 条规定。" * (10 + 5 * i), "手册 > 规定") for i in range(8)]
    prompt = cited_prompt(model, passages, "第三条规定是什么？", [], "zh", 200)
    cost = sum(model.count_tokens(message.content) for message in prompt.messages)
    assert cost + prompt.max_tokens <= context_length
    assert sorted(prompt.shown | set(prompt.omitted)) == list(range(8)) and not prompt.shown & set(prompt.omitted)
    assert all(
        (f"[{i + 1}] d.md · 手册 > 规定" in prompt.messages[-1].content) == (i in prompt.shown) for i in range(8)
    )


def test_a_passage_too_long_for_the_model_is_cut_at_a_sentence() -> None:
    model = FakeChat([], context_length=800)
    prompt = cited_prompt(model, [passage("这是一句话。" * 500)], "问题？", [], "zh", 100)
    assert prompt.shown == {0}
    assert prompt.messages[-1].content.count("这是一句话。") > 5


def test_no_room_at_all_is_an_error_of_the_model() -> None:
    with pytest.raises(ModelRefused, match="128 tokens"):
        cited_prompt(FakeChat([], context_length=128), [passage("这是一句话。")], "问题？", [], "zh", 64)


def test_the_answer_falls_back_where_nothing_fits_and_names_what_was_omitted(answerer: Make) -> None:
    texts = {f"{i}.md": f"X{i} 的保修期为 {i} 个月。" + "其他说明文字。" * 40 for i in range(1, 9)}
    small = FakeChat(["X2 的保修期为 2 个月[1]。"], context_length=1400)
    answer = answerer(texts, small, max_tokens=100).answer("X2 的保修期是多久？")
    assert answer.route == "grounded" and answer.omitted
    assert set(answer.omitted) < set(range(len(answer.passages)))
    tiny = FakeChat([], context_length=128)
    answer = answerer(texts, tiny).answer("X2 的保修期是多久？")
    assert answer.route == "fallback" and "X2 的保修期为 2 个月" in answer.text and not tiny.calls


def test_old_turns_make_room_for_passages() -> None:
    model = FakeChat([], context_length=1400)
    history = [Message("user" if i % 2 == 0 else "assistant", f"第 {i} 轮。" * 20) for i in range(6)]
    prompt = cited_prompt(model, [passage("这是一句话。")], "问题？", history, "zh", 100)
    kept = prompt.messages[1:-1]
    assert 0 < len(kept) < 6 and kept[0].role == "user" and kept[-1] == history[-1]
    assert prompt.shown == {0}


def test_recent_turns() -> None:
    history = [
        Message("system", "s"),
        Message("user", "a"),
        Message("assistant", "b" * 3000),
        Message("tool", "t"),
        Message("user", "c"),
        Message("assistant", ""),
    ]
    assert [(m.role, len(m.content)) for m in recent(history, 3)] == [("user", 1), ("assistant", 1000), ("user", 1)]
    assert recent(history, 0) == []


def test_versions_name_the_words() -> None:
    assert version("zh") != version("en") and version("zh") == version("zh")
