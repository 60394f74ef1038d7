"""What customers agreed to: kept as they say it, shown on their card, with how it is known."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers.book import Chapter
from handlers.reply import Button, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import Who
from language.voice import RLM, one_line
from rules.touches import CHANNELS
from storage.consent import Consent, agree, consents, history_of
from storage.models import Contact, Member
from storage.touching import hold

chapter = Chapter(__name__)

PEOPLE = 6
"""People of a company who are offered."""

LATEST = 10
"""Words of consent in one answer."""


@chapter.command("consent.give")
def give(turn: Turn, who: Who, channels: list[str] | None = None) -> Reply:
    """A customer agreed to be written to."""
    contact = person(turn, who)
    if not channels:
        every = Choice(turn.say("every_channel"), {"channels": list(CHANNELS)})
        each = (Choice(said(turn, name), {"channels": [name]}) for name in CHANNELS)
        raise Ask("ask_channels", "channels", choices=(*each, every), name=contact.name)
    return _keep(turn, contact, channels, granted=True)


@chapter.command("consent.take")
def take(turn: Turn, who: Who, channels: list[str] | None = None) -> Reply:
    """A customer wants no more of it; where no way was said, none at all."""
    return _keep(turn, person(turn, who), channels or list(CHANNELS), granted=False)


def _keep(turn: Turn, contact: Contact, channels: list[str], *, granted: bool) -> Reply:
    ways = [each for each in channels if each in CHANNELS]
    turn.focus(contact=contact.id, company=contact.company_id)
    hold(turn.session, turn.workspace.id, contact.id)
    rows = agree(
        turn.session, turn.workspace.id, contact.id, ways, granted=granted, at=turn.now,
        how="said" if turn.said else "tap", by_id=turn.member.id,
        words=one_line(turn.said, 300) or None,
    )  # fmt: skip
    told = [said(turn, each) for each in ways]
    if not rows:
        raise Sorry("consent_known" if granted else "refusal_known", name=contact.name, ways=told)
    key = "consent_given" if granted else "consent_taken"
    return Reply(
        (Title(turn.say(key, name=contact.name, ways=told)), *_standing(turn, contact)),
        (turn.undo(), turn.button("consent_button", "consent.show", contact=contact.id)),
    )


@chapter.command("consent.show")
def show(turn: Turn, who: Who) -> Reply:
    """How a customer may be written to, and all that they ever said of it."""
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    rows = history_of(turn.session, turn.workspace.id, contact.id)
    title = Title(turn.say("consent_title", name=contact.name))
    parts: list[Part] = [title, *_standing(turn, contact)]
    if rows:
        parts.append(Line(turn.say("consent_history")))
        parts.append(Items(tuple(_line(turn, row) for row in rows[:LATEST])))
    there = consents(turn.session, turn.workspace.id, [contact.id])
    open_ones = [name for name in CHANNELS if not _granted(there.get((contact.id, name)))]
    return Reply(tuple(parts), may_agree(turn, contact, open_ones))


def may_agree(turn: Turn, contact: Contact, ways: Sequence[str]) -> tuple[Button, ...]:
    """To keep that a customer agreed to one of these ways, the first two."""
    return tuple(
        turn.button(
            "agreed_to_button", "consent.give", label_values={"way": said(turn, each)},
            contact=contact.id, channels=[each],
        )
        for each in ways[:2]
    )  # fmt: skip


def _granted(row: Consent | None) -> bool:
    return row is not None and row.granted


def person(turn: Turn, who: Who) -> Contact:
    """Consent is a person's: of a company it is asked whose."""
    if who.contact is not None:
        return who.contact
    company = who.company
    query = select(Contact).where(
        Contact.workspace_id == turn.workspace.id,
        Contact.company_id == (company.id if company else None),
    )
    people = list(turn.session.scalars(query.order_by(Contact.id).limit(PEOPLE)))
    if len(people) == 1:
        return people[0]
    if not people:
        raise Sorry("nobody_at", name=who.name)
    choices = tuple(Choice(row.name, {"contact": row.id, "company": None}) for row in people)
    raise Ask("ask_who_at", "contact", choices=choices, name=who.name)


def _standing(turn: Turn, contact: Contact) -> list[Part]:
    there = consents(turn.session, turn.workspace.id, [contact.id])
    rows = []
    for name in CHANNELS:
        row = there.get((contact.id, name))
        state = "not_asked" if row is None else "agreed" if row.granted else "refused"
        day = turn.voice.day(turn.local_day(row.at)) if row else ""
        rows.append((said(turn, name), turn.say(f"consent_{state}", day=day)))
    return [Fields(tuple(rows))]


def card_row(turn: Turn, contact: Contact) -> tuple[str, str] | None:
    """For the card of a contact: the ways that they said anything of."""
    there = consents(turn.session, turn.workspace.id, [contact.id])
    told = [
        turn.piece("way_agreed" if row.granted else "way_refused", way=said(turn, name))
        for name in CHANNELS
        if (row := there.get((contact.id, name)))
    ]
    return (turn.say("field_consent"), turn.voice.beside(*told)) if told else None


def said(turn: Turn, channel: str) -> str:
    """What a channel is called."""
    return turn.piece(f"channel_{channel}")


def _line(turn: Turn, row: Consent) -> str:
    """``24 Nov 2026: e-mail yes, told by Ayesha: "Sara agreed to e-mails"``."""
    by = turn.session.get(Member, (row.workspace_id, row.by_id)) if row.by_id else None
    way = turn.say("way_agreed" if row.granted else "way_refused", way=said(turn, row.channel))
    how = turn.piece(f"how_{row.how}", name=by.name if by else "")
    what = turn.voice.beside(way.strip(RLM), how, row.words)
    return turn.voice.told(f"{turn.voice.full_day(turn.local_day(row.at))}: {what}")
