"""Row 45: no text costs more than its length, however it is made, and none stops a handler."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import datetime
from time import process_time
from typing import Any

import pytest

from bot.bidi import safe
from bot.desk import Desk
from bot.door import Raw
from bot.hook import Forged
from bot.incoming import FormAnswers, Incoming, SharedContact
from bot.logs import hidden
from bot.slack_http import _parsed
from bot.slack_text import hear
from bot.telegram_hook import _update
from bot.telegram_read import NOTE, read_update
from exchange.vcard import cards
from language.folding import fold
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
from language.voice import plain
from tests.conversation import AYESHA, Conversation, packed, words
from tests.test_day import kept

NOW = datetime.fromisoformat("2026-12-02T11:00:00+05:00")
LONG, SHORT = 40_000, 10_000

READERS: dict[str, Callable[[str], Any]] = {
    "message": lambda text: read(text, NOW),
    "values": lambda text: typed_values(text, NOW),
    "language": tongue_of,
    "key": fold,
    "amount": lambda text: read_amount(text, "PKR"),
    "due": lambda text: read_due(text, NOW),
    "day": lambda text: read_on(text, NOW),
    "phone": lambda text: read_phone(text, "PK"),
    "email": read_email,
    "stage": lambda text: read_stage(text, {"lead": "lead", "visit": "Site visit"}),
    "hours": read_hours,
    "time": read_time,
    "vcard": lambda text: list(cards((line.encode() for line in text.split("\n")), "utf-8")),
    "slack": lambda text: hear(text, "U1"),
    "directions": safe,
    "tokens": hidden,
    "plain": plain,
}
PIECES = (
    "1 ", "9", "1-", "12:30 ", "\n\n- ", "-", "a.b@", "a@a.", "+1 (2", "<", "<@U1>", "<<a|", "&lt;",
    "=\n", "\n ", "=3D", "\\", "BEGIN:VCARD\n", "TEL;X:1\n", "5 lakh ", "call ", "اور ", "\ufdfa",
    "½", "e\u0301\u0302", "\u2067", "\u202e", "👨\u200d", "://a:", "bot12345:", "xoxb-", "x'", " ",
)  # fmt: skip


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of this process, the least of a few."""
    took = []
    for _ in range(3):
        before = process_time()
        work()
        took.append(process_time() - before)
    return min(took)


@pytest.mark.parametrize("name", READERS)
def test_row_45_four_times_the_text_takes_no_more_than_its_share(name: str) -> None:
    """What grows with the square of its length takes sixteen times as long."""
    reader = READERS[name]
    for piece in PIECES:
        long = piece * (LONG // len(piece))
        short = long[:SHORT]
        reader(short)  # words files are read once
        floor = max(cpu(lambda: reader(short)), 0.004)  # noqa: B023
        assert cpu(lambda: reader(long)) < 10 * floor, ascii(piece)  # noqa: B023


def test_row_45_forty_kilobytes_are_read_in_a_fifth_of_a_second() -> None:
    for piece in PIECES:
        text = piece * (LONG // len(piece.encode()))
        read(text[:100], NOW)
        assert cpu(lambda: read(text, NOW)) < 0.2, ascii(piece)  # noqa: B023


def test_row_45_no_sign_makes_a_key_much_longer_than_its_text() -> None:
    for sign in (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000):
        if not sign.isascii() and len(unicodedata.normalize("NFKC", sign)) > 4:
            assert len(fold(sign * 10)) <= 80, ascii(sign)


def test_row_45_every_sign_that_is_not_seen_is_no_part_of_a_key() -> None:
    unseen = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]
    assert fold("a" + "".join(unseen) + "b") == "ab"


@pytest.fixture
def failures(chat: Conversation, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of error that stopped a handler."""
    seen: list[str] = []
    give_up = Desk.failed

    def failed(desk: Desk, row: int, incoming: Incoming | None, error: Exception) -> None:
        seen.append(repr(error))
        give_up(desk, row, incoming, error)

    monkeypatch.setattr(Desk, "failed", failed)
    return seen


HUGE = {
    "one word": "a" * LONG,
    "one word to find": "find " + "b" * LONG,
    "a company": "find company " + "ک" * LONG,
    "a name": "met " + "ab " * 13_000,
    "a note": "note Sara Malik: " + "she said so. " * 3000,
    "a sum": "deal for Ali Raza " + "9" * 400,
    "a sum with a unit": "deal for Ali Raza " + "9" * 400 + " crore",
    "a small sum": "deal for Ali Raza 0." + "0" * 400 + "1",
    "a year": "remind me on 1/1/99999 to call Ali Raza",
    "an iso year": "call Ali Raza on 99999-12-31",
    "a span": "remind me in 9999999999999999999 years to call Ali Raza",
    "an hour": "call Ali Raza at " + "9" * 300 + ":30",
    "a phone": "Ali Raza's number is " + "0300" * 500,
    "an email": "Ali Raza's email is " + "a" * 3000 + "@" + "b." * 3000 + "pk",
    "a blessing": "\ufdfa" * LONG,
    "a field": "add field " + "n" * 4000 + " for companies",
    "a stage": "add stage " + "s" * 4000,
    "a number of one": "won " + "7" * 4000,
    "a snooze": "snooze " + "9" * 4000 + " days",
    "an undo": "undo " * 8000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_row_45_nothing_huge_stops_a_handler(
    chat: Conversation, failures: list[str], text: str
) -> None:
    answer = words(chat.says(text))
    assert answer.strip()
    assert failures == []
    chat.commands(f"/{text[:3000]}")
    chat.does(AYESHA, "", tap=text[:LONG])
    chat.does(AYESHA, "", form=FormAnswers(text, {text: text, "contact:1:title": text}))
    seen = chat.shares(SharedContact(text, (text,) * 50, (text,) * 50, text))
    chat.does(AYESHA, "", tap=seen.buttons[0].token)
    assert failures == []


def test_row_45_what_is_filled_into_a_form_is_as_long_as_a_value(
    chat: Conversation, failures: list[str]
) -> None:
    chat.runs("contact.add", contact="Hina Javed")
    (hina,) = kept(chat, "contact")
    chat.taps("Edit")
    chat.fills(
        {f"contact:{hina['id']}:title": "t" * LONG, f"contact:{hina['id']}:city": "9" * LONG}
    )
    assert failures == []


def test_row_45_an_event_with_a_huge_number_is_kept_once(chat: Conversation) -> None:
    """The keys of an event have a length; what is longer than any platform makes is still one."""
    sender = chat.person(AYESHA)
    said = Incoming("e", sender, chat.place(sender), chat.clock.now(), text="hello")
    huge = Raw("9" * 4000, "8" * 4000, packed(said), "7" * 4000)
    assert chat.desk.keep("telegram", [huge]) == 1
    assert chat.desk.keep("telegram", [huge]) == 0
    assert chat.desk.keep("telegram", [Raw("e\0", "c\ud800", packed(said), "s\0")]) == 1


@pytest.mark.parametrize(
    "body",
    [
        "[" * 200_000, '{"a":' * 100_000, '{"update_id": ' + "9" * 5000 + "}",
        '{"update_id": 1e999}', '{"update_id": NaN}', '"' + "\\ud800" * 10_000 + '"',
    ],
    ids=["brackets", "braces", "digits", "exponent", "nan", "halves"],
)  # fmt: skip
def test_row_45_deep_and_odd_json_is_refused(body: str) -> None:
    with pytest.raises(Forged):
        _update(body.encode())
    with pytest.raises((ValueError, RecursionError)):
        _parsed("{" + body)


def test_row_45_a_wide_update_is_read_in_its_time() -> None:
    """Thousands of entities in one message."""
    entities = [{"type": "mention", "offset": 0, "length": 10}] * 4000
    message = {
        "message_id": 1, "date": 1700000000, "text": "@rabta_bot" * 400, "entities": entities,
        "chat": {"id": 101, "type": "private"},
        "from": {"id": 101, "is_bot": False, "first_name": "Ayesha"},
    }  # fmt: skip
    note = {"id": 7, "username": "rabta_bot", "at": 1700000000.0}
    raw = json.loads(json.dumps({"update_id": 1, "message": message, NOTE: note}))
    assert read_update(raw) is not None
