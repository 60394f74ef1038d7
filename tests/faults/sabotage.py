"""Makes the real program fail wherever it can, each time with an error that quotes all it saw.

Imported in front of the program (see ``test_logs``); what somebody writes chooses the failure:
"note Ali: desk" lets the desk fail.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import warnings
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.desk import Desk
from bot.door import Raw
from bot.incoming import Incoming
from bot.pump import Pump
from bot.slack import Slack
from bot.telegram import Telegram
from scheduler.clock import Clockwork
from scheduler.letters import Letter, Outcome

HERE = logging.getLogger("rabta.sabotage")
_done: set[str] = set()


def once(name: str, said: object) -> bool:
    """Whether it is to fail there, which it does at the first occasion only."""
    if name in _done or f"fail {name}" not in repr(said):
        return False
    _done.add(name)
    return True


def quoting(*seen: object) -> RuntimeError:
    """An error that tells all: its message, its notes, what led to it, and a group of others."""
    error = RuntimeError(f"environment: {dict(os.environ)!r} seen: {seen!r}")
    error.add_note(f"a note: {seen!r}")
    error.__cause__ = ExceptionGroup(repr(seen), [ValueError(repr(seen)), KeyError(repr(seen))])
    return error


class Quoting:
    def __init__(self, seen: object) -> None:
        self.seen = seen

    def __del__(self) -> None:
        raise quoting(self.seen)


_keep, _answer, _read, _slack_read = Pump.keep, Desk._answer, Telegram.read, Slack.read
_push, _slack_push, _tick = Telegram.push, Slack.push, Clockwork.tick


async def keep(self: Pump, door: str, events: Sequence[Raw]) -> None:
    if once("keep", events):
        raise OSError(28, repr(events), repr(events))
    await _keep(self, door, events)
    if once("task", events):
        asyncio.ensure_future(_failing(events))  # noqa: RUF006 - nobody waits for it: that is it
    if once("thread", events):
        threading.Thread(target=_raise, args=(events,)).start()
    if once("library", events):
        _as_libraries_do(repr(events))


async def _failing(seen: object) -> None:
    raise quoting(seen)


def _raise(seen: object) -> None:
    raise quoting(seen)


def _as_libraries_do(said: str) -> None:
    """They log with all they have, at any level; one logger of theirs has our name."""
    for name in ("httpx", "telegram.Bot", "slack_sdk", "sqlalchemy.engine", "asyncio", "rabta.x"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.CRITICAL):
            exec(  # noqa: S102 - so that it comes from no file of ours
                compile("log.log(level, said + ' %s', said, stack_info=True)", "/lib/x.py", "exec"),
                {"log": logging.getLogger(name), "level": level, "said": said},
            )
    warnings.warn(said, stacklevel=1)
    Quoting(said)


def answer(self: Desk, session: Session, incoming: Incoming) -> None:
    if once("desk", incoming):
        raise quoting(incoming)
    if once("statement", incoming):
        session.execute(text("INSERT INTO nothing VALUES (:said)"), {"said": incoming.text})
    _answer(self, session, incoming)


async def read(self: Telegram, payload: dict[str, Any]) -> Incoming | None:
    if once("read", payload):
        raise quoting(payload)
    return await _read(self, payload)


async def slack_read(self: Slack, payload: dict[str, Any]) -> Incoming | None:
    if once("slack_read", payload):
        raise quoting(payload)
    return await _slack_read(self, payload)


async def push(self: Telegram, letter: Letter) -> Outcome:
    if once("push", letter.reply):
        raise quoting(letter)
    return await _push(self, letter)


async def slack_push(self: Slack, letter: Letter) -> Outcome:
    if once("slack_push", letter.reply):
        raise quoting(letter)
    return await _slack_push(self, letter)


def tick(self: Clockwork, name: str) -> Any:
    HERE.warning("a tick of %s with %s", name, os.environ)
    if name not in _done:
        _done.add(name)
        with self.database.transaction() as session:
            session.execute(text("SELECT nothing(:s)"), {"s": repr(dict(os.environ))})
    return _tick(self, name)


Pump.keep, Desk._answer, Telegram.read, Slack.read = keep, answer, read, slack_read  # type: ignore[method-assign]
Telegram.push, Slack.push, Clockwork.tick = push, slack_push, tick  # type: ignore[method-assign]
