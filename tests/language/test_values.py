"""Values compared by what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.language.values import Value, supports, values


def only(text: str) -> Value:
    (found,) = values(text)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2万人", "12,000人"), ("十二个月", "一年"), ("12 months", "一年"), ("24小时", "1天"), ("两周", "14 days"),
        ("三十天", "一个月"), ("百分之五", "5%"), ("5 percent", "5％"), ("四分之一", "25%"), ("五成", "50%"),
        ("a quarter", "25%"), ("3.5 million dollars", "$3,500,000"), ("人民币5万元", "￥50,000"), ("US$20", "20美元"),
        ("2.5公斤", "5斤"), ("5 km", "5000米"), ("半年", "6个月"), ("两年半", "30个月"), ("三个半小时", "210分钟"),
        ("第三名", "3rd"), ("第三", "third"), ("二〇二四年三月", "2024-03"), ("March 2024", "2024年3月"),
        ("１２３个", "123个"), ("1TB", "1000GB"), ("1TB", "1024GB"), ("25 °C", "77 °F"), ("5 miles", "8公里"),
        ("twelve", "12"), ("十二", "12"), ("60公里/小时", "60 km/h"), ("零下5℃", "-5 °C"), ("20多个", "more than 20"),
        ("ISO 9001", "ISO9001"), ("1998年", "1998"), ("下午三点", "15:00"), ("366天", "1年"), ("30岁", "30 years old"),
    ],
)  # fmt: skip
def test_one_value_in_two_forms(one: str, other: str) -> None:
    assert supports(only(one), only(other))
    assert supports(only(other), only(one))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("5公里", "5公斤"), ("5公里", "5米"), ("12个月", "2年"), ("5%", "5个百分点"), ("5元", "5美元"), ("X1", "X9"),
        ("不超过5天", "至少5天"), ("5天以上", "5天以下"), ("3.11.7", "3.11.8"), ("2024-03-05", "2024-03-06"),
        ("2024年", "2024年3月"), ("GPT-4", "GPT-3"), ("1万", "1亿"), ("第52分钟", "第52小时"), ("十几人", "25人"),
        ("13800138000", "13800138001"), ("84.79%", "84.79‰"), ("上午九点", "下午九点"), ("约350人", "约360人"),
    ],
)  # fmt: skip
def test_values_that_differ(found: str, said: str) -> None:
    assert not supports(only(found), only(said))


def test_a_source_may_be_more_precise_than_a_sentence() -> None:
    assert supports(only("2024-03-05"), only("2024年"))
    assert supports(only("11,940人"), only("约12,000人"))
    assert supports(only("15人"), only("十几人"))
    assert supports(only("1995年"), only("1990s"))


@pytest.mark.parametrize(
    "text",
    ["一些人一起去四川吃三明治，万一下雨", "一方面统一，另一方面十分重要", "三角关系四周安静",
     "one of the best, no one knows",
     "千万别去，百姓百货百科", "两岸三国五金七夕", "二手半导体"],
)  # fmt: skip
def test_numerals_inside_words_are_no_values(text: str) -> None:
    assert values(text) == []


def test_articles_are_weak() -> None:
    assert [value.weak for value in values("一名男子买了一个苹果和三个梨")] == [True, True, False]
    assert not only("保修一年").weak


def test_a_range_shares_its_unit() -> None:
    assert [(v.low, v.unit.dimension) for v in values("3至5天")] == [(3 * 86400, "seconds"), (5 * 86400, "seconds")]
    assert [v.low for v in values("1-2万")] == [10_000, 20_000]
    assert [v.low for v in values("10万至20万元")] == [100_000, 200_000]


def test_spans_are_those_of_the_original_text() -> None:
    text = "２０２４ 年 產品Ｘ１ 售價 ￥１,２９９"
    assert [value.text for value in values(text)] == ["２０２４ 年", "Ｘ１", "￥１,２９９"]


@given(
    st.text(
        alphabet="一二三四五十百千万亿半两第年月日时点分公里斤元%％.,-~至0123456789 X。abkmGB½约多余以上", max_size=24
    )
)
def test_any_text_gives_values_in_order_that_support_themselves(text: str) -> None:
    end = 0
    for value in values(text):
        assert text[value.start : value.end] == value.text
        assert value.start >= end
        assert supports(value, value)
        end = value.end
