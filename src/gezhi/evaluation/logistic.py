"""Logistic regression on a handful of named features, stored as JSON with what it was fitted on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """P(y = 1 | x) = 1 / (1 + exp(-(bias + weights . (x - mean) / scale)))."""

    features: tuple[str, ...]
    """Names, in the order of the numbers below."""
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """Probabilities, shape (len(rows),). A row must have all features."""
        x = np.array([[row[name] for name in self.features] for row in rows], dtype=np.float64)
        return self._of_matrix(x.reshape(len(rows), len(self.features)))

    def _of_matrix(self, x: Floats) -> Floats:
        z = self.bias + ((x - np.array(self.mean)) / np.array(self.scale)) @ np.array(self.weights)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -60.0, 60.0))))

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded to what matters."""
        return {name: _rounded(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Logistic:
        """The model that `as_json` wrote."""
        lists = {name: tuple(record[name]) for name in ("features", "mean", "scale", "weights")}
        return cls(**lists, bias=record["bias"])


def fit(
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[int],
    features: Sequence[str],
    *,
    l2: float = 1.0,
    prior: float | None = None,
) -> Logistic:
    """Maximum likelihood with an L2 penalty on the weights of standardised features (Newton's method).

    Args:
        rows: One mapping of feature to value an item.
        labels: 1 or 0, one an item.
        l2: Strength of the penalty; the bias is free.
        prior: Share of ones where the model will be used; items are weighted to it. None: as they are.
    """
    x = np.array([[row[name] for name in features] for row in rows], dtype=np.float64)
    y = np.asarray(labels, dtype=np.float64)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    share = min(max(float(y.mean()), 1e-9), 1 - 1e-9)
    weight = np.ones(len(y)) if prior is None else np.where(y == 1, prior / share, (1 - prior) / (1 - share))
    design = np.column_stack([np.ones(len(x)), (x - mean) / scale])
    penalty = np.diag([0.0, *[l2] * x.shape[1]])
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -60.0, 60.0)))
        gradient = design.T @ (weight * (p - y)) + penalty @ beta
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + penalty + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(curvature, gradient)
        # far from the optimum a whole step can overshoot
        beta -= step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return Logistic(
        features=tuple(features), mean=tuple(map(float, mean)), scale=tuple(map(float, scale)),
        weights=tuple(map(float, beta[1:])), bias=float(beta[0]),
    )  # fmt: skip


def stored(name: str) -> dict[str, Any]:
    """A fit that ships with the package: `quality/fits/NAME.json`."""
    record: dict[str, Any] = json.loads((FITS / f"{name}.json").read_text(encoding="utf-8"))
    return record


FITS = Path(__file__).parent / "quality" / "fits"


def _rounded(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
