"""Fetches files of a model from ModelScope by its public HTTP interface; its own client is not needed.

Leaves out models that want a login. `MODELSCOPE_ENDPOINT` names another server, as it does for that client.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx

from gezhi.core.paths import models_folder
from gezhi.core.system import exclusive, replace_durably

ENDPOINT = "https://modelscope.cn"
REVISION = "master"
PATIENCE = httpx.Timeout(60.0, connect=10.0)
BLOCK = 1 << 20
ANOTHER = 3600.0
"""Seconds to wait for another process that fetches the same model."""


def fetched(target: str, files: Sequence[str]) -> Path:
    """The folder with the files of the model `ORG/NAME` that match one of `files`.

    Once they are all there they are used without a network. Each is checked against the sum the server names.

    Raises:
        OSError: No network, no such model, no such files, a file that arrived damaged.
        ValueError: Not `ORG/NAME`.
    """
    parts = target.split("/")
    if len(parts) != 2 or not all(parts) or any(part.startswith((".", "-")) for part in parts):
        raise ValueError(f"{target}: ORG/NAME")
    folder = models_folder() / "modelscope" / parts[0] / parts[1]
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder.with_name(f"{folder.name}.lock"), ANOTHER):
        if cached(target, files) is None:
            _fetch(target, folder, files)
    return folder


def cached(target: str, files: Sequence[str]) -> Path | None:
    """The folder if these patterns were fetched before, else None. Asks no server."""
    folder = models_folder() / "modelscope" / target
    try:
        whole = json.loads(_record(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    there = all((folder / name).is_file() for name in whole["files"])
    return folder if there and set(files) <= set(whole["patterns"]) else None


def _record(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _fetch(target: str, folder: Path, patterns: Sequence[str]) -> None:
    base = f"{os.environ.get('MODELSCOPE_ENDPOINT', ENDPOINT).rstrip('/')}/api/v1/models/{target}/repo"
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=True) as client:
            listed = _listed(client, base)
            wanted = [file for file in listed if any(fnmatch(file["Path"], pattern) for pattern in patterns)]
            if not wanted:
                raise FileNotFoundError(", ".join(patterns))
            for file in wanted:
                _fetch_file(client, base, file, folder)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(str(error) or type(error).__name__) from error
    temporary = folder.with_name(f"{folder.name}.json.part")
    record = {"patterns": list(patterns), "files": [file["Path"] for file in wanted]}
    temporary.write_text(json.dumps(record), encoding="utf-8")
    replace_durably(temporary, _record(folder))


def _listed(client: httpx.Client, base: str) -> list[dict[str, Any]]:
    reply = client.get(f"{base}/files", params={"Revision": REVISION, "Recursive": "True"})
    reply.raise_for_status()
    try:
        files = reply.json()["Data"]["Files"]
        return [file for file in files if file["Type"] == "blob" and _inside(file["Path"])]
    except (KeyError, TypeError) as error:
        raise ValueError(reply.text[:200]) from error


def _inside(path: str) -> bool:
    """A server's word is not taken for where a file is written."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _fetch_file(client: httpx.Client, base: str, file: dict[str, Any], folder: Path) -> None:
    path = folder / file["Path"]
    if path.is_file() and _sum(path) == file["Sha256"]:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.part")
    with client.stream("GET", f"{base}?Revision={REVISION}&FilePath={quote(file['Path'])}") as reply:
        reply.raise_for_status()
        with temporary.open("wb") as out:
            for piece in reply.iter_bytes(BLOCK):
                out.write(piece)
    if _sum(temporary) != file["Sha256"]:
        temporary.unlink()
        raise OSError(f"{file['Path']}: SHA-256")
    replace_durably(temporary, path)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
