"""Orders that come to nothing, stand otherwise, and the same once more: called off an order stays
and counts no more, deleted it is gone, and repeated it stands there anew, of today."""

from __future__ import annotations

from itertools import chain

from sqlalchemy import select

from handlers.book import Chapter
from handlers.likely import of_known
from handlers.orders import begun, card, latest_orders, order_line, remove
from handlers.reply import Call, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import MANY, Who, find_who, said_names
from language.orders_over import STANDS, read_orders_asked, read_orders_over, read_standing
from language.sheet import lay_out
from rules.purchases import counts
from storage.goods import lines_of
from storage.models import LineItem, Order

chapter = Chapter(__name__)

COPIED = (
    "product_id",
    "position",
    "name",
    "quantity",
    "unit",
    "price_minor",
    "currency",
    "discount",
)
"""Of each line, what is the same in the next order."""


def order_called_off(turn: Turn, text: str) -> Call | None:
    """The wish to call an order off, delete it or write it once more, how one stands, and which
    there are of a size; None for anything else."""
    sheet = lay_out(text)
    asked = (read_orders_over(sheet), read_standing(sheet), read_orders_asked(sheet, turn.today))
    return of_known(turn, chain(*asked))


@chapter.command("order.stands")
def stands(
    turn: Turn, call: Call, how: str, order: int | None = None, last: bool | None = None
) -> Reply:
    """It is delivered, on its way, ready, or late."""
    row = turn.record(Order, order) if order else _meant(turn, call, last=bool(last))
    turn.focus(contact=row.contact_id, company=row.company_id)
    if how not in STANDS:
        raise Sorry("not_understood")
    return _stands_now(turn, row, f"order_{how}_status", "order_changed")


@chapter.command("order.cancel")
def cancel(
    turn: Turn,
    call: Call,
    order: int | None = None,
    last: bool | None = None,
    away: bool | None = None,
) -> Reply:
    """It comes to nothing: it stays, as cancelled. ``away``: it was none, and is deleted."""
    row = turn.record(Order, order) if order else _meant(turn, call, last=bool(last))
    turn.focus(contact=row.contact_id, company=row.company_id)
    if away:
        return remove(turn, row.id)
    return _stands_now(turn, row, "order_cancelled_status", "order_cancelled")


def _stands_now(turn: Turn, row: Order, status: str, title: str) -> Reply:
    row.status = turn.piece(status)
    turn.session.flush()
    parts = (Title(turn.say(title, name=row.buyer)), *card(turn, row))
    return Reply(parts, (turn.undo(), turn.edit()))


@chapter.command("order.again")
def again(turn: Turn, call: Call) -> Reply:
    """The same goods for the same sum, of today."""
    who = _who(turn, call)
    before = (latest_orders(turn, who) if who else _own_latest(turn))[:1]
    if not before:
        raise _none_of(turn, who)
    old = before[0]
    row = begun(turn, old.contact_id, old.company_id, old.amount, turn.now, turn.today)
    for line in lines_of(turn.session, old):
        same = {name: getattr(line, name) for name in COPIED}
        turn.session.add(LineItem(workspace_id=turn.workspace.id, order_id=row.id, **same))
    turn.session.flush()
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("order_again", name=row.buyer, day=turn.voice.day(old.on_day)))
    return Reply((title, *card(turn, row)), (turn.undo(), turn.edit()))


def _who(turn: Turn, call: Call) -> Who | None:
    return find_who(turn, call) if said_names(call) or call.slots.get("of_them") else None


def _meant(turn: Turn, call: Call, *, last: bool) -> Order:
    """The ``last`` or only order of whoever was named, or the one of several that is chosen; where
    nobody was, the one that the member wrote down last."""
    who = _who(turn, call)
    rows = latest_orders(turn, who) if who else _own_latest(turn)
    if not rows:
        raise _none_of(turn, who)
    if len(rows) == 1 or last or who is None:
        return rows[0]
    choices = tuple(Choice(order_line(turn, row), {"order": row.id}) for row in rows[:MANY])
    raise Ask("ask_which_order", "order", choices=choices)


def _own_latest(turn: Turn) -> list[Order]:
    here = (Order.workspace_id == turn.workspace.id, Order.owner_id == turn.member.id)
    found = turn.session.scalars(select(Order).where(*here).order_by(Order.id.desc()).limit(MANY))
    return [row for row in found if counts(row.status)]


def _none_of(turn: Turn, who: Who | None) -> Sorry:
    if who is None:
        return Sorry("no_orders_yet")
    show = turn.button("show_button", "contact.show", **who.slots)
    return Sorry("no_orders_of", (show,), name=who.name)
