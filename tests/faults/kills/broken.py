"""Rabta broken on purpose, each variant in one of its promises: the checks must tell every one."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any


def acknowledges_first() -> None:
    """The platform hears that it was kept, and then it is kept."""
    from bot.pump import Pump

    keep = Pump.keep
    later: set[asyncio.Task[None]] = set()

    async def after(self: Pump, door: str, events: Any) -> None:
        await asyncio.sleep(0.3)
        await keep(self, door, events)

    async def at_once(self: Pump, door: str, events: Any) -> None:
        task = asyncio.create_task(after(self, door, events))
        later.add(task)
        task.add_done_callback(later.discard)

    Pump.keep = at_once  # type: ignore[method-assign]


def knows_no_repeats() -> None:
    """Whatever comes again is taken for something new."""
    from bot.desk import Desk
    from bot.door import Raw

    store = Desk.store

    def every_one(self: Desk, session: Any, door: str, events: Sequence[Raw]) -> int:
        new = [replace(each, event=f"{each.event}:{secrets.token_hex(4)}") for each in events]
        return store(self, session, door, new)

    Desk.store = every_one  # type: ignore[method-assign]


def two_transactions() -> None:
    """Events are done in a transaction of its own, after their effect."""
    from bot.desk import Desk
    from storage import inbox
    from storage.models import Inbox

    done, handle_all = inbox.done, Desk.handle_all

    def is_new(session: Any, row_id: int, _now: Any) -> bool:
        return bool(session.get_one(Inbox, row_id).state == "new")

    def in_two(self: Desk, events: Any, then: Any = None) -> Any:
        result = handle_all(self, events, then)
        time.sleep(0.05)
        now = self.clock.now()
        self.database.run(lambda session: [done(session, row_id, now) for row_id, _ in events])
        return result

    inbox.done = is_new  # type: ignore[assignment]
    Desk.handle_all = in_two  # type: ignore[method-assign]


def sends_for_ever() -> None:
    """No attempt is remembered: what a kill left open is sent anew each time."""
    from scheduler.claims import Claims

    letter = Claims._letter

    def forgetful(self: Claims, row: Any, reply: Any) -> Any:
        row.marked = False
        return letter(self, row, reply)

    Claims._letter = forgetful  # type: ignore[method-assign]


def sends_never_again() -> None:
    """A letter counts as sent before it is."""
    from scheduler.claims import Claims
    from storage.models import Outbox

    take = Claims.take

    def hopeful(self: Claims, session: Any, flying: Any) -> Any:
        letters = take(self, session, flying)
        for letter in letters:
            row = session.get_one(Outbox, letter.id)
            row.state, row.sent_as = "sent", ""
        return letters

    Claims.take = hopeful  # type: ignore[method-assign]


def newest_first() -> None:
    """Of what waits in a chat the last comes first."""
    from sqlalchemy import select

    from storage import inbox
    from storage.inbox import Waiting
    from storage.models import Inbox

    waiting: Any = inbox.waiting
    new = select(Inbox.id, Inbox.door, Inbox.event, Inbox.chat, Inbox.payload)
    new = new.where(Inbox.state == "new").order_by(Inbox.id.desc())

    def last_of_each(session: Any, *args: Any) -> list[Waiting]:
        chats = {row.chat for row in waiting(session, *args)}
        return [Waiting(*session.execute(new.where(Inbox.chat == chat)).first()) for chat in chats]

    inbox.waiting = last_of_each  # type: ignore[assignment]


VARIANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        acknowledges_first, knows_no_repeats, two_transactions, sends_for_ever,
        sends_never_again, newest_first,
    )
}  # fmt: skip
