"""Who is in a sequence: how they come in, what ends it for them, and what each sequence brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Sequence as Rows
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from rules.purchases import counts
from storage.bulk import Bulk
from storage.consent import consents
from storage.goods import Order
from storage.messages import Message
from storage.people import Activity, Contact
from storage.segments_kept import Segment
from storage.sequences_kept import Sequence, SequenceRun, SequenceStart, of_segment
from storage.team import Member, Workspace
from storage.touched import FROM_CUSTOMER
from storage.touching import SOURCES, Verdict, hold
from storage.work import Deal

AT_ONCE = 500

LOOKED = 200
"""Activities of one customer since they came in that are looked at, the latest."""


# --- coming in ------------------------------------------------------------------------------------


def start(
    session: Session, sequence: Sequence, contact: Contact, *, how: str, by_id: int, now: datetime,
    deal: Deal | None = None,
) -> SequenceRun | None:  # fmt: skip
    """Somebody comes in; None where they are in it by now. Holds the contact."""
    space = sequence.workspace_id
    hold(session, space, contact.id)
    before = _rounds(session, sequence, [contact.id]).get(contact.id, _Rounds())
    if before.running:
        return None
    row = SequenceRun(
        workspace_id=space, sequence_id=sequence.id, contact_id=contact.id, state="running",
        how=how, by_id=by_id, deal_id=deal.id if deal else None,
        stage=deal.stage if deal else None, round=before.last + 1, started_at=now, since=now,
        done=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@dataclass
class _Rounds:
    last: int = 0
    running: bool = False


def _rounds(session: Session, sequence: Sequence, ids: Collection[int]) -> dict[int, _Rounds]:
    """How often each of these contacts was in it, and whether they are."""
    found: dict[int, _Rounds] = {}
    query = select(SequenceRun.contact_id, SequenceRun.round, SequenceRun.state).where(
        SequenceRun.workspace_id == sequence.workspace_id,
        SequenceRun.contact_id.in_(list(ids)),
        SequenceRun.sequence_id + 0 == sequence.id,
    )
    for number, round_, state in session.execute(query):
        one = found.setdefault(number, _Rounds())
        one.last = max(one.last, round_)
        one.running = one.running or state == "running"
    return found


def inside(sequence: Sequence) -> Select[Any]:
    """The contacts who are in it, as a question to be built on."""
    return select(SequenceRun.contact_id).where(
        SequenceRun.workspace_id == sequence.workspace_id,
        SequenceRun.sequence_id == sequence.id,
        SequenceRun.state == "running",
    )


def newcomers(session: Session, sequence: Sequence, ids: Rows[int]) -> list[int]:
    """Of these contacts those who are not in it."""
    some = (ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE))
    return [
        number
        for part in some
        for known in (_rounds(session, sequence, part),)
        for number in part
        if not known.get(number, _Rounds()).running
    ]


class _Coming(NamedTuple):
    """Somebody who is to come in, for the ``round``-th time."""

    id: int
    owner_id: int | None
    round: int


def _coming(session: Session, sequence: Sequence, ids: Rows[int]) -> Iterator[list[_Coming]]:
    """Of these contacts those who are not in it, some hundreds at a time, and locked: nobody else
    lets them in meanwhile."""
    ordered = sorted(ids)
    for begin in range(0, len(ordered), AT_ONCE):
        some = Contact.id.in_(ordered[begin : begin + AT_ONCE])
        people = session.execute(
            select(Contact.id, Contact.owner_id)
            .where(Contact.workspace_id == sequence.workspace_id, some)
            .order_by(Contact.id)
            .with_for_update(key_share=True, of=Contact)
        ).all()
        known = _rounds(session, sequence, [row.id for row in people])
        were = ((row, known.get(row.id, _Rounds())) for row in people)
        yield [_Coming(row.id, row.owner_id, one.last + 1) for row, one in were if not one.running]


def start_all(
    session: Session, sequence: Sequence, ids: Rows[int], *, by_id: int, turn_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """Many come in at once, each with the one who looks after them; how many were not in it."""
    space, brought = sequence.workspace_id, 0
    for people in _coming(session, sequence, ids):
        rows: list[dict[str, Any]] = [
            {
                "sequence_id": sequence.id, "contact_id": row.id, "state": "running",
                "reason": None, "how": "many", "by_id": row.owner_id or by_id, "deal_id": None,
                "stage": None, "round": row.round, "started_at": now,
                "ended_at": None, "last_step": None, "since": now, "message_id": None, "done": [],
                "next_check_at": now, "version": 1,
            }
            for row in people
        ]  # fmt: skip
        Bulk(session, space, turn_id).write(SequenceRun, rows)
        brought += len(rows)
    return brought


def start_some(
    session: Session, sequence: Sequence, ids: Rows[int], *, by_id: int, now: datetime
) -> int:
    """Those who entered a segment come in, each with the one who looks after them; how many."""
    space, brought = sequence.workspace_id, 0
    for people in _coming(session, sequence, ids):
        rows = [
            SequenceRun(
                workspace_id=space, sequence_id=sequence.id, contact_id=row.id, state="running",
                how="segment", by_id=row.owner_id or by_id,
                round=row.round, started_at=now, since=now, done=[],
            )
            for row in people
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        brought += len(rows)
    return brought


A_MOMENT = timedelta(seconds=15)
"""For so long nothing goes to somebody who has just come in, and it can be taken back."""


def look_next(session: Session, run: SequenceRun, at: datetime | None) -> None:
    """When the clock looks at somebody next: no change of theirs that anybody made."""
    session.flush()
    this = update(_RUNS).where(
        SequenceRun.workspace_id == run.workspace_id, SequenceRun.id == run.id
    )
    session.execute(this.values(next_check_at=at))
    set_committed_value(run, "next_check_at", at)


_RUNS: Any = SequenceRun.__table__


def person_of(session: Session, deal: Deal) -> Contact | None:
    """With whom a deal is: the person, else the one of those at the company, if there is one."""
    space = deal.workspace_id
    if deal.contact_id is not None:
        return session.get(Contact, (space, deal.contact_id))
    at = select(Contact).where(Contact.workspace_id == space, Contact.company_id == deal.company_id)
    people = session.scalars(at.order_by(Contact.id).limit(2)).all() if deal.company_id else []
    return people[0] if len(people) == 1 else None


def rep_of(session: Session, run: SequenceRun, contact: Contact) -> int:
    """Who signs its messages, and gets its tasks: whoever looks after them and is still there."""
    for number in (contact.owner_id, run.by_id):
        member = session.get(Member, (run.workspace_id, number or 0))
        if member is not None and member.active:
            return member.id
    return run.by_id


# --- what ends it ---------------------------------------------------------------------------------


def ending(session: Session, run: SequenceRun, sequence: Sequence) -> str | None:
    """Why somebody is to be in it no longer; one of ``rules.sequences.ENDS``, or None."""
    if not sequence.active or sequence.state == "stopped":
        return "switched_off"
    contact = session.get_one(Contact, (run.workspace_id, run.contact_id))
    if _opted_out(session, run, sequence):
        return "opted_out"
    if _bought(session, run, contact):
        return "bought"
    return _talked(session, run) or _moved_on(session, run) or _twice(session, run)


def _opted_out(session: Session, run: SequenceRun, sequence: Sequence) -> bool:
    words = consents(session, run.workspace_id, [run.contact_id])
    return any(
        not row.granted and row.at > run.started_at and channel in sequence.channels
        for (_, channel), row in words.items()
    )


def _bought(session: Session, run: SequenceRun, contact: Contact) -> bool:
    """An order or won deal of theirs, or of their company's, since they came in."""
    space = run.workspace_id
    zone = ZoneInfo(session.get_one(Workspace, space).timezone)
    first = run.started_at.astimezone(zone).date()
    for name in ("contact_id", "company_id"):
        number = contact.id if name == "contact_id" else contact.company_id
        if number is None:
            continue
        orders = select(Order.status).where(
            Order.workspace_id == space, getattr(Order, name) == number,
            Order.on_day >= first, Order.created_at > run.started_at,
        )  # fmt: skip
        won = select(Deal.id).where(
            Deal.workspace_id == space, getattr(Deal, name) == number,
            Deal.status.concat("") == "won", Deal.closed_at > run.started_at,
        )  # fmt: skip
        if any(map(counts, session.scalars(orders))) or session.scalars(won.limit(1)).first():
            return True
    return False


def _talked(session: Session, run: SequenceRun) -> str | None:
    """Whether they answered, or a colleague talked to them: not on a task of the sequence's own,
    which a call or visit after it is."""
    query = (
        select(Activity.at, Activity.kind, Activity.more)
        .where(
            Activity.workspace_id == run.workspace_id,
            Activity.contact_id == run.contact_id,
            Activity.at > run.started_at,
        )
        .order_by(Activity.at.desc())
        .limit(LOOKED)
    )
    tasks = [(datetime.fromisoformat(each["at"]), each["what"]) for each in run.done]
    by_hand = False
    for at, kind, more in session.execute(query):
        if (more or {}).get("from") == FROM_CUSTOMER:
            return "answered"
        if kind == "note" or "message" in (more or {}):
            continue
        before = [what for moment, what in tasks if moment <= at]
        by_hand = by_hand or not (before and before[-1] == "task")
    return "taken_over" if by_hand else None


def _moved_on(session: Session, run: SequenceRun) -> str | None:
    """The deal that started it is lost, gone, or in another stage."""
    if run.deal_id is None:
        return None
    deal = session.get(Deal, (run.workspace_id, run.deal_id), populate_existing=True)
    stays = deal is not None and deal.status == "open" and deal.stage == run.stage
    return None if stays else "moved_on"


def _twice(session: Session, run: SequenceRun) -> str | None:
    """They were in it under two names, which were made one: the earlier goes on."""
    query = select(SequenceRun.id).where(
        SequenceRun.workspace_id == run.workspace_id,
        SequenceRun.contact_id == run.contact_id,
        SequenceRun.state == "running",
        SequenceRun.sequence_id + 0 == run.sequence_id,
        SequenceRun.id < run.id,
    )
    return "twice" if session.scalars(query.limit(1)).first() else None


def still_wanted(session: Session, message: Message, _now: datetime) -> Verdict | None:
    """Whether a step's message is to go: its customer is still in the sequence, the step is still
    there, and the sequence is not paused. What was changed in the step meanwhile holds."""
    number, _, step_key = message.source.removeprefix("sequence:").partition(":")
    sequence = session.get(Sequence, (message.workspace_id, int(number)), populate_existing=True)
    run = session.scalars(
        select(SequenceRun).where(
            SequenceRun.workspace_id == message.workspace_id,
            SequenceRun.contact_id == message.contact_id,
            SequenceRun.message_id + 0 == message.id,
        ).limit(1).execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if sequence is None or run is None:
        return Verdict(reason="stopped")
    if run.state != "running":
        return Verdict(reason=run.reason or "stopped")
    if reason := ending(session, run, sequence):
        return Verdict(reason=reason)
    key = int(step_key.partition(":")[0])
    step = next((each for each in sequence.plan if each.key == key), None)
    if step is None or step.gone or step.template is None:
        return Verdict(reason="step_gone")
    if sequence.state == "paused":
        return Verdict(reason="paused")
    if message.state == "planned":
        message.template_id, message.ways = step.template, ",".join(step.ways)
    return None


SOURCES["sequence"] = still_wanted


# --- what there is --------------------------------------------------------------------------------


def sequences_of(session: Session, workspace_id: int) -> list[Sequence]:
    """Those that were not removed, by name."""
    query = select(Sequence).where(Sequence.workspace_id == workspace_id, Sequence.active)
    return sorted(session.scalars(query), key=lambda row: row.name_key)


def starts_from(session: Session, segment: Segment) -> list[SequenceStart]:
    """The sequences that whoever enters a segment comes into."""
    query = select(SequenceStart).where(
        SequenceStart.workspace_id == segment.workspace_id,
        SequenceStart.stage == of_segment(segment.id),
    )
    return list(session.scalars(query.order_by(SequenceStart.id + 0)))


def starts_of(session: Session, workspace_id: int) -> list[SequenceStart]:
    query = select(SequenceStart).where(SequenceStart.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(SequenceStart.id)))


@dataclass
class Brought:
    """What a sequence brought so far: how many came in, are in it, and how it ended for others."""

    running: int = 0
    finished: int = 0
    stopped: dict[str, int] = field(default_factory=dict)

    @property
    def started(self) -> int:
        return self.running + self.finished + sum(self.stopped.values())


def brought_by(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, Brought]:
    """Of each of these sequences. Others' private contacts are not among them."""
    found = {number: Brought() for number in ids}
    query = (
        select(
            SequenceRun.sequence_id, SequenceRun.state, SequenceRun.reason,
            func.count(SequenceRun.id),
        )
        .where(
            SequenceRun.workspace_id == workspace_id, SequenceRun.sequence_id.in_(list(found))
        )
        .group_by(SequenceRun.sequence_id, SequenceRun.state, SequenceRun.reason)
    )  # fmt: skip
    for number, state, reason, count in session.execute(query):
        if state == "running":
            found[number].running += count
        elif state == "finished":
            found[number].finished += count
        else:
            found[number].stopped[reason or "by_hand"] = count
    return found


def sent_by(session: Session, sequence: Sequence) -> dict[str, int]:
    """How many of its messages are in each state."""
    query = (
        select(Message.state, func.count(Message.id))
        .where(
            Message.workspace_id == sequence.workspace_id,
            Message.source >= sequence.source,
            Message.source < sequence.source[:-1] + ";",
        )
        .group_by(Message.state)
    )
    return {row.state: row[1] for row in session.execute(query)}


def runs_in(
    session: Session, sequence: Sequence, states: Collection[str], limit: int
) -> list[SequenceRun]:
    """Who is in it, or was, the latest first."""
    query = select(SequenceRun).where(
        SequenceRun.workspace_id == sequence.workspace_id,
        SequenceRun.sequence_id == sequence.id,
        SequenceRun.state.in_(list(states)),
    )
    order: tuple[Any, ...] = (SequenceRun.ended_at.desc(), SequenceRun.id.desc())
    if tuple(states) == ("running",):
        order = (SequenceRun.started_at.desc(), SequenceRun.id.desc())
    return list(session.scalars(query.order_by(*order).limit(limit)))


def runs_of(
    session: Session, workspace_id: int, contact_id: int, sequence_id: int | None = None
) -> list[SequenceRun]:
    """The sequences that a contact is in."""
    query = select(SequenceRun).where(
        SequenceRun.workspace_id == workspace_id,
        SequenceRun.contact_id == contact_id,
        SequenceRun.state == "running",
    )
    rows = session.scalars(query.order_by(SequenceRun.id + 0)).all()  # not by walking all of them
    return [row for row in rows if sequence_id in (None, row.sequence_id)]


def end_all(session: Session, sequence: Sequence, reason: str, now: datetime) -> int:
    """Everybody leaves it; how many did. Row by row, so that a turn can be taken back."""
    query = select(SequenceRun).where(
        SequenceRun.workspace_id == sequence.workspace_id,
        SequenceRun.sequence_id == sequence.id,
        SequenceRun.state == "running",
    )
    rows = session.scalars(query).all()
    for row in rows:
        row.end(reason, now)
    session.flush()
    return len(rows)


def any_running(session: Session, workspace_id: int) -> bool:
    """Whether there is a sequence at all that somebody may be in."""
    query = select(Sequence.id).where(
        Sequence.workspace_id == workspace_id, Sequence.active, Sequence.state != "stopped"
    )
    return session.scalars(query.limit(1)).first() is not None
