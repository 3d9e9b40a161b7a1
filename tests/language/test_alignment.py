"""Sentences aligned with their quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gezhi.language.alignment import Alignment, align, copied_share, pieces


def edits(aligned: Alignment) -> list[tuple[str, str]]:
    return [
        (
            aligned.sentence.slice(edit.said_start, edit.said_end),
            aligned.quotes.slice(edit.found_start, edit.found_end),
        )
        for edit in aligned.edits
    ]


def test_pieces_are_characters_and_words() -> None:
    assert pieces("產品X1保修12個月, isn't it").folded == (
        "产", "品", "x", "1", "保", "修", "12", "个", "月", "isn't", "it",
    )  # fmt: skip


def test_what_was_put_in_the_place_of_what() -> None:
    aligned = align("黑豹队的防守丢了310分，排名第六", ["黑豹队的防守丢了 308分，排名第六。"])
    assert edits(aligned) == [("310", "308")]


def test_clauses_may_change_their_order() -> None:
    aligned = align("总部位于上海，公司成立于1998年", ["公司成立于1998年，总部位于上海。"])
    assert copied_share(aligned) == 1.0
    assert edits(aligned) == []


def test_a_first_word_is_held_against_the_first_word_of_the_clause() -> None:
    assert ("李四", "张三") in edits(align("李四表示不允许吸烟", ["张三表示不允许吸烟"]))


def test_nothing_shared_is_nothing_copied() -> None:
    aligned = align("天气晴朗", ["股票下跌"])
    assert (aligned.blocks, aligned.edits, copied_share(aligned)) == ((), (), 0.0)


@given(st.text(alphabet="甲乙丙丁，。ab 12", max_size=30), st.text(alphabet="甲乙丙丁，。ab 12", max_size=30))
def test_blocks_are_copies_and_do_not_overlap(sentence: str, quote: str) -> None:
    aligned = align(sentence, [quote])
    end = 0
    for block in aligned.blocks:
        said = aligned.sentence.folded[block.said : block.said + block.length]
        assert said == aligned.quotes.folded[block.found : block.found + block.length]
        assert block.said >= end and block.length > 0
        end = block.said + block.length


@given(st.text(alphabet="甲乙丙丁戊己庚，ab", min_size=2, max_size=30))
def test_a_verbatim_sentence_is_copied_whole(sentence: str) -> None:
    aligned = align(sentence, [f"前文。{sentence}。后文"])
    if len(aligned.sentence.folded) > 1:
        assert copied_share(aligned) >= 0.5
        assert all(said == found or not said for said, found in edits(aligned))
