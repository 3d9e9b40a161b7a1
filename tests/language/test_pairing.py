"""The right words, wrongly put together."""

from __future__ import annotations

import pytest

from gezhi.language.alignment import align
from gezhi.language.pairing import mispaired, swapped_roles
from gezhi.language.values import values

RATES = "住宿标准：一线城市不超过600元/晚，其他城市不超过400元/晚。"


def roles(sentence: str, quote: str) -> bool:
    return bool(list(swapped_roles(align(sentence, [quote]))))


def pairs(sentence: str, quote: str) -> list[tuple[str, str]]:
    aligned = align(sentence, [quote])
    return [(said.text, found.text) for said, found in mispaired(aligned, values(sentence), values(quote))]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("A公司收购了B公司。", "B公司收购了A公司。"),
        ("Acme acquired Globex in 2010.", "Globex acquired Acme in 2010."),
        ("张伟批评了王芳。", "王芳批评了张伟。"),
    ],
)
def test_who_did_it_to_whom(sentence: str, quote: str) -> None:
    assert roles(sentence, quote)
    assert not roles(quote, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Globex was acquired by Acme in 2010.", "Acme acquired Globex in 2010."),
        ("张伟和王芳负责此事。", "王芳和张伟负责此事。"),
        ("B公司被A公司收购。", "A公司收购了B公司。"),
        ("从上海到北京的列车。", "到北京的列车从上海出发。"),
        ("A company hired Acme.", "Acme hired a company."),
    ],
)
def test_another_order_is_no_other_role(sentence: str, quote: str) -> None:
    assert not roles(sentence, quote)


def test_a_value_beside_the_words_of_another() -> None:
    assert pairs("一线城市住宿标准为400元。", RATES) == [("400元", "600元/晚")]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("一线城市住宿标准为600元。", RATES),
        ("甲产品销售额为100万元。", "甲产品表现良好，销售额为100万元，去年甲产品销售额为80万元。"),
        ("试用期为三个月，产假为128天。", "产假为128天。试用期为三个月。"),
    ],
)
def test_values_in_their_places(sentence: str, quote: str) -> None:
    assert pairs(sentence, quote) == []
