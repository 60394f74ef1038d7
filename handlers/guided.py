"""What the tours ask for, step by step, and how the next step follows when one was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from handlers.reply import Button, Line, Reply
from handlers.turn import Turn
from language.voice import RLM
from storage.models import Ticket


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done, by the key of its words, and by which commands it is done."""

    name: str
    intents: frozenset[str]


def _step(name: str, *intents: str) -> Step:
    return Step(name, frozenset(intents))


PATHS: dict[str, tuple[Step, ...]] = {
    "rep": (
        _step("meet", "contact.add", "activity.log"),
        _step("deal", "deal.add"),
        _step("task", "task.add", "deal.next_step"),
        _step("today", "task.list", "agenda.show", "deal.list"),
        _step("won", "deal.win"),
        _step("undo", "undo"),
    ),
    "manager": (
        _step("pipeline", "stats.show", "stats.stages", "stats.ask"),
        _step("goal", "goal.set"),
        _step("risk", "risk.list"),
        _step("segment", "segment.save", "segment.find"),
        _step("adoption", "look.adoption"),
    ),
    "support": (
        _step("ticket", "ticket.open"),
        _step("tickets", "ticket.list"),
        _step("comment", "ticket.comment", "ticket.note"),
        _step("resolve", "ticket.close", "ticket.resolve"),
    ),
}
"""The tours, by whom they are for. What is made on one is real, and undo takes it back."""


OF_TICKETS = ("comment", "resolve")
"""Steps that name a ticket."""


def guided(turn: Turn, done: Collection[str]) -> Reply:
    """After what was done: if it was the step that the member is at, the next one."""
    if not turn.member.tour or turn.audience != "private" or turn.overheard:
        return Reply()
    there = step_of(turn)
    if there is None or PATHS[there[0]][there[1]].intents.isdisjoint(done):
        return Reply()
    return goes_on(turn, *there)


def step_of(turn: Turn) -> tuple[str, int] | None:
    """Which tour, and which step of it, counted from 0."""
    path, _, number = (turn.member.tour or "").partition(":")
    step = int(number) if number.isdecimal() else -1
    return (path, step) if path in PATHS and 0 <= step < len(PATHS[path]) else None


def goes_on(turn: Turn, path: str, step: int) -> Reply:
    if step + 1 >= len(PATHS[path]):
        turn.member.tour = None
        turn.session.flush()
        return Reply((Line(turn.say("tour_done")),), (turn.button("help_button", "help"),))
    turn.member.tour = f"{path}:{step + 1}"
    turn.session.flush()
    return asks(turn, path, step + 1)


def asks(turn: Turn, path: str, step: int) -> Reply:
    """``2 of 6. ...: write "..."``."""
    name = PATHS[path][step].name
    told = turn.say("tour_step", n=step + 1, all=len(PATHS[path]),
                    what=turn.piece(f"tour_{name}_what"))  # fmt: skip
    line = turn.say(f"tour_{name}_say", **({"number": _ticket(turn)} if name in OF_TICKETS else {}))
    said = turn.say("tour_write", said=line.strip(RLM))
    buttons: tuple[Button, ...] = (
        turn.button("tour_skip_button", "tour.skip"), turn.button("tour_end_button", "tour.end")
    )  # fmt: skip
    return Reply((Line(told), Line(said)), buttons)


def _ticket(turn: Turn) -> str:
    """The number of the member's latest ticket: another's is not to be settled on a tour."""
    query = select(Ticket.number).where(
        Ticket.workspace_id == turn.workspace.id, Ticket.owner_id == turn.member.id
    )
    number = turn.session.scalars(query.order_by(Ticket.id.desc()).limit(1)).first()
    return str(number or 1)
