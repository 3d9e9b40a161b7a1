from __future__ import annotations

from collections.abc import Sequence

import pytest

from gezhi.core.types import Answer, Chunk, Passage
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.groundedness import NEAREST, Groundedness, evidence, lexical, of_answer

SOURCES = (
    "产品X1的保修期为24个月，自发票开具之日起计算。没有发票的，自出厂日期起计算。滤芯不在保修范围内。",
    "客服电话的服务时间为每天9:00至18:00。除夕当天服务到17:00。寄修时请附上保修卡和发票的复印件。公司成立于2014年。",
)


def test_true_sentences_are_grounded_and_planted_errors_are_not() -> None:
    text = "产品X1的保修期为两年，自发票开具之日起计算。除夕当天服务到19:00。"
    right, wrong = Groundedness().sentences(text, SOURCES)
    assert right.score > 0.8
    assert wrong.score < 0.2
    assert [conflict.kind for conflict in wrong.conflicts] == ["date"]
    assert text[wrong.start : wrong.end] == "除夕当天服务到19:00。"
    assert Groundedness().score(text, SOURCES) == pytest.approx((right.score + wrong.score) / 2)


def test_a_judge_is_asked_only_where_there_is_one_and_silence_is_no_verdict() -> None:
    asked: list[tuple[str, Sequence[str]]] = []

    def judge(statement: str, sources: Sequence[str]) -> float | None:
        asked.append((statement, sources))
        return 0.25 if "17" in statement else None

    first, second = Groundedness(judge=judge).sentences("除夕当天服务到17:00。公司成立于2014年。", SOURCES)
    assert (first.judged, first.score) == (True, 0.25)
    assert not second.judged
    assert second.score > 0.8
    assert len(asked) == 2
    assert any("除夕" in source for source in asked[0][1])


def test_evidence_is_near_and_in_order() -> None:
    long = ["".join(f"第{k}条说的是别的事情。" for k in range(40)) + SOURCES[0]]
    found = evidence("X1 的保修期为24个月。", long)
    assert any("24个月" in piece for piece in found)
    assert len(found) <= NEAREST + 4
    assert [long[0].index(piece) for piece in found] == sorted(long[0].index(piece) for piece in found)


def test_nothing_to_measure() -> None:
    assert Groundedness().score("", SOURCES) is None
    assert Groundedness().score("公司成立于2014年。", []) == 0.0
    assert lexical("", SOURCES) is None
    assert lexical("保修", SOURCES) == 1.0
    assert lexical("zebra 保修", SOURCES) == pytest.approx(3 / 4)


def test_of_an_answer() -> None:
    item = Item(id="1", question="?")
    chunk = Chunk(document_id="a", source="a", text=SOURCES[0], start=0, end=len(SOURCES[0]))
    answer = Answer(id="", question="?", text="滤芯不在保修范围内。", passages=(Passage(chunk=chunk, score=1.0),))
    score = of_answer(item, answer)
    assert score is not None
    assert score > 0.9
    assert of_answer(item, Answer(id="", question="?", text="没有。", refused="nothing_relevant")) is None
    assert of_answer(item, Answer(id="", question="?", text="没有。")) is None
