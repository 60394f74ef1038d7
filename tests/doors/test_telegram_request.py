"""Calls to Telegram: what they carry, how long they wait, by which proxy, and how they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot import telegram_request
from bot.telegram_request import AiohttpRequest
from bot.telegram_send import seconds_of

Answer = Callable[[web.Request], Awaitable[web.Response]]


async def served(answer: Answer, ask: Callable[[str], Awaitable[Any]]) -> Any:
    """What a call has to say to a server that answers so."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        return await ask(f"http://{host}:{port}/bot1:secret/getMe")
    finally:
        await runner.cleanup()


async def called(url: str, data: RequestData | None = None, **more: Any) -> tuple[int, bytes]:
    request = AiohttpRequest(1, more.pop("reading", 15.0))
    await request.initialize()
    try:
        return await request.do_request(url, "POST", data, **more)
    finally:
        await request.shutdown()


def data(**values: Any) -> RequestData:
    return RequestData([RequestParameter.from_input(name, each) for name, each in values.items()])


async def echoes(request: web.Request) -> web.Response:
    form = await (request.json() if request.content_type == "application/json" else request.post())
    told = {
        name: f"{value.filename} {value.content_type} {value.file.read()!r}"
        if isinstance(value, web.FileField)
        else value
        for name, value in form.items()
    }
    told["agent"] = request.headers["User-Agent"].partition("/")[0]
    return web.json_response(told, status=202)


def test_a_call_carries_its_parameters_and_who_calls() -> None:
    status, said = asyncio.run(served(echoes, lambda url: called(url, data(chat_id=7, text="جی"))))
    assert status == 202
    assert b'"chat_id": 7' in said
    assert "جی".encode("unicode_escape") in said
    assert b'"agent": "python-telegram-bot v' in said
    assert asyncio.run(served(echoes, called))[0] == 202, "and goes without any"


def test_a_file_goes_along_with_its_name_and_kind() -> None:
    from telegram import InputFile

    file = InputFile(b"a,b", filename="people.csv")
    _, said = asyncio.run(served(echoes, lambda url: called(url, data(chat_id=7, document=file))))
    assert b"people.csv text/csv b'a,b'" in said
    assert b'"chat_id": "7"' in said


async def sleeps(_request: web.Request) -> web.Response:
    await asyncio.sleep(1.0)
    return web.Response(text="late")


async def cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def test_an_answer_may_take_so_long_and_no_longer() -> None:
    for more in ({"reading": 0.1}, {"read_timeout": 0.1}):
        with pytest.raises(TimedOut) as raised:
            asyncio.run(served(sleeps, lambda url, more=more: called(url, **more)))  # type: ignore[misc]
        assert isinstance(raised.value.__cause__, TimeoutError)
    late = asyncio.run(served(sleeps, lambda url: called(url, reading=0.1, read_timeout=5.0)))
    assert late == (200, b"late"), "the call's own time counts"
    late = asyncio.run(served(sleeps, lambda url: called(url, reading=5.0, read_timeout=None)))
    assert late == (200, b"late")


def test_a_failure_is_told_without_the_address_in_which_the_token_stands() -> None:
    with pytest.raises(NetworkError) as raised:
        asyncio.run(served(cut, called))
    assert "secret" not in str(raised.value)
    assert isinstance(raised.value.__cause__, aiohttp.ClientError)
    with pytest.raises(NetworkError, match="ClientConnectorError") as raised:
        asyncio.run(called("http://127.0.0.1:9/bot1:secret/getMe"))
    assert isinstance(raised.value.__cause__, telegram_request.NEVER_SENT)


@pytest.mark.parametrize(
    ("said", "header", "seconds"),
    [
        ({"parameters": {"retry_after": 7}}, "", 7),
        ({"parameters": {"retry_after": 7}}, "3", 7),
        ({"parameters": {"retry_after": 0}}, "", 1),
        ({"ok": False}, "3", 3),
        ({"parameters": []}, "Fri, 27 Nov 2026 09:00:00 GMT", 1),
        ("<html>", "", 1),
    ],
)
def test_row_17_too_many_is_told_by_telegram_or_by_a_proxy_before_it(
    said: Any, header: str, seconds: int
) -> None:
    async def busy(_request: web.Request) -> web.Response:
        headers = {"Retry-After": header} if header else None
        return web.json_response(said, status=429, headers=headers)

    with pytest.raises(RetryAfter) as raised:
        asyncio.run(served(busy, called))
    assert seconds_of(raised.value) == seconds


def test_it_must_be_opened_and_may_be_opened_again() -> None:
    async def go() -> None:
        request = AiohttpRequest(1)
        assert request.read_timeout == 15.0
        with pytest.raises(RuntimeError, match="not initialized"):
            await request.do_request("http://127.0.0.1:9", "GET")
        await request.shutdown()
        await request.initialize()
        first = request._session
        await request.initialize()
        assert request._session is first, "it is open"
        assert first is not None
        assert first.timeout != request._timeout(3.0)
        assert request._timeout(3.0).sock_read == 3.0
        assert request._timeout(3.0).total is None
        assert first.connector is not None
        assert first.connector.limit == 1
        await request.shutdown()
        with pytest.raises(RuntimeError, match="not initialized"):
            await request.do_request("http://127.0.0.1:9", "GET")
        await request.initialize()
        assert request._session is not first
        await request.shutdown()

    asyncio.run(go())


# --- proxies ------------------------------------------------------------------------------------


@contextmanager
def environment(monkeypatch: pytest.MonkeyPatch, **proxies: str) -> Iterator[None]:
    with monkeypatch.context() as here:
        for name in ("http", "https", "all", "no", "ftp"):
            for spelt in (f"{name}_proxy", f"{name.upper()}_PROXY"):
                here.delenv(spelt, raising=False)
        for name, value in proxies.items():
            here.setenv(f"{name}_proxy", value)
        yield


@pytest.mark.parametrize(
    ("proxies", "url", "through"),
    [
        ({}, "https://api.telegram.org", None),
        ({"ftp": "http://f:1"}, "https://api.telegram.org", None),
        ({"https": "http://p:1"}, "https://api.telegram.org", "http://p:1"),
        ({"https": "http://p:1"}, "http://127.0.0.1:8081", None),
        ({"all": "http://a:1"}, "https://api.telegram.org", "http://a:1"),
        ({"all": "http://a:1", "https": "http://p:1"}, "https://api.telegram.org", "http://p:1"),
        ({"https": "http://p:1", "no": "telegram.org"}, "https://api.telegram.org", None),
        ({"http": "http://p:1", "no": "127.0.0.1"}, "http://127.0.0.1:8081", None),
        ({"http": "http://p:1"}, "http://127.0.0.1:8081", "http://p:1"),
    ],
)
def test_a_proxy_of_the_environment_is_gone_through(
    monkeypatch: pytest.MonkeyPatch, proxies: dict[str, str], url: str, through: str | None
) -> None:
    with environment(monkeypatch, **proxies):
        assert telegram_request._proxies()(url) == through
