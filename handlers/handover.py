"""Who stands in for whom: ``my customers to Sara until Monday``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from handlers.book import Chapter
from handlers.colleagues import is_called, one_of
from handlers.reply import Items, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.calendar import Due, wall_to_utc
from storage import queries
from storage.handover import Handover, handovers, stand_in
from storage.models import Deal, Member, Nudge, Task

chapter = Chapter(__name__)

LONGEST = 180
"""Days of a handover at most."""

MANY = 6
"""Colleagues who are offered at most."""

TOLD = "handover"
"""The kind of nudge that tells whoever is concerned that one began, or is over."""

_DAY = timedelta(days=1)


@chapter.command("handover.give")
def give(
    turn: Turn, owner: str | int | None = None, first: str | None = None, last: str | None = None
) -> Reply:
    """What the clock would tell of the member's customers goes to another one for a while."""
    to = _colleague(turn, owner)
    begins = _day(first) if first else turn.today
    if last is None:
        choices = tuple(_ends(turn, begins))
        raise Ask("ask_handover_end", "last", kind="due", choices=choices, name=to.name)
    ends = _day(last)
    if ends < begins or ends < turn.today or (ends - begins).days > LONGEST:
        raise Sorry("handover_no_time")
    if stand_in(turn.session, to, turn.now) is turn.member:
        raise Sorry("handover_in_a_circle", name=to.name)
    for row in _mine(turn):  # the latest word counts
        row.ends_at = turn.now
    row = Handover(
        workspace_id=turn.workspace.id,
        member_id=turn.member.id,
        to_id=to.id,
        begins_at=max(turn.now, _midnight(turn, begins)) if begins > turn.today else turn.now,
        ends_at=_midnight(turn, ends + _DAY),
        last_day=ends,
        created_at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    _let_tell(turn, row)
    return Reply(
        (Title(turn.say("handed_over", name=to.name, day=ends)), *_what(turn, begins, ends)),
        (turn.undo(), turn.button("handover_end_button", "handover.end", handover=row.id)),
    )


def _what(turn: Turn, begins: date, ends: date) -> list[Part]:
    """How much goes along, from when, and that it comes back by itself."""
    deals = select(func.count()).where(
        Deal.workspace_id == turn.workspace.id,
        Deal.owner_id == turn.member.id,
        Deal.status == "open",
    )
    tasks = select(func.count()).where(
        Task.workspace_id == turn.workspace.id,
        Task.owner_id == turn.member.id,
        Task.status == "open",
        Task.contact_id.is_not(None) | Task.company_id.is_not(None),
        Task.due_day <= ends,
    )
    count = (turn.session.scalar(deals) or 0, turn.session.scalar(tasks) or 0)
    parts: list[Part] = []
    if begins > turn.today:
        parts.append(Line(turn.say("handover_from", day=begins)))
    parts.append(Line(turn.say("handover_what", deals=count[0], tasks=count[1])))
    parts.append(Line(turn.say("handover_back", day=ends + _DAY), quiet=True))
    return parts


@chapter.command("handover.end")
def end(turn: Turn, handover: int | None = None) -> Reply:
    """It is over early; whoever gave it or has it may say so."""
    rows = [
        row
        for row in handovers(turn.session, turn.member, turn.now)
        if handover is None or row.id == handover
    ]
    if handover is None:
        rows = [row for row in rows if row.member_id == turn.member.id] or rows
    if not rows:
        raise Sorry("no_handover")
    for row in rows:
        row.ends_at = turn.now
        _let_tell(turn, row)
    turn.session.flush()
    lines = tuple(Line(_told(turn, row, "handover_over")) for row in rows)
    return Reply(lines, (turn.undo(),))


@chapter.command("handover.show")
def show(turn: Turn) -> Reply:
    """Who has the member's customers, and whose customers they have."""
    rows = handovers(turn.session, turn.member, turn.now)
    if not rows:
        return Reply((Line(turn.say("no_handover")),))
    lines = tuple(_told(turn, row, "handover_holds") for row in rows)
    buttons = tuple(
        turn.button("handover_end_button", "handover.end", handover=row.id) for row in rows[:3]
    )
    return Reply((Title(turn.say("handovers_title")), Items(lines)), buttons, private=True)


def told(turn: Turn, row: Handover) -> Reply:
    """What the clock tells the other one when it begins, and both when it is over."""
    if row.ends_at <= turn.now:
        return Reply((Line(_told(turn, row, "handover_over")),))
    end_ = turn.button("handover_end_button", "handover.end", handover=row.id)
    return Reply((Title(_told(turn, row, "handover_holds")),), (end_,))


def _told(turn: Turn, row: Handover, key: str) -> str:
    """The same as the one or the other of them is told it."""
    other = row.to_id if row.member_id == turn.member.id else row.member_id
    member = queries.get(turn.session, Member, turn.workspace.id, other)
    side = "mine" if row.member_id == turn.member.id else "theirs"
    return turn.say(f"{key}_{side}", name=member.name if member else "—", day=row.last_day)


def _let_tell(turn: Turn, row: Handover) -> None:
    """The other one hears of it at once, and both when its time is over."""
    other = row.to_id if row.member_id == turn.member.id else row.member_id
    ended = row.ends_at <= turn.now
    early = f"early {turn.now.isoformat()}"
    news = [(other, early if ended else "begins", turn.now if ended else row.begins_at)]
    if not ended:
        news += [(member, "ends", row.ends_at) for member in (row.member_id, row.to_id)]
    for member, occasion, at in news:
        turn.session.add(
            Nudge(
                workspace_id=turn.workspace.id,
                member_id=member,
                kind=TOLD,
                subject=f"handover:{row.id}",
                occasion=occasion,
                day=turn.today,
                raised_at=turn.now,
                state="waiting",
                due_at=at,
                about={"at": at.isoformat()},
            )
        )


def _mine(turn: Turn) -> list[Handover]:
    rows = handovers(turn.session, turn.member, turn.now)
    return [row for row in rows if row.member_id == turn.member.id]


def _colleague(turn: Turn, said: str | int | None) -> Member:
    """Another member of the team, by name, however it is spelt."""
    others = [
        member
        for member in queries.members(turn.session, turn.workspace.id)
        if member.id != turn.member.id and member.active
    ]
    if not others:
        raise Sorry("no_colleague")
    if said is None:
        choices = tuple(Choice(member.name, {"owner": member.id}) for member in others[:MANY])
        raise Ask("handover_to_whom", "owner", kind="colleague", choices=choices)
    found = [member for member in others if member.id == said or is_called(member, str(said))]
    return one_of(found, said, others)


def _ends(turn: Turn, begins: date) -> Iterator[Choice]:
    for days in (1, 3, 7):
        day = begins + timedelta(days=days)
        yield Choice(turn.voice.day(day), {"last": day.isoformat()})


def _day(said: str) -> date:
    try:
        return Due.parse(said).day
    except ValueError:
        raise Sorry("bad_due", value=said[:40]) from None


def _midnight(turn: Turn, day: date) -> datetime:
    return wall_to_utc(datetime.combine(day, time()), turn.member.zone)
