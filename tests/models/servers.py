"""A chat server for tests on loopback: the OpenAI and the Ollama protocol, real sockets, scripted failures."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from gezhi.core.types import Delta, Message, Reply, Sampling
from gezhi.models.fake import FakeChat
from models.loopback import serving

TEXT = "保修期为24个月。The warranty lasts 24 months, 一年两次检修🙂。"
MODELS = ["qwen-plus", "qwen3:4b"]


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


Answer = Callable[["Handler"], None]
"""Answers one request in the place of the model."""


@dataclass
class ChatServer:
    """What the server says and has heard. `script` answers the next chat requests, then the model does."""

    url: str
    model: FakeChat
    script: deque[Answer] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    paths: dict[str, Any] = field(default_factory=dict)
    """What other paths answer with: JSON, or an Answer."""
    refuses: frozenset[str] = frozenset()
    """Fields of a request that this server does not know."""
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when a client left in the middle of a reply."""
    release: threading.Event = field(default_factory=threading.Event)
    """Whoever hangs waits for this."""

    def chats(self) -> list[Any]:
        """Bodies of the chat requests."""
        return [request.body for request in self.requests if "chat" in request.path]


@contextmanager
def chat_server(reply: str | Reply = TEXT, *script: Answer) -> Iterator[ChatServer]:
    """A running server, whose model gives `reply` to every question."""
    server = ChatServer("", FakeChat([reply], repeat=True), deque(script))
    server.paths = {
        "/v1/models": {"data": [{"id": name} for name in MODELS]},
        "/api/tags": {"models": [{"name": name} for name in MODELS]},
        "/api/show": {"model_info": {"qwen3.context_length": 40960}, "license": "\n  Apache License 2.0\nText"},
    }
    with serving(Handler, server) as server.url:
        try:
            yield server
        finally:
            server.release.set()


class Handler(BaseHTTPRequestHandler):
    """Speaks both protocols."""

    protocol_version = "HTTP/1.1"

    @property
    def chat(self) -> ChatServer:
        """The server's state."""
        chat: ChatServer = self.server.state  # type: ignore[attr-defined]
        return chat

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def send_json(self, status: int, value: Any, **headers: str) -> None:
        self.send_body(status, json.dumps(value).encode(), **{"content-type": "application/json", **headers})

    def send_body(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_pieces(self, pieces: Iterable[bytes], kind: str = "text/event-stream") -> None:
        """Chunked, each piece sent by itself; a client that leaves is noticed."""
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for piece in pieces:
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.chat.gone.set()
            self.close_connection = True

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.chat.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
        if "chat" in self.path and self.chat.script:
            self.chat.script.popleft()(self)
        elif self.path == "/v1/chat/completions":
            self._completions(body)
        elif self.path == "/api/chat":
            self._ollama(body)
        elif self.path in self.chat.paths:
            answer = self.chat.paths[self.path]
            answer(self) if callable(answer) else self.send_json(200, answer)
        else:
            self.send_json(404, {"error": f"no {self.path}"})

    def _completions(self, body: Any) -> None:
        unknown = next((name for name in body if name in self.chat.refuses), None)
        if unknown:
            self.send_json(400, {"error": {"message": f"Unsupported parameter: '{unknown}' is not supported."}})
        elif body["model"] not in MODELS:
            self.send_json(404, {"error": {"message": f"The model `{body['model']}` does not exist"}})
        else:
            limit = body.get("max_tokens") or body.get("max_completion_tokens") or 512
            deltas = self._deltas(body, Sampling(max_tokens=limit, stop=tuple(body.get("stop") or ())))
            usage = bool((body.get("stream_options") or {}).get("include_usage"))
            self.send_pieces([*(piece for delta in deltas for piece in openai_pieces(delta, usage)), DONE])

    def _ollama(self, body: Any) -> None:
        options = body["options"]
        if body["model"] not in MODELS:
            self.send_json(404, {"error": f"model '{body['model']}' not found"})
            return
        sampling = Sampling(max_tokens=options["num_predict"], stop=tuple(options.get("stop") or ()))
        self.send_pieces(map(ollama_line, self._deltas(body, sampling)), "application/x-ndjson")

    def _deltas(self, body: Any, sampling: Sampling) -> Iterator[Delta]:
        return self.chat.model.stream([Message(m["role"], m["content"]) for m in body["messages"]], sampling)


DONE = b"data: [DONE]\n\n"


def event(value: Any) -> bytes:
    """A server-sent event."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def said(**delta: Any) -> bytes:
    """An event with one piece of a reply."""
    reason = delta.pop("finish_reason", None)
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


def openai_pieces(delta: Delta, usage: bool) -> Iterator[bytes]:
    """The events for a delta."""
    if delta.reasoning:
        yield said(reasoning_content=delta.reasoning)
    if delta.text:
        yield said(content=delta.text)
    if delta.finish_reason:
        yield said(finish_reason=delta.finish_reason)
    if delta.usage and usage:
        counts = {"prompt_tokens": delta.usage.prompt_tokens, "completion_tokens": delta.usage.completion_tokens}
        yield event({"choices": [], "usage": counts})


def ollama_line(delta: Delta) -> bytes:
    """The line for a delta."""
    line: dict[str, Any] = {"message": {"role": "assistant", "content": delta.text}, "done": False}
    if delta.reasoning:
        line["message"]["thinking"] = delta.reasoning
    if delta.finish_reason:
        line |= {"done": True, "done_reason": delta.finish_reason}
    if delta.usage:
        line |= {"prompt_eval_count": delta.usage.prompt_tokens, "eval_count": delta.usage.completion_tokens}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def refuse(status: int, message: str = "broken", **headers: str) -> Answer:
    """An error as most services write it."""
    return lambda handler: handler.send_json(status, {"error": {"message": message}}, **headers)


def stream(*pieces: bytes) -> Answer:
    """These bytes, each as a chunk."""
    return lambda handler: handler.send_pieces(pieces)


def cut(*pieces: bytes) -> Answer:
    """These bytes, and then the connection is dropped."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def hang(*pieces: bytes) -> Answer:
    """These bytes, and then silence until the test is over."""

    def waiting(handler: Handler) -> Iterator[bytes]:
        yield from pieces
        handler.chat.release.wait()

    return lambda handler: handler.send_pieces(waiting(handler)) if pieces else _silent(handler)


def _silent(handler: Handler) -> None:
    handler.chat.release.wait()
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """A reply without end, for those who leave."""

    def words() -> Iterator[bytes]:
        while not handler.chat.release.is_set():
            yield said(content="word ")

    handler.send_pieces(words())
