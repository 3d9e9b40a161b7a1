from __future__ import annotations

import pytest

from gezhi.answering.followup import by_model, by_rule
from gezhi.core.types import Message, Reply
from gezhi.models.fake import FakeChat


def turns(asked: str, said: str = "") -> list[Message]:
    return [Message("user", asked), Message("assistant", said)]


@pytest.mark.parametrize(
    ("asked", "said", "question", "alone"),
    [
        ("产品X1的保修期是多久？", "24个月。", "那X2呢？", "产品X2的保修期是多久？"),
        ("产品X1的保修期是多久？", "24个月。", "那 X1 Pro 呢？", "产品X1 Pro的保修期是多久？"),
        ("产品X1的保修期是多久？", "24个月。", "它的价格是多少？", "产品X1的价格是多少？"),
        ("年假有几天？", "5天。", "那病假呢？", "病假有几天？"),
        ("财务部的负责人是谁？", "财务部负责人是邵明。", "他的电话是多少？", "财务部负责人是邵明的电话是多少？"),
        ("2025年的营业收入是多少？", "7.91亿元。", "那2024年呢？", "2024年的营业收入是多少？"),
        ("How long is the warranty of the X1?", "24 months.", "And the X2?", "How long is the warranty of the X2?"),
        ("How long is the warranty of the X1?", "24 months.", "How much does it cost?", "How much does the X1 cost?"),
        ("How many days for outpatient treatment?", "14.", "And in the hospital?",
         "How many days for outpatient treatment in the hospital?"),
        ("产品X1的保修期是多久？", "24个月。", "公司的地址在哪里？", "公司的地址在哪里？"),
        ("年假有几天？", "5天。", "其中几天可以累积？", "其中几天可以累积？"),
    ],
)  # fmt: skip
def test_by_rule(asked: str, said: str, question: str, alone: str) -> None:
    assert by_rule(turns(asked, said), question) == alone


def test_without_an_earlier_question_nothing_changes() -> None:
    assert by_rule([], "那X2呢？") == "那X2呢？"


@pytest.mark.parametrize("reply", ["第一行\n第二行", "长" * 600, Reply(text="X2 的保", finish_reason="length")])
def test_a_rewriting_that_is_no_question_falls_back_to_the_rule(reply: str | Reply) -> None:
    alone, _ = by_model(FakeChat([reply]), turns("产品X1的保修期是多久？"), "那X2呢？")
    assert alone == "产品X2的保修期是多久？"


def test_the_model_sees_the_turns() -> None:
    model = FakeChat(["产品X2的保修期是多久？"])
    alone, usage = by_model(model, turns("产品X1的保修期是多久？", "24个月。"), "那X2呢？")
    assert alone == "产品X2的保修期是多久？" and usage.completion_tokens > 0
    assert model.calls[0].messages[1].content == "用户: 产品X1的保修期是多久？\n助手: 24个月。\n用户: 那X2呢？"
