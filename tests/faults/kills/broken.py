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
    """An event is done in a transaction of its own, after its effect."""
    from bot.desk import Desk
    from storage.models import Inbox

    def in_two(self: Desk, events: Sequence[tuple[int, Any]], then: Any = None) -> Any:
        for row_id, incoming in events:
            apart(self, row_id, incoming)
        return self.database.run(then) if then else None

    def apart(self: Desk, row_id: int, incoming: Any) -> None:
        def state(session: Any, state: str) -> None:
            session.get_one(Inbox, row_id).state = state

        def effect(session: Any) -> None:
            self._handle(session, row_id, incoming)
            state(session, "new")

        self.database.run(effect)
        time.sleep(0.05)
        self.database.run(lambda session: state(session, "done"))

    Desk.handle_all = in_two  # type: ignore[method-assign]


def sends_for_ever() -> None:
    """No attempt is remembered: what a kill left open is sent anew each time."""
    from scheduler.claims import Claims

    letter = Claims._letter

    def forgetful(self: Claims, row: Any) -> Any:
        row.marked = False
        return letter(self, row)

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
    from storage.models import Inbox

    waiting: Any = inbox.waiting

    def last_of_each(session: Any, *args: Any) -> list[inbox.Waiting]:
        chats = {row.chat for row in waiting(session, *args)}
        new = select(Inbox).where(Inbox.state == "new").order_by(Inbox.id.desc())
        rows = [session.scalars(new.where(Inbox.chat == chat)).first() for chat in chats]
        return [inbox.Waiting(r.id, r.door, r.event, r.chat, r.payload) for r in rows if r]

    inbox.waiting = last_of_each  # type: ignore[assignment]


VARIANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        acknowledges_first, knows_no_repeats, two_transactions, sends_for_ever,
        sends_never_again, newest_first,
    )
}  # fmt: skip
