"""Where the next rupee of advertising brings most, with its arithmetic; what a lead costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers import labels
from handlers.advertising import chosen
from handlers.advertising_words import query_said
from handlers.book import Chapter
from handlers.reply import Items, Line, Part, Reply, Table, Title
from handlers.turn import Ask, Sorry, Turn
from language.folding import fold
from language.labels import usual_label
from rules.budgets import LEADS, Division, Source, divide
from rules.budgets import Part as Share
from rules.money import Money, digits
from rules.segments import parse
from storage import advertising
from storage.advertising import Brought
from storage.labels import labels_of, numbers_of
from storage.rates import Rates
from storage.segment_names import SegmentNames

chapter = Chapter(__name__)

MOST_SOURCES = 12
LARGEST = 2**53


@chapter.command("budget.split", role="manager")
def split(
    turn: Turn,
    among: list[list[Any]] | None = None,
    amount: str | None = None,
    currency: str | None = None,
) -> Reply:
    """A budget between sources or segments, by what a rupee is expected to bring, with its sums."""
    if not among:
        known = SegmentNames(turn.session, turn.workspace.id).sources()
        among = [[name, None] for name in known[:MOST_SOURCES]]
    if len(among) < 2:
        raise Sorry("budget_between")
    if amount is None:
        raise Ask("ask_budget_sum", "amount", kind="amount")
    whole = _money(turn, amount, currency)
    worth = advertising.brought(turn.session, turn.workspace.id, turn.now, turn.workspace.timezone)
    sources = [_source(turn, str(name), cost, worth) for name, cost in among[:MOST_SOURCES]]
    everybody = _counted("", advertising.leads(turn.session, turn.workspace.id, None), worth, None)
    coin = 10 ** digits(whole.currency)
    unit = coin if whole.minor % coin == 0 else 1  # whole rupees of whole rupees
    found = divide(whole.minor // unit, sources, everybody)
    lines = tuple(_sum_of(turn, part, worth.currency) for part in found.parts)
    head = tuple(turn.piece(key) for key in ("budget_head_to", "budget_head_gets"))
    rows = tuple(
        (part.source.name, turn.voice.exact_money(Money(part.gets * unit, whole.currency)))
        for part in found.parts
    )
    return Reply((
        Title(turn.say("budget_title", amount=turn.voice.exact_money(whole))),
        Table(head, rows, (1,)), Items(lines), *_honestly(turn, found),
    ))  # fmt: skip


def _money(turn: Turn, amount: str, currency: str | None) -> Money:
    try:
        value = Decimal(str(amount))
        money = Money.of(value, (currency or turn.currency).upper())
    except (InvalidOperation, ValueError):
        raise Sorry("budget_no_sum", said=str(amount)[:40]) from None
    if not 0 < money.minor < LARGEST:
        raise Sorry("budget_no_sum", said=str(amount)[:40])
    return money


def _source(turn: Turn, name: str, said_cost: Any, worth: Brought) -> Source:
    """What is known of the leads of a source, or the people of a segment. Sorry for neither."""
    label = labels.find(turn, "source", name)
    cost = _cost(turn, said_cost, label.cost if label else None)
    query = None
    if label is None and not _is_a_source(turn, name):
        query = query_said(turn, name)
        if query is None:
            raise Sorry("budget_unknown", said=name, known=_known_sources(turn))
    space = turn.workspace.id
    if query:
        people = chosen(turn, parse(query))
    else:
        names, numbers = _called(turn, name, label)
        people = advertising.from_source(
            turn.session, space, names, numbers, turn.now, turn.workspace.timezone
        )
    usual = usual_label("source", name) if not (label or query) else None
    shown = labels.usual_name(turn, "source", usual) if usual else name
    shown = labels.label_name(turn, label) if label else shown
    return _counted(shown, advertising.leads(turn.session, space, people), worth, cost)


def _is_a_source(turn: Turn, name: str) -> bool:
    sources = SegmentNames(turn.session, turn.workspace.id).sources()
    return bool(usual_label("source", name)) or fold(name) in map(fold, sources)


def _called(turn: Turn, name: str, label: Any) -> tuple[list[str], list[int]]:
    """All that a source is called, and its numbers as a label of deals."""
    key = label.key if label else usual_label("source", name)
    said = {name, *(label.also or () if label else ())}
    if label and label.name:
        said.add(label.name)
    if key:
        usual = turn.voice.words.get(f"label_source_{key}", {})
        said |= {key, key.replace("_", " "), key.replace("_", "-"), *usual.values()}
    for each in SegmentNames(turn.session, turn.workspace.id).sources():
        if key and usual_label("source", each) == key:
            said.add(each)
    numbers = numbers_of(turn.once(labels_of), [key], "source") if key else []
    return sorted(each for each in said if each), numbers


def _counted(name: str, leads: Iterator[Any], worth: Brought, cost: int | None) -> Source:
    buyers = list(leads)
    bought = [worth.by_buyer[each] for each in buyers if each in worth.by_buyer]
    return Source(name, len(buyers), len(bought), sum(bought), cost)


def _cost(turn: Turn, said: Any, kept: Money | None) -> int | None:
    """A lead's cost in minor units of the team's currency, as said now or as kept."""
    money = _money(turn, str(said), None) if said else kept
    if money is None or money.currency == turn.currency:
        return money.minor if money else None
    worth = Rates(turn.session, turn.workspace.id).worth(
        money.minor, money.currency, turn.currency, turn.today
    )
    return round(worth) if worth else None


def _known_sources(turn: Turn) -> str:
    names = [name for _, name in labels.offered(turn, "source")]
    return turn.voice.listed(names)


def _sum_of(turn: Turn, part: Share, home: str) -> str:
    """``Referral: 8 of 20 leads bought, counted as 38%, x Rs 40,000 = Rs 15,200 a lead ...``."""
    source, voice = part.source, turn.voice
    told = turn.say(
        "budget_sum", name=source.name, bought=source.bought, leads=source.leads,
        share=f"{float(part.share):.1%}", worth=_of_home(turn, part.worth, home),
        value=_of_home(turn, part.value, home),
    )  # fmt: skip
    if part.cost is None or part.per_rupee is None:
        return told
    key = "budget_per_rupee" if source.cost else "budget_per_rupee_guessed"
    more = turn.say(
        key, cost=_of_home(turn, part.cost, home), ratio=f"{float(part.per_rupee):,.2f}",
        unit=voice.exact_money(Money.of(1, home)),
    )  # fmt: skip
    return voice.told(told + " " + more)


def _of_home(turn: Turn, minor: Any, home: str) -> str:
    """A mean in whole coins, rounded to the unit where it is large."""
    money = Money(round(minor), home)
    if abs(money.amount) >= 100:
        money = Money.of(money.amount.quantize(Decimal(1)), home)
    return turn.voice.exact_money(money)


def _honestly(turn: Turn, found: Division) -> Iterator[Part]:
    """What was guessed, and how little the figures may say."""
    if found.even:
        yield Line(turn.say("budget_even"))
    elif not found.costed:
        yield Line(turn.say("budget_no_costs"))
    elif found.guessed:
        yield Line(turn.say("budget_guessed"))
    if found.few and not found.even:
        names: Sequence[str] = found.few
        yield Line(turn.say("budget_few", names=turn.voice.listed(list(names)), n=LEADS))
    yield Line(turn.say("budget_rule", n=LEADS), quiet=True)


@chapter.command("label.cost", role="manager")
def cost(turn: Turn, source: str, amount: str, currency: str | None = None) -> Reply:
    """What a lead of a source costs, kept for budgets."""
    money = _money(turn, amount, currency)
    label = labels.learn(turn, "source", source)
    if label is None:
        raise Sorry("budget_unknown", said=source, known=_known_sources(turn))
    before = label.cost
    label.cost = money
    turn.session.flush()
    turn.anew()
    name = labels.label_name(turn, label)
    parts: list[Part] = [
        Title(turn.say("cost_kept", name=name, cost=turn.voice.exact_money(money)))
    ]
    if before and before != money:
        parts.append(Line(turn.say("cost_was", cost=turn.voice.exact_money(before)), quiet=True))
    return Reply(tuple(parts), (turn.undo(),))
