"""People of a deal beside the one it is with: who, and as what."""

from __future__ import annotations

from handlers import deals
from handlers.book import Chapter
from handlers.deal_goods import add_items
from handlers.deal_held import held_by, role_said
from handlers.party import new_contact
from handlers.price_list import product_known
from handlers.reply import Call, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import MANY, Who, called, choices_of
from language.voice import one_line
from storage.models import Contact, Deal, DealContact

chapter = Chapter(__name__)

MOST = 30
"""People of one deal."""


@chapter.command("deal.join")
def join(turn: Turn, deal: Deal, person: str | int, call: Call, role: str | None = None) -> Reply:
    """Somebody has a part in it; one who has gets another role."""
    if _is_goods(turn, person, role):
        return add_items(turn, deal, [{"name": person, "quantity": 1}])
    contact = _contact(turn, deal, call, person)
    held = held_by(turn, deal)
    row = next((each for each in held.people if each.contact_id == contact.id), None)
    told = one_line(role, 60) if role else None
    if row is None and len(held.people) >= MOST:
        raise Sorry("too_many_people", n=MOST)
    if row is None and contact.id == deal.contact_id and not told:
        raise Sorry("in_deal_already", name=contact.name, deal=deal.buyer)
    if row is not None and (not told or told == row.role):
        raise Sorry("in_deal_already", name=contact.name, deal=deal.buyer)
    if row is None:
        row = DealContact(
            workspace_id=turn.workspace.id, deal_id=deal.id, contact_id=contact.id, role=told
        )
        turn.session.add(row)
    row.role = told or row.role
    turn.session.flush()
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    said = role_said(turn, row.role)
    key = "joined_as" if said else "joined"
    title = Title(turn.say(key, name=deal.buyer, person=contact.name, **_role(said)))
    parts: list[Part] = [title, *deals.card(turn, deal)]
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


def _role(said: str) -> dict[str, str]:
    return {"role": said} if said else {}


def _is_goods(turn: Turn, said: str | int, role: str | None) -> bool:
    """Whether a bare name is one of the price list, and of nobody."""
    if isinstance(said, int) or role is not None or called(turn, Contact, said):
        return False
    return product_known(turn, said) is not None


def _contact(turn: Turn, deal: Deal, call: Call, said: str | int) -> Contact:
    """Who was named: of several those of the company it is with; somebody new is made there."""
    if isinstance(said, int):
        return turn.record(Contact, said)
    rows: list[Contact] = called(turn, Contact, said)
    there = [row for row in rows if deal.company_id and row.company_id == deal.company_id]
    rows = there or rows
    if len(rows) == 1:
        return rows[0]
    if rows and not call.slots.get("is_new"):
        choices = tuple(
            Choice(choice.label, {"person": choice.slots["contact"]})
            for choice in choices_of(Who(row) for row in rows[: MANY - 1])
        )
        fresh = Choice(turn.say("somebody_new"), {"is_new": True})
        raise Ask("ask_which", "person", choices=(*choices, fresh), name=said)
    turn.said_new = turn.said_new or bool(rows)
    return new_contact(turn, said, deal.company)
