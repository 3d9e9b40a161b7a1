"""A server of embeddings on loopback: the OpenAI protocol, real sockets, scripted failures."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np

from models.loopback import serving

DIM = 6


@dataclass
class EmbeddingServer:
    """What the server has heard, and how it departs from its usual way."""

    url: str
    script: deque[tuple[int, Any, dict[str, str]]] = field(default_factory=deque)
    """Status, body and headers of the next replies; then vectors again."""
    numbers_only: bool = False
    """Refuses base64, as older servers do."""
    change: Callable[[Any], Any] = lambda reply: reply
    """What becomes of a reply before it is sent."""
    bodies: list[Any] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def vector(text: str, dim: int = DIM) -> list[float]:
    """The same for the same text; not of length 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    numbers: list[float] = np.random.default_rng(seed).standard_normal(dim).astype(np.float32).tolist()
    return numbers


@contextmanager
def embedding_server(**ways: Any) -> Iterator[EmbeddingServer]:
    """A running server."""
    server = EmbeddingServer("", **ways)
    with serving(Handler, server) as address:
        server.url = f"{address}/v1"
        yield server


class Handler(BaseHTTPRequestHandler):
    """Speaks `POST /v1/embeddings`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def do_POST(self) -> None:
        server: EmbeddingServer = self.server.state  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with server.lock:
            server.bodies.append(body)
            server.keys.append(self.headers.get("authorization"))
            scripted = server.script.popleft() if server.script else None
        self._send(*(scripted or self._reply(server, body)))

    def _reply(self, server: EmbeddingServer, body: Any) -> tuple[int, Any, dict[str, str]]:
        if self.path != "/v1/embeddings":
            return 404, {"error": {"message": self.path}}, {}
        if server.numbers_only and body["encoding_format"] != "float":
            return 400, {"error": {"message": "encoding_format must be float"}}, {}
        vectors = [vector(text, body.get("dimensions", DIM)) for text in body["input"]]
        coded = [numbers if body["encoding_format"] == "float" else packed(numbers) for numbers in vectors]
        data = [{"object": "embedding", "index": index, "embedding": one} for index, one in enumerate(coded)]
        return 200, server.change({"object": "list", "data": data, "model": body["model"]}), {}

    def _send(self, status: int, value: Any, headers: dict[str, str]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", **headers}.items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def packed(numbers: list[float]) -> str:
    """As the protocol packs them: little-endian float32 in base64."""
    return base64.b64encode(np.array(numbers, "<f4").tobytes()).decode()
