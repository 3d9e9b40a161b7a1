"""Names that the quotes do not have."""

from __future__ import annotations

import pytest

from gezhi.language.alignment import align
from gezhi.language.names import missing_names, missing_words, same_name, substitutions


def replaced(sentence: str, quote: str) -> list[str]:
    aligned = align(sentence, [quote])
    return [aligned.sentence.slice(edit.said_start, edit.said_end) for edit in substitutions(aligned)]


@pytest.mark.parametrize(
    ("sentence", "quote", "said"),
    [
        ("公司总部位于南京。", "公司总部位于北京。", "南京"),
        ("会议由李强主持，共三十人参加。", "会议由张伟主持，共三十人参加。", "李强"),
        ("接着举行选举，忽必烈总统认同此事。", "接着举行选举，李登辉总统认同此事。", "忽必烈"),
        (
            "Aristotle contributed to the field and its methods.",
            "Maridini contributed to the field and its methods.",
            "Aristotle",
        ),
        ("The firm was founded by Mary Jones in Leeds.", "The firm was founded by John Smith in Leeds.", "Mary Jones"),
    ],
)
def test_a_name_in_anothers_place(sentence: str, quote: str, said: str) -> None:
    assert replaced(sentence, quote) == [said]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("他毕业于北大。", "他毕业于北京大学。"),
        ("总部坐落于上海。", "总部位于上海。"),
        ("公司使用新系统。", "公司采用新系统。"),
        ("张伟表示满意。", "张伟先生表示满意。"),
        ("他獲得了冠軍。", "他获得了冠军。"),
    ],
)
def test_the_same_name_synonyms_and_other_script_are_no_replacement(sentence: str, quote: str) -> None:
    assert replaced(sentence, quote) == []


def test_names_that_no_quote_has() -> None:
    assert list(missing_names("《长安记》由王芳撰写。", ["这本书由李明撰写。"])) == ["《长安记》", "王芳"]
    assert list(missing_names("They met Alan Turing there.", ["They met someone there."])) == ["Alan", "Turing"]
    assert list(missing_names("《2023年工作要点》发布", ["《二〇二三年工作要点》发布"])) == []
    assert list(missing_names("约翰·史密斯去了", ["史密斯去了"])) == []


def test_one_name_written_otherwise() -> None:
    assert same_name("北大", "北京大学")
    assert same_name("阿兰·图灵", "图灵")
    assert same_name("臺灣", "台湾")
    assert not same_name("北京", "南京")
    assert not same_name("清华", "北京大学")


def test_the_share_of_new_words() -> None:
    assert missing_words("公司成立于1998年", ["这家公司在1998年成立"]) == 0.0
    assert missing_words("火箭发射成功", ["公司成立于1998年"]) == 1.0
    assert 0 < missing_words("The company sells bicycles", ["The company was founded"]) < 1
