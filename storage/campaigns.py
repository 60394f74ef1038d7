"""Campaigns: whom they go to, who is held out so that the effect is seen, and stopping them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, selectinload

from rules.touches import is_held
from storage.campaigns_kept import Campaign
from storage.messages import LAPSES, Message
from storage.people import Contact
from storage.touching import SOURCES, Reached, Verdict
from storage.types import new_id
from storage.writing import write_values

AT_ONCE = 500


def customer_key(contact: Contact) -> str:
    """Whose purchase theirs is: a company's people are drawn together, as they buy together."""
    return f"company:{contact.company_id}" if contact.company_id else f"contact:{contact.id}"


@dataclass
class Split:
    """An audience, looked at: who is to get it, how many on each channel, who is held out, and who
    gets nothing, and why."""

    reached: list[Contact] = field(default_factory=list)
    held: list[Contact] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    examples: list[tuple[Contact, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.reached) + len(self.held) + sum(self.left_out.values())


def split(
    session: Session, workspace_id: int, chosen: Select[Any], ways: Sequence[str],
    *, campaign: int, held: int,
) -> Split:  # fmt: skip
    """Draw who is held out, of those who could get it: so both sides are alike. Of one customer
    alone nobody is: there would be nobody to compare with, and nobody would get it."""
    found = Split()
    for contacts in _contacts(session, workspace_id, chosen):
        reach = Reached(session, workspace_id, contacts)
        for contact in contacts:
            verdict = reach.way(contact, ways)
            if verdict.way is None:
                found.left_out[verdict.reason] = found.left_out.get(verdict.reason, 0) + 1
            elif is_held(campaign, customer_key(contact), held):
                found.held.append(contact)
            else:
                found.reached.append(contact)
                way = verdict.way.channel
                found.by_channel[way] = found.by_channel.get(way, 0) + 1
                if len(found.examples) < EXAMPLES:
                    found.examples.append((contact, way))
    if found.held and len(set(map(customer_key, (*found.held, *found.reached)))) == 1:
        return split(session, workspace_id, chosen, ways, campaign=campaign, held=0)
    return found


EXAMPLES = 3
"""Real customers for whom it is shown before it goes."""


def _contacts(
    session: Session, workspace_id: int, chosen: Select[Any]
) -> Iterator[Sequence[Contact]]:
    """The audience in its order of making, some at a time."""
    ids = sorted(session.scalars(chosen))
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        query = (
            select(Contact)
            .where(Contact.workspace_id == workspace_id, Contact.id.in_(some))
            .options(selectinload(Contact.points))
            .order_by(Contact.id)
        )
        yield session.scalars(query).all()


def plan_all(session: Session, campaign: Campaign, drawn: Split, now: datetime) -> None:
    """Plan the messages, and write down who is held out; done again it changes nothing."""
    source = campaign.source
    known = set(
        session.scalars(
            select(Message.key).where(
                Message.workspace_id == campaign.workspace_id, Message.source == source
            )
        )
    )
    rows = [
        _row(campaign, contact, state, now)
        for state, contacts in (("planned", drawn.reached), ("held", drawn.held))
        for contact in contacts
        if f"{source}/{contact.id}/" not in known
    ]
    for begin in range(0, len(rows), AT_ONCE):
        write_values(session, Message, rows[begin : begin + AT_ONCE])


def _row(campaign: Campaign, contact: Contact, state: str, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": campaign.workspace_id, "id": new_id(), "version": 1,
        "contact_id": contact.id, "source": campaign.source,
        "key": f"{campaign.source}/{contact.id}/", "state": state, "reason": None,
        "ways": campaign.ways, "channel": None, "address": None,
        "template_id": campaign.template_id, "language": None, "subject": None, "text": None,
        "by_id": campaign.by_id, "planned_at": now, "due_at": now if state == "planned" else None,
        "went_at": None, "lapses_at": now + LAPSES,
    }  # fmt: skip


def go_on(session: Session, campaign: Campaign, now: datetime) -> int:
    """What waited while it was paused is looked at again; how many."""
    waiting = (
        update(Message)
        .where(
            Message.workspace_id == campaign.workspace_id,
            Message.source == campaign.source,
            Message.state == "planned",
            Message.due_at.is_(None),
        )
        .values(due_at=now, lapses_at=now + LAPSES, version=Message.version + 1)
        .execution_options(synchronize_session=False)
    )
    return session.execute(waiting).rowcount  # type: ignore[attr-defined, no-any-return]  # an UPDATE


def drop_all(session: Session, campaign: Campaign) -> int:
    """What did not go yet does not go any more; how many. What a member was to send counts too."""
    waiting = (
        update(Message)
        .where(
            Message.workspace_id == campaign.workspace_id,
            Message.source == campaign.source,
            Message.state.in_(("planned", "ready")),
        )
        .values(state="dropped", reason="stopped", due_at=None, version=Message.version + 1)
        .execution_options(synchronize_session=False)
    )
    return session.execute(waiting).rowcount  # type: ignore[attr-defined, no-any-return]  # an UPDATE


def is_over(session: Session, campaign: Campaign) -> bool:
    """Whether nothing of it is to go any more."""
    waiting = select(func.count(Message.id)).where(
        Message.workspace_id == campaign.workspace_id,
        Message.source == campaign.source,
        Message.state.in_(("planned", "posted", "ready", "prepared")),
    )
    return not session.scalar(waiting)


def campaigns_of(session: Session, workspace_id: int, limit: int) -> list[Campaign]:
    """The latest that were begun."""
    query = select(Campaign).where(Campaign.workspace_id == workspace_id, Campaign.state != "draft")
    return list(session.scalars(query.order_by(Campaign.id.desc()).limit(limit)))


def still_wanted(session: Session, message: Message, _now: datetime) -> Verdict | None:
    """Whether the campaign of a message runs: paused it waits, stopped it goes no more."""
    number = int(message.source.partition(":")[2].partition(":")[0])
    campaign = session.get(Campaign, (message.workspace_id, number), populate_existing=True)
    if campaign is None or campaign.state in ("stopped", "done", "draft"):
        return Verdict(reason="stopped")
    if campaign.state == "paused":
        return Verdict(reason="paused")
    return None


SOURCES["campaign"] = still_wanted
