"""One turn of the conversation: who, where, when, in which language; and how to refuse or ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from handlers import focus, shown
from handlers.reply import Button, Call, Line, Reply, Style
from language.voice import RLM, Voice
from rules.access import Audience
from storage import queries
from storage.lasting import is_dirty, once, outdated
from storage.models import Chat, Company, Contact, Deal, Member, Recorded, Task, Workspace
from storage.models import Turn as TurnRow
from storage.writing import put, savepoint, writes

Kept = TypeVar("Kept", bound=Recorded)
Row = TypeVar("Row")
Look = Callable[[Session, int], list[Row]]
"""Gives rows of a workspace, by its id."""

WORK: dict[str, type[Deal | Task]] = {"deal": Deal, "task": Task}
"""What is done with a customer, of what ``focus`` keeps."""


class Sorry(Exception):
    """A kind refusal: the key of its words, and buttons for the next step."""

    def __init__(self, key: str, buttons: tuple[Button, ...] = (), **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.buttons = buttons
        self.values = values


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer: what its button says, and the slots it fills, or the calls it means
    in place of the one that asked. ``also`` are further words that point at it."""

    label: str
    slots: dict[str, Any]
    calls: tuple[Call, ...] = ()
    also: str = ""


class Again(Exception):
    """What was refused or asked about had written something: run the turn anew, with care."""


class Ask(Exception):
    """A question before the call can go on.

    ``slot`` is what is missing; ``kind`` how a typed answer is read: who, amount, due, text, ...
    A ``choice`` is answered by one of its choices alone. ``shows`` is a record of which the
    question itself tells how it stands.
    """

    def __init__(
        self,
        key: str,
        slot: str,
        kind: str = "choice",
        choices: tuple[Choice, ...] = (),
        shows: tuple[Recorded, ...] = (),
        **values: Any,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.shows = shows
        self.slot = slot
        self.kind = kind
        self.choices = choices
        self.values = values


@dataclass
class Turn:
    """What a handler works with. ``now`` is aware; ``run`` is the Book's own.

    ``overheard``: people talk to each other in a thread of the bot's, so it keeps still where it
    is not sure. ``origin`` is the turn whose words are acted on, where this one answers a question.
    ``row`` is written when the turn ends.
    ``message`` is the platform's number of what was said, ``replies_to`` of what it replies to
    (``replied`` are the words of that and ``replied_name`` whose they are, where they were not the
    bot's), ``thread`` of the first one of the thread. ``audience``: who reads the answer;
    ``discreet``: it is for the member alone. ``said_new``: of somebody made here the member said
    that it is none of those of that name. ``came``: who was made here, of whom it is still to be
    found whose leads they are; ``handed``: the numbers of those among them that are given away
    also where the member writes alone. ``channels``: on which customers are reached without a
    hand's help.

    What the member knew when they acted: all that was there when their button or form was
    ``drawn`` (its number), or what could be heard when the message was sent (``sent_at``) and,
    where it answers a question, when that was asked (``asked_at``). ``acted_at`` is when it is
    acted on, which for what comes late is not ``now``.
    """

    session: Session
    workspace: Workspace
    member: Member
    chat: Chat
    now: datetime
    voice: Voice
    id: int
    run: Callable[[Turn, Iterable[Call]], Reply]
    row: TurnRow
    said: str = ""
    overheard: bool = False
    origin: int = 0
    message: str = ""
    replies_to: str = ""
    replied: str = ""
    replied_name: str = ""
    thread: str = ""
    invite_link: str = ""
    sent_at: datetime | None = None
    acted_at: datetime | None = None
    asked_at: datetime | None = None
    drawn: int = 0
    audience: Audience = "private"
    discreet: bool = False
    newcomers: list[Contact | Company] = field(default_factory=list)
    came: list[Contact | Company] = field(default_factory=list)
    handed: list[int] = field(default_factory=list)
    said_new: bool = False
    channels: frozenset[str] = frozenset({"email", "telegram"})
    found: dict[Any, list[Any]] = field(default_factory=dict)
    seen_before: dict[str, Any] | None = field(init=False)

    def __post_init__(self) -> None:
        self.seen_before = self.chat.shown

    def say(self, key: str, **values: Any) -> str:
        return self.voice.say(key, **values)

    def piece(self, key: str, **values: Any) -> str:
        """Words for a part of a line, which says by itself which way it runs."""
        return self.voice.say(key, **values).strip(RLM)

    @property
    def currency(self) -> str:
        """The currency of sums said without one."""
        changed = queries.setting(self.session, self.workspace.id, "currency")
        return changed.value if changed else self.workspace.currency

    @property
    def local(self) -> datetime:
        """Now, as the member's clock shows it."""
        return self.now.astimezone(ZoneInfo(self.member.zone))

    @property
    def today(self) -> date:
        return self.local.date()

    def local_day(self, moment: datetime) -> date:
        """The day of a moment, as the member's calendar shows it."""
        return moment.astimezone(ZoneInfo(self.member.zone)).date()

    def goes_on_with(self, turn_id: int | None, answer: str) -> None:
        """An answer acts on the words of the turn that led to the question."""
        row = self.session.get(TurnRow, (self.workspace.id, turn_id)) if turn_id else None
        if row is not None and row.reading is not None:
            self.origin, self.said = row.id, row.said or self.said
            self.note(**{"from": row.id, "answer": answer})

    def note(self, **told: Any) -> None:
        """Keep with this turn what ``/why`` tells of it."""
        self.row.reading = {**(self.row.reading or {}), **told}

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is done in here is done whole, or not at all where it ends in Sorry or Ask.

        A savepoint costs as much as what it guards, and hardly ever is one needed. So a turn is
        first run without (``info["light"]``); where that turns out wrong, it raises Again.
        """
        session = self.session
        if not session.info.get("light"):
            with savepoint(session):
                yield
                session.flush()
            return
        session.flush()
        written = writes(session)
        try:
            yield
        except (Sorry, Ask) as problem:
            if is_dirty(session) or writes(session) != written:
                raise Again from problem
            raise
        session.flush()

    def stands(self) -> None:
        """Let this turn be found like any other, before it ends."""
        self.session.add(self.row)
        self.session.flush()

    def take(self, why: str, name: str) -> None:
        """Note that somebody was meant who was not named: ``spoken_of``."""
        self.note(took=[*(self.row.reading or {}).get("took", []), [why, name]])

    def undo(self) -> Button:
        return Button(self.say("undo_button"), Call("undo", {"turn_id": self.id}))

    def edit(self) -> Button:
        return Button(self.say("edit_button"), Call("edit", {"turn_id": self.id}), opens_form=True)

    def button(
        self,
        key: str,
        intent: str,
        /,
        style: Style = "plain",
        *,
        label_values: Any = None,
        **slots: Any,
    ) -> Button:
        """A button whose label stands in the words files."""
        return Button(self.say(key, **(label_values or {})), Call(intent, slots), style)

    def focus(self, **subjects: int | None) -> None:
        """Remember what was just spoken of here: contact, company, deal or task by id."""
        known = {name: number for name, number in subjects.items() if number is not None}
        self._keep({**known, "tasks": self.listed, "at": self.now.isoformat()})

    def _keep(self, entry: dict[str, Any]) -> None:
        mine = focus.put(self.chat.focus, self.member.id, entry)
        put(self.session, self.chat, focus=mine)

    @property
    def listed(self) -> list[int]:
        """The tasks listed last to the member here, in order: ``done 2`` is the second."""
        return list(focus.own(self.chat.focus, self.member.id).get("tasks", ()))

    def lists(self, tasks: Iterable[int]) -> None:
        """Remember which tasks were just listed here."""
        mine = focus.own(self.chat.focus, self.member.id)
        self._keep({"at": self.now.isoformat(), **mine, "tasks": [*tasks]})

    def in_focus(self, subject: str) -> int | None:
        """What was spoken of here within the hour."""
        return focus.lately(self.chat.focus, self.member.id, self.now).get(subject)

    def out_of_focus(self, subject: str) -> int | None:
        """What was spoken of here longer ago."""
        return focus.before(self.chat.focus, self.member.id, self.now).get(subject)

    @property
    def has_focus(self) -> bool:
        """Whether anything was spoken of here within the hour."""
        return bool(focus.lately(self.chat.focus, self.member.id, self.now))

    def forget(self) -> None:
        """What the member spoke of here was taken back; a deal or task that stays is meant yet."""
        mine = focus.own(self.chat.focus, self.member.id)
        self.session.flush()
        stays = any(
            mine.get(name) and queries.get(self.session, kind, self.workspace.id, mine[name])
            for name, kind in WORK.items()
        )
        self._keep(mine if stays else {})

    def shows(self, row: Recorded, *fields: str) -> None:
        """Note that the member sees a record, or some fields of it, as it stands."""
        version: int | None = row.version
        if version is None or not self.id:  # what is being written is new to everybody
            return
        name = f"{inspect(row).mapper.local_table.name}:{row.id}"
        kept, member, at = self.chat.shown, self.member.id, self.acted_at or self.now
        seen = shown.put(kept, name, version, member, at, fields)
        put(self.session, self.chat, shown=seen)

    def once(self, look: Look[Row]) -> list[Row]:
        """Rows of the workspace, looked up once for a session."""
        space = self.workspace.id
        return once(self.session, (look, space), lambda: look(self.session, space))

    def meanwhile(self, key: Any, look: Callable[[], list[Row]]) -> list[Row]:
        """What ``look`` finds, looked up once as long as nothing is written."""
        if is_dirty(self.session):
            return look()
        key = (writes(self.session), key)
        if key not in self.found:
            self.found[key] = look()
        return list(self.found[key])

    def anew(self) -> None:
        """Such rows were added, changed or removed: look again."""
        self.session.flush()
        outdated(self.session)

    def record(self, kind: type[Kept], number: int) -> Kept:
        """The record of that number. Sorry if it was removed meanwhile."""
        row = queries.get(self.session, kind, self.workspace.id, number)
        if row is None:
            raise Sorry("gone")
        return row

    def disposes_of(self, owner_id: int | None) -> bool:
        """Whether the member may give away or delete what is that member's: their own, what is
        nobody's, and as a manager anybody's."""
        return owner_id in (None, self.member.id) or self.member.may("manager")

    def agreed(self, label: str, call: Call) -> Choice:
        """The answer that the call is to be carried out, also by any word for yes."""
        yes = self.voice.words["merge_yes_words"]["all"]
        return Choice(self.say(label), {}, (call,), also=" ".join(yes))

    def sorry(self, sorry: Sorry) -> Reply:
        return Reply((Line(self.say(sorry.key, **sorry.values)),), sorry.buttons)
