"""What a person waits for and how much memory it takes: `gezhi --help`, a cold `gezhi ask`, the demo.

    python benchmarks/commands.py

Each command is a new process; the median of five runs is shown (of one for the demo, in an empty data folder, with the
model made from scratch). Memory is the largest resident set of any one process, as the system reports it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

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
        done = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(done.pid, 0)
        seconds.append(time.perf_counter() - began)
        done.returncode = os.waitstatus_to_exitcode(status)
        if done.returncode:
            raise SystemExit(f"{name} ended with {done.returncode}")
        peaks.append(used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))
    # wait4 gives the command itself; what it started (readers of files) is the larger of all children's so far
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1048576)
    return {
        "command": name,
        "seconds, median": statistics.median(seconds),
        "peak memory, MB": max(peaks),
        "largest process so far, MB": children,
        "runs": runs,
    }


if __name__ == "__main__":
    main()
