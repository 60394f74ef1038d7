"""Which letters go next, and whose they are: no letter is in the hands of two living senders.

A claim commits the attempt before anything is sent. It holds for a short lease, which the living
renew; what a sender left behind that died is claimed once more, marked, and then left as unknown.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from handlers.packing import is_worded, pack, unpack
from handlers.reply import Reply
from scheduler import fresh
from scheduler.due import LET_GO, LOOKED_AT, PUT_OFF, TAKEN, WORDED, due, left, locked
from scheduler.leaving import CUSTOMERS, TOPIC, came_to, may_leave
from scheduler.letters import Address, Ambiguous, Busy, Letter, Outcome, Refused, Tolls, Words
from scheduler.one_by_one import LATER
from scheduler.pace import LATE, Toll, Windows
from storage import plans
from storage.asking import asked, listed
from storage.clock import Clock
from storage.models import Deal, Nudge, Outbox, Task
from storage.moments import is_shared, now_of
from storage.raising import is_past
from storage.scope import within
from storage.unreachable import is_unreachable
from storage.writing import savepoint

LEASE = timedelta(seconds=5)
"""How long a claimed letter is its sender's alone unless renewed: what a kill costs."""

LOOKED_AFTER = timedelta(seconds=1)
"""Between two looks for what a dead sender left behind."""

BATCH = 20
"""Letters taken at once."""

SOON, LATEST = 0.25, 1.0
"""Seconds until another look: where somebody else is sending to a chat, and in any case."""

TOGETHER = LATE / 2
"""Seconds that a platform rests at least: so several go by one claim, and none of them counts
as late."""

AWAY = (0.1, SOON)
"""Seconds until another look where others took all that was found; not the same for each."""

OVER, LOST = "done meanwhile", "nothing arrives there"
"""Why a letter was not even tried: no problem of the letter's."""

log = logging.getLogger("rabta.outbox")


Flying = Callable[[], Mapping[int, str]]
"""Asks for a sender's own letters under way, and the place that each is for."""


def anywhere(_address: Address) -> bool:
    return True


def sign(_language: str) -> str:
    """What a repeat says where nobody gave words for it."""
    return "↻"


class NotYetWorded(Exception):
    """A letter that cannot be worded now."""


class Claims:
    """Claims for one sender: ``platforms`` are its doors, ``tolls`` what a letter uses up there.
    ``words`` finds them for what was raised without any."""

    def __init__(
        self,
        clock: Clock,
        platforms: Collection[str],
        tolls: Mapping[str, Tolls],
        here: Callable[[Address], bool] = anywhere,
        again: Callable[[str], str] = sign,
        words: Words | None = None,
    ) -> None:
        self.clock, self.platforms, self.tolls = clock, list(platforms), tolls
        self.words = words
        self.here, self.again = here, again
        self.pause = LATEST  # seconds until something that is due now may go
        self.crowded: set[str] = set()  # places with a letter under way and another behind it
        self._resting: dict[str, datetime] = {}  # places and platforms that wait for their pace
        self._spent: dict[str, datetime] = {}  # places that were just sent as much as they may be
        self._looked: datetime | None = None
        self._most = BATCH  # letters worth a look: few of them, where a platform's pace lets few go

    def may_wait(self) -> bool:
        """Whether nothing may go yet, so that the database need not be asked."""
        now = self.clock.now()
        self.pause = LATEST
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        self._spent = {name: until for name, until in self._spent.items() if until > now}
        for until in self._resting.values():
            self._look_in((until - now).total_seconds())
        return not self._is_to_reclaim(now) and self._all_rest()

    def take(self, session: Session, flying: Flying) -> list[Letter]:
        """Claim what may go now; ``flying`` tells our letters under way, and their places."""
        if self.may_wait():
            return []
        now = self.clock.now()
        if self._is_to_reclaim(now):
            self._looked = now
            self.reclaim(session, flying)
        if self._all_rest():
            return []
        busy = set(flying().values())
        shared = is_shared(session, self.clock)
        while chosen := self._first_of_each(session, busy, shared=shared):
            rows = self._rows(session, chosen, shared=shared)
            if not rows:  # another sender is at it, and looks again as soon as it is done
                self.pause = max(self.pause, random.uniform(*AWAY))
                return []
            order = {row.id: number for number, row in enumerate(rows)}
            fit = self._fit_to_send(session, rows)
            letters = sorted(fit, key=lambda letter: order[letter.id])
            if letters:
                letters, since = self._at_their_pace(session, letters)
                until = since + LEASE
                taken = [{"this": it.id, "attempt": it.attempt, "until": until} for it in letters]
                if taken:
                    asked(session, TAKEN, taken)
                return letters
        return []

    def _rows(self, session: Session, chosen: Sequence[int], *, shared: bool) -> list[Any]:
        """Those of the chosen that still wait, and that are nobody else's now, in their order."""
        written = fresh.among(session, chosen)
        rows = list(written.values())
        if others := [number for number in chosen if number not in written]:
            told = {"chosen": listed(others), "now": self.clock.now()}
            dialect = session.get_bind().dialect.name
            rows += asked(session, locked(dialect, shared), told).all()
        return sorted(rows, key=lambda row: (row.rank, row.id))

    def _all_rest(self) -> bool:
        return all(platform in self._resting for platform in self.platforms)

    def _is_to_reclaim(self, now: datetime) -> bool:
        return self._looked is None or not timedelta() <= now - self._looked < LOOKED_AFTER

    def reclaim(self, session: Session, flying: Flying, *, at_once: bool = False) -> None:
        """What a dead sender had in its hands waits again, marked; the second time it is unknown.

        ``at_once``: no other can live, so nobody's lease is waited for.
        """
        shared = is_shared(session, self.clock)
        told = {"platforms": listed(self.platforms), "now": self.clock.now()}
        asking = left(session.get_bind().dialect.name, shared, at_once)
        landing = flying().keys()
        ids = {number for (number,) in asked(session, asking, told)} - landing - flying().keys()
        if not ids:
            return
        for row in session.scalars(select(Outbox).where(Outbox.id.in_(ids))):
            if row.marked or row.kind == CUSTOMERS:
                row.state, row.problem = "unknown", "interrupted while sending"
                _tell(session, row, Ambiguous(""), "unknown", self.clock.now())
                log.error("letter %s may not have arrived; see rabta doctor", row.id)
            else:
                row.state, row.marked = "waiting", True
                row.not_before = now_of(session, self.clock)
        session.flush()

    def renew(self, session: Session, letters: Collection[Letter]) -> set[int]:
        """Keep what is under way; which of it is still ours."""
        ours = tuple_(Outbox.id, Outbox.attempts).in_([(each.id, each.attempt) for each in letters])
        kept = (
            update(Outbox)
            .where(ours, Outbox.state == "sending")
            .values(not_before=now_of(session, self.clock) + LEASE)
            .execution_options(synchronize_session=False)
            .returning(Outbox.id)
        )
        return set(session.scalars(kept))

    def _look_in(self, seconds: float) -> None:
        self.pause = max(0.0, min(self.pause, seconds))

    def _first_of_each(self, session: Session, busy: Collection[str], *, shared: bool) -> list[int]:
        """The first due letter of each chat that no earlier one holds up."""
        awake = [platform for platform in self.platforms if platform not in self._resting]
        asking = due(session.get_bind().dialect.name, shared, self.here is not anywhere)
        told: dict[str, Any] = {"platforms": listed(awake), "now": self.clock.now()}
        passed = set(self._resting)
        chosen: list[int] = []
        plans.in_order(session)
        while True:
            rows = asked(session, asking, {**told, "passed": listed(passed)}).all()
            for row in rows:
                if row.place in passed:
                    continue
                passed.add(row.place)
                if row.place in busy:
                    self.crowded.add(row.place)
                elif row.under_way:
                    self._look_in(SOON)
                elif row.place in self._spent:
                    wait = self._spent[row.place] - self.clock.now()
                    self._look_in(wait.total_seconds())
                elif not row.held_up and self._is_here(row):
                    chosen.append(row.id)
                if len(chosen) == self._most:
                    self._look_in(0)
                    return chosen
            if len(rows) < LOOKED_AT:
                return chosen

    def _is_here(self, row: Any) -> bool:
        return self.here is anywhere or self.here(Address(**row.address))

    def _fit_to_send(self, session: Session, rows: Collection[Any]) -> Iterator[Letter]:
        """As letters; what is not to be sent any more is let go."""
        for row in sorted(rows, key=_whose) if any(row.kind == CUSTOMERS for row in rows) else rows:
            why = OVER
            if is_unreachable(session, *Address(**row.address).key):
                why = LOST
            elif not (row.topic and _is_over(session, row, self.clock)):
                try:
                    reply = self._words(session, row)
                except NotYetWorded:
                    continue
                except TypeError as error:  # written by another version of this program
                    log.exception("letter %s cannot be read", row.id)
                    why = str(error)
                else:
                    if reply is not None:
                        yield self._letter(row, reply)
                        continue
            asked(session, LET_GO, {"this": row.id, "why": why})
            if row.kind == CUSTOMERS and why != OVER:
                _tell(session, row, Refused(why), "refused", self.clock.now())

    def _words(self, session: Session, row: Any) -> Reply | None:
        """What a letter says, found now if need be; None where nothing is left to say.

        Raises NotYetWorded: it waits, and holds up nobody else's.
        """
        if is_worded(row.reply):
            return unpack(row.reply)  # type: ignore[no-any-return]  # a reply is what was packed
        if self.words is None:
            raise TypeError("nobody words it here")
        address, now = Address(**row.address), self.clock.now()
        try:
            with savepoint(session), within(session, row.workspace_id):
                reply = self.words(session, row.workspace_id, row.reply, address, now)
        except Busy as busy:
            self._rest(row.place, SOON)
            raise NotYetWorded from busy
        except (OperationalError, InterfaceError, StaleDataError):
            raise
        except Exception as error:
            log.exception("letter %s cannot be worded", row.id)
            later = now_of(session, self.clock) + LATER
            asked(session, PUT_OFF, {"this": row.id, "until": later})
            raise NotYetWorded from error
        if reply is not None:
            asked(session, WORDED, {"this": row.id, "words": pack(reply)})
        return reply

    def _letter(self, row: Any, reply: Reply) -> Letter:
        return Letter(
            row.id,
            Address(**row.address),
            reply,
            attempt=row.attempts + 1,
            marked=row.marked,
            again=self.again(row.language or "") if row.marked else "",
            done=tuple(row.done or ()),
            written_at=row.created_at,
            kind=row.kind,
        )

    def _at_their_pace(
        self, session: Session, letters: list[Letter]
    ) -> tuple[list[Letter], datetime]:
        """Those that may go now, and the moment; only they count, the others stay as they are."""
        tolls = {letter.id: self._toll(letter) for letter in letters}
        limits = [limit for toll in tolls.values() for limit in toll.all]
        if not limits:
            return letters, now_of(session, self.clock)
        windows = Windows.locked(session, self.clock, limits)
        going = [each for one in letters if (each := self._let_go(windows, one, tolls[one.id]))]
        windows.write(session)
        paced = any(letter.address.platform in self._resting for letter in letters)
        self._most = min(BATCH, 2 * len(going) + 1) if paced else BATCH
        return going, windows.moment

    def _toll(self, letter: Letter) -> Toll:
        toll = self.tolls.get(letter.address.platform)
        return toll(letter) if toll else Toll()

    def _let_go(self, windows: Windows, letter: Letter, toll: Toll) -> Letter | None:
        """The letter, counted; None where it must wait for its pace."""
        wait = windows.wait(toll.all, toll.messages)
        if not wait:
            quiet = not any(windows.recent(limit) for limit in toll.limits)
            windows.charge(toll)
            if spent := windows.wait(toll.limits, 1):
                place = letter.address.place
                self._spent[place] = self.clock.now() + timedelta(seconds=spent)
            return replace(letter, quiet=quiet)
        self._rest(letter.address.place, wait)
        if toll.shared and (all_wait := windows.wait([toll.shared], 1)):
            self._rest(letter.address.platform, max(all_wait, TOGETHER))
        return None

    def _rest(self, name: str, seconds: float) -> None:
        self._resting[name] = self.clock.now() + timedelta(seconds=seconds)
        self._look_in(seconds)


def _whose(row: Any) -> str:
    """An order in which any two senders take hold of customers, so that neither waits for the
    other."""
    return str(row.place)


def _tell(session: Session, row: Any, outcome: Outcome, state: str, now: datetime) -> None:
    """What became of a message to a customer; one that may have arrived is never sent again."""
    kind, _, number = str(row.topic).partition(":")
    if kind == TOPIC and row.workspace_id is not None:
        came_to(session, row.workspace_id, int(number), outcome, state, now)


def _is_over(session: Session, row: Any, clock: Clock) -> bool:
    """A reminder of a task that was done, put off, planned anew or taken back since; a nudge that
    was stopped or put off, or whose deal or customer is closed by now, or somebody else's."""
    kind, _, number = str(row.topic).partition(":")
    if kind == TOPIC and row.workspace_id is not None:
        return not may_leave(session, row.workspace_id, int(number), now_of(session, clock))
    if kind not in {"task", "deal", "nudge"} or row.workspace_id is None:
        return False
    with within(session, row.workspace_id):
        if kind == "deal":  # as letters were written that wait since before an update
            return _is_nobodys(session, row.workspace_id, *map(int, number.split(":")))
        if kind == "nudge":
            return is_past(session, session.get(Nudge, (row.workspace_id, int(number))))
        task = session.get(Task, (row.workspace_id, int(number)))
    return task is None or not task.is_asked


def _is_nobodys(session: Session, workspace_id: int, number: int, owner: int) -> bool:
    deal = session.get(Deal, (workspace_id, number))
    return deal is None or not deal.is_open or deal.owner_id != owner
