"""How fast is the record: 10,000 runs listed and found, items acknowledged, live answers recorded?"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gezhi.core.types import Answer, Chunk, Citation, Passage
from gezhi.evaluation.watch import Watch
from gezhi.tracking import Audit, Run, Runs
from report import report

OPTIONS = {f"part{part}": {f"option{n}": n / 7 for n in range(8)} for part in range(7)}
"""As large as those of a pipeline."""
SUMMARY = {f"score{n}": {"mean": 0.5, "low": 0.4, "high": 0.6, "n": 500} for n in range(12)}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [*runs(Path(folder), arguments.runs), *audit(Path(folder)), *watch(Path(folder))]
    report(
        "tracking_speed",
        "python benchmarks/tracking_speed.py",
        rows,
        ["ms: median of the repetitions. Each item and each entry is on the disk (fsync) when it counts as done;",
         "live answers are written without waiting for the disk."],
    )  # fmt: skip


def runs(folder: Path, count: int) -> list[dict[str, Any]]:
    """The store of runs."""
    with Runs.open(folder / "runs") as store:
        began = time.perf_counter()
        for number in range(count):
            run = start(store, number)
            run.summary(SUMMARY)
            run.finish()
        made = (time.perf_counter() - began) / count
    with Runs.open(folder / "runs") as store:
        one = store.list(limit=1)[0]
        with start(store, count) as run:
            item = median(lambda: run.item(f"q{time.perf_counter_ns()}", {"answer": "答案" * 200, "f1": 0.5}), 200)
            batch = {f"b{n}": {"answer": "答案" * 200, "f1": 0.5} for n in range(100)}
            many = median(lambda: run.add_items(batch), 10)
        return [
            row(f"start, sum up and finish a run, {count:,} times", made, count),
            row(f"list the latest 50 of {count:,}", median(lambda: store.list(limit=50), 50), 50),
            row(f"list all {count:,}", median(store.list, 9), 9),
            row("list the 50 latest of one exam", median(lambda: store.list("exam", "exam7", limit=50), 50), 50),
            row("find a run by the beginning of its id", median(lambda: store.find(one.id[:-1]), 50), 50),
            row("find a run that can be resumed", median(lambda: store.resumable("exam", one.fingerprint), 50), 50),
            row("open the store", median(lambda: Runs.open(folder / "runs").close(), 20), 20),
            row("keep an item", item, 200),
            row("keep 100 items at once", many, 10),
        ]


def start(store: Runs, number: int) -> Run:
    """A run with facts of the usual size."""
    subject = {"name": f"exam{number % 10}", "sha256": f"{number % 10:064x}"}
    return store.start("exam", f"run {number}", options=OPTIONS, versions={"gezhi": "1"}, seed=number, subject=subject)


def audit(folder: Path) -> list[dict[str, Any]]:
    """The audit log."""
    with Audit.open(folder / "audit") as log:
        appended = median(lambda: log.append("index", "a.md", {"files": 3}), 1000)
        return [
            row("append to the audit log", appended, 1000),
            row("verify its 1,000 entries", median(log.verify, 9), 9),
        ]


def watch(folder: Path) -> list[dict[str, Any]]:
    """The store of live answers."""
    now = datetime.now(UTC)
    with Watch.open(folder / "watch") as store:
        answers = [answer(number) for number in range(10_000)]
        seconds = []
        for number, one in enumerate(answers):
            began = time.perf_counter()
            store.record(one, at=now - timedelta(minutes=number))
            seconds.append(time.perf_counter() - began)
        seconds.sort()
        return [
            row("record a live answer", statistics.median(seconds), len(seconds)),
            row("record a live answer: 999 of 1,000 take less", seconds[-10], len(seconds)),
            row("report on 5,000 of 10,000 answers", median(lambda: store.report(now - timedelta(minutes=5000)), 5), 5),
            row("Prometheus text of 10,000 answers", median(store.prometheus, 5), 5),
        ]


def answer(number: int) -> Answer:
    """A live answer of the usual size."""
    chunk = Chunk(document_id="d", source="a.md", text="年假十天。" * 40, start=0, end=200)
    citation = Citation(
        number=1, answer_start=0, answer_end=5, passage=0, quote="年假十天。", source="a.md", source_start=0,
        source_end=5, supported=True,
    )  # fmt: skip
    return Answer(
        id=f"{number:032x}",
        question=f"入职第{number}天有几天年假？我的电话是13800138000，邮箱是zhang@example.com。" * 2,
        text="年假十天。",
        citations=(citation,),
        passages=tuple(Passage(chunk=chunk, score=0.9, found_by={"dense": 0.85, "keyword": 9.0}) for _ in range(8)),
        route="extractive",
        confidence=(number % 100) / 100,
        timings={"search": 0.02, "judge": 0.01, "total": 0.04 + number % 7 / 10},
        versions={"gezhi": "1", "collection": "default", "embedder": "e5-small@2"},
    )


def median(call: Callable[[], Any], times: int) -> float:
    """Seconds."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def row(what: str, seconds: float, repetitions: int) -> dict[str, Any]:
    """One line of the table."""
    return {"what": what, "ms": round(seconds * 1000, 3), "repetitions": repetitions}


if __name__ == "__main__":
    main()
