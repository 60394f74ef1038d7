"""What is fuzzed. A target takes bytes, and fails by raising what its parser may not raise."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from bot.hook import Forged
from bot.settings import Settings, WrongSetting, load
from bot.slack_http import SlackHttp
from bot.slack_read import read_event
from bot.telegram_contact import read_contact
from bot.telegram_hook import _update
from bot.telegram_read import Me, chat_of, event_of, is_ours, noted, read_update
from bot.understanding import answer, values
from bot.uploads import is_read
from handlers import reply as parts
from handlers.packing import pack, unpack
from handlers.reply import Button, Call, Form, FormField, Reply
from language.cards import read_card
from language.reader import read
from language.tongue import tongue_of
from language.typed import typed_values
from language.values import (
    read_amount,
    read_due,
    read_email,
    read_hours,
    read_on,
    read_phone,
    read_stage,
    read_time,
)
from tests.faults.fuzz import files
from tests.faults.fuzz.examples import VCARD, deliveries, updates
from tests.faults.fuzz.grain import Grain, as_body
from tests.language.hostile import LONGEST, PIECES
from tests.servers.slack.posts import SIGNING_SECRET, signature

NOW = datetime.fromisoformat("2026-12-02T11:00:00+05:00")
ME = Me(123456789, "rabta_bot")


def language(data: bytes) -> None:
    """A message is read, and each slot's place lies within it."""
    text = Grain(data).text(PIECES)[:LONGEST]
    for action in read(text, NOW):
        for spans in action.spans.values():
            assert all(0 <= start < end <= len(text) for start, end in spans)
    tongue_of(text)


def dates(data: bytes) -> None:
    text = Grain(data).text(_OF_TIME)[:400]
    read_due(text, NOW)
    read_on(text, NOW)
    read_time(text)
    read_hours(text)


def amounts(data: bytes) -> None:
    text = Grain(data).text(_OF_MONEY)[:400]
    read_amount(text, "PKR")
    read_phone(text, "PK")
    read_email(text)
    read_stage(text, {"lead": "lead", "visit": "Site visit"})
    for each in typed_values(text, NOW):
        assert 0 <= each.start < each.end <= len(text)


def telegram(data: bytes) -> None:
    """Whatever Telegram hands out is kept or left, and stops nothing behind it."""
    grain = Grain(data)
    body = data if grain.number(4) == 0 else as_body(grain.bent(grain.pick(updates())))
    try:
        update = noted(_update(body), ME, 1_795_000_000.0)
    except Forged:
        return
    assert isinstance(event_of(update), str)
    assert isinstance(chat_of(update), str)
    if is_ours(update):
        with suppress(*UNREADABLE):  # it is set aside, and somebody told
            incoming = read_update(update)
            if incoming is not None:
                is_read(incoming)


def slack(data: bytes) -> None:
    """What is not Slack's is refused, and what is kept can be read again."""
    grain = Grain(data)
    door, at = _slack(), "1795000000"
    bent = grain.bent(grain.pick(deliveries()))
    form = grain.number(3)
    body = as_body(bent)
    if form == 1:
        body = urlencode({"payload": body}).encode()
    elif form == 2 and isinstance(bent, dict):
        body = urlencode({str(k): str(v) for k, v in bent.items()}, errors="replace").encode()
    elif grain.number(4) == 0:
        body = grain.data
    headers = {"x-slack-request-timestamp": at, "x-slack-signature": ""}
    headers["x-slack-signature"] = signature(SIGNING_SECRET, at, body)
    if grain.number(8) == 0:
        headers[grain.pick(list(headers))] = grain.text()
    try:
        raw = door._kept_of(door._verified(headers, body))
    except Forged:
        return
    if raw is not None:
        assert read_event(raw.payload) is not None


def vcard(data: bytes) -> None:
    grain = Grain(data)
    example = VCARD.encode()
    cut = grain.number(len(example))
    card = example[:cut] + grain.bytes(grain.number(60)) + example[cut:] + grain.data
    read_contact({"first_name": "Sara", "vcard": card.decode("utf-8", "surrogateescape")})
    read_card(card.decode("utf-8", "surrogateescape"), "PK")


def packing(data: bytes) -> None:
    """A reply comes back as it was, through JSON; what is no reply is refused in one way."""
    grain = Grain(data)
    reply = _reply(grain)
    assert unpack(pack(reply)) == reply
    with suppress(TypeError):
        unpack(grain.bent(pack(reply)))


def understand(data: bytes) -> None:
    """A line of ``rabta understand``: answered, or told in a ValueError what is wrong."""
    grain = Grain(data)
    example = {"id": 1, "text": grain.pick(PIECES), "now": "2026-11-23T10:00:00+05:00"}
    line = data if grain.number(3) == 0 else as_body(grain.bent(example))
    for understood in (answer, values):
        with suppress(ValueError):
            understood(line)


def settings(data: bytes) -> None:
    grain = Grain(data)
    names = [f"RABTA_{name.upper()}" for name in Settings.model_fields]
    told = {}
    for _ in range(grain.number(5)):
        said = grain.bytes(grain.number(30)).decode("utf-8", "replace").replace("\0", "")
        told[grain.pick(names)] = grain.pick(_SETTINGS) + said
    with patch.dict(os.environ, told), suppress(WrongSetting):
        load()


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        language, dates, amounts, telegram, slack, vcard, packing, understand, settings,
        files.cards, files.table, files.code, files.json_lines, files.sheets, files.any_file,
    )
}  # fmt: skip
"""Each by its name."""

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
_OF_TIME = tuple(
    piece for piece in PIECES if any(sign in piece for sign in "0123456789:") or " " in piece
)
_OF_MONEY = ("5", "50", "1,50,000", ".5", " lakh", " crore", "k", "m", "dedh ", "sawa ", "Rs ", "$",
             "لاکھ", "۵", "+92", "0300-1234567", "@", "a@b.co", "%", "-", " ")  # fmt: skip
_SETTINGS = ("", "sqlite:///", "postgresql://", "telegram:1", "slack:T/U", "xoxb-", "xapp-", "1:A",
             "http://", "https://a/b", "8000", "Asia/Karachi", "PK", "open")  # fmt: skip


@cache
def _slack() -> SlackHttp:
    async def made() -> SlackHttp:
        return SlackHttp("xoxb-1", SIGNING_SECRET, clock=lambda: 1_795_000_000.0)

    return asyncio.run(made())


def _reply(grain: Grain) -> Reply:
    def text() -> str:
        return grain.bytes(grain.number(12)).decode("utf-8", "replace")

    def call() -> Call:
        return Call(text(), {text(): grain.pick((text(), 7, None, True, [1, [2]], {"a": [1]}))})

    def button() -> Button:
        return Button(
            text(), call(), grain.pick(("plain", "primary", "danger")), bool(grain.number(2))
        )

    makers: tuple[Callable[[], Any], ...] = (
        lambda: parts.Title(text()),
        lambda: parts.Line(text(), quiet=bool(grain.number(2))),
        lambda: parts.Fields(((text(), text()), (text(), text()))),
        lambda: parts.Items((text(),)),
        lambda: parts.Table((text(),), ((text(),), (text(),))),
        lambda: Form(text(), text(), text(), (FormField(text(), text()),), call()),
    )
    made = tuple(grain.pick(makers)() for _ in range(grain.number(4)))
    return Reply(made, tuple(button() for _ in range(grain.number(3))))


# --- time and memory ------------------------------------------------------------------------------

LONGEST_SECONDS, MOST_MEMORY = 1.0, 256_000_000


@dataclass
class Watched:
    """A target that also fails where it takes too much processor time or memory."""

    target: Callable[[bytes], None]

    def __post_init__(self) -> None:
        for warm in (b"", bytes(range(256))):
            self.target(warm)
        self._most = _memory() + MOST_MEMORY

    def __call__(self, data: bytes) -> None:
        import time

        began = time.process_time()
        self.target(data)
        took = time.process_time() - began
        assert took < LONGEST_SECONDS, f"{took:.1f} s for {len(data)} bytes"
        assert _memory() < self._most, "it took too much memory"


def _memory() -> int:
    """Bytes in memory now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0
