from __future__ import annotations

import pytest

from gezhi.evaluation.quality.containing import says

SAID = [
    ("保修期为两年。", "24个月"),
    ("it lasts 24 months", "两年"),
    ("成立于2014年6月18日", "2014年"),
    ("every day until 5 pm", "17:00"),
    ("售价 1,299 元", "1299元"),
    ("营业收入 791,000,000 元", "7.91亿元"),
    ("The answer is: No.", "no"),
    ("X1 不支持 5 GHz", "不支持"),
    ("在歐洲", "欧洲"),
    ("a TYPE-G plug", "type G"),
    ("从甲到乙，也到丙", "甲；丙"),
    ("符号是 ±", "±"),
]
NOT_SAID = [
    ("每晚1500元", "500"),
    ("12.99", "1299"),
    ("1.5", "15"),
    ("I know it", "no"),
    ("X1 不支持 5 GHz", "支持"),
    ("保修期为三年。", "24个月"),
    ("成立于2014年", "2014年6月18日"),
    ("最多两年", "24个月"),
    ("达到1.7%", "升级失败率达到1.7%"),
    ("从甲到乙", "甲；丙"),
    ("", "甲"),
    ("甲", "←"),
]


@pytest.mark.parametrize(("text", "reference"), SAID)
def test_said(text: str, reference: str) -> None:
    assert says(text, reference)


@pytest.mark.parametrize(("text", "reference"), NOT_SAID)
def test_not_said(text: str, reference: str) -> None:
    assert not says(text, reference)
