"""Negation and opposites, around what two texts share."""

from __future__ import annotations

import pytest

from gezhi.language.alignment import align
from gezhi.language.negation import negations, opposites


def denied(sentence: str, quote: str) -> bool:
    aligned = align(sentence, [quote])
    return bool([*negations(aligned), *opposites(aligned)])


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("员工可以在办公室吸烟。", "员工不可以在办公室吸烟。"),
        ("该项目并未增加成本。", "该项目增加成本。"),
        ("他没有获得冠军。", "他获得冠军。"),
        ("公司禁止员工携带宠物。", "公司允许员工携带宠物。"),
        ("销量同比下降了三成。", "销量同比增长了三成。"),
        ("The team did not win the final.", "The team did win the final."),
        ("Visitors are not allowed to park here.", "Visitors are allowed to park here."),
        ("Sales increased in the third quarter.", "Sales decreased in the third quarter."),
        ("The contract isn't valid after 2020.", "The contract is valid after 2020."),
        ("他不得不离开公司。", "他没有离开公司。"),
    ],
)
def test_what_is_turned_round(sentence: str, quote: str) -> None:
    assert denied(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("他不仅获得冠军，还打破纪录。", "他获得冠军，还打破纪录。"),
        ("他不得不离开公司。", "他离开公司。"),
        ("此路不通，请绕行。", "前方施工，此路不通，请绕行。"),
        ("公司没有裁员。", "公司没有裁员，也没有减薪。"),
        ("利润增长，成本不变。", "成本不变，利润增长。"),
        ("人为损坏不在保修范围内。", "产品提供十二个月免费保修，人为损坏除外。"),
        ("It was not only cheap but good.", "It was cheap but good."),
        ("He never smoked.", "He never smoked or drank."),
        ("不锈钢产品的质量不断提高。", "不锈钢产品的质量提高。"),
    ],
)
def test_what_is_not(sentence: str, quote: str) -> None:
    assert not denied(sentence, quote)


def test_negation_elsewhere_does_not_count() -> None:
    assert not denied("办公室开放到九点。", "办公室开放到九点。周日不开放。")
