from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from gezhi.core.errors import BadOptions, MissingKey, ModelRefused, ModelTimeout, ModelUnreachable
from gezhi.models.events import DONE
from gezhi.models.http import Address, Service
from models.servers import Answer, ChatServer, chat_server, cut, endless, event, hang, refuse, said, stream

KEY = "sk-very-secret"
CHAT = "/chat/completions"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def service(server: ChatServer, *, key: str = KEY, timeout: float = 5.0, retries: int = 2) -> Service:
    return Service(
        Address(base_url=f"{server.url}/v1", key=key, key_env="THE_API_KEY", timeout=timeout, retries=retries)
    )


def again(status: int = 503, **headers: str) -> Answer:
    return refuse(status, "busy", **{"retry-after-ms": "1", **headers})


def test_get_and_post_json(server: ChatServer) -> None:
    server.paths["/v1/embeddings"] = {"data": [1]}
    assert service(server).get("/models")["data"][0]["id"] == "qwen-plus"
    assert service(server).post("/embeddings", {"input": "保修"}) == {"data": [1]}
    assert server.requests[-1].body == {"input": "保修"}
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(server: ChatServer) -> None:
    service(server, key="").get("/models")
    assert "authorization" not in {name.lower() for name in server.requests[-1].headers}


def test_events_arrive_in_order_and_done_is_told(server: ChatServer) -> None:
    server.script.append(stream(event({"n": 1}), event({"n": 2}), b"data: [DONE]\n\n", event({"n": 3})))
    assert list(service(server).post_events(CHAT, {})) == [{"n": 1}, {"n": 2}, DONE]


def test_plain_json_in_the_place_of_a_stream(server: ChatServer) -> None:
    server.script.append(lambda handler: handler.send_json(200, {"whole": True}))
    assert list(service(server).post_events(CHAT, {})) == [{"whole": True}]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again(server: ChatServer, status: int) -> None:
    server.script.extend([again(status), again(status), stream(event(1))])
    assert list(service(server).post_events(CHAT, {})) == [1]
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422, 301])
def test_what_will_not_pass_is_not_tried_again(server: ChatServer, status: int) -> None:
    server.script.append(refuse(status))
    with pytest.raises(ModelRefused) as caught:
        list(service(server).post_events(CHAT, {}))
    assert caught.value.values["status"] == status
    assert len(server.requests) == 1


def test_tries_are_bounded(server: ChatServer) -> None:
    server.script.extend([again()] * 9)
    with pytest.raises(ModelRefused, match="503: busy"):
        list(service(server, retries=3).post_events(CHAT, {}))
    assert len(server.requests) == 4


def test_a_spent_quota_is_not_tried_again(server: ChatServer) -> None:
    error = {"error": {"message": "no money", "code": "insufficient_quota"}}
    server.script.append(lambda handler: handler.send_json(429, error))
    with pytest.raises(ModelRefused, match="no money"):
        service(server).post(CHAT, {})
    assert len(server.requests) == 1


def test_the_server_may_say_not_to_try_again(server: ChatServer) -> None:
    server.script.append(again(x_should_retry="false"))
    with pytest.raises(ModelRefused):
        service(server).post(CHAT, {})
    assert len(server.requests) == 1


def _date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("after", ["0", "0.01", _date(-5), "nonsense"], ids=["zero", "soon", "past", "nonsense"])
def test_retry_after_is_read(server: ChatServer, after: str) -> None:
    server.script.extend([refuse(429, "slow down", **{"retry-after": after}), stream(event(1))])
    assert list(service(server).post_events(CHAT, {})) == [1]


@pytest.mark.parametrize("headers", [{"retry-after": "3600"}, {"retry-after": _date(3600)}, {"retry-after-ms": "9e9"}])
def test_a_wait_beyond_all_patience_is_an_error_at_once(server: ChatServer, headers: dict[str, str]) -> None:
    server.script.extend([refuse(429, "slow down", **headers), stream(event(1))])
    with pytest.raises(ModelRefused, match="slow down"):
        list(service(server).post_events(CHAT, {}))
    assert len(server.requests) == 1


def test_a_connection_cut_before_the_first_value_is_tried_again(server: ChatServer) -> None:
    server.script.extend([cut(b": hello\n\n"), stream(event(1))])
    assert list(service(server).post_events(CHAT, {})) == [1]


def test_nothing_is_tried_again_after_the_first_value(server: ChatServer) -> None:
    server.script.extend([cut(event(1)), stream(event(2))])
    events = service(server).post_events(CHAT, {})
    assert next(events) == 1
    with pytest.raises(ModelUnreachable, match="cut"):
        next(events)
    assert len(server.requests) == 1


def test_silence_before_the_first_byte(server: ChatServer) -> None:
    server.script.append(hang())
    with pytest.raises(ModelTimeout, match=r"sent nothing for 0\.2 s"):
        list(service(server, timeout=0.2).post_events(CHAT, {}))
    assert len(server.requests) == 1


def test_silence_between_pieces(server: ChatServer) -> None:
    server.script.append(hang(event(1)))
    events = service(server, timeout=0.2).post_events(CHAT, {})
    assert next(events) == 1
    with pytest.raises(ModelTimeout):
        next(events)


def test_nobody_listens() -> None:
    with chat_server() as server:
        pass
    with pytest.raises(ModelUnreachable, match="refused") as caught:
        service(server, retries=1).get("/models")
    assert server.url in str(caught.value)


def test_a_missing_and_a_wrong_key(server: ChatServer) -> None:
    server.script.extend([refuse(401, "who are you"), refuse(401, f"bad key {KEY}")])
    with pytest.raises(MissingKey, match='key_env = "THE_API_KEY"'):
        service(server, key="").post(CHAT, {})
    with pytest.raises(ModelRefused, match="THE_API_KEY") as caught:
        service(server).post(CHAT, {})
    assert KEY not in str(caught.value)
    assert KEY not in repr(service(server).address)


@pytest.mark.parametrize("key", ["sk-zwei zeilen\nx", "密钥"])
def test_a_key_that_cannot_be_sent_is_not_shown(server: ChatServer, key: str) -> None:
    with pytest.raises(MissingKey, match="THE_API_KEY") as caught:
        service(server, key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": {"message": "m1"}}', "m1"),
        (b'{"error": "m2"}', "m2"),
        (b'{"detail": "m3"}', "m3"),
        (b'{"message": "m4", "code": 1}', "m4"),
        (b"<html>  m5\n</html>", "<html> m5 </html>"),
        (b'{"detail": [{"loc": ["body"], "msg": "m6"}]}', "m6"),
        (b"", ""),
    ],
)
def test_the_servers_own_words_are_kept(server: ChatServer, body: bytes, reason: str) -> None:
    server.script.append(lambda handler: handler.send_body(400, body))
    with pytest.raises(ModelRefused) as caught:
        service(server).post(CHAT, {})
    assert reason in str(caught.value.values["reason"])


def test_an_error_inside_a_stream(server: ChatServer) -> None:
    server.script.append(stream(event(1), event({"error": {"message": "out of memory"}})))
    events = service(server).post_events(CHAT, {})
    assert next(events) == 1
    with pytest.raises(ModelRefused, match="out of memory"):
        next(events)


@pytest.mark.parametrize("wrong", [b"data: {broken\n\n", b"data: \xff\xfe\n\n"])
def test_a_stream_that_is_not_json(server: ChatServer, wrong: bytes) -> None:
    server.script.append(stream(wrong))
    with pytest.raises(ModelRefused, match="expected format"):
        list(service(server).post_events(CHAT, {}))


def test_a_page_in_the_place_of_json(server: ChatServer) -> None:
    server.paths["/v1/page"] = lambda handler: handler.send_body(200, b"<html>", **{"content-type": "text/html"})
    with pytest.raises(ModelRefused, match="/v1"):
        service(server).get("/page")


@pytest.mark.parametrize("url", ["localhost:8000/v1", "ftp://host/v1", "http://", "http://[::1", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(BadOptions, match="http://"):
        Service(Address(base_url=url))


def test_leaving_a_stream_closes_the_connection(server: ChatServer) -> None:
    server.script.append(endless)
    events = service(server).post_events(CHAT, {})
    next(events)
    events.close()
    assert server.gone.wait(10)


def test_no_proxy_is_used_for_this_machine(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert service(server).get("/models")


def test_a_proxy_is_used_for_other_machines(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(ModelRefused):
        Service(Address(base_url="http://models.example/v1", retries=0)).get("/models")
    assert server.requests[-1].path == "http://models.example/v1/models"


def test_a_socks_proxy_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(ModelUnreachable, match=r"httpx\[socks\]"):
        Service(Address(base_url="https://models.example/v1"))


def test_trying_again_is_logged_without_the_key(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.script.extend([again(), stream(said(content="x"))])
    list(service(server).post_events(CHAT, {}))
    assert "trying again" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("make", [again, lambda: cut(b": x\n\n")])
def test_both_kinds_of_passing_failure_end_as_errors(server: ChatServer, make: Callable[[], Answer]) -> None:
    server.script.extend([make(), make()])
    with pytest.raises((ModelRefused, ModelUnreachable)):
        list(service(server, retries=1).post_events(CHAT, {}))
    assert len(server.requests) == 2
