"""Two teams on one PostgreSQL, all at once, while no statement names a workspace any more.

Every condition on ``workspace_id`` is taken out of all that is sent (``stripped``). Both teams know
people and companies of the same names, so that whatever finds a row by its name alone finds both;
what each types has a word of its own in it, and its sums a currency and a last digit. These must
never be read, written or sent to on the other side (``crossed``).
"""

from __future__ import annotations

import asyncio
import itertools
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.door import Raw
from bot.incoming import FormAnswers, Incoming, Place, Sender
from bot.reception import House, workspace
from handlers.library import the_book
from handlers.reply import Form, Reply
from scheduler.clock import TICKS, Clockwork
from scheduler.drawing import Draw
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent
from scheduler.outbox import Sender as Mailman
from scheduler.reminding import worded
from storage import row_security
from storage.clock import SystemClock
from storage.database import Database
from storage.export import reading, records, workspaces
from storage.history import as_kept
from storage.invites import invite
from storage.models import Change, Company, Contact, Deal, Inbox, Recorded, Workspace
from tests.conversation import buttons, words

# --- without any condition on a workspace ---------------------------------------------------------

_COLUMN = r'(?:"?\w+"?\.)?workspace_id'
_VALUE = r"(?:%\(\w+\)s(?:::\w+)?|\d+|[a-z_]\w*\.\w+)"
_EQUAL = re.compile(rf"{_COLUMN} (?:=|IN) {_VALUE}|{_VALUE} = {_COLUMN}")
_LIST = re.compile(rf"(?:{_COLUMN}|\({_COLUMN}(?:, [\w.\"]+)*\)) (?:NOT )?(?:IN|= ANY|=) (?=\()")
_NOT_CONDITIONS = re.compile(
    r"INSERT INTO \w+ \([^)]*\)|ON CONFLICT \([^)]*\)|RETURNING .*|(?:ORDER|GROUP) BY [^()]*"
    r"|\bSELECT (?:(?!\bSELECT\b).)*?\bFROM\b|workspace_id IS (?:NOT )?NULL|SET workspace_id="
    r"|%\(workspace_id\w*\)s",
    re.DOTALL,
)


def stripped(said: str) -> str:
    """A statement without its conditions on a workspace: each of them holds always."""
    said = _EQUAL.sub("true", said)
    while found := _LIST.search(said):
        said = said[: found.start()] + "true" + said[_end_of(said, found.end()) :]
    return said


def _end_of(said: str, begin: int) -> int:
    """Behind the bracket that closes the one at ``begin``."""
    depth = 0
    for place in range(begin, len(said)):
        depth += (said[place] == "(") - (said[place] == ")")
        if not depth:
            return place + 1
    raise AssertionError(said)


def left_in(said: str) -> bool:
    """Whether a workspace is named elsewhere than in what is read, written or put in order."""
    return "workspace_id" in _NOT_CONDITIONS.sub(" ", said)


@dataclass
class Stripped:
    """What was sent without its conditions: how much of it had any, and which kept one."""

    sent: int = 0
    changed: int = 0
    kinds: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)


@contextmanager
def without_workspaces(database: Database) -> Iterator[Stripped]:
    """As long as this lasts, no condition on a workspace reaches the database."""
    seen = Stripped()

    def strip(_c: Any, _cursor: Any, said: str, values: Any, _context: Any, _many: bool) -> Any:
        bare = stripped(said)
        seen.sent += 1
        if bare != said:
            seen.changed += 1
            seen.kinds.add(bare)
        if left_in(bare):
            seen.kept.add(bare)
        return bare, values

    event.listen(database.engine, "before_cursor_execute", strip, retval=True)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", strip)


# --- the teams ------------------------------------------------------------------------------------

COMPANIES = ("Nishat Mills", "Bilal Traders", "Zenith Labs")
PEOPLE = ("Sara Malik", "Imran Qureshi", "Hina Butt")
REMEMBERED = 8


@dataclass(frozen=True)
class Team:
    """``mark`` is in all that they type, ``digit`` the last of all their sums."""

    name: str
    mark: str
    digit: int
    currency: str
    first: int


TEAMS = (
    Team("default", "qarmaz", 3, "PKR", 1000),
    Team("Lahore team", "vulkan", 7, "AED", 2000),
)


@dataclass
class Person:
    team: Team
    number: int
    dice: Random
    drawn: list[Reply] = field(default_factory=list)

    @property
    def sender(self) -> Sender:
        known = f"{self.team.mark.title()} {self.number}"
        return Sender("telegram", "", str(self.team.first + self.number), known)


class Crossing:
    """The people, the desk, the clock and the sender, all at work at once."""

    def __init__(self, database: Database, seed: int = 2026, people: int = 4) -> None:
        self.database, self.dice = database, Random(seed)
        owners = frozenset({("telegram", "", "1000")})
        self.house = House(owners=owners, open=True, timezone="UTC")
        self.desk = Desk(database, the_book(), SystemClock(), self.house)
        self.people = [
            Person(team, number, Random(seed + team.first + number))
            for team in TEAMS
            for number in range(people)
        ]
        self.letters: list[Letter] = []
        self.exported: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.counts = Counter[str]()
        self._numbers = itertools.count(1)
        self._events = itertools.count(1)
        self._writers = ThreadPoolExecutor(4)
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Each team in a workspace of its own, by an invitation; this is not stripped yet."""
        for person in self.people:
            code = ""
            if person.team is not TEAMS[0]:
                house = House(currency=person.team.currency, timezone="UTC")
                with self.database.transaction() as session:
                    space = workspace(session, house, person.team.name, datetime.now(UTC))
                    role = "owner" if person.number == 0 else "rep"
                    code = invite(session, space.id, role, datetime.now(UTC))
            self.does(person, command="start", text=code)
            person.drawn.clear()
        for person in (p for p in self.people if p.number == 0):
            mark = person.team.mark
            for said in (
                f"add stage {mark} trial after qualified",
                f"add field {mark} code for contacts",
            ):
                self.does(person, text=said)
            for who, company in zip(PEOPLE, COMPANIES, strict=True):
                self.does(person, text=f"met {who} from {company}")
                self.does(person, text=f"deal for {company}: {mark} {self._sum(person)}")

    def run(self, operations: int, *, exporting: bool = True) -> None:
        """So many messages and taps from all at once, while the clock rings and letters leave."""
        over = threading.Event()
        share = operations // len(self.people)
        working = [threading.Thread(target=self._work, args=(p, share)) for p in self.people]
        beside = [threading.Thread(target=self._rings, args=(over,)) for _ in range(2)]
        beside += [threading.Thread(target=self._sends, args=(over,)) for _ in range(2)]
        beside += [threading.Thread(target=self._exports, args=(over,))] * exporting
        for thread in (*working, *beside):
            thread.start()
        for thread in working:
            thread.join()
        over.set()
        for thread in beside:
            thread.join()

    @contextmanager
    def _noted(self, whose: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.problems.append(f"{whose} was stopped: {error!r}"[:500])
            raise

    def _work(self, person: Person, operations: int) -> None:
        with self._noted(person.sender.name):
            for _ in range(operations):
                self._operate(person)

    def _rings(self, over: threading.Event) -> None:
        draw = Draw(self.desk.book, with_tokens)
        clockwork = Clockwork(self.database, SystemClock(), draw)
        with self._noted("the clock"):
            while not over.wait(0.2):
                for name in TICKS:
                    self._count(f"brought by {name}", clockwork.tick(name))

    def _sends(self, over: threading.Event) -> None:
        dice = Random(self.dice.random())

        async def push(letter: Letter) -> Outcome:
            with self._lock:
                self.letters.append(letter)
            chance = dice.random()
            if chance < 0.02:
                return Ambiguous("cut")
            return Refused("blocked", dead=True) if chance < 0.03 else Sent(f"m{letter.id}")

        words = partial(worded, Draw(self.desk.book, with_tokens))
        mailman = Mailman(self.database, SystemClock(), {"telegram": push}, words=words)
        with self._noted("the sender"):
            while not over.wait(0.1):
                asyncio.run(mailman.flush())

    def _exports(self, over: threading.Event) -> None:
        kinds = ("stage", "field", "company", "contact", "deal", "activity", "task")
        with self._noted("the export"):
            while not over.wait(1):
                for team in TEAMS:
                    with reading(self.database.engine) as session:
                        spaces = workspaces(session, team.name)
                        lines = [str(line) for line in records(session, spaces, kinds)]
                    self.exported += [(team.name, line) for line in lines]
                    self._count("exported", len(lines))

    # --- what somebody does -----------------------------------------------------------------------

    def _sum(self, person: Person) -> int:
        return 100_000 + next(self._numbers) * 10 + person.team.digit

    def _operate(self, person: Person) -> None:
        dice, mark = person.dice, person.team.mark
        company, who = dice.choice(COMPANIES), dice.choice(PEOPLE)
        slip = who.replace("a", "e", 1)
        said = dice.choice(
            (
                f"raise the {company} deal to {self._sum(person)}",
                f"deal for {company}: {mark} {self._sum(person)}",
                f"move {company} to {dice.choice(('proposal', 'negotiation', mark + ' trial'))}",
                f"note for {who}: wants {mark} {next(self._numbers)}",
                f"remind me in {dice.randint(1, 9)} seconds to call {who} about {mark}",
                f"call {who} tomorrow at 4 pm about {mark}",
                f"{who}'s {mark} code is {mark}-{next(self._numbers)}",
                f"met {mark.title()} {dice.choice(('Ahmed', 'Dar', 'Rana'))} from {company}",
                f"won {company}", f"lost {company}, {mark}", "undo", "undo", "done", "snooze it",
                f"show {who}", f"show {slip}", f"find {slip}", f"show {company}", "find malik",
                "pipeline", "show deals", "show my open deals", "today", "tasks", "stages",
                "who is on the team", "activity this month", "revenue this quarter", "why?", "next",
                "show vulka", "show qarma", "find vulka", "find qarma", "won this month",
                "سارہ ملک کی تفصیل دکھاؤ", "sara malik wali deal jeet gaye", "settings", "help",
                "tap", "tap", "tap", "tap", "tap", "tap", "form", "form",
            )
        )  # fmt: skip
        if said == "tap":
            self._tap(person)
        elif said == "form":
            self._fill(person)
        else:
            self.does(person, text=said, group=dice.random() < 0.2)

    def _tap(self, person: Person) -> None:
        """A button of one's own, or one that the other team was shown."""
        whose = person if person.dice.random() < 0.9 else person.dice.choice(self.people)
        known = [button for reply in list(whose.drawn) for button in buttons(reply) if button.token]
        if known:
            self.does(person, tap=person.dice.choice(known).token)

    def _fill(self, person: Person) -> None:
        forms = [each for reply in person.drawn for each in reply.parts if isinstance(each, Form)]
        if not forms:
            return
        form = person.dice.choice(forms)
        values = {each.name: each.value for each in form.fields}
        for name in values:
            if name.endswith("amount"):
                values[name] = str(self._sum(person))
        self.does(person, form=FormAnswers(form.token, values))

    def does(self, person: Person, *, group: bool = False, **what: Any) -> None:
        self._writers.submit(self._handled, person, group, what).result()

    def _handled(self, person: Person, group: bool, what: dict[str, Any]) -> None:
        sender, number = person.sender, next(self._events)
        place = Place("telegram", "", sender.id)
        if group:
            place = Place("telegram", "", f"-{person.team.first}", private=False, name="Sales")
        incoming = Incoming(f"x:{number}", sender, place, datetime.now(UTC), **what)

        def keep(session: Session) -> int:
            self.desk.store(session, "telegram", [Raw(incoming.event, place.chat, {})])
            return session.scalars(select(Inbox.id).where(Inbox.event == incoming.event)).one()

        row = self.database.run(keep)
        since = len(self.letters)
        self.desk.handle(row, incoming)
        self._count("messages")
        with self._lock:
            mine = [each for each in self.letters[since:] if each.address.user == sender.id]
        person.drawn = [*person.drawn[-REMEMBERED:], *(each.reply for each in mine)]

    def _count(self, what: str, count: int = 1) -> None:
        with self._lock:
            self.counts[what] += count


# --- looking at what happened ---------------------------------------------------------------------


def crossed(race: Crossing) -> list[str]:
    """What was read, sent or written across; and what could not be done at all."""
    found = list(race.problems)
    for letter in race.letters:
        team = _team_of(letter)
        other = TEAMS[1 - TEAMS.index(team)]
        said = words(letter.reply)
        if _speaks_of(said, other):
            found.append(f"{team.name} was told: {said!r}")
    for name, line in race.exported:
        other = next(team for team in TEAMS if team.name != name)
        if other.mark in line.lower():
            found.append(f"the export of {name} has {line}")
    return found + list(_astray(race))


def _team_of(letter: Letter) -> Team:
    number = int((letter.address.user or letter.address.chat).lstrip("-"))
    return TEAMS[number // 1000 - 1]


def _speaks_of(said: str, other: Team) -> bool:
    money = "AED" if other.currency == "AED" else "Rs"
    return other.mark in said.lower() or bool(re.search(rf"\b{money}\W?[\d,]+", said))


def _astray(race: Crossing) -> Iterator[str]:
    with race.database.transaction() as session:
        spaces = {team: _space(session, team) for team in TEAMS}
        for team, space in spaces.items():
            other = TEAMS[1 - TEAMS.index(team)]
            for table in row_security.tables():
                column = row_security.guarded(table)
                rows = text(
                    f'SELECT it::text FROM "{table.name}" AS it '  # noqa: S608 - our own names
                    f"WHERE {column} = :space AND it::text ILIKE :mark"
                )
                asked = {"space": space, "mark": f"%{other.mark}%"}
                for row in session.scalars(rows, asked):
                    yield f"{team.name} has in {table.name}: {row}"
            deals = select(Deal).where(Deal.workspace_id == space)
            for deal in session.scalars(deals):
                if deal.amount_minor and deal.amount_minor // 100 % 10 != team.digit:
                    yield f"{team.name} has a deal of {deal.amount_minor}"
        kinds: tuple[tuple[str, type[Recorded]], ...] = (
            ("deal", Deal), ("contact", Contact), ("company", Company),
        )  # fmt: skip
        for name, kind in kinds:
            last: dict[int, Any] = {}
            changes = select(Change).where(Change.table_name == name)
            for change in session.scalars(changes.order_by(Change.id)):
                last[change.row_id] = change.after
            for row in session.scalars(select(kind)):
                if last.get(row.id) != as_kept(row):
                    yield f"{name} {row.id} is not as it was left"
        undone = session.scalars(select(Inbox).where(Inbox.state != "done")).all()
        for event_row in undone:
            yield f"{event_row.event} was not handled: {event_row.state} {event_row.error}"


def _space(session: Session, team: Team) -> int:
    return session.scalars(select(Workspace.id).where(Workspace.name == team.name)).one()
