from __future__ import annotations

import pytest

from gezhi.answering.question import codes, language_of, missing_subjects, stands, tell
from gezhi.core.catalogue import current_language
from gezhi.core.errors import ModelTimeout


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("产品X1的保修期是多久？", ["X1"]),
        ("X1 Pro的风机呢", ["X1 Pro"]),
        ("Does the X1 Pro Max fit?", ["X1 Pro Max"]),
        ("Is it ISO 9001 certified?", ["ISO 9001"]),
        ("满5年有几天？12kg 以内多少钱？", []),
        ("What does it cost?", []),
        ("写信给 a1@example.com 有用吗", []),
    ],
)
def test_codes(question: str, found: list[str]) -> None:
    assert codes(question) == found


@pytest.mark.parametrize(
    ("code", "text", "exactly", "there"),
    [
        ("X1", "产品X1的保修期", False, True),
        ("X1", "型号 x-1", False, True),
        ("X1", "Ｘ１", False, True),
        ("X1", "X10 与 AX1", False, False),
        ("X1", "X1 Pro 的保修期", False, True),
        ("X1", "X1 Pro 的保修期", True, False),
        ("X1", "X1 和 X1 Pro", True, True),
        ("X1 Pro", "X1 Pro的", True, True),
    ],
)
def test_a_code_stands_however_it_is_written(code: str, text: str, exactly: bool, there: bool) -> None:
    assert stands(code, text, exactly=exactly) is there


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("X9 的保修期？", ["X9"]),
        ("2022年的营业收入是多少？", ["2022"]),
        ("2024年的营业收入是多少？", []),
        ("二〇二四年的收入？", []),
        ("2024年3月的收入？", []),  # the month is for the reader to see, the year is not to be mixed up
        ("Revenue in 2021?", ["2021"]),
        ("满10年有几天年假？", []),
    ],
)
def test_what_the_texts_never_mention(question: str, missing: list[str]) -> None:
    assert missing_subjects(question, ["2024年营业收入为6.38亿元。", "X1 的价格。"]) == missing


def test_the_language_of_the_question_decides_what_is_told() -> None:
    assert language_of("X1 的价格 price?") == "zh" and language_of("What does 保修 mean?") == "en"
    told = tell("zh", "answering.model_failed", reason=ModelTimeout("models.timeout", url="http://x", seconds=3))
    assert "没有答完" in told and "http://x" in told and "没有回应" in told
    assert current_language() == "en"
