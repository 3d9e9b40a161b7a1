"""Extractive answers read as answers: the right sentence, with what it needs and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gezhi.answering import Answerer
from gezhi.core.types import Answer, Chunk

Make = Callable[..., Answerer]


def ask(answerer: Make, text: str, question: str, **options: object) -> Answer:
    answer = answerer({"d.md": text}, **options).answer(question)
    for citation in answer.citations:
        assert text[citation.source_start : citation.source_end] == citation.quote
    return answer


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        (  # one sentence answers: no second one
            "公司成立于 2014 年。公司位于杭州。公司有 846 名员工。",
            "公司成立于哪一年？",
            "公司成立于 2014 年。",
        ),
        (  # a pronoun brings its sentence
            "林知远是公司的创始人。他毕业于浙江大学，研究气溶胶十一年。食堂在三楼。",
            "谁研究气溶胶，毕业于哪所大学？",
            "林知远是公司的创始人。他毕业于浙江大学，研究气溶胶十一年。",
        ),
        (  # an exception stays with its rule
            "签收后七天内可以退货。但拆封的滤芯不能退货。食堂在三楼。",
            "几天内可以退货？",
            "签收后七天内可以退货。但拆封的滤芯不能退货。",
        ),
        (  # a list comes with its introduction
            "公司概况见下文。\n\n申请护照需要的材料包括：\n1. 身份证原件\n2. 两寸照片\n3. 申请表\n\n食堂在三楼。",
            "申请护照需要哪些材料？",
            "申请护照需要的材料包括：\n1. 身份证原件\n2. 两寸照片\n3. 申请表",
        ),
        (  # an item brings the title of its list
            "[2025-08-21] X1 固件 3.2.1\n- 修复：配网失败。\n- 升级失败率达到 1.7%，已经撤回。\n- 变更：默认湿度。",
            "X1 固件 3.2.1 为什么撤回？",
            "[2025-08-21] X1 固件 3.2.1\n- 升级失败率达到 1.7%，已经撤回。",
        ),
        (  # but not an introduction that says nothing about the question
            "现将有关事项通知如下：\n\n一、搬迁在周末进行。\n二、新地址：澄江路 526 号。\n三、联系人：吴思齐。",
            "新地址在澄江路多少号？",
            "二、新地址：澄江路 526 号。",
        ),
        (  # a semicolon at the end of what is said becomes a full stop
            "保修期为 24 个月；\n\n食堂在三楼。",
            "保修期是多久？",
            "保修期为 24 个月。",
        ),
        (  # "see the table below" brings the table
            "年休假天数按工作年限确定，见下表。新员工按月折算。\n\n工作年限 | 年假\n不满10年 | 5天\n满10年 | 10天",
            "年休假天数怎样确定？",
            "年休假天数按工作年限确定，见下表。新员工按月折算。\n工作年限：不满10年；年假：5天\n工作年限：满10年；年假：10天",
        ),
        (  # one row of a table, with the names of its columns
            "差旅标准\n\n城市 | 住宿上限（元） | 餐补（元）\n北京 | 600 | 100\n拉萨 | 400 | 80",
            "去拉萨出差住宿上限是多少？",
            "城市：拉萨；住宿上限（元）：400；餐补（元）：80",
        ),
        (  # the product that was asked for, not its sibling
            "X1 Pro 的保修期为 36 个月。X1 的保修期为 24 个月。X2 的保修期为 12 个月。",
            "X1 的保修期是多久？",
            "X1 的保修期为 24 个月。",
        ),
        (  # clauses are not cut off
            "保修期为 24 个月，自发票开具之日起计算；没有发票的，自出厂日期起计算。食堂在三楼。",
            "保修期从哪天起计算？",
            "保修期为 24 个月，自发票开具之日起计算；没有发票的，自出厂日期起计算。",
        ),
        (
            "The office opens at 08:00. The canteen is on floor 3. Dr. Li runs the laboratory.",
            "When does the office open?",
            "The office opens at 08:00.",
        ),
    ],
)
def test_what_is_said(answerer: Make, text: str, question: str, said: str) -> None:
    assert ask(answerer, text, question).text == said


def test_at_most_as_many_sentences_as_are_asked_for(answerer: Make) -> None:
    text = "产品保修期两年。产品保修范围见附录。产品保修流程另行公布。产品保修网点有八家。"
    question = "产品的保修期、保修范围、保修流程和保修网点？"
    for most in (1, 2, 3):
        answer = ask(answerer, text, question, max_sentences=most)
        assert 1 <= answer.text.count("。") <= most


def test_headings_answer_nothing(answerer: Make) -> None:
    answer = ask(answerer, "# 保修期是多久\n\n产品保修期为两年，自购买之日起计算。", "保修期是多久？")
    assert answer.text == "产品保修期为两年，自购买之日起计算。"


def test_the_quote_of_a_row_is_the_row_itself(answerer: Make, library: Any) -> None:
    text = "城市 | 住宿\n北京 | 600\n拉萨 | 400"
    start = text.index("拉萨")
    chunk = Chunk(
        document_id="t.csv",
        source="t.csv",
        text=text[start:],
        start=start,
        end=len(text),
        context="城市 | 住宿",
        page=2,
    )
    answer = answerer(library({"t.csv": text}, [chunk])).answer("拉萨的住宿是多少？")
    [citation] = answer.citations
    assert answer.text == "城市：拉萨；住宿：400"
    assert (citation.quote, citation.source_start, citation.page) == ("拉萨 | 400", start, 2)
    assert (citation.answer_start, citation.answer_end) == (0, len(answer.text))


def test_sentences_of_two_documents_follow_each_other(answerer: Make) -> None:
    texts = {"a.md": "The gateway needs 5 V.", "b.md": "The sensor needs 12 V."}
    answer = answerer(texts).answer("How many volts do the gateway and the sensor need?")
    assert answer.text in (
        "The gateway needs 5 V. The sensor needs 12 V.",
        "The sensor needs 12 V. The gateway needs 5 V.",
    )
    assert answer.marked().count("[1]") == answer.marked().count("[2]") == 1


def test_a_list_that_is_too_long_is_cut_at_an_item(answerer: Make) -> None:
    items = [f"{i}. 第 {i} 种材料，需要加盖公章并附上经办人签字的复印件一式两份" for i in range(1, 16)]
    text = "申请材料包括：\n" + "\n".join(items)
    answer = ask(answerer, text, "申请需要哪些材料？")
    assert answer.text.startswith("申请材料包括：\n1. 第 1 种") and answer.text.endswith("一式两份")
    assert len(answer.text) <= 400 < len(text)
