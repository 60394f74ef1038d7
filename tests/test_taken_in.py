"""Whatever way a file comes, in chat or by the command: in one order, whole or not at all, and at a
cost that follows the file and not what is here already."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from bot.incoming import Attachment, Incoming
from storage.database import Database
from tests.conversation import AYESHA, Conversation, FakeDoor, unpacked, words
from tests.test_cli import RABTA, Rabta
from tests.test_day import kept
from tests.test_intake import SARA, comes

KILLS = int(os.environ.get("RABTA_TEST_KILLS", "4"))

TURNED: list[dict[str, Any]] = [
    {"type": "deal", "contact": "Omar Farooq", "company": "Halal Dairy", "amount": "480000"},
    {"type": "contact", "name": "Omar Farooq", "company": "Halal Dairy", "city": "Multan"},
    {"type": "activity", "kind": "call", "contact": "Hina Shah", "text": "wants rates"},
    {"type": "contact", "name": "Hina Shah", "phones": ["+923005550109"]},
    {"type": "company", "name": "Halal Dairy", "city": "Lahore", "phone": "+924235550100"},
]
"""Each before that on which it leans."""


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in records)


def people_of(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    said = ((each["name"], each["company"], each["phones"]) for each in records)
    return sorted(each for each in said)


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


# --- in one order ---------------------------------------------------------------------------------


def test_in_chat_what_others_lean_on_comes_first(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Attachment("export.jsonl", lines(TURNED).encode())

    async def fetched(_door: FakeDoor, payload: dict[str, Any]) -> Incoming:
        incoming = unpacked(payload)
        return replace(incoming, attachment=file) if incoming.other == "file" else incoming

    monkeypatch.setattr(FakeDoor, "read", fetched)
    chat.does(AYESHA, "", other="file", extra={"name": file.name})
    told = words(chat.taps("Take it in"))
    assert "5 new" in told, told
    assert people_of(kept(chat, "contact")) == [
        ("Hina Shah", None, ["+923005550109"]), ("Omar Farooq", "Halal Dairy", []),
    ]  # fmt: skip
    (deal,), (company,) = kept(chat, "deal"), kept(chat, "company")
    assert (deal["contact"], company["phone"]) == ("Omar Farooq", "+924235550100")


def test_the_command_takes_the_same_file_in_alike(rabta: Rabta) -> None:
    path = rabta.folder / "export.jsonl"
    path.write_text(lines(TURNED), "utf-8")
    rabta("import", str(path))
    assert people_of(rabta.export("--type", "contact")) == [
        ("Hina Shah", None, ["+923005550109"]), ("Omar Farooq", "Halal Dairy", []),
    ]  # fmt: skip
    (company,) = rabta.export("--type", "company")
    assert company["phone"] == "+924235550100"


# --- the hour that was meant ----------------------------------------------------------------------


def test_a_moment_that_names_no_zone_is_one_of_the_workspaces(chat: Conversation) -> None:
    """It is in Karachi, five hours before Greenwich."""
    call = {"type": "activity", "kind": "call", "contact": "Sara Malik", "text": "rates"}
    comes(chat, [
        {**SARA, "created_at": "2025-10-20T02:00:00"},
        {"type": "company", "name": "Halal Dairy", "created_at": "2025-10-20T02:00:00+02:00"},
        {"type": "deal", "company": "Halal Dairy", "created_at": "2025-10-20"},
        {**call, "at": "2025-10-20T02:00:00"},
    ])  # fmt: skip
    (sara,), (deal,), (told,) = (kept(chat, kind) for kind in ("contact", "deal", "activity"))
    company = next(each for each in kept(chat, "company") if each["name"] == "Halal Dairy")
    assert sara["created_at"] == "2025-10-19T21:00:00Z"
    assert company["created_at"] == "2025-10-20T00:00:00Z"
    assert deal["created_at"] == "2025-10-19T19:00:00Z"
    assert told["at"] == "2025-10-19T21:00:00Z"


# --- whole or not at all --------------------------------------------------------------------------


def test_a_kill_at_any_moment_leaves_all_or_nothing(rabta: Rabta) -> None:
    """Of a real process, somewhere between its first record and its end."""
    here = rabta.folder / "here.csv"
    here.write_text("Name,Phone\nSara Malik,0300 5550101\nOmar Farooq,0300 5550102\n", "utf-8")
    rabta("import", str(here))
    before = rabta.export()
    rows = (f"Person {n:05} Khan,Firm {n % 50},0301{n:07},p{n}@x.example\n" for n in range(8000))
    many = rabta.folder / "many.csv"
    many.write_text(f"Name,Company,Phone,Email\n{''.join(rows)}Omar Farooq,Dairy,03005550102,\n")
    dice, cut = Random(2026), 0
    for _ in range(KILLS):
        with _taking_in(rabta, many) as process:
            time.sleep(dice.random() * 1.5)
            process.kill()
            process.wait()
        found = rabta.export()
        if found == before:
            cut += 1
            continue
        assert len(found) == len(before) + 8051, "a part of it"
        rabta("import", "--undo")
        assert rabta.export() == before
    assert cut, "none was in the middle"
    told = rabta("import", str(many)).stdout
    assert "contacts: 8,000 new, 1 filled in" in told


@contextmanager
def _taking_in(rabta: Rabta, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command, as soon as it says that it begins to take in: to somebody's eyes, as it tells
    nothing of its progress to a file."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [RABTA, "import", str(file)],
        env={**os.environ, **rabta.settings},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        said = b""
        while b"Taking in" not in said:
            said += os.read(mine, 1000)
        yield process
    finally:
        process.kill()
        process.wait()
        os.close(mine)


# --- and back -------------------------------------------------------------------------------------


def test_what_was_exported_comes_into_an_empty_workspace_as_it_was(rabta: Rabta) -> None:
    """All kinds that are taken in; what a number or a moment is depends on no order."""
    path = rabta.folder / "export.jsonl"
    path.write_text(lines([*TURNED, {**SARA, "tags": ["vip"], "fields": {"Looms": "40"}}]), "utf-8")
    rabta("import", str(path))
    whole = rabta.folder / "whole.jsonl"
    whole.write_text(rabta("export").stdout, "utf-8")
    rabta("import", str(whole), "--workspace", "second")
    first, second = (
        [{key: said for key, said in each.items() if not key.endswith("id")}
         for each in rabta.export("--workspace", name)]
        for name in ("default", "second")
    )  # fmt: skip
    kinds = {each["type"] for each in first}
    assert {"contact", "company", "deal", "activity"} <= kinds
    assert _sorted(second) == _sorted(first)


def _sorted(records: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in records)


# --- what it costs --------------------------------------------------------------------------------


def test_an_import_never_walks_through_all_that_is_here(chat: Conversation) -> None:
    if not chat.database.is_sqlite:
        pytest.skip("PostgreSQL plans by the size of its tables, which are small here")
    asked: dict[str, Any] = {}
    event.listen(
        chat.database.engine,
        "before_cursor_execute",
        lambda *values: asked.setdefault(values[2], values[3]),
    )
    full = {**SARA, "tags": ["vip"], "fields": {"Looms": "40"}}
    for _ in range(2):
        comes(chat, [full, *TURNED])
    questions = [each for each in asked if each.startswith("SELECT") and "json_each" in each]
    assert len(questions) > 6
    with chat.database.engine.begin() as connection:
        for each in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", asked[each]).all()
            steps = "\n".join(str(row[-1]) for row in plan)
            walks = re.findall(r"SCAN (?!anon|json)\w+|\(workspace_id=\?\)", steps)
            assert walks == [], f"{each}\n{steps}"
