"""Where Gezhi keeps its data: `GEZHI_HOME`, else the platform's place for such data."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The data folder. Not created here."""
    named = os.environ.get("GEZHI_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "gezhi"
    shared = os.environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "gezhi"


def collections_folder() -> Path:
    """One folder a collection stands in here."""
    return home() / "collections"


def models_folder() -> Path:
    """Models that were converted or fetched stand in here."""
    return home() / "models"


def runs_folder() -> Path:
    """The record of runs, with a folder of files for each."""
    return home() / "runs"


def audit_folder() -> Path:
    """The audit log stands in here."""
    return home() / "audit"


def watch_folder() -> Path:
    """The store of live answers stands in here."""
    return home() / "watch"
