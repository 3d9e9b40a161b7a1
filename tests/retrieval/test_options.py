from __future__ import annotations

import pytest

from gezhi.core.errors import BadOptions
from gezhi.retrieval import RetrievalOptions


@pytest.mark.parametrize(
    "values",
    [{"k": 0}, {"depth": 0}, {"keyword_weight": 1.1}, {"exact_limit": -1}, {"scan_limit": 10}, {"lock_wait": -0.1}],
)
def test_out_of_range(values: dict[str, int]) -> None:
    with pytest.raises(BadOptions, match=f"'{next(iter(values))}' must be between"):
        RetrievalOptions(**values)  # type: ignore[arg-type]
