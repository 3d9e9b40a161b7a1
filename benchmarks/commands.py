"""What a person waits for and how much memory it takes: `gezhi --help`, a cold `gezhi ask`, the demo.

    python benchmarks/commands.py

Each command is a new process; the median of five runs is shown (of one for the demo, in an empty data folder, with the
model made from scratch). Memory is the resident set of the command and all processes it started, together, looked at
fifty times a second.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from report import report

GEZHI = str(Path(sys.executable).with_name("gezhi"))
QUESTION = "产品X1的保修期是多久？"


def main() -> None:
    """Run and report."""
    with tempfile.TemporaryDirectory() as scratch:
        home = {**os.environ, "GEZHI_HOME": scratch}
        rows = [_measured("gezhi demo (empty data folder)", [GEZHI, "demo"], home, runs=1)]
        rows.append(_measured("gezhi --help", [GEZHI, "--help"], home))
        ask = [GEZHI, "ask", QUESTION, "--collection", "demo"]
        rows.append(_measured("gezhi ask (new process, extractive)", ask, home))
        rows.append(_measured("gezhi search (new process)", [GEZHI, "search", QUESTION, "-c", "demo"], home))
    report("commands", "python benchmarks/commands.py", rows)


def _measured(name: str, command: list[str], environment: dict[str, str], runs: int = 5) -> dict[str, Any]:
    seconds, peaks = [], []
    for _ in range(runs):
        began = time.perf_counter()
        process = psutil.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        peaks.append(_peak(process))
        seconds.append(time.perf_counter() - began)
        if process.returncode:
            raise SystemExit(f"{name} ended with {process.returncode}")
    return {
        "command": name,
        "seconds, median": statistics.median(seconds),
        "peak memory of all its processes, MB": max(peaks) / 1e6,
        "runs": runs,
    }


def _peak(process: psutil.Popen) -> int:
    """Most bytes resident at once, over the process and all that it started; pages they share count twice."""
    peak = 0
    while process.poll() is None:
        total = 0
        for one in (process, *_children(process)):
            with contextlib.suppress(psutil.Error):
                total += one.memory_info().rss
        peak = max(peak, total)
        time.sleep(0.02)
    return peak


def _children(process: psutil.Popen) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


if __name__ == "__main__":
    main()
