"""Calls that are nobody's: refused with no word of why, and nothing of them is stored."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest

from bot import http
from bot.door import Raw
from bot.health import Health
from bot.hook import OuterDoor
from bot.http import LARGEST, Http
from bot.slack_http import SlackHttp
from bot.telegram_hook import TelegramHook, secret_of
from storage.clock import SystemClock
from storage.database import Database
from tests.doors.house import PATIENCE, PLAIN, Platforms, free_port
from tests.doors.loop import LiveLoop
from tests.doors.waiting import ended, until
from tests.servers.slack import SlackServer
from tests.servers.slack.posts import signature
from tests.servers.telegram import TOKEN, TelegramServer

FORM = "application/x-www-form-urlencoded"
EVENT = {
    "type": "event_callback", "team_id": "T0BAZAAR", "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1",
              "text": "pipeline", "ts": "1700000000.000100"},
}  # fmt: skip
UPDATE = {
    "update_id": 1,
    "message": {"message_id": 1, "date": 1700000000, "text": "pipeline",
                "chat": {"id": 101, "type": "private"},
                "from": {"id": 101, "is_bot": False, "first_name": "Ayesha"}},
}  # fmt: skip


class Porch:
    """Both doors behind the real port, and what they would have had stored."""

    def __init__(self, platforms: Platforms, loop: LiveLoop, database: Database) -> None:
        self.platforms, self.loop = platforms, loop
        self.kept: list[Raw] = []
        self.broken, self.slow, self.begun = 0, 0.0, 0
        loop.do(self._open(database))

    async def _open(self, database: Database) -> None:
        settings, slack = self.platforms.settings, self.platforms.slack
        hook = TelegramHook(
            TOKEN, settings.telegram_webhook_url, base_url=settings.telegram_base_url
        )
        signed = SlackHttp(
            slack.team().bot_token, slack.signing_secret, base_url=settings.slack_base_url
        )
        self.doors: dict[str, OuterDoor] = {"telegram": hook, "slack": signed}
        assert settings.http
        http = Http(settings.http, self.doors, Health(database, SystemClock(), self.doors))
        self.answering = asyncio.create_task(http.run())
        self.receiving = [asyncio.create_task(door.run(self.keep)) for door in self.doors.values()]

    async def keep(self, _door: str, events: Sequence[Raw]) -> None:
        self.begun += 1
        await asyncio.sleep(self.slow)
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        self.kept += events

    async def closed(self) -> None:
        await ended(self.answering, *self.receiving, again=PATIENCE)
        for door in self.doors.values():
            await door.stop()

    def event(self) -> httpx.Response:
        return self.platforms.from_slack(json.dumps(EVENT).encode())

    def update(self, **changes: object) -> httpx.Response:
        return self.platforms.from_telegram(json.dumps(UPDATE | changes).encode())


@pytest.fixture(scope="module")
def platforms() -> Iterator[Platforms]:
    with TelegramServer() as telegram, SlackServer(haste=300) as slack:
        yield Platforms(telegram, slack, free_port())


@pytest.fixture(scope="module")
def porch(platforms: Platforms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Porch]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('porch')}/none.db")
    with LiveLoop() as loop:
        made = Porch(platforms, loop, database)
        yield made
        loop.do(made.closed())
    database.close()


@pytest.fixture(autouse=True)
def nothing_yet(porch: Porch) -> None:
    porch.kept, porch.broken, porch.slow = [], 0, 0.0
    assert porch.event().status_code == porch.update().status_code == 200, "it does hear"
    assert [raw.event for raw in porch.kept] == ["T0BAZAAR/D1/1700000000.000100", "1-1700000000"]
    porch.kept = []


# Slack


def now(ago: int = 0) -> str:
    return str(int(time.time()) - ago)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=00"},
        {"x-slack-signature": "v0=" + "é" * 64},
        {"x-slack-signature": "v1" + signature("x", "1", b"")[2:]},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "junk"},
        {"x-slack-request-timestamp": "1e9"},
        {"x-slack-request-timestamp": "9" * 400},
        {"x-slack-request-timestamp": "9" * 5000},
        {"x-slack-request-timestamp": "-1"},
        {"x-slack-request-timestamp": "NaN"},
        {"x-slack-request-timestamp": "é²"},
    ],
)
def test_row_41_a_signature_that_does_not_fit_is_refused(
    porch: Porch, headers: dict[str, str]
) -> None:
    body = json.dumps(EVENT).encode()
    at = headers.get("x-slack-request-timestamp", now())
    signed = signature(porch.platforms.slack.signing_secret, at, body)
    sent = {"x-slack-request-timestamp": at, "x-slack-signature": signed} | headers
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    answer = httpx.post(
        porch.platforms.at("/slack/events"), content=body, headers=raw, verify=PLAIN
    )
    assert (answer.status_code, answer.content) == (401, b"")
    assert not porch.kept


@pytest.mark.parametrize(("ago", "status"), [(290, 200), (310, 401), (-310, 401)])
def test_row_41_a_call_is_good_for_five_minutes(porch: Porch, ago: int, status: int) -> None:
    answer = porch.platforms.from_slack(json.dumps(EVENT).encode(), at=now(ago))
    assert answer.status_code == status
    assert bool(porch.kept) == (status == 200)


def test_row_41_another_secret_is_refused(porch: Porch) -> None:
    assert porch.platforms.slack.forges(EVENT, secret="another").status == 401
    assert porch.platforms.slack.forges({"type": "url_verification"}, signed="").status == 401
    assert not porch.kept


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b""),
        ("application/json", b"\xff\xfe{}"),
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"null"),
        ("application/json", b"{}"),
        ("application/json", b'{"a":' * 100_000),
        (
            "application/json",
            b'{"type": "event_callback", "event": {"type": "message", "user": "U1"}}',
        ),
        ("application/json", b'{"type": "event_callback", "event": 7}'),
        ("application/json", b'{"type": "block_actions", "actions": []}'),
        ("application/json", b'{"type": "view_submission", "view": {"callback_id": "form"}}'),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=7"),
        (FORM, b"a=b"),
        (FORM, b"command=%2Frabta"),
        (FORM, b"%ff=%fe"),
        ("multipart/form-data", b"--x"),
        ("", b"\x00" * 100),
    ],
)
def test_row_41_what_is_signed_and_makes_no_sense_is_refused(
    porch: Porch, kind: str, body: bytes
) -> None:
    """What cannot be UTF-8 cannot be signed, either: the signature is of the text."""
    assert porch.platforms.from_slack(body, kind).status_code == 401
    assert not porch.kept


# Telegram


@pytest.mark.parametrize("secret", ["", "x", "é", secret_of("1:another"), secret_of(TOKEN) + "0"])
def test_row_41_without_the_secret_nothing_comes_in(porch: Porch, secret: str) -> None:
    body = json.dumps(UPDATE).encode()
    headers = [(b"x-telegram-bot-api-secret-token", secret.encode("latin-1"))] if secret else []
    answer = httpx.post(
        porch.platforms.at("/telegram"), content=body, headers=headers, verify=PLAIN
    )
    assert (answer.status_code, answer.content) == (401, b"")
    assert not porch.kept


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff", b"{", b"[]", b"7", b"{}", b'{"update_id": "1"}', b'{"update_id": true}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_update_is_refused(porch: Porch, body: bytes) -> None:
    assert porch.platforms.from_telegram(body).status_code == 401
    assert not porch.kept


def test_an_update_that_nobody_can_read_is_kept_to_be_set_aside(porch: Porch) -> None:
    assert porch.update(message={"date": "not a date"}).status_code == 200
    assert len(porch.kept) == 1


def test_what_a_group_says_among_itself_is_not_kept(porch: Porch) -> None:
    group = UPDATE["message"] | {"chat": {"id": -5, "type": "group", "title": "Sales"}}  # type: ignore[operator]
    assert porch.update(message=group).status_code == 200
    assert not porch.kept


# Both


@pytest.mark.parametrize("path", ["/slack/events", "/telegram"])
def test_a_huge_body_is_refused(porch: Porch, path: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 100_000

    for content in (b" " * (LARGEST + 1), pieces()):
        answer = httpx.post(porch.platforms.at(path), content=content, timeout=20, verify=PLAIN)
        assert answer.status_code == 413
    assert not porch.kept


def test_a_length_that_lies_is_refused(porch: Porch) -> None:
    for length in ("9" * 5000, "-1", "junk", "²"):
        head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", porch.platforms.port), 5) as line:
            line.sendall(head.encode("latin-1"))
            assert line.recv(12) in (b"HTTP/1.1 400", b"HTTP/1.1 413")
    assert not porch.kept


def test_a_body_that_does_not_come_is_not_waited_for(
    porch: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SLOWEST", 0.2)
    head = b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    with socket.create_connection(("127.0.0.1", porch.platforms.port), 5) as line:
        line.sendall(head)
        assert line.recv(12) == b"HTTP/1.1 408"
    assert not porch.kept


def test_other_addresses_and_ways_of_asking_lead_nowhere(porch: Porch) -> None:
    assert httpx.get(porch.platforms.at("/slack/events"), verify=PLAIN).status_code == 405
    assert httpx.get(porch.platforms.at("/"), verify=PLAIN).status_code == 404
    assert "server" not in httpx.get(porch.platforms.at("/healthz"), verify=PLAIN).headers


def test_what_cannot_be_stored_is_not_acknowledged_and_says_nothing_of_it(
    porch: Porch, caplog: pytest.LogCaptureFixture
) -> None:
    porch.broken = 2
    with caplog.at_level(logging.INFO):
        for answer in (porch.event(), porch.update()):
            assert (answer.status_code, answer.content) == (503, b"")
    assert porch.event().status_code == porch.update().status_code == 200
    assert len(porch.kept) == 2
    assert "pipeline" not in caplog.text


def test_a_call_before_the_door_knows_who_it_is_comes_again(
    platforms: Platforms, porch: Porch
) -> None:
    async def early() -> tuple[Any, Any]:
        hook = TelegramHook(TOKEN, platforms.at("/x"), base_url=platforms.telegram.base_url)
        body, headers = json.dumps(UPDATE).encode(), {}
        headers["x-telegram-bot-api-secret-token"] = secret_of(TOKEN)
        calling = asyncio.ensure_future(hook.hooks["/x"](headers, body))
        await asyncio.sleep(0.05)
        assert not calling.done()
        running = asyncio.create_task(hook.run(porch.keep))
        said = await calling
        await ended(running, again=PATIENCE)
        await hook.stop()
        idle = TelegramHook(TOKEN, platforms.at("/x"), base_url=platforms.telegram.base_url)
        with pytest.raises(TimeoutError):
            await idle.hooks["/x"](headers, body)
        return said, len(porch.kept)

    assert porch.loop.do(early()) == ("", 1)


def test_what_is_under_way_is_answered_before_the_end(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        LiveLoop() as loop,
    ):
        porch = Porch(Platforms(telegram, slack, free_port()), loop, database)
        while porch.event().status_code != 200:
            time.sleep(0.01)
        porch.kept, porch.slow, porch.begun = [], 0.5, 0
        calling = loop.start(asyncio.to_thread(porch.event))
        until(lambda: porch.begun)
        begun = time.monotonic()
        loop.do(porch.closed())
        assert calling.result(20).status_code == 200
        assert len(porch.kept) == 1
        assert time.monotonic() - begun < 10
        with pytest.raises(httpx.ConnectError):
            porch.event()
    database.close()
