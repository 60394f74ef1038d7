"""The ``rabta`` command as an operator types it, each time a real process."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.cli import main
from bot.operate import text_of
from bot.reception import House
from storage.clock import SetClock
from storage.database import Database
from storage.models import Inbox
from tests.conversation import Conversation, words
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

RABTA = Path(sys.executable).with_name("rabta")
FIRST_WORDS = (
    "met Sara Malik from Nishat Mills, deal 5 lakh, call her friday 3pm\n"
    "nishat moved to proposal\n"
    "won nishat 4.8 lakh\n"
    "pipeline\n"
)


@dataclass(frozen=True)
class Told:
    stdout: str
    stderr: str
    code: int


class Rabta:
    """Runs the command; ``really`` in a process of its own, else in this one, which is quicker."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.settings = {"RABTA_DATABASE_URL": database_url, "HOME": str(folder)}

    def __call__(
        self,
        *arguments: str,
        said: str = "",
        code: int = 0,
        env: dict[str, str] | None = None,
        **more: str,
    ) -> Told:
        settings = {**self.settings, **(env or {}), **more}
        run = CliRunner().invoke(main, arguments, input=said, env=settings, catch_exceptions=False)
        assert run.exit_code == code, run.output
        return Told(run.stdout, run.stderr, run.exit_code)

    def really(self, *arguments: str, said: str = "") -> Told:
        run = subprocess.run(  # noqa: S603 - our own command
            [RABTA, *arguments],
            input=said,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            env={**os.environ, **self.settings},
        )
        return Told(run.stdout, run.stderr, run.returncode)

    def export(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self("export", *arguments).stdout.splitlines()]


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what has little to do with the database."""


@pytest.fixture
def rabta(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rabta]:
    """The command on the test's database, with nobody's own settings."""
    for name in [each for each in os.environ if each.startswith("RABTA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Rabta(tmp_path, database_url)
    root.handlers[:], root.level = handlers, level


def test_the_main_job_through_a_pipe(rabta: Rabta) -> None:
    told = rabta.really("run", said=FIRST_WORDS)
    assert told.code == 0
    assert "\x1b" not in told.stdout
    assert told.stderr == ""
    assert "[1 Undo] [2 Edit]" in told.stdout

    by_type: dict[str, list[dict[str, Any]]] = {}
    for record in rabta.export():
        assert next(iter(record)) == "type"
        by_type.setdefault(record["type"], []).append(record)
    assert {kind: len(found) for kind, found in by_type.items()} == {
        "company": 1, "contact": 1, "deal": 1, "activity": 1, "task": 1,
    }  # fmt: skip
    contact, deal, task = (by_type[kind][0] for kind in ("contact", "deal", "task"))
    assert (contact["name"], contact["company"]) == ("Sara Malik", "Nishat Mills")
    assert (contact["phones"], contact["tags"]) == ([], [])
    assert (deal["status"], deal["amount"], deal["currency"]) == ("won", "480000.00", "PKR")
    assert (deal["contact"], deal["company"]) == ("Sara Malik", "Nishat Mills")
    assert deal["stage"] == "proposal"
    assert deal["closed_at"].endswith("Z")
    assert by_type["activity"][0]["kind"] == "meeting"
    assert task["status"] == "open"
    assert task["due"].endswith("T10:00:00Z")


def test_a_talk_at_a_set_time_goes_on_in_the_next(rabta: Rabta) -> None:
    at = ("--as", "Ayesha", "--now", "2026-11-23T10:00")
    told = rabta(
        "chat", *at, said="remind me in 2 hours to call Bilal\n:skip 1d\n1\n:quit\nnot read\n"
    )
    assert "2026-11-23 12:00" in told.stdout
    assert "2026-11-24 09:00" in told.stdout
    assert rabta("chat", *at, said="today\n").stdout.strip()
    assert {task["owner"] for task in rabta.export("--type", "task")} == {"Ayesha"}


@one_database
def test_a_year_to_try_it_on(rabta: Rabta) -> None:
    told = rabta("chat", "--demo", said="pipeline\nپائپ لائن\n")
    assert "Ayesha" in told.stdout
    assert "proposal" in told.stdout
    assert rabta.export() == []


def test_export_names_workspaces_only_where_there_are_several(
    rabta: Rabta, database: Database, clock: SetClock
) -> None:
    Conversation(database, clock).says("met Sara Malik from Nishat Mills")
    assert all("workspace" not in record for record in rabta.export())
    slack = Conversation(database, clock, platform="slack")
    slack.says("met Omar Farooq from Indus Denim", team="T1")
    everything = rabta.export("--type", "contact")
    assert [list(record)[-1] for record in everything] == ["workspace", "workspace"]
    assert [(record["name"], record["workspace"]) for record in everything] == [
        ("Sara Malik", "default"),
        ("Omar Farooq", "slack:T1"),
    ]
    only = rabta.export("--workspace", "slack:T1", "--type", "contact")
    assert [record["name"] for record in only] == ["Omar Farooq"]
    wrong = rabta("export", "--workspace", "nobody", code=1)
    assert "There are: default, slack:T1." in wrong.stderr


def test_export_beside_a_writer_waits_for_nobody(
    rabta: Rabta, database: Database, clock: SetClock
) -> None:
    Conversation(database, clock).says("met Sara Malik")
    with database.transaction() as session:  # on SQLite: the one who may write now
        session.add(Inbox(door="x", event="1", chat="c", payload={}, received_at=clock.now()))
        session.flush()
        assert [record["name"] for record in rabta.export("--type", "contact")] == ["Sara Malik"]


@one_database
def test_export_without_a_database_says_so(rabta: Rabta) -> None:
    lost = rabta("export", code=1, RABTA_DATABASE_URL=f"sqlite:///{rabta.folder}/none.db")
    assert "There is no database yet" in lost.stderr
    assert not (rabta.folder / "none.db").exists()


@one_database
def test_understand_answers_line_by_line_and_names_the_bad_ones(rabta: Rabta) -> None:
    question = {"id": "7", "text": "won nishat 4.8 lakh", "now": "2026-11-23T10:00:00+05:00"}
    lines = [
        "nonsense",
        json.dumps(question),
        "",
        '{"id": 1}',
        json.dumps({**question, "now": "x"}),
    ]
    told = rabta("understand", said="\n".join(lines), code=1)
    (answer,) = map(json.loads, told.stdout.splitlines())
    assert answer["id"] == "7"
    assert answer["actions"][0]["intent"] == "deal.win"
    assert answer["actions"][0]["amount"] == 480000
    assert "confidence" not in answer["actions"][0]
    assert [line.partition(":")[0] for line in told.stderr.splitlines()] == [
        "line 1", "line 4", "line 5",
    ]  # fmt: skip
    shown = json.loads(rabta("understand", "--explain", said=json.dumps(question)).stdout)
    assert shown["actions"][0]["confidence"] > 0
    assert shown["actions"][0]["spans"]["amount"]
    typed = json.loads(rabta("understand", "--values", said=json.dumps(question)).stdout)
    assert typed["values"] == [
        {"kind": "amount", "text": "4.8 lakh", "start": 11, "end": 19,
         "value": {"value": 480000, "unit": None}},
    ]  # fmt: skip


@one_database
def test_a_wrong_setting_stops_the_start_in_one_sentence(rabta: Rabta) -> None:
    told = rabta("run", code=2, RABTA_TIMEZONE="Asia/Karachee")
    assert told.stdout == ""
    assert told.stderr == (
        'RABTA_TIMEZONE is "Asia/Karachee": no such time zone. Did you mean Asia/Karachi?\n'
    )


@one_database
def test_a_place_where_no_database_can_be_is_told_in_one_sentence(
    rabta: Rabta, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    told = rabta("run", code=2, RABTA_DATABASE_URL=f"sqlite:///{tmp_path}/file/rabta.db")
    assert told.stderr == "RABTA_DATABASE_URL cannot be reached: unable to open database file\n"


@one_database
def test_a_strange_setting_is_told(rabta: Rabta) -> None:
    (rabta.folder / ".env").write_text("RABTA_CURENCY=PKR\n")
    told = rabta("chat", said="hello\n")
    assert told.stderr == "RABTA_CURENCY is no setting. Did you mean RABTA_CURRENCY?\n"


def test_the_inbox_lists_what_waits_and_what_was_set_aside(
    rabta: Rabta, database: Database, clock: SetClock
) -> None:
    assert rabta("inbox").stdout == "Nothing waits, and nothing was set aside.\n"
    telegram = {"message": {"chat": {"id": 7}, "text": "met the canary\nof Lahore"}}
    with database.transaction() as session:
        for number, state in enumerate(("failed", "new", "done")):
            session.add(
                Inbox(
                    door="telegram",
                    event=str(number),
                    chat="7",
                    payload=telegram,
                    state=state,
                    tries=5 * (state == "failed"),
                    error="KeyError" if state == "failed" else None,
                    received_at=datetime.now(UTC) - timedelta(hours=3, minutes=5),
                )
            )
        session.flush()
        aside, waits, _ = session.scalars(select(Inbox.id).order_by(Inbox.id))
    lines = rabta("inbox").stdout.splitlines()
    assert lines == [
        f"{aside}  set aside  telegram  3 h  5 tries, KeyError",
        f"{waits}  waits  telegram  3 h  not tried yet",
    ]
    assert rabta("inbox", "--failed").stdout.splitlines() == lines[:1]
    shown = rabta("inbox", "--failed", "--text").stdout
    assert shown == f"{lines[0]}  met the canary of Lahore\n"
    told = rabta("inbox", "--retry", str(aside)).stdout
    assert told == f"Message {aside} will be handled again by rabta run.\n"
    assert rabta("inbox", "--failed").stdout.startswith("Nothing")
    assert rabta("inbox", "--drop", str(waits)).stdout == f"Message {waits} is dropped.\n"
    assert len(rabta("inbox").stdout.splitlines()) == 1
    refused = rabta("inbox", "--drop", str(waits), code=1).stderr
    assert refused == f"Error: Message {waits} neither waits nor was set aside.\n"


def test_the_doctor_says_what_to_do(rabta: Rabta, database: Database, clock: SetClock) -> None:
    well = rabta("doctor", RABTA_OWNERS="telegram:1001").stdout
    assert "warn  platforms: no token for any" in well
    assert "ok    owners" in well
    with database.transaction() as session:
        row = {"door": "x", "chat": "c", "payload": {}, "received_at": clock.now()}
        session.add(Inbox(event="1", state="failed", **row))
    unwell = rabta(
        "doctor",
        code=1,
        RABTA_JOIN="open",
        RABTA_TELEGRAM_TOKEN="1001:canary-of-a-token",
        RABTA_TELEGRAM_BASE_URL="http://127.0.0.1:9/bot",
    )
    assert "warn  RABTA_JOIN: open" in unwell.stdout
    assert "warn  inbox: 1 messages could not be handled" in unwell.stdout
    assert "bad   Telegram: http://127.0.0.1:9/bot cannot be reached" in unwell.stdout
    assert "canary" not in unwell.stdout + unwell.stderr


@one_database
def test_the_doctor_really_asks_the_platforms(rabta: Rabta) -> None:
    with TelegramServer() as telegram, SlackServer() as slack:
        tokens = {
            "RABTA_TELEGRAM_TOKEN": telegram.token,
            "RABTA_TELEGRAM_BASE_URL": telegram.base_url,
            "RABTA_SLACK_BOT_TOKEN": slack.team().bot_token,
            "RABTA_SLACK_APP_TOKEN": slack.app_token,
            "RABTA_SLACK_BASE_URL": slack.api_url,
        }
        well = rabta("doctor", env=tokens).stdout
        assert "ok    Telegram: @rabta_bot" in well
        assert "ok    Slack: " in well
        assert rabta("invite", env=tokens).stdout.startswith("https://t.me/rabta_bot?start=")
        without = rabta("invite", env={**tokens, "RABTA_TELEGRAM_TOKEN": ""})
        assert "t.me" not in without.stdout
        assert (without.stdout.count("/start "), without.stderr) == (1, "")
        wrong = {"RABTA_TELEGRAM_TOKEN": "1:no-canary", "RABTA_SLACK_APP_TOKEN": "xapp-no-canary"}
        told = rabta("doctor", code=1, env={**tokens, **wrong})
        assert "bad   Telegram: RABTA_TELEGRAM_TOKEN is refused" in told.stdout
        assert "bad   Slack: RABTA_SLACK_APP_TOKEN is refused (invalid_auth)" in told.stdout
        assert "canary" not in told.stdout + told.stderr


@one_database
def test_the_doctor_looks_at_what_comes_by_http(rabta: Rabta) -> None:
    with TelegramServer() as telegram, SlackServer() as slack:
        telegram.updates.plain_webhooks = True
        hook = "http://127.0.0.1:9/telegram"
        by_http = {
            "RABTA_TELEGRAM_TOKEN": telegram.token,
            "RABTA_TELEGRAM_BASE_URL": telegram.base_url,
            "RABTA_TELEGRAM_WEBHOOK_URL": hook,
            "RABTA_SLACK_BOT_TOKEN": slack.team().bot_token,
            "RABTA_SLACK_SIGNING_SECRET": "canary",
            "RABTA_SLACK_BASE_URL": slack.api_url,
        }
        told = rabta("doctor", env=by_http).stdout
        assert f"warn  Telegram's webhook: {hook} is not registered yet" in told
        assert "ok    Slack: " in told
        assert "ok    HTTP: rabta run listens at 127.0.0.1:8000; what https brings for" in told
        assert "/telegram and /slack/events must be passed on" in told
        telegram.updates.url = hook
        assert f"ok    Telegram's webhook: {hook}" in rabta("doctor", env=by_http).stdout
        ayesha = telegram.user(101, "Ayesha")
        ayesha.says(telegram.private(ayesha), "hello")
        told = rabta("doctor", env=by_http).stdout
        assert "warn  Telegram's webhook: 1 messages wait (Connection refused)" in told
        assert "canary" not in told


@one_database
def test_an_unreachable_database_is_named(rabta: Rabta) -> None:
    nowhere = "postgresql://rabta:canary@127.0.0.1:9/rabta"
    told = rabta("doctor", code=1, RABTA_DATABASE_URL=nowhere)
    assert "bad   database" in told.stdout
    assert "canary" not in told.stdout + told.stderr
    for command in ("run", "chat"):
        told = rabta(command, code=2, RABTA_DATABASE_URL=nowhere)
        assert told.stderr.startswith("RABTA_DATABASE_URL cannot be reached: ")
        assert told.stderr.count("\n") == 1
    for command in ("export", "migrate", "invite"):
        told = rabta(command, code=1, RABTA_DATABASE_URL=nowhere)
        assert told.stderr.startswith("Error: RABTA_DATABASE_URL cannot be reached: ")


def test_an_invitation_lets_one_person_in(
    rabta: Rabta, database: Database, clock: SetClock
) -> None:
    code = rabta("invite", "--workspace", "lahore", "--role", "owner").stdout.split("/start ")[1]
    chat = Conversation(database, clock, house=House(), greeted=False)
    assert "Hina" in words(chat.commands(f"/start {code.strip()}", by="Hina"))
    chat.says("met Sara Malik", by="Hina")
    again = words(chat.commands(f"/start {code.strip()}", by="Omar"))
    assert "Sara" not in again
    (contact,) = rabta.export("--type", "contact", "--workspace", "lahore")
    assert contact["owner"] == "Hina"


def test_help_needs_no_platform_and_no_database() -> None:
    loaded = "import sys, bot.cli; print([m for m in sys.modules if m in sys.argv[1:]])"
    heavy = ["telegram", "slack_bolt", "sqlalchemy", "pydantic", "prompt_toolkit", "rich"]
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", loaded, *heavy], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


@one_database
def test_sigterm_ends_a_talk_cleanly(rabta: Rabta) -> None:
    talk = subprocess.Popen(  # noqa: S603 - our own command
        [RABTA, "run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **rabta.settings},
    )
    assert talk.stdin
    assert talk.stdout
    talk.stdin.write(b"met Sara Malik\n")
    talk.stdin.flush()
    assert b"Sara Malik" in talk.stdout.readline()
    talk.send_signal(signal.SIGTERM)
    _, errors = talk.communicate(timeout=10)
    assert (talk.returncode, errors) == (0, b"")


def test_a_moment_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main, ["ask", "--now", "tomorrow", "pipeline"],
        env={"RABTA_DATABASE_URL": f"sqlite:///{tmp_path}/rabta.db"},
    )  # fmt: skip
    assert told.exit_code != 0
    assert "--now tomorrow: that is no date and time; write 2026-11-23T10:00" in told.output
    assert "Traceback" not in told.output


def test_an_event_without_words_is_shown_as_it_was_written() -> None:
    assert text_of({"data": {"named": {"whom": 5, "by": [7]}, "لفظ": 1}}).startswith("{")
    assert "لفظ" in text_of({"data": {"لفظ": 1}})


def test_a_question_is_asked_by_an_owner_or_whoever_is_named(
    rabta: Rabta, database: Database, clock: SetClock
) -> None:
    chat = Conversation(database, clock)
    chat.says("hello", by="Ayesha")
    chat.says("deal Hina 5 lakh", by="Omar")
    chat.says("deal Hina won", by="Omar")
    asked = ("ask", "--json", "how many deals did I win this month", "--now", f"{clock.now():%F}")
    assert json.loads(rabta(*asked).stdout)["value"] == 0
    assert json.loads(rabta(*asked, "--as", "omar").stdout)["value"] == 1
    assert "There is no member Zubair." in rabta(*asked, "--as", "Zubair", code=1).stderr
