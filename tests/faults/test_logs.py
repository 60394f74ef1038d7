"""Row 48: whatever fails, nothing secret and nothing that anybody wrote is ever in the log."""

from __future__ import annotations

import ast
import logging
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError

from bot.logs import ROOMS, Discreet, is_ours
from bot.telegram_hook import secret_of
from storage.database import Database
from storage.models import Inbox
from tests.doors.house import Platforms, free_port, is_up
from tests.doors.program import running
from tests.doors.waiting import until
from tests.servers.slack import SlackServer
from tests.servers.telegram import BAD_GATEWAY, CUT_AFTER, TOKEN, TelegramServer, fails

HOUSE = Path(__file__).parents[2]

NAME, FIRM, PHONE = "Zulekha", "Quetta-Marmar", "03335550147"
MAIL, SAID = "zulekha@marmar.pk", "brrt"
SABOTAGED = ("keep", "task", "thread", "library", "desk", "statement", "read", "push")
ON_SLACK = ("slack_read", "slack_push", "keep", "desk")


@pytest.mark.skipif(sys.platform == "win32", reason="it is ended by a signal")
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_row_48_no_canary_is_in_the_log_of_a_program_that_fails_everywhere(
    database: Database, tmp_path: Path, level: str
) -> None:
    if (level == "DEBUG") != database.is_sqlite:
        pytest.skip("the other level is tried on the other database")
    url = database.url.render_as_string(hide_password=False)
    with TelegramServer() as telegram, SlackServer(haste=300) as slack:
        platforms = Platforms(telegram, slack, free_port())
        ours = {"RABTA_DATABASE_URL": url, "RABTA_JOIN": "open", "RABTA_LOG_LEVEL": level}
        ayesha = telegram.user(101, NAME, last_name=FIRM)
        chat, dm = telegram.private(ayesha), slack.team().dm(bilal := slack.team().user("U2", NAME))
        echo = f"Bad Request: {SAID} {NAME} {MAIL} {PHONE}"
        with running(
            platforms.environment | ours,
            tmp_path,
            is_up(platforms),
            before="import tests.faults.sabotage",
        ) as process:
            telegram.goes_wrong("sendMessage", fails(400, echo), CUT_AFTER, BAD_GATEWAY)
            for each in SABOTAGED:
                ayesha.says(chat, f"note {NAME}: {SAID} fail {each} {PHONE} {MAIL} {FIRM}")
            for each in ON_SLACK:
                bilal.says(dm, f"note {NAME}: {SAID} fail {each} {PHONE} {MAIL} {FIRM}")
            platforms.from_slack(f'{{"said": "{SAID} {NAME}"}}'.encode())
            platforms.from_telegram(f'{{"said": "{SAID} {NAME}"}}'.encode(), secret=SAID)
            until(lambda: is_settled(database, len(SABOTAGED) + len(ON_SLACK)), 60)
            time.sleep(1.5)  # and the sender has had its turn
        assert process.returncode == 0
    log = (tmp_path / "rabta.log").read_text()
    secrets = [TOKEN, TOKEN.partition(":")[2], secret_of(TOKEN), slack.signing_secret]
    secrets += [slack.team().bot_token]
    for canary in (NAME, FIRM, PHONE, PHONE[1:], MAIL, SAID, *secrets):
        assert canary not in log, log
    for seen in (
        "RuntimeError",
        "kept: OSError",
        "ExceptionGroup",
        "bot/desk.py:",
    ):
        assert seen in log, "what happened is told all the same"
    kept = everything_in(database)
    assert SAID in kept, "what was said is there, for it was looked at"
    assert [secret for secret in secrets if secret in kept] == []
    code = "(SQLITE_ERROR)" if database.is_sqlite else "(42P01)"
    assert f"Error {code}" in log, log


def everything_in(database: Database) -> str:
    """All rows of all tables as text; on SQLite the files as well, with what was deleted."""
    with database.transaction() as session:
        tables = inspect(session.connection()).get_table_names()
        rows = [str(list(session.execute(text(f'SELECT * FROM "{t}"')))) for t in tables]  # noqa: S608
    path = Path(str(database.url.database))
    files = [path, path.with_name(f"{path.name}-wal")] if database.is_sqlite else []
    return "".join(rows + [each.read_bytes().decode("latin-1") for each in files if each.exists()])


def is_settled(database: Database, count: int) -> bool:
    """All were kept, and each was done at its second try at the latest."""
    with database.transaction() as session:
        states = list(session.scalars(select(Inbox.state)))
    return len(states) == count and set(states) == {"done"}


def test_row_48_an_error_of_the_database_quotes_no_parameters(database: Database) -> None:
    with database.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT nothing(:said)"), {"said": SAID})
    assert SAID not in str(caught.value)
    assert SAID not in repr(caught.value)


def test_row_48_a_password_is_in_no_error_of_a_database_that_is_away(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    away = make_url("postgresql://rabta:verysecret@127.0.0.1:1/rabta")
    with pytest.raises(DBAPIError) as caught:
        create_engine(away.set(drivername="postgresql+psycopg"), hide_parameters=True).connect()
    line = formatted("gone", exc=caught.value)
    assert "OperationalError" in line
    assert "verysecret" not in line
    assert "127.0.0.1" not in line


@pytest.mark.parametrize(
    "said",
    [
        "Sara Malik", "سارہ", "03335550147", "+923335550147", "sara@nishat.pk", "a\nb", "",
        "5 lakh", "5,00,000", b"bytes", {"text": "hello"}, object(), "x" * 200,
    ],
)  # fmt: skip
def test_row_48_what_is_no_plain_word_or_number_is_hidden(said: object) -> None:
    assert formatted("it was %s then", said).endswith(" it was *** then")


@pytest.mark.parametrize(
    ("shown", "as_"),
    [
        (7, "7"), (2.5, "2.5"), (None, "None"), ("channel_not_found", "channel_not_found"),
        ("TimedOut", "TimedOut"), ("telegram:123456", "telegram:123456"), ("/slack/events",) * 2,
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), (["telegram", "slack"], "telegram and slack"),
        (ValueError("Sara"), "ValueError"), (["telegram", "Sara Malik"], "telegram and ***"),
    ],
)  # fmt: skip
def test_row_48_what_an_operator_needs_is_shown(shown: object, as_: str) -> None:
    assert formatted("it was %s then", shown).endswith(f" it was {as_} then")


def test_row_48_what_a_library_says_is_reduced_to_where_it_said_it() -> None:
    record = logging.LogRecord(
        "rabta.slack", logging.ERROR, "/lib/slack_sdk/client.py", 7, f"got {SAID}", (), None, "send"
    )
    assert not is_ours(record)
    assert Discreet([]).format(record).endswith(" rabta.slack: at slack_sdk/client.py:7 in send")


def formatted(template: str, *args: object, exc: BaseException | None = None) -> str:
    info = (type(exc), exc, exc.__traceback__) if exc else None
    here = str(HOUSE / "bot" / "desk.py")
    return Discreet([]).format(
        logging.LogRecord("rabta", logging.ERROR, here, 1, template, args, info)
    )


# What our own lines are told. A new one is added here by somebody who has thought of what it shows.
TOLD = {
    "self.name", "name", "owner.id", "pause", "method", "refusal", "refusal_of(problem)", "came",
    "doors",
    "type(problem).__name__", "type(error.orig).__name__", "type(row).__name__.lower()", "row.id",
    "row_id", "letter.id", "flight.letter.id", "inspect(row).identity", "row.attempts", "ANSWERS",
    "answer.status", "*self._where", "request.url.path", "sorted(parts)", "jump", "skew",
    "now - ahead", "why", "it.status", "space", "turn.member.id", "turn.workspace.id", "taken",
    "chart.kind",
}  # fmt: skip


def test_row_48_our_own_lines_are_told_ids_and_kinds_alone() -> None:
    told: set[str] = set()
    for path in (each for room in ROOMS for each in (HOUSE / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if ast.unparse(call.func.value) in {"log", "self.log"}:
                template, *args = call.args
                assert is_written_out(template), f"{path}:{call.lineno}"
                told |= {ast.unparse(arg) for arg in args}
    assert told == TOLD


def is_written_out(template: ast.expr) -> bool:
    """A text in the source, or a constant that stands for one."""
    if isinstance(template, ast.IfExp):
        return is_written_out(template.body) and is_written_out(template.orelse)
    return isinstance(template, ast.Constant) or ast.unparse(template).isupper()
