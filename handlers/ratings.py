"""How happy a customer is: asked once a ticket is settled, kept, and what follows of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from handlers.book import Chapter
from handlers.party import Party
from handlers.reply import Button, Call, Items, Line, Reply, Title
from handlers.ticket_meant import find_ticket
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import Who, find_who, said_names
from storage.models import Company, Contact, Deal, Order, Rating, Referral, Ticket
from storage.ratings import BEST, HAPPY, UNHAPPY, was_asked_lately
from storage.service import source_name

chapter = Chapter(__name__)

SHOWN = 10
SOURCE = "referral"


def how_happy(turn: Turn, *, name: str, **about: int) -> tuple[Line, tuple[Button, ...]]:
    """The question, and a button for each answer. ``about``: the ticket, order or deal."""
    scores = tuple(
        Button(
            turn.say("score_button", score=score), Call("rating.give", {"score": score, **about})
        )
        for score in range(1, BEST + 1)
    )
    return Line(turn.say("ask_how_happy", name=name)), scores


@chapter.command("rating.give")
def give(
    turn: Turn,
    call: Call,
    score: int | None = None,
    words: str | None = None,
    ticket: int | None = None,
    order: int | None = None,
    deal: int | None = None,
    number: int | None = None,
) -> Reply:
    """So happy they are, from 1 to 5. One that was given for the same thing is put right."""
    about, whom = _about(turn, call, ticket, order, deal, number)
    if score is None or not 1 <= score <= BEST:
        choices = tuple(Choice(str(each), {"score": each, **about}) for each in range(1, BEST + 1))
        raise Ask("ask_score", "score", choices=choices, name=whom.name)
    row = _known(turn, about) or Rating(
        workspace_id=turn.workspace.id, referral_asked=False,
        **{f"{name}_id": number for name, number in {**whom.ids, **about}.items()},
    )  # fmt: skip
    row.score, row.at, row.by_id = score, turn.now, turn.member.id
    row.words = words or row.words
    happy = score >= HAPPY and not was_asked_lately(
        turn.session, turn.workspace.id, row.contact_id, row.company_id, turn.now
    )
    row.referral_asked = row.referral_asked or happy
    turn.session.add(row)
    turn.session.flush()
    turn.focus(**whom.ids)
    title = Title(turn.say("rating_kept", name=whom.name, score=score, best=BEST))
    if score <= UNHAPPY:
        call_them = turn.button("task_button", "task.add", **whom.slots)
        return Reply((title, Line(turn.say("rating_low"))), (turn.undo(), call_them))
    if not happy:
        return Reply((title,), (turn.undo(),))
    task = Button(
        turn.say("referral_task_button"),
        Call("task.add", {**whom.slots, "text": turn.piece("referral_task")}),
        "primary",
    )
    not_now = turn.button("not_now_button", "referral.later")
    return Reply(
        (title, Line(turn.say("ask_referral", name=whom.name))), (task, not_now, turn.undo())
    )


@chapter.command("referral.later")
def later(turn: Turn) -> Reply:
    """Not now; it is suggested again after half a year at the earliest."""
    return Reply((Line(turn.say("referral_later")),))


def _about(
    turn: Turn, call: Call, ticket: int | None, order: int | None, deal: int | None,
    number: int | None,
) -> tuple[dict[str, int], Party]:  # fmt: skip
    """What is rated, and whose it is."""
    row: Ticket | Order | Deal | None = None
    if ticket is not None or number is not None or call.slots.get("this"):
        row = find_ticket(turn, call, closed=True)
        about = {"ticket": row.id}
    elif order is not None:
        row, about = turn.record(Order, order), {"order": order}
    elif deal is not None:
        row, about = turn.record(Deal, deal), {"deal": deal}
    else:
        who = find_who(turn, call)
        if who is None:
            raise Sorry("gone")
        return {}, Party(who.contact, who.company)
    return about, Party(row.contact, row.company)


def _known(turn: Turn, about: dict[str, int]) -> Rating | None:
    """What was said of the same thing before."""
    for name, number in about.items():
        here = select(Rating).where(
            Rating.workspace_id == turn.workspace.id, getattr(Rating, f"{name}_id") == number
        )
        return turn.session.scalars(here.order_by(Rating.id.desc()).limit(1)).first()
    return None


# --- who sent whom --------------------------------------------------------------------------------


@chapter.command("referral.note")
def refer(turn: Turn, who: Party, by: str | int | None = None) -> Reply:
    """Somebody came to us by somebody else: that is kept as where they are from, and by whom."""
    source = find_who(turn, Call("contact.show", {"contact": by})) if by else None
    if source is None:
        raise Ask("ask_referred_by", "by", kind="words", name=who.name)
    if source.ids == who.ids:
        raise Sorry("referred_by_self", name=who.name)
    row = _referral_of(turn, who) or Referral(
        workspace_id=turn.workspace.id, contact_id=who.ids["contact"],
        company_id=who.ids["company"] if who.contact is None else None,
    )  # fmt: skip
    row.by_contact_id = source.ids["contact"]
    row.by_company_id = source.ids["company"] if source.contact is None else None
    row.at, row.by_id = turn.now, turn.member.id
    turn.session.add(row)
    about = who.contact or who.company
    if about is not None and not about.source:
        about.source = SOURCE
    turn.session.flush()
    turn.focus(**who.ids)
    title = Title(turn.say("referral_kept", name=who.name, by=source.name))
    show = turn.button("show_button", "contact.show", **who.slots)
    return Reply((title,), (turn.undo(), show))


def _referral_of(turn: Turn, who: Party) -> Referral | None:
    here = select(Referral).where(Referral.workspace_id == turn.workspace.id)
    if who.contact:
        here = here.where(Referral.contact_id == who.contact.id)
    elif who.company:
        here = here.where(Referral.company_id == who.company.id)
    return turn.session.scalars(here.limit(1)).first()


def _of(who: Who, *, as_source: bool) -> ColumnElement[bool]:
    """Whether somebody came by them, or they by somebody."""
    if who.contact:
        column = Referral.by_contact_id if as_source else Referral.contact_id
        return column == who.contact.id
    column = Referral.by_company_id if as_source else Referral.company_id
    return column == (who.company.id if who.company else None)


@chapter.command("referral.list")
def referrals(turn: Turn, call: Call, by: str | int | None = None) -> Reply:
    """Who came by whom, the latest first; of one customer, or by one."""
    here = select(Referral).where(Referral.workspace_id == turn.workspace.id)
    name = None
    if by or said_names(call):
        asked = Call("contact.show", {"contact": by}) if by else call
        who = find_who(turn, asked)
        if who is None:
            raise Sorry("gone")
        name = who.name
        here = here.where(_of(who, as_source=bool(by)))
    rows = turn.session.scalars(here.order_by(Referral.at.desc(), Referral.id.desc())).all()
    lines = []
    for row in rows[:SHOWN]:
        whom = turn.session.get(Contact, (turn.workspace.id, row.contact_id or 0)) or (
            turn.session.get(Company, (turn.workspace.id, row.company_id or 0))
        )
        if whom is not None:
            lines.append(
                turn.say("referral_line", name=whom.name, by=source_name(turn.session, row) or "—")
            )
    if not lines:
        raise Sorry("no_referrals_of", name=name) if name else Sorry("no_referrals")
    more = [Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True)] if rows[SHOWN:] else []
    return Reply((Title(turn.say("referrals_title", n=len(rows))), Items(tuple(lines)), *more))
