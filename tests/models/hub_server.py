"""Hugging Face and ModelScope on loopback: enough of both protocols to fetch the files of one model, `org/tiny`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from models.loopback import serving

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HF = "/api/models/org/tiny"
MODELSCOPE = "/api/v1/models/org/tiny/repo"


@dataclass
class HubServer:
    """A hub with one model, the files of `folder`."""

    url: str
    folder: Path
    requests: list[str] = field(default_factory=list)
    damaged: str = ""
    """A file that arrives with a byte changed."""
    outside: bool = False
    """Lists a file that would be written elsewhere."""

    def files(self) -> list[Path]:
        """Everything the model has."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def sent(self, name: str) -> bytes | None:
        """The bytes of a file, as they leave the server."""
        path = self.folder / name
        if not path.is_file():
            return None
        content = path.read_bytes()
        return content[:-1] + bytes([content[-1] ^ 1]) if name == self.damaged else content


@contextmanager
def hub_server(folder: Path) -> Iterator[HubServer]:
    """A running hub."""
    server = HubServer("", folder)
    with serving(Handler, server) as server.url:
        yield server


class Handler(BaseHTTPRequestHandler):
    """Speaks both protocols."""

    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> HubServer:
        """The server's state."""
        hub: HubServer = self.server.state  # type: ignore[attr-defined]
        return hub

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.hub.requests.append(f"{self.command} {self.path}")
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), parse_qs(parts.query)
        if path == f"{MODELSCOPE}/files":
            self._json({"Code": 200, "Success": True, "Data": {"Files": self._modelscope_files()}})
        elif path == MODELSCOPE:
            self._file(query["FilePath"][0])
        elif path.startswith(f"{HF}/tree/"):
            self._json([self._hf_entry(file) for file in self.hub.files()])
        elif path.startswith(f"{HF}/revision/") or path == HF:
            names = [file.relative_to(self.hub.folder).as_posix() for file in self.hub.files()]
            self._json({"id": "org/tiny", "sha": COMMIT, "siblings": [{"rfilename": name} for name in names]})
        elif path.startswith("/org/tiny/resolve/"):
            self._file(path.removeprefix("/org/tiny/resolve/").partition("/")[2])
        else:
            self._send(404, b'{"error": "not found"}', {"x-error-code": "RepoNotFound"})

    def _modelscope_files(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = [{"Path": "onnx", "Type": "tree", "Sha256": "", "Size": 0}]
        for file in self.hub.files():
            content = file.read_bytes()
            name = file.relative_to(self.hub.folder).as_posix()
            listed.append(
                {"Path": name, "Type": "blob", "Sha256": hashlib.sha256(content).hexdigest(), "Size": len(content)}
            )
        if self.hub.outside:
            listed.append({"Path": "../../stolen.json", "Type": "blob", "Sha256": "0" * 64, "Size": 1})
        return listed

    def _hf_entry(self, file: Path) -> dict[str, Any]:
        content = file.read_bytes()
        name = file.relative_to(self.hub.folder).as_posix()
        return {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}

    def _file(self, name: str) -> None:
        content = self.hub.sent(name)
        if content is None:
            self._send(404, b"no such file", {"x-error-code": "EntryNotFound"})
        else:
            tag = hashlib.sha1(content).hexdigest()
            self._send(200, content, {"etag": f'"{tag}"', "x-repo-commit": COMMIT, "accept-ranges": "bytes"})

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"content-type": "application/json", "x-repo-commit": COMMIT})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
