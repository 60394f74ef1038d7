"""What was raised is brought here: the worthiest interrupts, as often a day as a member can bear,
and the rest stands in the next morning's agenda.

It goes by members, each locked while they are told, so that their budget is counted once. Whether
something still holds is looked up again when it is told: what was done meanwhile, is somebody
else's by now or may not be seen any more is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from handlers.nudge_letter import foot, letter, line, named, said, teach
from handlers.reply import Reply, Title
from handlers.turn import Turn
from rules.nudging import KINDS, good_moment
from scheduler.drawing import Draw, may_be_told, private_address
from scheduler.kinds import WAYS, Telling
from scheduler.letters import Address
from scheduler.one_by_one import LATER, Due, one_by_one
from storage import nudges, queries
from storage.acted import settle
from storage.handover import stand_in
from storage.models import Member, Nudge, Workspace
from storage.raising import Subject
from storage.scope import everywhere, within
from storage.workdays import work_days

BATCH = 5
"""Members who are told in one transaction: between two of them, messages are answered."""

LOOKED_AT = 400
"""Due nudges looked at to find them."""

MOST = 100
"""Nudges of one member that are ranked against each other at once."""

NOT_REACHED = timedelta(days=7)
"""When it is looked again at what is for somebody whom nothing reaches."""


DUE = Due(Nudge.due_at)
"""Of any kind: most are brought here."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Bring what is due; how many letters were written, or 1 for more to do."""

    def put_off(member: Member) -> None:
        put_all_off(session, member, now, now + LATER)

    return one_by_one(
        session,
        _listeners(session, now),
        lambda member: bring(session, draw, member, now),
        put_off,
    )


def _listeners(session: Session, now: datetime) -> Sequence[Member]:
    """Who is to hear of what is due, but for those whom another process tells just now."""
    with everywhere(session):
        owners = nudges.owners_due(session, select(Workspace.id), now, LOOKED_AT)
    ears: dict[tuple[int, int], None] = {}
    for space, number in owners:
        with within(session, space):
            owner = session.get_one(Member, (space, number))
            for ear in (owner, stand_in(session, owner, now)):
                ears[space, ear.id] = None
    if not ears:
        return ()
    locked = (
        select(Member)
        .where(tuple_(Member.workspace_id, Member.id).in_(list(ears)))
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True, of=Member)
    )
    with everywhere(session):
        return session.scalars(locked).all()


def put_all_off(session: Session, member: Member, now: datetime, to: datetime) -> None:
    theirs = update(Nudge).where(
        Nudge.workspace_id == member.workspace_id,
        nudges.heard_by(session, member, now),
        Nudge.kind.in_(KINDS),
        Nudge.due_at <= now,
    )
    session.execute(theirs.values(due_at=to).execution_options(synchronize_session=False))


def bring(session: Session, draw: Draw, member: Member, now: datetime) -> int:
    """Tell a member what is due, or put it off to a better moment; how many letters it took."""
    works = work_days(session, member.workspace_id).works
    moment = good_moment(now, member.zone, member.morning, member.quiet, works)
    if moment is not None and moment > now:
        put_all_off(session, member, now, moment)
        return 0
    address = private_address(session, member) if member.active else None
    if address is None:
        put_all_off(session, member, now, now + NOT_REACHED)
        return 0
    rows = nudges.due(session, member, now, MOST)
    if not rows:
        return 0
    bringing = Bringing(draw.turn(session, member, now), draw, address if moment else None)
    heaps = {heap.first.id: heap for heap in bringing.heaps(rows)}

    def put_off(row: Nudge) -> None:
        for each in heaps[row.id].rows:
            each.due_at = now + LATER

    firsts = [heap.first for heap in heaps.values()]
    letters = one_by_one(session, firsts, lambda row: bringing.tell(heaps[row.id]), put_off)
    return letters or int(len(rows) == MOST)


@dataclass(frozen=True)
class Heap:
    """All that is due about one customer, deal or goal: one letter."""

    tellings: Sequence[Telling]
    worth: float

    @property
    def rows(self) -> list[Nudge]:
        return [each.nudge for each in self.tellings]

    @property
    def first(self) -> Nudge:
        return self.tellings[0].nudge


class Bringing:
    """What is due for one member, told now. Without an address it waits for the agenda."""

    def __init__(self, turn: Turn, draw: Draw, address: Address | None) -> None:
        self.turn, self.draw, self.address = turn, draw, address
        settle(turn.session, turn.member, turn.today)
        self.unwanted = nudges.unwanted(turn.session, turn.member)
        self.helps = nudges.helps(turn.session, turn.member, turn.today)
        self.most = nudges.a_day(turn.member)
        self.sent = nudges.interrupted(turn.session, turn.member, turn.today)

    def heaps(self, rows: Sequence[Nudge]) -> list[Heap]:
        """What still holds, by whom it is about, the worthiest first; the others are over."""
        tellings = self._that_hold(rows)
        kinds = list(KINDS)
        by_subject: dict[str, list[Telling]] = {}
        for each in sorted(tellings, key=lambda each: kinds.index(each.nudge.kind)):
            by_subject.setdefault(each.nudge.subject, []).append(each)
        heaps = [Heap(some, max(map(self._worth, some))) for some in by_subject.values()]
        return sorted(
            heaps,
            key=lambda heap: (
                not KINDS[heap.first.kind].must, -heap.worth, kinds.index(heap.first.kind),
            ),
        )  # fmt: skip

    def _that_hold(self, rows: Sequence[Nudge]) -> list[Telling]:
        wanted = [row for row in rows if row.kind not in self.unwanted]
        found: dict[int, Telling] = {}
        for way in dict.fromkeys(WAYS[row.kind] for row in wanted):
            for each in way(self.turn, [row for row in wanted if WAYS[row.kind] is way]):
                found[each.nudge.id] = each
        nudges.over([row for row in rows if row.id not in found])
        return [found[row.id] for row in wanted if row.id in found]

    def _worth(self, each: Telling) -> float:
        """Money at stake, the probability that it is lost, and that telling of it helps."""
        return each.case.minor * each.case.chance * self.helps[each.nudge.kind]

    def tell(self, heap: Heap) -> int:
        """As a letter, or for the agenda; how many letters it took."""
        turn, first = self.turn, heap.tellings[0]
        must = any(KINDS[each.nudge.kind].must for each in heap.tellings)
        fits = self.sent < self.most or (must and self.most > 0)
        is_letter = self.address is not None and fits and self._may_hear(first)
        for row in heap.rows:
            row.state, row.due_at = "along" if is_letter else "waiting", None
            row.day, row.raised_at = turn.today, turn.now
            row.to_id = None if row.member_id == turn.member.id else turn.member.id
        if not is_letter or self.address is None:
            for row in heap.rows:
                row.to_id = None
            return 0
        first.nudge.state = "sent"
        self.sent += not KINDS[first.nudge.kind].must
        owner = queries.get(turn.session, Member, turn.workspace.id, first.nudge.member_id)
        reply = self._letter(heap, owner or turn.member)
        self.draw.send(turn, reply, self.address, f"nudge:{first.nudge.id}")
        turn.session.flush()
        return 1

    def _may_hear(self, each: Telling) -> bool:
        """Not of another's private contact: that stays with its owner, in the agenda."""
        return each.about is None or may_be_told(self.turn.member, each.about)

    def _letter(self, heap: Heap, owner: Member) -> Reply:
        first, turn = heap.tellings[0], self.turn
        if first.reply is not None:
            counted = None if KINDS[first.nudge.kind].must else self.sent
            parts = (*first.reply.parts, *foot(turn, owner, counted, self.most))
            return Reply(parts, (*first.reply.buttons, *teach(turn, first.nudge)))
        case = first.case
        evidence = [told for each in heap.tellings for told in each.case.evidence]
        whole = type(case)(tuple(evidence), case.offers, case.minor, case.chance)
        return letter(
            turn, first.nudge, whole, about=about_of(turn, first.about),
            n=self.sent, most=self.most, owner=owner,
        )  # fmt: skip


def about_of(turn: Turn, row: Subject | None) -> str:
    return named(turn, row) if row is not None else ""


def for_agenda(turn: Turn, draw: Draw) -> Iterator[tuple[Heap, str]]:
    """What waits for a member's agenda and still holds, the worthiest first, each with its line.
    It was told then."""
    session, member = turn.session, turn.member
    bringing = Bringing(turn, draw, None)
    rows = nudges.waiting(session, member, turn.today, turn.now)
    old = [row for row in rows if (turn.today - row.day).days > KINDS[row.kind].waits]
    nudges.over(old)
    for heap in bringing.heaps([row for row in rows if row not in old]):
        first = heap.tellings[0]
        if not bringing._may_hear(first):
            continue
        for row in heap.rows:
            row.state = "agenda"
            row.to_id = None if row.member_id == member.id else member.id
        if first.reply is not None:
            titles = [part.text for part in first.reply.parts if isinstance(part, Title)]
            yield heap, titles[0] if titles else ""
        else:
            told = [said(turn, each) for each in first.case.evidence]
            yield heap, line(turn, about_of(turn, first.about), told)
