"""Reading order of shapes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.documents.slides.order import Area, reading_order


def at(left: int, top: int, width: int = 30, height: int = 8) -> Area:
    return Area(left, top, left + width, top + height)


@pytest.mark.parametrize(
    "placed",
    [
        pytest.param([at(0, 0), at(0, 10), at(0, 20)], id="one column"),
        pytest.param([at(0, 0), at(0, 10), at(50, 0), at(50, 10)], id="cards side by side"),
        pytest.param([at(0, 0, 80), at(0, 30), at(0, 40), at(50, 30), at(50, 40)], id="a line above two columns"),
        pytest.param([at(0, 0), at(33, 1), at(0, 40), at(33, 39)], id="rows far apart"),
        pytest.param([at(0, 0, 50, 50), at(10, 10, 50, 50), at(20, 20, 50, 50)], id="overlapping"),
    ],
)
def test_order(placed: list[Area]) -> None:
    shapes = [(area, number) for number, area in enumerate(placed)]
    assert reading_order(shapes[::-1]) == list(range(len(placed)))


areas = st.builds(at, *(st.integers(-5, 60) for _ in range(2)), *(st.integers(0, 40) for _ in range(2)))


@given(st.lists(areas, max_size=30))
@settings(max_examples=150)
def test_each_shape_comes_once(placed: list[Area]) -> None:
    assert sorted(reading_order([(area, number) for number, area in enumerate(placed)])) == list(range(len(placed)))


def test_a_slide_of_many_shapes_is_read_from_the_top() -> None:
    placed = [(at(0, 10 * number), number) for number in range(600)]
    assert reading_order(placed[::-1]) == list(range(600))
