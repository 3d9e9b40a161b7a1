from __future__ import annotations

import pytest

from gezhi.answering.draft import Cutter, Drafted, declines


def cut(text: str, size: int) -> list[Drafted]:
    cutter, drafted = Cutter(), []
    for start in range(0, len(text), size):
        drafted += cutter.feed(text[start : start + size])
    return drafted + cutter.finish()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("保修期为 24 个月[1]。价格为 3.5 元[2]。", [("保修期为 24 个月。", (1,)), ("价格为 3.5 元。", (2,))]),
        ("保修期为 24 个月。[1]价格为 5 元。[2][3]", [("保修期为 24 个月。", (1,)), ("价格为 5 元。", (2, 3))]),
        ("保修期为 24 个月【1】。价格【2†L1】。", [("保修期为 24 个月。", (1,)), ("价格。", (2,))]),
        ("保修期为 24 个月（见[1]）。价格。", [("保修期为 24 个月。", (1,)), ("价格。", ())]),
        ("保修期[1, 3]。价格[2-4]。", [("保修期。", (1, 3)), ("价格。", (2, 3, 4))]),
        ("It is 24 months.[1] It costs $3.5. [2]", [("It is 24 months.", (1,)), ("It costs $3.5.", (2,))]),
        ("It is 24 months [1]. Dr. Li says so [2, 3].", [("It is 24 months.", (1,)), ("Dr. Li says so.", (2, 3))]),
        ("It works (see [1] and [2]). Yes!", [("It works.", (1, 2)), ("Yes!", ())]),
        ("**年假**为 5 天[资料1]。", [("年假为 5 天。", (1,))]),
        ("年假为 5 天 [1]", [("年假为 5 天", (1,))]),
        ("NO_ANSWER", [("NO_ANSWER", ())]),
        ("[1][2]", []),
        ("", []),
    ],
)
def test_sentences_and_marks_do_not_depend_on_the_pieces(
    text: str, sentences: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert [(one.text, one.marks) for one in cut(text, size)] == sentences


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_lists_keep_their_lines(size: int) -> None:
    drafted = cut("规定如下：\n\n- 年假 5 天[1]\n- 病假[2]。\n1. 事假[3]", size)
    assert [(one.separator, one.text, one.bullet) for one in drafted] == [
        ("", "规定如下：", ""),
        ("\n\n", "- 年假 5 天", "- "),
        ("\n", "- 病假。", "- "),
        ("\n", "1. 事假", "1. "),
    ]


def test_a_sentence_is_held_until_its_marks_are_known() -> None:
    cutter = Cutter()
    assert cutter.feed("保修期为 24 个月。") == []
    assert cutter.feed("[") == [] and cutter.feed("1") == [] and cutter.feed("]") == []
    assert [one.marks for one in cutter.feed("价格")] == [(1,)]


@pytest.mark.parametrize(
    "text",
    [
        "资料中没有提到价格。",
        "根据提供的文档，无法确定。",
        "NO_ANSWER",
        "The passages do not mention it.",
        "I don't know.",
    ],
)
def test_declining(text: str) -> None:
    assert declines(text)


@pytest.mark.parametrize(
    "text", ["保修期为 24 个月。", "病假需要提供医院证明。", "Returns are not accepted after 14 days."]
)
def test_not_declining(text: str) -> None:
    assert not declines(text)
