"""One patient HTTP client for all services that models are had from: JSON in, JSON or a stream of JSON out.

Bounded retries, errors as sentences, keys never shown. Leaves out what the services mean: see the backends.
"""

from __future__ import annotations

import logging
import random
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.request import getproxies

import httpx

from gezhi.core.errors import BadOptions, MissingKey, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from gezhi.core.extras import have
from gezhi.models.events import json_lines, server_sent_events

log = logging.getLogger(__name__)

AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""Statuses that may pass: overload, a restart, a busy gateway."""
LONGEST_CONNECT = 10.0
LOOPBACK = ("127.", "localhost", "[::1]", "::1")


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a service stands, and how patient to be with it."""

    base_url: str
    """Paths are appended to it: `https://host/v1` and `/models` give `https://host/v1/models`."""
    key: str = field(default="", repr=False)
    """Sent as a bearer token; empty: none is sent."""
    key_env: str = ""
    """Name of the environment variable that holds the key: for messages."""
    timeout: float = 60.0
    """Seconds to wait for the first byte, and between pieces."""
    retries: int = 2
    """How often a failed request is repeated."""


class Service:
    """A client for one address. May be used by several threads at once; connections are kept.

    Raises (all methods):
        ModelUnreachable: No connection, or it was cut.
        ModelTimeout: No byte for `timeout` seconds.
        MissingKey: The service wants a key and none was given.
        ModelRefused: Any other answer that is not a success; `values` has `status` and the server's `reason`.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = httpx.Client(
            base_url=_checked_url(address.base_url),
            headers=_headers(address),
            timeout=httpx.Timeout(address.timeout, connect=min(address.timeout, LONGEST_CONNECT)),
            trust_env=_proxies_wanted(address.base_url),
        )
        # Kept connections are closed with the service, also where nobody thinks of it.
        weakref.finalize(self, self._client.close)

    def get(self, path: str) -> Any:
        """The JSON that the service has at `path`."""
        return next(self._patiently("GET", path, None, _whole))

    def post(self, path: str, body: Any) -> Any:
        """The JSON that the service answers `body` with."""
        return next(self._patiently("POST", path, body, _whole))

    def post_events(self, path: str, body: Any) -> Generator[Any, None, None]:
        """The JSON values of a stream of server-sent events. Closing the iterator closes the connection.

        Ends at `[DONE]`, which is handed out as `events.DONE`. A request is not repeated once a value was handed out. A
        server that answers with plain JSON instead of a stream gives that one value.
        """
        return self._patiently("POST", path, body, _events)

    def post_lines(self, path: str, body: Any) -> Generator[Any, None, None]:
        """The JSON values of a stream of lines (NDJSON); otherwise like `post_events`."""
        return self._patiently("POST", path, body, _lines)

    def _patiently(self, method: str, path: str, body: Any, read: Reader) -> Generator[Any, None, None]:
        for attempt in range(self.address.retries + 1):
            delivered = False
            try:
                with self._opened(method, path, body) as response:
                    for value in read(response):
                        _raise_reported(value, self.address)
                        delivered = True
                        yield value
            except _Passing as passing:
                wait = _wait(attempt, passing.asked)
                if delivered or attempt == self.address.retries or wait > self.address.timeout:
                    raise passing.error from passing.__cause__
                log.info("%s; trying again in %.1f s", passing.error.key, wait)
                time.sleep(wait)
            else:
                return

    @contextmanager
    def _opened(self, method: str, path: str, body: Any) -> Iterator[httpx.Response]:
        url, seconds = self.address.base_url, self.address.timeout
        try:
            with self._client.stream(method, path, json=body) as response:
                if not response.is_success:
                    raise _refusal(response, self.address)
                yield response
        except httpx.ConnectTimeout as error:
            raise _Passing(ModelUnreachable("models.unreachable", url=url, reason=_text(error))) from error
        except httpx.TimeoutException as error:
            raise ModelTimeout("models.timeout", url=url, seconds=seconds) from error
        except (httpx.ConnectError, httpx.ProxyError) as error:
            raise _Passing(ModelUnreachable("models.unreachable", url=url, reason=_text(error))) from error
        except httpx.HTTPError as error:
            raise _Passing(ModelUnreachable("models.cut", url=url, reason=_text(error))) from error
        except ValueError as error:
            raise ModelRefused("models.not_json", url=url, status=200, reason=_text(error)) from error


Reader = Callable[[httpx.Response], Iterable[Any]]


class _Passing(Exception):
    """A failure that may pass; `asked` is the wait in seconds that the server asked for."""

    def __init__(self, error: ModelError, asked: float | None = None) -> None:
        super().__init__()
        self.error, self.asked = error, asked


def _whole(response: httpx.Response) -> Iterator[Any]:
    response.read()
    yield response.json()


def _events(response: httpx.Response) -> Iterable[Any]:
    return _whole(response) if _plain(response) else server_sent_events(response.iter_bytes())


def _lines(response: httpx.Response) -> Iterable[Any]:
    return json_lines(response.iter_bytes())


def _plain(response: httpx.Response) -> bool:
    return str(response.headers.get("content-type", "")).startswith("application/json")


def _refusal(response: httpx.Response, address: Address) -> Exception:
    status = response.status_code
    response.read()
    reason = _reason(response.text, address)
    values = {"url": address.base_url, "status": status, "reason": reason, "key_env": address.key_env or "API_KEY"}
    if status == 401:
        return ModelRefused("models.key_refused", **values) if address.key else MissingKey("models.no_key", **values)
    error = ModelRefused("models.refused", **values)
    spent = status == 429 and "insufficient_quota" in response.text
    if status in AGAIN and not spent and response.headers.get("x-should-retry") != "false":
        return _Passing(error, _asked(response.headers))
    return error


def _raise_reported(value: Any, address: Address) -> None:
    """A server that fails after it said 200 sends `{"error": ...}` inside the stream."""
    if isinstance(value, dict) and value.get("error"):
        raise ModelRefused(
            "models.refused", url=address.base_url, status=200, reason=_said(value, address), key_env=address.key_env
        )


def _reason(body: str, address: Address) -> str:
    try:
        value = httpx.Response(200, text=body).json()
    except ValueError:
        value = body
    return _said(value, address)


def _said(value: Any, address: Address) -> str:
    """What the server wrote about an error: services put it in different places."""
    while isinstance(value, dict):
        value = next((value[name] for name in ("error", "message", "detail", "msg") if value.get(name)), str(value))
    text = " ".join(str(value).split())[:300]
    return text.replace(address.key, "***") if address.key else text


def _asked(headers: httpx.Headers) -> float | None:
    """Seconds from `retry-after-ms` or `Retry-After` (RFC 9110: seconds or a date)."""
    milliseconds, after = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds:
            return float(milliseconds) / 1000
        return float(after) if after else None
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(after or "")
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(until.tzinfo or UTC)).total_seconds())


def _wait(attempt: int, asked: float | None) -> float:
    """Seconds before the next attempt; jitter keeps many clients from coming back at once."""
    if asked is not None:
        return max(0.0, asked)
    return min(8.0, 0.5 * 2.0**attempt) * random.uniform(0.5, 1.0)


def _text(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise BadOptions("models.bad_url", url=text) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise BadOptions("models.bad_url", url=text)
    return url


def _headers(address: Address) -> dict[str, str]:
    if not address.key:
        return {}
    # httpx would show the whole key in the error it raises for an illegal header.
    if not (address.key.isascii() and address.key.isprintable()):
        raise MissingKey("models.broken_key", key_env=address.key_env)
    return {"authorization": f"Bearer {address.key}"}


def _proxies_wanted(base_url: str) -> bool:
    """Whether the environment's proxies are used: never for this machine itself, which a proxy cannot see."""
    if httpx.URL(base_url).host.startswith(LOOPBACK):
        return False
    if any(proxy.startswith("socks") for proxy in getproxies().values()) and not have("socksio"):
        raise ModelUnreachable("models.socks", url=base_url)
    return True
