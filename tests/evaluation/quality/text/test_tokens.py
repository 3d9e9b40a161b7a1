from __future__ import annotations

import pytest
from nltk.stem import PorterStemmer
from rouge_score.tokenize import tokenize

from evaluation.quality.text.cases import ENGLISH, PAIRS
from gezhi.evaluation.quality.text import TextOptions
from gezhi.evaluation.quality.text.tokens import jieba_words, mixed_characters, rouge_words, squad_words, units

CHARACTERS, WORDS = TextOptions(), TextOptions(tokenize="words")


@pytest.mark.parametrize("text", [text for pair in PAIRS for text in pair])
def test_rouges_words(text: str) -> None:
    assert rouge_words(text, stem=False) == tokenize(text, None)


@pytest.mark.parametrize("text", [text for pair in ENGLISH for text in pair])
def test_rouges_stems(text: str) -> None:
    assert rouge_words(text, stem=True) == tokenize(text, PorterStemmer())


def test_chinese_units() -> None:
    assert units("X1的保修期，24个月！", "zh", CHARACTERS) == ["x1", "的", "保", "修", "期", "24", "个", "月"]
    words = units("北京大学的学生。", "zh", WORDS)
    assert "".join(words) == "北京大学的学生"
    assert len(words) < 7
    assert units("Don’t stop, it's 3rd", "en", CHARACTERS) == ["don’t", "stop", "it's", "3rd"]


def test_jieba_keeps_all_but_blanks() -> None:
    assert "".join(jieba_words("格致 (Gezhi)，好！")) == "格致(Gezhi)，好！"


def test_answers() -> None:
    assert squad_words("The U.S. Army!") == ["us", "army"]
    assert mixed_characters("《格致》 version 2.0 版") == ["格", "致", "version", "20", "版"]
