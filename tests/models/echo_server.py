"""A server on loopback that echoes prompts with log-probabilities, as vLLM's and SGLang's `/completions` do."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from models.loopback import serving

VOCABULARY = 1000
MADE = "!"
"""The one token that the model makes of itself."""


def tokens(text: str) -> list[str]:
    """Words with the blank before them, and all other characters by themselves."""
    return re.findall(r" ?[A-Za-z]+|.", text, re.DOTALL)


def logprob(before: list[str], token: str) -> float:
    """The longer what stands before, the likelier; a token that was there already is likelier still."""
    return math.log((1 + len(before) + 10 * before.count(token)) / VOCABULARY)


@dataclass
class EchoServer:
    """What the server is like, and what it was asked."""

    url: str = ""
    bodies: list[Any] = field(default_factory=list)
    echoes: bool = True
    gives: bool = True
    """Whether it gives log-probabilities."""
    status: int = 200
    reason: str = ""
    mark: bool = False
    """Whether its model begins with a mark, which the echoed tokens show."""
    holes: bool = False
    """Whether a token's log-probability is missing."""


@contextmanager
def echo_server(**kind: Any) -> Iterator[EchoServer]:
    """A running server."""
    server = EchoServer(**kind)
    with serving(_Handler, server) as url:
        server.url = f"{url}/v1"
        yield server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        state: EchoServer = self.server.state  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        state.bodies.append(body)
        if self.path != "/v1/completions":
            self._send(404, {"error": {"message": f"no {self.path}"}})
        elif state.status != 200:
            self._send(state.status, {"error": {"message": state.reason}})
        else:
            self._send(200, _answer(state, body))

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def _send(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _answer(state: EchoServer, body: Any) -> Any:
    prompt = (["<s>"] if state.mark else []) + tokens(body["prompt"])
    made = [MADE] * body["max_tokens"]
    shown = [*prompt, *made] if state.echoes and body.get("echo") else made
    values: list[float | None] = [logprob(shown[:i], token) for i, token in enumerate(shown)]
    if state.echoes:
        values[0] = None
    if state.holes:
        values[-2] = None
    told = {"tokens": shown, "token_logprobs": values, "top_logprobs": [{} for _ in shown]}
    text = (body["prompt"] if state.echoes and body.get("echo") else "") + "".join(made)
    return {
        "choices": [{"index": 0, "text": text, "logprobs": told if state.gives else None, "finish_reason": "length"}],
        "usage": {"prompt_tokens": len(prompt), "completion_tokens": len(made)},
    }
