"""Encodings: Chinese in all that are in use, short and long; damaged, declared and foreign ones."""

from __future__ import annotations

import pytest

from gezhi.documents.decode import decode

SIMPLIFIED = [
    *("你好", "公司", "保修期", "张三", "螺丝", "深圳", "鸡蛋", "咖啡", "财务报表", "错误：连接超时", "李雷和韩梅梅"),
    *("产品X1的保修期是12个月。", "名称,价格\n螺丝,3\n备件,5\n", "第一章 总则\n本制度适用于全体员工。"),
]
TRADITIONAL = [
    *("你好", "公司", "保固期間", "臺北", "測試", "蘋果", "財務報表", "錯誤：連線逾時", "人工智慧", "資料庫"),
    *("產品X1的保固期是12個月。", "名稱,價格\n螺絲,3\n備件,5\n", "第一章 總則\n本制度適用於全體員工。"),
]
LATIN = ["café crème brûlée", "naïve", "Müller Straße", "señor año", "“quoted” – text", "Ångström"]


@pytest.mark.parametrize("times", [1, 300])
@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("gb18030", SIMPLIFIED),
        ("gb18030", TRADITIONAL),
        ("big5", TRADITIONAL),
        ("utf-8", SIMPLIFIED + LATIN),
        ("utf-8-sig", SIMPLIFIED),
        ("utf-16", SIMPLIFIED),
        ("utf-32", SIMPLIFIED),
        ("cp1252", LATIN),
    ],
)
def test_texts_come_back_as_they_were(encoding: str, texts: list[str], times: int) -> None:
    for text in texts:
        decoded = decode((text * times).encode(encoding))
        assert decoded.text == text * times, encoding
        assert decoded.broken == 0


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    text = "Report 2024\n年度报告：收入 12 亿元。\n"
    assert decode(text.encode(encoding)).text == text


def test_chinese_after_a_long_english_beginning() -> None:
    text = "plain words\n" * 20_000 + "最后一行是中文。\n"
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("これは日本語のテキストです。東京都に住んでいます。", "shift_jis"),
        ("Привет мир, это русский текст, написанный давно.", "cp1251"),
    ],
)
def test_other_scripts_are_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_the_declared_encoding_is_believed_where_the_bytes_fit() -> None:
    text = "これは泣塑です"
    assert decode(text.encode("euc_jp"), "euc-jp").text == text
    assert decode("保修期".encode("gb18030"), "gb2312").text == "保修期"
    # Declared wrongly: the bytes decide.
    assert decode("保修期".encode(), "gb2312").text == "保修期"
    assert decode("保修期是一年。".encode("gb18030"), "utf-8").text == "保修期是一年。"
    assert decode("保修期是一年。".encode("gb18030"), "iso-8859-1").text == "保修期是一年。"
    assert decode("保修期".encode(), "no-such-thing").text == "保修期"


def test_characters_beyond_the_common_ones_survive() -> None:
    text = "㐀𠮷镕喆，生僻字也在国标里。"
    assert decode(text.encode("gb18030")).text == text


def test_damage_is_counted_and_the_rest_is_kept() -> None:
    good = "保修期是十二个月，自购买之日起计算。" * 50
    data = bytearray(good.encode())
    data[300] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.broken >= 1
    assert decoded.text.count("保修期是十二个月") >= 48
    cut = decode(good.encode("gb18030")[:-1])
    assert cut.text.startswith(good[:-1])


def test_any_bytes_give_text() -> None:
    for data in (b"", b"\x00", b"\xff", bytes(range(256)) * 3, b"\xff\xfe\x00", b"\x80" * 99):
        assert isinstance(decode(data).text, str)
