from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.language.fold import fold
from gezhi.language.tokens import is_chinese, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ　１２", "abc 12"),
        ("軟體與資訊", "软体与资讯"),
        ("Straße", "strasse"),
        ("①", "1"),
        ("後", "后"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_folding_a_character_does_not_depend_on_its_neighbours() -> None:
    text = "乾隆皇帝在乾燥的頭髮後面發現了皇后"
    assert fold(text) == "".join(fold(character) for character in text)


@settings(max_examples=1000)
@given(
    st.text(
        st.sampled_from("Aｅ\u0301\u0345\u0f80가\u1100\u1161軟薴ﬁ①K\u0323Ǆ") | st.characters(exclude_categories=["Cs"])
    )
)
def test_folding_is_normalising_case_folding_and_simplifying(text: str) -> None:
    normal = unicodedata.normalize("NFKC", text).casefold()
    assert fold(text) == "".join(fold(character) if character >= "\u3400" else character for character in normal)


def test_folding_twice_changes_nothing() -> None:
    text = "".join(chr(code) for code in range(0x4E00, 0x9FFF))
    assert fold(fold(text)) == fold(text)


def test_tokens_are_characters_pairs_and_words() -> None:
    assert tokens("產品X1的保修期 is 24-Months") == [
        "产", "品", "产品", "x1", "的", "保", "修", "期", "的保", "保修", "修期", "is", "24", "months",
    ]  # fmt: skip


def test_tokens_of_symbols_only() -> None:
    assert tokens("——！？ …") == []


@pytest.mark.parametrize(
    ("text", "chinese"), [("保修期多久", True), ("What is RAG", False), ("X1 的 warranty 是多久", True), ("123", False)]
)
def test_is_chinese(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese
