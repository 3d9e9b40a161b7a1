"""Where weights come from: a folder on this machine, else Hugging Face (`hf:`) or ModelScope (`modelscope:`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gezhi.core.errors import ModelError


def model_folder(scheme: str, target: str, *, files: Sequence[str]) -> Path:
    """The folder with the files of a model: `target` itself if it is one, else its copy on this machine.

    What was fetched whole is used from then on, and the hub is not asked again, not even for newer files.

    Args:
        scheme: `hf` or `modelscope`.
        target: A path, or `ORG/NAME`.
        files: Patterns of the files that are wanted, such as `*.safetensors`.

    Raises:
        ModelError: No such folder or model, no network, or the model wants a licence accepted.
    """
    folder = Path(target).expanduser()
    if not folder.is_dir() and (folder.is_absolute() or target.startswith((".", "~"))):
        raise ModelError("models.no_folder", path=folder)
    fetch = _from_modelscope if scheme == "modelscope" else _from_hugging_face
    try:
        return cached_folder(scheme, target, files=files) or Path(fetch(target, files))
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelError("models.not_fetched", model=f"{scheme}:{target}", reason=reason) from error


def cached_folder(scheme: str, target: str, *, files: Sequence[str]) -> Path | None:
    """The folder that `model_folder` would give without asking a hub, or None."""
    folder = Path(target).expanduser()
    if folder.is_dir():
        return folder
    return _modelscope_cache(target, files) if scheme == "modelscope" else _hugging_face_cache(target, files)


def _from_hugging_face(target: str, files: Sequence[str]) -> str:
    from huggingface_hub import snapshot_download

    return str(snapshot_download(target, allow_patterns=list(files)))


def _hugging_face_cache(target: str, files: Sequence[str]) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(target, allow_patterns=list(files), local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def _from_modelscope(target: str, files: Sequence[str]) -> str:
    from gezhi.models.modelscope import fetched

    return str(fetched(target, files))


def _modelscope_cache(target: str, files: Sequence[str]) -> Path | None:
    from gezhi.models.modelscope import cached

    return cached(target, files)
