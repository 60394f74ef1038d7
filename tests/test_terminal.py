"""The terminal: lines in, replies out, buttons by number, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.reception import House
from bot.talk import Talk, moment_meant
from bot.terminal import Terminal
from bot.terminal_draw import plain, rich, saved
from handlers.library import the_book
from handlers.reply import (
    Button,
    Call,
    Fields,
    File,
    Form,
    FormField,
    Items,
    Line,
    Reply,
    Table,
    Title,
)
from scheduler.letters import Address, Letter
from storage.clock import SetClock
from storage.database import Database
from storage.models import Identity, Member
from tests.conversation import Conversation

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""Ten in the morning in Karachi."""

CARD = Reply(
    (
        Title("Won: Nishat Mills"),
        Line("Well done!\nNext?", quiet=True),
        Fields((("Amount", "Rs 4.8 lakh"), ("رقم", "\u2068480,000\u2069"))),
        Items(("one", "two"), numbered=True),
        Items(("three",)),
        Table(("Stage", "Deals"), (("lead", "12"), ("سودا", "3")), numeric=(1,)),
        Form(
            "Edit", "Save", "Cancel", (FormField("amount", "Amount", "480,000"),), Call("edit"),
            buttons=(Button("Change amount", Call("ask")),),
        ),
    ),
    (Button("Undo", Call("undo")), Button("[bold]odd", Call("odd"))),
)  # fmt: skip

PLAIN = """\
Won: Nishat Mills
Well done!
Next?
Amount: Rs 4.8 lakh
\u2068رقم\u2069: \u2068480,000\u2069
1. one
2. two
- three
Stage  Deals
lead      12
سودا       3
Edit
Amount: 480,000
[1 Change amount] [2 Undo] [3 [bold]odd]"""


def test_a_card_in_plain_lines() -> None:
    assert plain(CARD) == PLAIN


def test_a_card_in_colour_says_the_same() -> None:
    from rich.console import Console

    console = Console(file=io.StringIO(), width=60, markup=False, emoji=False, record=True)
    console.print(*rich(CARD), sep="\n")
    shown = console.export_text()
    for words in ("Won: Nishat Mills", "Rs 4.8 lakh", "\u2068480,000\u2069", "2. two", "سودا"):
        assert words in shown
    assert " 1 Change amount    2 Undo    3 [bold]odd " in shown


def test_a_name_cannot_command_the_terminal() -> None:
    evil = Reply((Title("\x1b[2Jgone\x07"), Items(("a\x9b31mb",))))
    assert plain(evil) == " [2Jgone \n- a 31mb"


def test_a_file_is_put_where_it_can_be_opened() -> None:
    path = saved(File("../../report.csv", "text/csv", "YSxi"))
    assert path.name == "report.csv"
    assert path.read_text() == "a,b"
    shown = plain(Reply((File("report.csv", "text/csv", "YSxi"),)))
    assert shown.startswith("report.csv: ")
    assert shown.endswith("/report.csv")


def test_a_number_or_a_label_presses_a_button() -> None:
    terminal = Terminal("Ayesha Khan")
    reply = Reply(
        (), (Button("Undo", Call("undo"), token="t1"), Button("Edit", Call("e"), token="t2"))
    )
    asyncio.run(terminal.push(Letter(7, Address("terminal", "", "ayesha khan"), reply)))
    tap = terminal.raw("2", MONDAY)
    assert (tap.payload["tap"], tap.payload["text"], tap.payload["message"]) == ("t2", "", "7")
    assert terminal.raw(" undo ", MONDAY).payload["tap"] == "t1"
    assert terminal.raw("3", MONDAY).payload == {
        **tap.payload,
        "tap": "",
        "text": "3",
        "message": "",
    }
    assert terminal.raw("undo it", MONDAY).payload["text"] == "undo it"
    assert tap.event != terminal.raw("2", MONDAY).event


def test_a_line_is_a_message_of_the_person_at_the_keyboard() -> None:
    terminal = Terminal("Ayesha Khan")
    incoming = asyncio.run(terminal.read(terminal.raw("/won nishat 5 lakh", MONDAY).payload))
    assert incoming is not None
    assert (incoming.command, incoming.text) == ("won", "nishat 5 lakh")
    assert (incoming.sender.id, incoming.sender.name) == ("ayesha khan", "Ayesha Khan")
    assert incoming.place.private
    assert incoming.sent_at == MONDAY


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("3d", MONDAY + timedelta(days=3)),
        ("2 H", MONDAY + timedelta(hours=2)),
        ("30m", MONDAY + timedelta(minutes=30)),
        ("1w", MONDAY + timedelta(weeks=1)),
        ("2026-11-27T15:00", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 23, 19, tzinfo=UTC)),
        ("2026-11-27T15:00Z", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("2026-11-22", None),
        ("400d", None),
        ("9999d", None),
        ("friday", None),
        ("", None),
    ],
)
def test_how_far_to_skip(said: str, moment: datetime | None) -> None:
    assert moment_meant(said, MONDAY, "Asia/Karachi") == moment


class Heard(list[str]):
    """What a terminal showed."""

    def text(self) -> str:
        return "\n\n".join(self)


def talked(
    database: Database, *lines: str, person: str = "Ayesha", house: House | None = None
) -> Heard:
    """Type these lines and leave; what was shown."""
    heard = Heard()

    async def go() -> None:
        clock = SetClock(MONDAY, running=True)
        talk = Talk(database, the_book(), clock, house or House(), person)
        talk.show = lambda reply: heard.append(plain(reply))
        for line in lines:
            await talk.say(line)

    asyncio.run(go())
    return heard


def test_a_talk_is_answered_line_by_line(database: Database) -> None:
    heard = talked(database, "met Sara Malik from Nishat Mills, deal 5 lakh", "1", "pipeline")
    assert len(heard) == 3
    assert "Sara Malik" in heard[0]
    assert "[1 Undo]" in heard[0]
    assert "Sara Malik" not in heard[2]


def test_skipping_shows_what_comes_in_its_order_and_time(database: Database) -> None:
    heard = talked(
        database,
        "remind me in 2 hours to call Bilal",
        "remind me every day at 9am to check stock",
        ":skip 2d",
    )
    stamps = [line[:16] for line in heard if line.startswith("2026-")]
    assert stamps == sorted(stamps)
    assert stamps[0] == "2026-11-23 12:00"
    assert {"2026-11-24 09:00", "2026-11-25 09:00"} <= set(stamps)
    stock = [each for each in heard if each.startswith("2026-") and "check stock" in each]
    assert len([each for each in stock if "Done" in each]) == 2
    assert heard[-1].startswith("Now:")
    assert "10 am" in heard[-1]


def test_others_are_not_reminded_too_early(database: Database, clock: SetClock) -> None:
    Conversation(database, clock).says("hello")  # Ayesha, on Telegram
    heard = talked(database, "remind me in 2 hours to call Bilal", ":skip 1d", person="Bilal")
    assert "--demo" in heard[-1]
    assert not any(line.startswith("2026-") for line in heard)


def test_a_terminal_shows_nothing_that_is_for_somebody_else(database: Database) -> None:
    talked(database, "remind me in 1 minute to call Bilal", person="Ayesha")
    heard = talked(database, "hello", ":skip 1d", person="Sana")
    assert "call Bilal" not in heard.text()
    heard = talked(database, "hello", ":skip 1d", person="Ayesha")
    assert "call Bilal" in heard.text()


def test_the_terminals_own_words_follow_the_language(database: Database) -> None:
    heard = talked(database, ":help", "سارہ ملک سے ملاقات ہوئی", ":help", ":foo")
    assert heard[0].startswith("Type as you would speak")
    assert "جیسے بولتے ہیں" in heard[2]
    assert ":foo" in heard[3]
    assert ":help" in heard[3]


def test_quit_ends_the_talk(database: Database) -> None:
    clock = SetClock(MONDAY)
    talk = Talk(database, the_book(), clock, House(), "Ayesha")
    asyncio.run(talk.say(":quit"))
    assert talk.over


def test_who_is_new_and_who_is_not(database: Database) -> None:
    def is_new(person: str) -> bool:
        return asyncio.run(Talk(database, the_book(), SetClock(MONDAY), House(), person).is_new())

    assert is_new("Ayesha")
    talked(database, "hello")
    assert not is_new("AYESHA")
    with database.transaction() as session:
        identity = session.get_one(Identity, ("terminal", "", "ayesha"))
        assert session.get_one(Member, (identity.workspace_id, identity.member_id)).role == "owner"


def test_the_clock_goes_on_by_itself(database: Database) -> None:
    clock, heard = SetClock(MONDAY), Heard()

    async def talk() -> None:
        here = Talk(database, the_book(), clock, House(), "Ayesha")
        here.show = lambda reply: heard.append(plain(reply))
        await here.say("remind me to call Bilal in 10 minutes")
        clock.set(MONDAY + timedelta(minutes=11))
        with suppress(TimeoutError):
            await asyncio.wait_for(here.tick(), 2.5)

    asyncio.run(talk())
    assert "⏰ call Bilal" in heard.text()
