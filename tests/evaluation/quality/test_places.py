from __future__ import annotations

import pytest

from gezhi.evaluation.exam import Relevant
from gezhi.evaluation.quality.places import Stretch, is_at

TEXT = "保修期为24个月，自发票开具之日起计算。X1 Pro 的整机保修期为36个月。"


def _stretch(start: int, end: int, source: str = "handbook/产品手册.pdf") -> Stretch:
    return Stretch(source, TEXT[start:end], start, end)


WHOLE = _stretch(0, len(TEXT))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("handbook/产品手册.pdf", True),
        ("产品手册.pdf", True),
        ("手册.pdf", False),
        ("other/产品手册.pdf", False),
        ("handbook", False),
    ],
)
def test_a_source_is_whole_or_the_end_of_a_path(source: str, found: bool) -> None:
    assert is_at(WHOLE, Relevant(source=source)) is found


def test_a_span_is_touched() -> None:
    place = Relevant(source="产品手册.pdf", start=10, end=20)
    assert is_at(_stretch(19, 30), place)
    assert not is_at(_stretch(20, 30), place)
    assert not is_at(_stretch(0, 10), place)


def test_a_quote_is_found_whatever_stands_between_its_words() -> None:
    place = Relevant(source="产品手册.pdf", quote="Ｘ1 pro | 的整机保修期为 36个月")
    assert is_at(WHOLE, place)
    assert not is_at(_stretch(0, 18), place)


def test_a_quote_that_is_cut_by_a_border_counts_from_half_on() -> None:
    start = TEXT.index("X1")
    place = Relevant(source="产品手册.pdf", quote="X1 Pro 的整机保修期为36个月")
    assert is_at(_stretch(0, start + 14), place)
    assert is_at(_stretch(start + 7, len(TEXT)), place)
    assert not is_at(_stretch(0, start + 6), place)


def test_a_stretch_inside_a_long_quote_is_at_it() -> None:
    assert is_at(_stretch(4, 8), Relevant(source="产品手册.pdf", quote=TEXT))


def test_where_the_document_has_changed_the_quote_decides() -> None:
    moved = Relevant(source="产品手册.pdf", start=0, end=16, quote="X1 Pro 的整机保修期为36个月")
    assert not is_at(_stretch(0, 18), moved)
    assert is_at(WHOLE, moved)


def test_a_short_quote_says_nothing_away_from_its_span() -> None:
    first = TEXT.index("个月")
    place = Relevant(source="产品手册.pdf", start=first, end=first + 2, quote="个月")
    assert is_at(_stretch(0, 10), place)
    assert not is_at(_stretch(20, len(TEXT)), place)
