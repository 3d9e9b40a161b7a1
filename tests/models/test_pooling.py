from __future__ import annotations

import numpy as np
import pytest

from gezhi.models.export import POOLINGS
from gezhi.models.pooling import pooled

HIDDEN = np.random.default_rng(1).standard_normal((2, 5, 3), np.float32)
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1]], np.float32)
KEPT = [HIDDEN[0, :3], HIDDEN[1, 1:]]
WANTED = {
    "mean": [rows.mean(axis=0) for rows in KEPT],
    "mean_sqrt_len_tokens": [rows.sum(axis=0) / np.sqrt(len(rows)) for rows in KEPT],
    "weightedmean": [np.average(HIDDEN[0, :3], axis=0, weights=[1, 2, 3]),
                     np.average(HIDDEN[1, 1:], axis=0, weights=[2, 3, 4, 5])],
    "cls": [rows[0] for rows in KEPT],
    "max": [rows.max(axis=0) for rows in KEPT],
    "lasttoken": [rows[-1] for rows in KEPT],
}  # fmt: skip


@pytest.mark.parametrize("mode", POOLINGS)
def test_each_mode(mode: str) -> None:
    assert pooled(HIDDEN, MASK, [mode]) == pytest.approx(np.array(WANTED[mode]), abs=1e-6)


def test_several_modes_stand_side_by_side() -> None:
    both = pooled(HIDDEN, MASK, ["cls", "mean"])
    assert both == pytest.approx(np.hstack([WANTED["cls"], WANTED["mean"]]), abs=1e-6)
