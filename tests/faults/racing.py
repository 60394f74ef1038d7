"""Eight who work on the same few deals at once, and a look at the history afterwards.

Everybody writes in a private chat, from a thread of their own, through as many threads to the
database as the program has there: sums, stages, days, notes, won,
lost, undo, taps on buttons and forms that were drawn earlier. Each remembers what they were told.
`lost_edits` then goes through the history: whoever overwrote what somebody else had set must have
been told of it before they sent what overwrote it, or, where it was set minutes before, by the
answer.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.desk import Desk
from bot.door import Raw
from bot.incoming import FormAnswers, Incoming, Place, Sender
from bot.reception import House
from handlers.library import the_book
from handlers.packing import unpack
from handlers.reply import Form, Reply
from language.voice import speech
from storage.clock import SystemClock
from storage.database import Database
from storage.models import Change, Deal, Inbox, Outbox, Turn
from tests.conversation import labels, words

COMPANIES = ("Nishat Mills", "Bilal Traders", "Zenith Labs", "Petal House", "Indus Motors")
STAGES = ("qualified", "proposal", "negotiation")
REMEMBERED = 12
"""Messages whose buttons and forms somebody may still tap."""

A_WHILE = timedelta(seconds=110)
"""What was set longer ago may be overwritten by who learns of it from the answer."""

LAKH = 100_000

FIELDS = ("amount_minor", "stage", "status", "close_day")


@dataclass
class Person:
    """A member: what they were told, each with the turn that told it, and what they can tap."""

    name: str
    dice: Random
    told: list[tuple[int, str]] = field(default_factory=list)
    drawn: list[Reply] = field(default_factory=list)

    @property
    def sender(self) -> Sender:
        return Sender("telegram", "", self.name, self.name)


@dataclass
class Act:
    """What one turn was: whose, sent when, after how many told, and what it was told back."""

    person: Person
    sent_at: datetime
    told_before: int
    answer: str = ""


class Race:
    """The people, the desk, and what happened."""

    def __init__(self, database: Database, seed: int = 2026, people: int = 8) -> None:
        self.database = database
        self.clock = SystemClock()
        owners = frozenset({("telegram", "", "P0")})
        self.desk = Desk(database, the_book(), self.clock, House(owners=owners, open=True))
        self.people = [Person(f"P{n}", Random(seed + n)) for n in range(people)]
        self.acts: dict[int, Act] = {}
        self.problems: list[str] = []
        self.counts: dict[str, int] = {}
        self._sums = itertools.count(100_001)
        self._events = itertools.count(1)
        self._lock = threading.Lock()
        self._writers = ThreadPoolExecutor(1 if database.is_sqlite else 4)

    def run(self, operations: int) -> None:
        """So many operations, from all at once."""
        for person in self.people:
            self.does(person, command="start")
            person.drawn.clear()  # its buttons choose a language; what is told is read in English
        for company in COMPANIES:
            self.does(self.people[0], text=f"new deal with {company} {next(self._sums)}")
        barrier = threading.Barrier(len(self.people))
        threads = [
            threading.Thread(target=self._work, args=(person, barrier, share))
            for person, share in zip(self.people, self._shares(operations), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _shares(self, operations: int) -> list[int]:
        each, rest = divmod(operations, len(self.people))
        return [each + (n < rest) for n in range(len(self.people))]

    def _work(self, person: Person, barrier: threading.Barrier, operations: int) -> None:
        try:
            barrier.wait()
            for _ in range(operations):
                self._operate(person)
        except Exception as error:
            self.problems.append(f"{person.name} was stopped: {error!r}")
            raise

    # --- what somebody does -----------------------------------------------------------------------

    def _operate(self, person: Person) -> None:
        dice = person.dice
        kind = dice.choices(
            ("sum", "stage", "note", "won", "lost", "undo", "tap", "form", "show", "new"),
            (22, 14, 5, 3, 3, 5, 30, 12, 4, 2),
        )[0]
        company = dice.choice(COMPANIES)
        last = person.told[-1][1] if person.told else ""
        if "no open deal" in last and dice.random() < 0.7:
            kind, company = "new", next((c for c in COMPANIES if c in last), company)
        said = {
            "sum": f"raise the {company} deal to {next(self._sums)}",
            "stage": f"move {company} to {dice.choice(STAGES)}",
            "note": f"called {company}, they want new rates",
            "won": f"won {company}",
            "lost": f"lost {company}, price",
            "undo": "undo",
            "show": f"show {company}",
            "new": f"new deal with {company} {next(self._sums)}",
        }.get(kind)
        self._count(kind)
        if said is not None:
            self.does(person, text=said)
        elif kind == "form":
            self._fill(person)
        else:
            self._tap(person)

    def _tap(self, person: Person) -> None:
        """A button of a message of late, drawn whenever it was; likelier of the last one."""
        known = [reply for reply in person.drawn if reply.buttons]
        if not known:
            return
        reply = known[-1] if person.dice.random() < 0.6 else person.dice.choice(known)
        self.does(person, tap=person.dice.choice(reply.buttons).token)

    def _fill(self, person: Person) -> None:
        """A form that is still open: some fields changed, the others left as they were drawn."""
        forms = [p for reply in person.drawn for p in reply.parts if isinstance(p, Form)]
        if not forms or person.dice.random() < 0.3:
            opens = [b for reply in person.drawn for b in reply.buttons if b.opens_form]
            if opens:
                self.does(person, tap=opens[-1].token)
            return
        form = person.dice.choice(forms)
        values = {each.name: each.value for each in form.fields}
        for name in person.dice.sample(sorted(values), min(2, len(values))):
            what = name.rpartition(":")[2]
            if what == "amount":
                values[name] = str(next(self._sums))
            elif what == "stage":
                values[name] = person.dice.choice(STAGES)
            elif what == "close":
                day = date(2027, 1, 1) + timedelta(days=person.dice.randrange(700))
                values[name] = day.isoformat()
        self.does(person, form=FormAnswers(form.token, values))

    def does(self, person: Person, **what: Any) -> None:
        """Send it, have it handled, and remember what is answered.

        Some send the same thing once more in a hurry, before they have read an answer.
        """
        now = datetime.now(UTC)
        now = now.replace(microsecond=max(now.microsecond, 1000))  # less counts as whole seconds
        sent = now, len(person.told)
        self.sends(person, *sent, what)
        if what.get("text", "").startswith("raise") and person.dice.random() < 0.2:
            self.sends(person, *sent, what | {"text": what["text"] + "0"})

    def sends(self, person: Person, at: datetime, told: int, what: dict[str, Any]) -> None:
        event = f"race:{next(self._events)}"
        place = Place("telegram", "", person.name)
        incoming = Incoming(event, person.sender, place, at, **what)
        self._writers.submit(self._handled, Act(person, at, told), incoming).result()

    def _handled(self, act: Act, incoming: Incoming) -> None:
        raw = Raw(incoming.event, act.person.name, {})

        def keep(session: Session) -> int:
            self.desk.store(session, "telegram", [raw])
            return session.scalars(select(Inbox.id).where(Inbox.event == raw.event)).one()

        row = self.database.run(keep)
        self.desk.handle(row, incoming)
        self._remember(act, incoming.event, row)

    def _remember(self, act: Act, event: str, row: int) -> None:
        """The answer is taken out of the outbox: it has arrived."""
        person = act.person
        state, error, letters = self.database.run(lambda session: _taken_out(session, row, person))
        if state != "done":
            self.problems.append(f"{event} was not handled: {error}")
        for turn, packed in letters:
            reply: Reply = unpack(packed)
            act.answer = words(reply)
            forms = [part for part in reply.parts if isinstance(part, Form)]
            about = " ".join(each.name for form in forms for each in form.fields)
            person.told.append((turn, f"{act.answer}\n{about}"))
            person.drawn = [*person.drawn[-REMEMBERED:], reply]
            self.acts[turn] = act
            self._count("asked", any(each.startswith("Keep ") for each in labels(reply)))

    def _count(self, what: str, is_so: bool = True) -> None:
        with self._lock:
            self.counts[what] = self.counts.get(what, 0) + is_so


def _taken_out(
    session: Session, row: int, person: Person
) -> tuple[str, str | None, list[tuple[int, dict[str, Any]]]]:
    """How a message ended, and the letters to a person, each with its turn."""
    told = delete(Inbox).where(Inbox.id == row).returning(Inbox.state, Inbox.error)
    state, error = session.execute(told).one()
    theirs = delete(Outbox).where(Outbox.address["user"].as_string() == person.name)
    letters = session.execute(theirs.returning(Outbox.id, Outbox.turn_id, Outbox.reply))
    in_order = sorted(letters, key=lambda letter: letter.id)
    return state, error, [(turn or 0, reply) for _, turn, reply in in_order]


# --- looking at the history -----------------------------------------------------------------------


@dataclass
class Stands:
    """Who set what stands in a field, in which turn and when."""

    value: Any
    member: int
    turn: int
    at: datetime
    born: bool


def lost_edits(race: Race) -> list[str]:
    """What the history cannot explain, or somebody overwrote without having been told of it."""
    problems = list(race.problems)
    with race.database.transaction() as session:
        turns = {turn.id: turn for turn in session.scalars(select(Turn))}
        changes = session.scalars(
            select(Change).where(Change.table_name == "deal").order_by(Change.id)
        ).all()
        deals = {deal.id: deal for deal in session.scalars(select(Deal))}
        names = {deal.id: deal.buyer for deal in deals.values()}
        stands: dict[tuple[int, str], Stands] = {}
        for change in changes:
            turn = turns[change.turn_id]
            problems += _explained(race, change, turn, stands, names.get(change.row_id, ""))
        for (row, name), now in stands.items():
            if row in deals and _kept(getattr(deals[row], name)) != now.value:
                problems.append(f"deal {row}: {name} is not what was set last")
    return problems


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _explained(
    race: Race, change: Change, turn: Turn, stands: dict[tuple[int, str], Stands], name: str
) -> Iterator[str]:
    if change.after is None:
        for each in FIELDS:
            stands.pop((change.row_id, each), None)
        return
    for each in FIELDS:
        was, value = (change.before or {}).get(each), change.after.get(each)
        before = stands.get((change.row_id, each))
        if before is not None and before.value != was:
            yield f"deal {change.row_id}: {each} {before.value} went without a change"
        if before is not None and was == value:
            continue
        stands[change.row_id, each] = Stands(
            value,
            turn.member_id,
            turn.id,
            turn.acted_at or turn.at,
            born=change.before is None,
        )
        if before is None or change.undoes or change.before is None:
            continue
        if before.member != turn.member_id and was not in (None, "open"):
            yield from _was_told(race, change, turn, before, each, name)


def _was_told(
    race: Race, change: Change, turn: Turn, before: Stands, field_name: str, name: str
) -> Iterator[str]:
    """Between the other's change and what overwrote it, its value was told to whoever did it."""
    act = race.acts.get(turn.id)
    if act is None:
        yield f"turn {turn.id} was never answered"
        return
    said = as_told(change.before or {}, field_name)
    told = act.person.told[: act.told_before]
    whose = (name, f"deal:{change.row_id}:")  # a card says whom it is with, a form which deal
    seen = any(
        number > before.turn
        and any(each in text for each in said)
        and any(each in text for each in whose)
        for number, text in told
    )
    old = act.sent_at - before.at > A_WHILE or (before.born and before.at <= act.sent_at)
    late = old and any(each in act.answer for each in said)
    if not seen and not late:
        yield (
            f"{act.person.name} overwrote {field_name} {said[0]} of {name} unseen:"
            f" {turn.said!r} -> {act.answer!r}"
        )


def as_told(values: dict[str, Any], name: str) -> tuple[str, ...]:
    """A value as a card tells it, and as it stands in a form; whole lakhs as a list tells them."""
    value = values[name]
    if name == "amount_minor":
        whole = value // 100
        lakhs = f"{whole / LAKH:.2f}".rstrip("0").rstrip(".")
        return (f"{whole:,}", f"Rs {lakhs} lakh") if whole % 1000 == 0 else (f"{whole:,}",)
    if name == "close_day":
        day = date.fromisoformat(value)
        return f"{day.day} {speech()['months']['en'][day.month - 1]}", value
    return (str(value),)
