"""Live answers: what is kept of each, thumbs, and how their quality, speed and questions change over time."""

from gezhi.evaluation.watch.options import Thresholds, WatchOptions
from gezhi.evaluation.watch.store import Watch, keep
from gezhi.evaluation.watch.values import Bucket, Drift, Figures, Latency, Verdict, WatchReport

__all__ = [
    "Bucket",
    "Drift",
    "Figures",
    "Latency",
    "Thresholds",
    "Verdict",
    "Watch",
    "WatchOptions",
    "WatchReport",
    "keep",
]
