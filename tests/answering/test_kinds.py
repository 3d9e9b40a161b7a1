from __future__ import annotations

import pytest

from gezhi.answering.kinds import asked_kind, counted_in, has_kind, wants_value


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("保修期是多久？", "length"),
        ("年假有几天？", "length"),
        ("How many working days does it take?", "length"),
        ("滤芯多少钱一个？", "money"),
        ("What does the filter cost?", "money"),
        ("海外收入占比例多少？", "share"),
        ("公司哪一年成立？", "time"),
        ("When does the office open?", "time"),
        ("有多少名员工？", "count"),
        ("多伦多大学在加拿大吗？", None),
        ("财务部的负责人是谁？", "person"),
        ("新地址在哪里？", "place"),
        ("为什么撤回？", "reason"),
        ("申请需要哪些材料？", "list"),
        ("E2 是什么意思？", "definition"),
        ("总经理的手机号码是多少？", "phone"),
        ("What is the e-mail address of the office?", "contact"),
        ("电话客服服务到几点？", "time"),
    ],
)
def test_asked_kind(question: str, kind: str | None) -> None:
    assert asked_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        ("length", "保修期为 24 个月。", "保修期按合同约定。"),
        ("money", "零售价为 1299 元。", "重量为 1299 克。"),
        ("money", "备件编号：F1；价格（元）：189", "备件编号：F1；供货状态：现货"),
        ("share", "海外收入占 18%。", "海外收入增长。"),
        ("time", "公司成立于 2014 年 6 月。", "公司设计净化设备。"),
        ("count", "有 846 名员工。", "员工很多。"),
        ("person", "财务部：邵明", "财务部在三楼，"),
        ("person", "The team is led by Mary Jones.", "growth was strong."),
        ("place", "公司总部设在杭州。", "公司经营良好。"),
        ("phone", "客服热线 400-000-6618。", "发件人：办公室 <office@example.com>"),
        ("phone", "分机 8012。", "日期：2026-03-16 01:30 +0000"),
        ("contact", "发件人：办公室 <office@example.com>", "客服在三楼。"),
        ("reason", "因升级失败率过高，已经撤回。", "版本已经撤回。"),
    ],
)
def test_has_kind(kind: str, has: str, has_not: str) -> None:
    assert has_kind(has, kind)  # type: ignore[arg-type]
    assert not has_kind(has_not, kind)  # type: ignore[arg-type]


def test_what_is_counted() -> None:
    assert counted_in("X1 在2025年卖了多少台？") == "count"
    assert counted_in("How many people work there?") == "count"
    assert counted_in("防水等级是多少？") is None
    assert not has_kind("备件编号：F1；价格（元）：260", "count", "count")
    assert has_kind("地点：杭州；人数：28", "count", "count")
    assert has_kind("X1 卖了 3 万台。", "count", "count") and not has_kind("X1 支持 2.4 GHz。", "count", "count")


def test_only_a_value_can_answer_some_questions() -> None:
    assert wants_value("保修期是多久？") and wants_value("How many seats?") and wants_value("手机号码是多少？")
    assert not wants_value("保修期从哪天算起？") and not wants_value("How do the fees compare?")
