"""Columns that Rabta is not sure of: somebody is asked with buttons, once, and then no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.incoming import Attachment, Incoming
from handlers.reply import Reply
from storage.clock import SetClock
from storage.database import Database
from tests.conversation import Conversation, labels, words
from tests.test_cli import Rabta
from tests.test_day import kept

BOOK = "Name,Mobile,Ref\n" + "".join(
    f"{name},0300 555010{at},0321 444010{at}\n"
    for at, name in enumerate(("Sara Malik", "Omar Shah", "Hina Butt"))
)


def sends(chat: Conversation, name: str, data: str, **more: Any) -> Reply:
    """Somebody sends a file, which their door hands out."""
    read = chat.door.read

    async def with_it(payload: dict[str, Any]) -> Incoming | None:
        incoming = await read(payload)
        attached = Attachment(name, data.encode())
        return replace(incoming, attachment=attached) if incoming and incoming.other else incoming

    chat.door.read = with_it  # type: ignore[method-assign]  # the door of this one message
    try:
        return chat.says("", other="file", extra={"file": "1", "name": name}, **more)
    finally:
        chat.door.read = read  # type: ignore[method-assign]


def phones(chat: Conversation) -> dict[str, list[str]]:
    return {each["name"]: each["phones"] for each in kept(chat, "contact")}


def test_a_doubtful_column_is_asked_about_and_then_known(chat: Conversation) -> None:
    asked = sends(chat, "book.csv", BOOK)
    assert 'What is the column "Ref" in book.csv?' in words(asked)
    assert "0321 4440100" in words(asked)
    assert labels(asked) == ["Phone", "Note", "A field of its own", "Leave it out"]
    seen = chat.taps("Phone")
    assert "3 contacts" in words(seen)
    assert "3 new" in words(seen)
    assert seen.replaces
    chat.taps("Take it in")
    assert phones(chat)["Sara Malik"] == ["+923005550100", "+923214440100"]
    again = sends(chat, "more.csv", BOOK.replace("0300 555", "0300 777"))
    assert "Take it in" in labels(again), "it is known by now"


def test_the_answer_outlasts_a_restart_and_may_be_to_leave_it_out(
    chat: Conversation, database: Database, clock: SetClock
) -> None:
    sends(chat, "book.csv", BOOK)
    asked = chat.heard[-1]
    chat = Conversation(database, clock)
    chat.heard.append(asked)
    chat.taps("Leave it out")
    chat.taps("Take it in")
    sara = kept(chat, "contact")[0]
    assert (sara["phones"], sara["fields"]) == (["+923005550100"], {})


def test_several_are_asked_about_one_by_one(chat: Conversation) -> None:
    nameless = BOOK.partition("\n")[2]
    asked = sends(chat, "nameless.csv", nameless)
    assert "Column 1 of 3" in words(asked)
    chat.taps("Name")
    chat.taps("Phone")
    seen = chat.taps("Note")
    assert "3 contacts" in words(seen)
    chat.taps("Take it in")
    assert phones(chat)["Omar Shah"] == ["+923005550101"]
    assert "0321 4440101" in {each["text"] for each in kept(chat, "activity")}
    assert "Column 1 of 3" in words(sends(chat, "other.csv", nameless)), "those have no names"


def test_somebody_else_may_not_answer(chat: Conversation) -> None:
    sends(chat, "book.csv", BOOK, place="Sales")
    told = words(chat.taps("Phone", by="Bilal", place="Sales"))
    assert "Ayesha" in told
    assert kept(chat, "contact") == []


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


def test_the_command_tells_of_it_and_is_told(rabta: Rabta) -> None:
    file = rabta.folder / "book.csv"
    file.write_text(BOOK)
    told = rabta("import", str(file), "--dry-run")
    assert "column 'Ref' is kept as a field, may be a phone (0321 4440100" in told.stderr
    rabta("import", str(file), "--column", "Ref=phone")
    assert told_phones(rabta)["Hina Butt"] == ["+923005550102", "+923214440102"]
    assert "column" not in rabta("import", str(file), "--dry-run").stderr
    assert "say HEAD=SLOT" in rabta("import", str(file), "--column", "Ref=fone", code=2).stderr


def told_phones(rabta: Rabta) -> Mapping[str, list[str]]:
    from tests.test_importing import kept as kept_by

    return {each["name"]: each["phones"] for each in kept_by(rabta, "contact")}


def test_a_stranger_has_no_file_read(database: Database, clock: SetClock) -> None:
    chat = Conversation(database, clock, house=None)
    assert chat.desk.reads(Incoming("e", chat.person("Nobody"), chat.place(chat.person("N")),
                                    clock.now())) is None  # fmt: skip


def test_of_a_large_file_it_is_told_how_long_it_takes(chat: Conversation) -> None:
    many = "".join(f"Person {n:05},0301{n:07}\n" for n in range(6000))
    seen = sends(chat, "many.csv", f"Name,Phone\n{many}")
    assert "about 3 seconds" in words(seen)
    told = chat.taps("Take it in")
    assert told.replaces
    assert "6,000 new" in words(told)
