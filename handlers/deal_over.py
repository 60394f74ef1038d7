"""What becomes of a deal: ended, when it is asked how; deleted, as one that was none; and worth
more or less than it was, by so much."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from handlers.book import Chapter
from handlers.deal_about import any_deal
from handlers.deals import changed
from handlers.finding import sum_said
from handlers.likely import of_known
from handlers.removing import take_out
from handlers.reply import Call, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from language.deal_over import read_deal_over
from language.sheet import lay_out
from rules.money import Money
from storage.merging import belonging
from storage.models import Deal, DealContact, DealMove, LineItem, Task

chapter = Chapter(__name__)

ALONG = (DealMove, DealContact, LineItem, Task)
"""What goes with a deal that is deleted; of anything else it is held."""

WHOLE = Decimal(100)


def deal_changed(turn: Turn, text: str) -> Call | None:
    """Such a wish; None for any other message."""
    return of_known(turn, read_deal_over(lay_out(text)))


@chapter.command("deal.drop")
def drop(turn: Turn, call: Call) -> Reply:
    """It comes to nothing: whether it was lost or never was one, is asked."""
    deal = any_deal(turn, call)
    here = {"deal": deal.id}
    lost = Choice(turn.say("deal_lost_button"), {}, (Call("deal.lose", here),))
    gone = Choice(turn.say("deal_delete_button"), {}, (Call("deal.remove", here),))
    choices = (lost, gone) if deal.is_open else (gone,)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    raise Ask("deal_drop_ask", "how", choices=choices, shows=(deal,), name=deal.buyer)


@chapter.command("deal.end")
def end(turn: Turn, deal: Deal) -> Reply:
    """It is closed: whether it was won or lost, is asked."""
    here = {"deal": deal.id}
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    choices = (
        Choice(turn.say("won_button"), {}, (Call("deal.win", here),)),
        Choice(turn.say("lost_button"), {}, (Call("deal.lose", here),)),
    )
    raise Ask("deal_end_ask", "how", choices=choices, shows=(deal,), name=deal.buyer)


@chapter.command("deal.remove")
def remove(turn: Turn, deal: int) -> Reply:
    """It was none: it goes with what is written down of it, and undo brings all of it back."""
    row = turn.record(Deal, deal)
    show = turn.button("show_button", "deal.show", deal=row.id)
    if not turn.disposes_of(row.owner_id):
        raise Sorry("deal_not_yours", (show,), name=row.buyer)
    theirs: list[Any] = list(belonging(turn.session, row))
    if any(not isinstance(each, ALONG) for each in theirs):
        raise Sorry("deal_held", (show,), name=row.buyer)
    name = row.buyer
    turn.focus(contact=row.contact_id, company=row.company_id)
    take_out(turn, row, theirs)
    return Reply((Title(turn.say("deal_removed", name=name)),), (turn.undo(),))


@chapter.command("deal.by")
def by(
    turn: Turn,
    deal: Deal,
    amount: str | None = None,
    currency: str | None = None,
    percent: str | None = None,
    less: bool | None = None,
) -> Reply:
    """It is worth so much more, or less, than it was."""
    before = deal.amount
    if before is None:
        edit = turn.button("show_button", "deal.show", deal=deal.id)
        raise Sorry("deal_worth_unknown", (edit,), name=deal.buyer)
    step = _step(before, amount, currency, percent)
    if step.currency != before.currency:
        raise Sorry("deal_other_currency", name=deal.buyer, currency=before.currency)
    minor = before.minor - step.minor if less else before.minor + step.minor
    if minor <= 0 or not step.minor:
        raise Sorry("deal_by_too_much", name=deal.buyer, amount=turn.voice.money(before))
    return changed(turn, deal, Money(minor, before.currency))


def _step(before: Money, amount: str | None, currency: str | None, percent: str | None) -> Money:
    if percent is None:
        return sum_said(amount or "0", currency or before.currency)
    try:
        share = Decimal(before.minor) * Decimal(percent) / WHOLE
        return Money(int(share.quantize(Decimal(1), ROUND_HALF_UP)), before.currency)
    except (InvalidOperation, OverflowError):
        return Money(0, before.currency)
