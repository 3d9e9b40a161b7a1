"""What every benchmark shares: the machine it ran on, a table for people, a JSON file for the docs."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Public data sets; not part of the project. Every benchmark takes the path of its data as an argument."""
_PARTS = ("gezhi", "numpy", "onnxruntime", "tantivy", "faiss-cpu", "tokenizers", "pypdfium2")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, Python and the versions of what the figures depend on."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": cores,
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PARTS},
        "commit": _commit(),
        "date": date.today().isoformat(),
    }


def report(name: str, command: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str] = ()) -> None:
    """Print the rows as a Markdown table and write them with the machine to `benchmarks/results/NAME.json`.

    Args:
        command: What a person types to get these figures again.
        rows: One mapping a row; all have the keys of the first, in its order.
        notes: Sentences a reader of the figures must know.
    """
    where = machine()
    print(f"\n{name}: {where['processor']}, {where['cores']} cores, Python {where['python']}, {where['date']}")
    print(table(rows))
    for note in notes:
        print(note)
    RESULTS.mkdir(exist_ok=True)
    record = {"name": name, "command": command, "machine": where, "rows": list(rows), "notes": list(notes)}
    text = json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a Markdown table."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([_cell(row.get(name, "")) for name in names] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _commit() -> str:
    folder = Path(__file__).parent
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
