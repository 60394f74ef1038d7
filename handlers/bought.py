"""What a customer bought in all, and who bought most in a time: orders, and won deals that no
order stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from handlers import figure_words
from handlers.book import Chapter
from handlers.customer import names_of
from handlers.orders import customer_in
from handlers.outlook_words import how
from handlers.reply import Chart, Fields, Line, Part, Point, Reply, Title
from handlers.sums import Amount, Sums
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.figures import Span
from rules.money import Money
from storage import buyers
from storage.models import Member
from storage.purchases import Bought, Customer, bought

chapter = Chapter(__name__)

SHOWN = 10
"""Customers of one answer, where nobody said how many."""

MOST = 20
"""Of these as many as are said, up to so many: a picture has room for no more."""


# --- of one customer ------------------------------------------------------------------------------


@chapter.command("order.total")
def total(turn: Turn, who: Who, first: str | None = None, last: str | None = None) -> Reply:
    """What a customer has bought, ever or in a time: its orders, and its deals won without one."""
    span = span_of(first, last)
    theirs = of_customer(turn, who, span)
    turn.focus(**who.ids)
    if not theirs:
        raise _nothing(turn, who, span)
    sums = Sums(turn)
    worth, minor = worth_of(turn, theirs), sums_of(theirs)
    when = figure_words.said(turn, span) if span else ""
    key = ("bought_then" if when else "bought_in_all") + ("" if minor else "_unpriced")
    title = turn.say(key, name=who.name, amount=worth, time=when, n=len(theirs))
    whole = in_one(sums, theirs) if len(minor) > 1 else None
    parts: list[Part] = [Title(title), Fields(tuple(_fields(turn, theirs)))]
    if whole and not sums.left_out:
        told = turn.say("bought_together", amount=turn.voice.sum(whole))
        parts += [Line(told), *sums.notes]
    if minor and any(each.minor is None for each in theirs):
        n = sum(each.minor is None for each in theirs)
        parts.append(Line(turn.say("bought_unpriced", n=n), quiet=True))
    buttons = (turn.button("all_orders_button", "order.list", **who.slots), how(turn, "bought"))
    return Reply(tuple(parts), (*buttons, *sums.buttons))


def of_customer(turn: Turn, who: Who, span: Span | None) -> list[Bought]:
    """What they bought within a time, the oldest first."""
    customer = customer_in(who)
    found = bought(
        turn.session, turn.workspace.id, customer=customer, since=span.first if span else None
    )
    return [each for each in found if not (span and span.last and each.day > span.last)]


def sums_of(theirs: Iterable[Bought]) -> dict[str, int]:
    """What it comes to in each currency, in minor units."""
    found: dict[str, int] = defaultdict(int)
    for each in theirs:
        if each.minor is not None and each.currency:
            found[each.currency] += each.minor
    return dict(found)


def worth_of(turn: Turn, theirs: Sequence[Bought]) -> str:
    """What it comes to, by currency; the one of the workspace first."""
    found = sums_of(theirs)
    codes = sorted(found, key=lambda code: (code != turn.currency, code))
    return turn.voice.beside(*(turn.voice.sum(Money(found[code], code)) for code in codes))


def in_one(sums: Sums, theirs: Sequence[Bought]) -> Money | None:
    """All of it in the workspace's currency, each at the rate of its day."""
    return sums.total(
        Amount(Money(each.minor, each.currency), each.day, (number, each.ordered))
        for number, each in enumerate(theirs)
        if each.minor is not None and each.currency
    )


def _fields(turn: Turn, theirs: Sequence[Bought]) -> Iterator[tuple[str, str]]:
    for ordered, key in ((True, "ahead_orders"), (False, "bought_won")):
        some = [each for each in theirs if each.ordered == ordered]
        if not some:
            continue
        last = turn.voice.full_day(some[-1].day)
        told = turn.piece("orders_and_last", n=len(some), day=last)
        worth = worth_of(turn, some)
        yield turn.say(key), turn.say("bought_part", amount=worth, told=told) if worth else told


def _nothing(turn: Turn, who: Who, span: Span | None) -> Sorry:
    if span is None:
        show = turn.button("show_button", "contact.show", **who.slots)
        return Sorry("no_orders_of", (show,), name=who.name)
    ever = turn.button("bought_ever_button", "order.total", **who.slots)
    return Sorry("bought_nothing_then", (ever,), name=who.name, time=figure_words.said(turn, span))


def span_of(first: str | None, last: str | None) -> Span | None:
    """A stretch of days; None for all time."""
    days = [date.fromisoformat(each) if each else None for each in (first, last)]
    return Span(*days) if any(days) else None


# --- of all ---------------------------------------------------------------------------------------


@chapter.command("order.buyers")
def most(
    turn: Turn,
    first: str | None = None,
    last: str | None = None,
    top: int | None = None,
    owner: Member | None = None,
) -> Reply:
    """Who bought most, in a time or ever."""
    span = span_of(first, last)
    sums = Sums(turn)
    worth, unpriced = buyers_of(turn, sums, span, owner)
    ranked = sorted(worth, key=lambda each: (-worth[each], each))
    shown = named(turn, ranked, min(top or SHOWN, MOST))
    when = figure_words.said(turn, span) if span else ""
    notes = (Line(turn.say("buyers_unpriced", n=unpriced), quiet=True),) if unpriced else ()
    if not shown:
        key = "buyers_none_then" if when else "no_purchases_yet"
        return Reply((Line(turn.say(key, time=when)), *notes, *sums.notes), sums.buttons)
    title = turn.voice.beside(turn.piece("buyers_title"), when, owner.name if owner else None)
    points = tuple(
        Point(name, minor / 100, turn.voice.sum(Money(minor, turn.currency)))
        for customer, name in shown
        for minor in [worth[customer]]
    )
    turn.focus(**{shown[0][0].kind: shown[0][0].id})
    chart = Chart("leaders", title, points, turn.say("buyers_note"))
    return Reply((Title(title), chart, *notes, *sums.notes), (how(turn, "bought"), *sums.buttons))


def buyers_of(
    turn: Turn, sums: Sums, span: Span | None, owner: Member | None
) -> tuple[dict[Customer, int], int]:
    """What each bought in minor units of the workspace's currency; how many bought only what
    nobody said the price of."""
    amounts: dict[Customer, list[Amount]] = defaultdict(list)
    anybody, priced = set(), set()
    first, last = (span.first, span.last) if span else (None, None)
    whose = owner.id if owner else None
    space = turn.workspace.id
    found = buyers.parts(turn.session, space, turn.currency, first, last, whose)
    for number, part in enumerate(found):
        anybody.add(part.customer)
        if part.priced:
            money = Money(part.minor, part.currency or turn.currency)
            amounts[part.customer].append(
                Amount(money, part.day or turn.today, number, part.priced)
            )
            priced.add(part.customer)
    worth = {customer: sums.total(some) for customer, some in amounts.items()}
    told = {each: whole.minor for each, whole in worth.items() if whole and whole.minor}
    return told, len(anybody - priced)


def named(turn: Turn, ranked: Sequence[Customer], most: int) -> list[tuple[Customer, str]]:
    """The first of them with their names, without those that are not to be seen."""
    found: list[tuple[Customer, str]] = []
    for at in range(0, len(ranked), most):
        some = ranked[at : at + most]
        names = names_of(turn, some)
        found += [(each, names[each]) for each in some if each in names]
        if len(found) >= most:
            break
    return found[:most]
