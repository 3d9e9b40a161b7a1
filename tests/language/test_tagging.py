"""Chinese words with their parts of speech."""

from __future__ import annotations

from gezhi.language.tagging import tagged


def test_words_cover_the_text_and_know_their_places() -> None:
    text = "張偉先生在北京大學工作。"
    found = tagged(text)
    assert "".join(text[word.start : word.end] for word in found) == text


def test_names_are_told_from_words_that_are_tagged_like_names() -> None:
    names = {word.plain for word in tagged("张伟在北京见到了本杰明·内塔尼亚胡") if word.is_name}
    assert names == {"张伟", "北京", "本杰明", "内塔尼亚胡"}
    assert not any(word.is_name for word in tagged("深度和长度都很普通，文明与和平"))
