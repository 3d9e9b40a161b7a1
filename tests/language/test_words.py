"""The word lists."""

from __future__ import annotations

from gezhi.language.words import groups, pattern, words


def test_lists_are_read_as_words_groups_and_patterns() -> None:
    assert "允许|禁止" in words("opposites")
    assert ("员工", "职工", "雇员", "职员") in groups("synonyms")
    assert pattern("negators").search("并未发现")
    assert pattern("not_negating").search("不仅如此")


def test_opposites_are_pairs() -> None:
    assert all(len(pair.split("|")) == 2 and all(pair.split("|")) for pair in words("opposites"))
