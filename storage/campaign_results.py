"""What became of a campaign: counted from the messages, and from who bought since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.lift import Lift, Share, lift
from storage.campaigns_kept import Campaign
from storage.consent import consents
from storage.messages import Message
from storage.people import Activity, Contact
from storage.purchases import purchases
from storage.team import Workspace
from storage.touched import FROM_CUSTOMER

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Results:
    """Messages: ``planned`` all that were to go, of which ``sent`` (the mail server or platform
    took it, or the member said so), ``failed``, ``unknown``, ``dropped`` (by reason), ``waiting``;
    ``answered``: the contacts of whom something of their own came after theirs went, the first of
    them first. Customers (a company is one):
    ``reached`` and ``held``, each with how many bought; ``until``: to when that is counted, which
    is ``within`` days."""

    planned: int
    sent: int
    failed: int
    unknown: int
    waiting: int
    dropped: dict[str, int]
    answered: tuple[int, ...]
    opted_out: int
    reached: Share
    held: Share
    lift: Lift
    within: int
    until: datetime
    is_final: bool


def results(
    session: Session, campaign: Campaign, now: datetime, within: int | None = None
) -> Results:
    """As it stands now; ``within``: the days that are counted, where not the campaign's own.

    Who was to get it counts as reached, whether they did or not: both sides were drawn before
    anybody knew who would."""
    space = campaign.workspace_id
    rows = session.execute(
        select(Message.contact_id, Message.state, Message.reason, Message.went_at).where(
            Message.workspace_id == space, Message.source == campaign.source
        )
    ).all()
    began = campaign.started_at or now
    until = began + timedelta(days=within or campaign.within)
    states = [row.state for row in rows if row.state != "held"]
    dropped: dict[str, int] = {}
    for row in rows:
        if row.state == "dropped":
            reason = (row.reason or "").partition(":")[0]
            dropped[reason] = dropped.get(reason, 0) + 1
    went = {
        row.contact_id: row.went_at
        for row in rows
        if row.state in ("sent", "unknown") and row.went_at
    }
    treated = [row.contact_id for row in rows if row.state != "held"]
    held = [row.contact_id for row in rows if row.state == "held"]
    bought = _bought(session, space, began, min(until, now))
    reached_share = _share(session, space, treated, bought)
    held_share = _share(session, space, held, bought)
    return Results(
        planned=len(states),
        sent=states.count("sent"),
        failed=states.count("failed"),
        unknown=states.count("unknown"),
        waiting=sum(states.count(each) for each in ("planned", "posted", "ready", "prepared")),
        dropped=dropped,
        answered=_answered(session, space, went, until),
        opted_out=_opted_out(session, space, went, until),
        reached=reached_share,
        held=held_share,
        lift=lift(reached_share, held_share),
        within=within or campaign.within,
        until=until,
        is_final=now >= until,
    )


def _bought(session: Session, space: int, began: datetime, until: datetime) -> set[str]:
    """Customers with a purchase on a day after the campaign began, up to the last day that counts:
    what was bought on the day itself may have come before it."""
    zone = ZoneInfo(session.get_one(Workspace, space).timezone)
    first = began.astimezone(zone).date() + timedelta(days=1)
    last = until.astimezone(zone).date()
    return {
        f"{each.kind}:{each.customer_id}"
        for each in purchases(session, space, since=first)
        if each.day <= last
    }


def _share(session: Session, space: int, contacts: Sequence[int], bought: set[str]) -> Share:
    """Of these contacts' customers those that bought; a company is one."""
    keys: set[str] = set()
    for begin in range(0, len(contacts), AT_ONCE):
        query = select(Contact.id, Contact.company_id).where(
            Contact.workspace_id == space, Contact.id.in_(contacts[begin : begin + AT_ONCE])
        )
        for number, company in session.execute(query):
            keys.add(f"company:{company}" if company else f"contact:{number}")
    return Share(len(keys & bought), len(keys))


def _answered(
    session: Session, space: int, went: dict[int, datetime], until: datetime
) -> tuple[int, ...]:
    """Contacts of whom something of their own is written down after their message went."""
    found: dict[int, datetime] = {}
    contacts = sorted(went)
    for begin in range(0, len(contacts), AT_ONCE):
        query = select(Activity.contact_id, Activity.at, Activity.more).where(
            Activity.workspace_id == space,
            Activity.contact_id.in_(contacts[begin : begin + AT_ONCE]),
            Activity.at <= until,
        )
        for number, at, more in session.execute(query):
            if number and at >= went[number] and (more or {}).get("from") == FROM_CUSTOMER:
                found[number] = min(at, found.get(number, at))
    return tuple(sorted(found, key=lambda number: (found[number], number)))


def _opted_out(session: Session, space: int, went: dict[int, datetime], until: datetime) -> int:
    """Contacts who wanted no more messages after theirs went."""
    words = consents(session, space, sorted(went))
    return len(
        {
            number
            for (number, _), row in words.items()
            if not row.granted and went[number] <= row.at <= until
        }
    )
