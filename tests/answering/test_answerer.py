"""The flow from question to answer, on every route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gezhi.answering import Answerer
from gezhi.core.errors import BadQuestion, ModelTimeout
from gezhi.core.types import Answer, Finished, Found, Message, Reply, Said
from gezhi.models.fake import FakeChat

Make = Callable[..., Answerer]

MANUAL = {
    "手册.md": "X1 的保修期为 24 个月，自购买之日起计算。X1 的外壳采用铝合金。X1 的重量为 1.2 千克。",
    "假期.md": "入职满一年的员工每年享有 5 天年假。病假需要提供医院证明。年假不可以累积到下一年。",
    "manual.md": "The X2 has a warranty of 36 months. The X2 weighs 2.5 kg. The housing of the X2 is made of steel.",
}


def check_spans(answer: Answer, texts: dict[str, str] = MANUAL) -> None:
    """Every citation points at a stretch of the text, and its quote stands in its document."""
    assert answer.citations
    for citation in answer.citations:
        assert texts[citation.source][citation.source_start : citation.source_end] == citation.quote
        assert 0 <= citation.answer_start < citation.answer_end <= len(answer.text)
        assert answer.text[citation.answer_start : citation.answer_end].strip()
        assert answer.passages[citation.passage].chunk.source == citation.source


def said(answerer: Answerer, *arguments: Any) -> tuple[list[str], Answer]:
    events = list(answerer.stream(*arguments))
    assert isinstance(events[0], Found) and isinstance(events[-1], Finished)
    texts = [event.text for event in events if isinstance(event, Said)]
    assert "".join(texts) == events[-1].answer.text
    shown = [citation for event in events if isinstance(event, Said) for citation in event.citations]
    assert tuple(shown) == events[-1].answer.citations
    return texts, events[-1].answer


@pytest.mark.parametrize("question", ["", "  \n ", "问" * 20_000])
def test_a_question_that_cannot_be_asked(answerer: Make, question: str) -> None:
    with pytest.raises(BadQuestion):
        answerer(MANUAL).stream(question)  # at once, before anything is iterated


def test_extractive_answers_are_verbatim_and_cited(answerer: Make) -> None:
    answer = answerer(MANUAL).answer("X1 的保修期是多久？")
    assert answer.route == "extractive" and answer.refused is None
    assert answer.text == "X1 的保修期为 24 个月，自购买之日起计算。"
    assert [c.supported for c in answer.citations] == [True]
    assert answer.marked() == answer.text + "[1]"
    assert answer.timings.keys() >= {"search", "draft", "total"}
    assert answer.versions["embedder"] == "characters"
    check_spans(answer)


def test_grounded_sentences_are_said_as_they_are_checked(answerer: Make) -> None:
    model = FakeChat(["X1 的保修期为 24 个月[1]。X1 的重量为 1.2 千克。[1]"])
    texts, answer = said(answerer(MANUAL, model), "X1 的保修期和重量？")
    assert texts == ["X1 的保修期为 24 个月。", "X1 的重量为 1.2 千克。"]
    assert answer.route == "grounded" and answer.refused is None
    assert answer.usage.prompt_tokens > 0 and answer.usage.completion_tokens > 0
    assert answer.versions["model"] == "fake:scripted" and answer.versions["prompt"].startswith("cited-zh-")
    assert model.calls[0].sampling.temperature == 0.0
    assert answer.marked() == "X1 的保修期为 24 个月。[1]X1 的重量为 1.2 千克。[2]"
    check_spans(answer)


def test_a_model_that_runs_in_circles_is_heard_once(answerer: Make) -> None:
    model = FakeChat(["X1 的保修期为 24 个月[1]。X1 的重量为 1.2 千克[1]。X1 的保修期为 24 个月[1]。"])
    texts, answer = said(answerer(MANUAL, model), "X1 的保修期和重量？")
    assert texts == ["X1 的保修期为 24 个月。", "X1 的重量为 1.2 千克。"]
    assert answer.dropped == ()


def test_nothing_is_said_before_it_is_checked(answerer: Make) -> None:
    seen: list[str] = []

    class Watched(FakeChat):
        def stream(self, *arguments: Any) -> Any:
            for delta in super().stream(*arguments):
                seen.append(delta.text)
                yield delta

    model = Watched(["X1 的保修期为 24 个月[1]。X1 的重量为 1.2 千克[1]。"])
    events = answerer(MANUAL, model).stream("X1 的保修期和重量？")
    next(events)
    first = next(events)
    assert isinstance(first, Said) and first.text == "X1 的保修期为 24 个月。"
    assert "".join(seen) == "X1 的保修期为 24 个月[1]。X1"  # said as soon as the next sentence begins


def test_english_drafts(answerer: Make) -> None:
    model = FakeChat(
        ["The X2 has a warranty of 36 months. [1] It also flies to the moon. [1]\n- The X2 weighs 2.5 kg [1]"]
    )
    texts, answer = said(answerer(MANUAL, model), "What is the warranty of the X2, and its weight?")
    assert texts == ["The X2 has a warranty of 36 months.", "\n- The X2 weighs 2.5 kg"]
    assert answer.dropped == ("It also flies to the moon.",)
    assert answer.versions["prompt"].startswith("cited-en-")
    check_spans(answer)


@pytest.mark.parametrize(
    "wrong", ["X1 的保修期为 36 个月[1]。", "X1 的重量为 2.1 千克[1]。", "The X2 has a warranty of 63 months [1]."]
)
def test_a_sentence_with_another_number_is_dropped(answerer: Make, wrong: str) -> None:
    right = "X1 的外壳采用铝合金[1]。"
    answer = answerer(MANUAL, FakeChat([f"{wrong}\n{right}"])).answer("X1 的外壳是什么？重量、保修呢？")
    assert answer.text == "X1 的外壳采用铝合金。"
    assert len(answer.dropped) == 1


def test_unsupported_sentences_may_be_kept_and_are_marked(answerer: Make) -> None:
    model = FakeChat(["X1 的保修期为 36 个月[1]。"])
    answer = answerer(MANUAL, model, keep_unsupported=True).answer("X1 的保修期是多久？")
    assert answer.text == "X1 的保修期为 36 个月。（文档中未找到依据）"
    assert [citation.supported for citation in answer.citations] == [False]
    assert answer.refused is None and not answer.dropped


def test_numbers_of_passages_that_do_not_exist_are_passed_over(answerer: Make) -> None:
    answer = answerer(MANUAL, FakeChat(["X1 的保修期为 24 个月[17][99]。"])).answer("X1 的保修期是多久？")
    assert answer.text == "X1 的保修期为 24 个月。"
    assert [citation.source for citation in answer.citations] == ["手册.md"]


def test_a_wrong_number_is_put_right(answerer: Make) -> None:
    answerer_ = answerer(MANUAL, FakeChat(["病假需要提供医院证明[2]。"]))
    answer = answerer_.answer("X1 和 病假 的保修、证明、重量？")
    passages = [passage.chunk.source for passage in answer.passages]
    assert [citation.source for citation in answer.citations] == ["假期.md"]
    assert answer.citations[0].passage == passages.index("假期.md")


def test_an_introduction_waits_for_what_it_introduces(answerer: Make) -> None:
    model = FakeChat(["X1 的情况如下：\n- X1 的保修期为 24 个月[1]\n- X1 的重量为 1.2 千克[1]"])
    texts, answer = said(answerer(MANUAL, model), "X1 的保修期和重量？")
    assert texts[-2:] == ["\n- X1 的保修期为 24 个月", "\n- X1 的重量为 1.2 千克"] or answer.text.startswith("- X1")
    alone = answerer(MANUAL, FakeChat(["X1 的情况如下："])).answer("X1 的保修期和重量？")
    assert alone.refused == "not_supported"


@pytest.mark.parametrize(
    "reply", ["NO_ANSWER", "资料中没有提到 X1 的颜色。", "", "NO_ANSWER。X1 的保修期为 24 个月[1]。"]
)
def test_a_model_that_declines_is_a_refusal(answerer: Make, reply: str) -> None:
    texts, answer = said(answerer(MANUAL, FakeChat([reply])), "X1 的颜色是什么？")
    assert answer.refused == "not_supported" and answer.route == "refusal"
    assert answer.citations == () and answer.passages
    assert texts == [answer.text] and "文档" in answer.text


def test_reasoning_is_neither_said_nor_cited(answerer: Make) -> None:
    model = FakeChat([Reply(text="X1 的保修期为 24 个月[1]。", reasoning="X1 的重量为 1.2 千克[1]。")])
    answer = answerer(MANUAL, model).answer("X1 的保修期是多久？")
    assert answer.text == "X1 的保修期为 24 个月。"


def test_a_reply_cut_off_by_its_limit_loses_its_last_sentence(answerer: Make) -> None:
    model = FakeChat([Reply(text="X1 的保修期为 24 个月[1]。X1 的重量为 1", finish_reason="length")])
    answer = answerer(MANUAL, model).answer("X1 的保修期和重量？")
    assert answer.text == "X1 的保修期为 24 个月。"
    assert any("answer.max_tokens" in note for note in answer.notes)


def failing(after: int) -> FakeChat:
    error = ModelTimeout("models.timeout", url="http://127.0.0.1:9", seconds=1)
    return FakeChat(["X1 的保修期为 24 个月[1]。X1 的重量为 1.2 千克[1]。"], fail=error, fail_after=after)


def test_a_model_that_fails_at_once_falls_back(answerer: Make) -> None:
    answer = answerer(MANUAL, failing(0)).answer("X1 的保修期是多久？")
    assert answer.route == "fallback" and answer.refused is None
    assert answer.text == "X1 的保修期为 24 个月，自购买之日起计算。"
    assert len(answer.notes) == 1 and "原句" in answer.notes[0]
    check_spans(answer)


def test_a_model_that_fails_halfway_keeps_what_was_said(answerer: Make) -> None:
    texts, answer = said(answerer(MANUAL, failing(20)), "X1 的保修期是多久？")
    assert answer.route == "fallback"
    assert texts[0] == "X1 的保修期为 24 个月。"
    assert answer.text.count("24 个月") == 1  # the same sentence is not said again
    check_spans(answer)


def test_an_empty_collection(answerer: Make) -> None:
    model = FakeChat([])
    texts, answer = said(answerer({}, model), "How long is the warranty?")
    assert answer.refused == "no_documents" and answer.passages == ()
    assert "gezhi index" in texts[0] and texts[0].isascii()
    assert not model.calls


def test_nothing_found(answerer: Make) -> None:
    assert answerer(MANUAL).answer("zzz qqq?").refused == "nothing_relevant"
    assert answerer(MANUAL).answer("X1 的保修期？", (), r".*\.pdf").refused == "nothing_relevant"


def test_a_product_that_the_documents_never_name(answerer: Make) -> None:
    model = FakeChat([])
    answer = answerer(MANUAL, model).answer("X9 的保修期是多久？")
    assert answer.refused == "nothing_relevant"
    assert "X9" in answer.text and answer.passages and not model.calls


@pytest.mark.parametrize(("sure", "refused"), [(0.1, "nothing_relevant"), (0.9, None), (None, None)])
def test_answerability_decides(answerer: Make, sure: float | None, refused: str | None) -> None:
    answer = answerer(MANUAL, sure=sure).answer("X1 的保修期是多久？")
    assert answer.refused == refused and answer.confidence == sure


def test_the_model_alone_only_when_it_is_allowed(answerer: Make) -> None:
    question = "zzz 是什么？"
    assert answerer(MANUAL, FakeChat([])).answer(question).refused == "nothing_relevant"
    texts, answer = said(answerer(MANUAL, FakeChat(["地球绕太阳转。一年一圈。"]), model_only=True), question)
    assert answer.route == "model_only" and answer.refused is None and answer.citations == ()
    assert texts == ["地球绕太阳转。", "一年一圈。"]
    assert any("自行核实" in note for note in answer.notes)
    declined = answerer(MANUAL, FakeChat(["NO_ANSWER"]), model_only=True).answer(question)
    assert declined.refused == "nothing_relevant" and declined.route == "refusal"


@dataclass
class Rule:
    name: str
    word: str
    instead: str | None

    def __call__(self, sentence: str) -> str | None:
        if self.word not in sentence:
            return sentence
        return None if self.instead is None else sentence.replace(self.word, self.instead)


def test_filters_change_and_withhold(answerer: Make) -> None:
    model = FakeChat(["X1 的保修期为 24 个月[1]。X1 的重量为 1.2 千克[1]。X1 的外壳采用铝合金[1]。"])
    rules = [Rule("mask", "24 个月", "**"), Rule("secret", "千克", None)]
    texts, answer = said(answerer(MANUAL, model, rules), "X1 的保修期、重量和外壳？")
    assert texts == ["X1 的保修期为 **。", "X1 的外壳采用铝合金。"]
    assert any("mask" in note for note in answer.notes) and any("secret" in note for note in answer.notes)
    check_spans(answer)
    nothing = answerer(MANUAL, None, [Rule("all", "", None)]).answer("X1 的保修期是多久？")
    assert nothing.refused == "not_supported" and any("all" in note for note in nothing.notes)


def test_a_quote_that_no_longer_stands_is_not_cited(answerer: Make, library: Any) -> None:
    changed = library(dict(MANUAL))
    changed.texts["手册.md"] = "这份文档刚刚被改过。"
    assert answerer(changed).answer("X1 的保修期是多久？").refused == "not_supported"


HISTORY = (Message("user", "X1 的保修期是多久？"), Message("assistant", "X1 的保修期为 24 个月。"))


def test_follow_ups_are_understood_without_a_model(answerer: Make, library: Any) -> None:
    shelf = library(MANUAL)
    answer = answerer(shelf).answer("它的重量是多少？", HISTORY)
    assert answer.text == "X1 的重量为 1.2 千克。"
    assert shelf.asked == ["X1的重量是多少？", "它的重量是多少？"]
    assert answer.question == "它的重量是多少？"
    assert any("X1的重量是多少" in note for note in answer.notes)


def test_follow_ups_are_rewritten_by_the_model(answerer: Make, library: Any) -> None:
    shelf = library(MANUAL)
    model = FakeChat(["“X1 的重量是多少？”", "X1 的重量为 1.2 千克[1]。"])
    answer = answerer(shelf, model).answer("重量呢？", HISTORY)
    assert shelf.asked == ["X1 的重量是多少？", "重量呢？"]
    assert answer.text == "X1 的重量为 1.2 千克。"
    assert len(model.calls) == 2 and "重量呢" in model.calls[0].messages[-1].content
    assert model.calls[1].messages[-1].content.endswith("问题：X1 的重量是多少？")
    assert [message.role for message in model.calls[1].messages] == ["system", "user", "assistant", "user"]


def test_a_model_that_fails_to_rewrite_is_not_asked_again(answerer: Make) -> None:
    model = FakeChat([ModelTimeout("models.timeout", url="http://127.0.0.1:9", seconds=1)])
    answer = answerer(MANUAL, model).answer("它的重量是多少？", HISTORY)
    assert answer.route == "fallback" and answer.text == "X1 的重量为 1.2 千克。"
    assert len(model.calls) == 1
