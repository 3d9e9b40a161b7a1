"""The sample documents that `gezhi demo` indexes, and the questions it asks."""

from __future__ import annotations

import tomllib
from pathlib import Path


def handbook() -> tuple[Path, list[str]]:
    """The folder of the sample documents and the demo's questions."""
    here = Path(__file__)
    # In the wheel it stands beside this file; in a working copy, where people read it.
    shipped = here.with_name("sample")
    folder = shipped if shipped.is_dir() else here.parents[3] / "examples"
    settings = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))
    return folder / "handbook", [question["text"] for question in settings["question"]]
