"""Live answers as figures: by day or hour, against thresholds, and their questions against those of before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gezhi.evaluation.statistics import clustered_mean, holm
from gezhi.evaluation.watch.drift import centroid_drift, number_drift, share_drift
from gezhi.evaluation.watch.options import Thresholds
from gezhi.evaluation.watch.values import Bucket, By, Drift, Figures, Latency, Verdict, VerdictState, WatchReport

if TYPE_CHECKING:
    from gezhi.evaluation.watch.store import Row, Watch

_SLOW = 0.05
"""Share of answers that may take longer than `Thresholds.seconds`."""
_SURE = 0.05
"""Drift is an alert where chance gives as much in fewer than 5 of 100 reports."""


def make_report(
    watch: Watch, since: datetime, until: datetime, by: By, *, reference: tuple[datetime, datetime], zone: tzinfo | None
) -> WatchReport:
    """See `Watch.report`."""
    rows, before = watch.rows(since, until), watch.rows(*reference)
    buckets: dict[datetime, list[Row]] = {}
    for row in rows:
        buckets.setdefault(_start(row.at, by, zone), []).append(row)
    drift = tuple(_drifts(watch, before, rows, reference, (since, until)))
    limits = watch.options.alert
    return WatchReport(
        since=since.astimezone(zone),
        until=until.astimezone(zone),
        by=by,
        total=figures(rows),
        buckets=tuple(Bucket(start=start, figures=figures(of)) for start, of in buckets.items()),
        reference=(reference[0].astimezone(zone), reference[1].astimezone(zone)),
        drift=drift,
        verdicts=(*_verdicts(rows, limits), *_of_drift(drift, limits)),
        complaints=tuple(watch.complaints(since, until)),
    )


def figures(rows: Sequence[Row]) -> Figures:
    """The figures of some answers."""
    refused = Counter(row.refused for row in rows if row.refused)
    supported, unsupported = sum(row.supported for row in rows), sum(row.unsupported for row in rows)
    up, down = sum(row.up == 1 for row in rows), sum(row.up == 0 for row in rows)
    stages: dict[str, list[float]] = {}
    for row in rows:
        for stage, seconds in json.loads(row.timings).items():
            stages.setdefault(stage, []).append(seconds)
    return Figures(
        answers=len(rows),
        refused=dict(sorted(refused.items())),
        refusal_rate=_share(refused.total(), len(rows)),
        supported=supported,
        unsupported=unsupported,
        support_rate=_share(supported, supported + unsupported),
        up=up,
        down=down,
        up_rate=_share(up, up + down),
        confidence=_mean([row.confidence for row in rows]),
        cosine=_mean([row.cosine for row in rows]),
        latency={stage: _latency(seconds) for stage, seconds in sorted(stages.items())},
    )


def _start(at: float, by: By, zone: tzinfo | None) -> datetime:
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    return moment.replace(hour=0) if by == "day" else moment


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _latency(seconds: Sequence[float]) -> Latency:
    p50, p95 = np.quantile(np.asarray(seconds), (0.5, 0.95), method="inverted_cdf")
    return Latency(p50=float(p50), p95=float(p95))


def _drifts(
    watch: Watch,
    before: Sequence[Row],
    now: Sequence[Row],
    reference: tuple[datetime, datetime],
    window: tuple[datetime, datetime],
) -> Iterator[Drift]:
    method = watch.options.drift
    for name in ("length", "cosine", "confidence"):
        old, new = ([getattr(row, name) for row in rows if getattr(row, name) is not None] for rows in (before, now))
        yield number_drift(name, old, new, method)
    for name in ("language", "route"):
        yield share_drift(name, *(Counter(str(getattr(row, name)) for row in rows) for rows in (before, now)))
    old_vectors, new_vectors = _vectors(watch.vectors(*reference)), _vectors(watch.vectors(*window))
    if len(new_vectors) and len(old_vectors) and old_vectors.shape[1] == new_vectors.shape[1]:
        yield centroid_drift(old_vectors, new_vectors)


def _vectors(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    # Of the dimension of the latest: another embedder may have been in force before
    same = [blob for blob in blobs if len(blob) == len(blobs[-1])]
    return np.array([np.frombuffer(blob, dtype=np.float32) for blob in same])


def _verdicts(rows: Sequence[Row], limits: Thresholds) -> Iterator[Verdict]:
    yield _rate("refused", [row.refused is not None for row in rows], limits.refused, limits, low_is_good=True)
    sentences = [[True] * row.supported + [False] * row.unsupported for row in rows]
    yield _rate("supported", list(chain.from_iterable(sentences)), limits.supported, limits,
                groups=[number for number, said in enumerate(sentences) for _ in said])  # fmt: skip
    yield _rate("up", [row.up == 1 for row in rows if row.up is not None], limits.up, limits)
    seconds = [row.seconds for row in rows if row.seconds is not None]
    slow = _rate("seconds", [one > limits.seconds for one in seconds], _SLOW, limits, low_is_good=True)
    yield replace(slow, value=_latency(seconds).p95 if seconds else None, limit=limits.seconds)


def _rate(
    name: str,
    hits: Sequence[bool],
    limit: float,
    limits: Thresholds,
    *,
    low_is_good: bool = False,
    groups: Sequence[int] | None = None,
) -> Verdict:
    """A share against its limit, by its interval; sentences of one answer are not independent."""
    found = clustered_mean(np.asarray(hits, dtype=float), groups) if hits else None
    if found is None or len(set(groups) if groups else hits) < limits.answers:
        state: VerdictState = "too_few"
    elif low_is_good:
        state = "fine" if found.mean <= limit else "alert" if found.low > limit else "unsure"
    else:
        state = "fine" if found.mean >= limit else "alert" if found.high < limit else "unsure"
    return Verdict(name=name, value=found.mean if found else None, limit=limit, state=state, n=len(hits))


def _of_drift(drifts: Sequence[Drift], limits: Thresholds) -> Iterator[Verdict]:
    # Holm: with six features one of them would be found changed by chance in every fourth report
    known = [drift.p for drift in drifts if drift.p is not None]
    corrected = iter(holm(known) if known else [])
    for drift in drifts:
        limit: float = getattr(limits, drift.method)
        p = next(corrected) if drift.p is not None else None
        if drift.value is None or p is None or min(drift.reference, drift.current) < limits.answers:
            state: VerdictState = "too_few"
        else:
            state = "fine" if drift.value <= limit else "alert" if p < _SURE else "unsure"
        yield Verdict(name=f"drift.{drift.feature}", value=drift.value, limit=limit, state=state, n=drift.current)
