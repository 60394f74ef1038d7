"""Loyalty tiers: who is in which, what they are, and what the team makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from handlers.book import Chapter
from handlers.customer import brought_up_to_date, named, of_who
from handlers.finding import sum_said
from handlers.reply import Fields, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.folding import fold
from rules.loyalty import ENOUGH, MOST, Tier, ranked, tier_of
from rules.money import Money
from storage import loyalty
from storage.models import Outlook

chapter = Chapter(__name__)

SHOWN = 10
"""Customers of one answer; more are counted."""

LONGEST = 20
"""Letters of a tier's name."""


def name_of(turn: Turn, key: str) -> str:
    """As the team calls it; a usual one in the reader's language."""
    word = f"tier_name_{key}"
    return turn.piece(word) if word in turn.voice.words else key


def own_tiers(turn: Turn) -> list[str]:
    """What the team calls its tiers, where it has told any."""
    return [tier.key for tier in loyalty.told(turn.session, turn.workspace.id)]


def tier_line(turn: Turn, who: Who) -> str | None:
    """For the card: ``Gold: Rs 12 lakh in the last 12 months``."""
    customer = of_who(turn, who)
    if customer is None or not customer.row.year_minor:
        return None
    tiers = loyalty.tiers_of(turn.session, turn.workspace.id, turn.now, keep=bool(turn.id))
    tier = tier_of(customer.row.year_minor, tiers)
    if tier is None:
        return None
    amount = turn.voice.money(Money(customer.row.year_minor, turn.currency))
    return turn.say("tier_line", tier=name_of(turn, tier.key), amount=amount)


@chapter.command("tier.show")
def show(turn: Turn, who: Who) -> Reply:
    """In which tier a customer is, and what is lacking to the next."""
    turn.focus(**who.ids)
    customer = of_who(turn, who)
    tiers = loyalty.tiers_of(turn.session, turn.workspace.id, turn.now)
    if not tiers:
        raise _none()
    minor = (customer.row.year_minor or 0) if customer else 0
    name = customer.name if customer else who.name
    amount = turn.voice.money(Money(minor, turn.currency))
    tier = tier_of(minor, tiers)
    if tier is None:
        title = turn.say("in_no_tier", name=name)
    else:
        title = turn.say("in_tier", name=name, tier=name_of(turn, tier.key))
    parts: list[Part] = [Title(title), Line(turn.say("bought_in_year", amount=amount))]
    above = [tier for tier in tiers if tier.least > minor]
    if above:
        next_ = above[-1]
        lacks = turn.voice.money(Money(next_.least - minor, turn.currency))
        told = turn.say("lacks_to_tier", tier=name_of(turn, next_.key), amount=lacks)
        parts.append(Line(told))
    return Reply(tuple(parts), (turn.button("tiers_button", "tier.settings"), _how(turn)))


@chapter.command("tier.list")
def customers(turn: Turn, tier: str) -> Reply:
    """Who is in a tier, whoever bought most first."""
    waiting = brought_up_to_date(turn)
    tiers = loyalty.tiers_of(turn.session, turn.workspace.id, turn.now)
    if not tiers:
        raise _none()
    key = _key(turn, tier, tiers)
    if key is None:
        names = turn.voice.listed([name_of(turn, each.key) for each in tiers])
        buttons = tuple(
            turn.button("tier_button", "tier.list", label_values={"tier": name_of(turn, each.key)},
                        tier=each.key)
            for each in tiers
        )  # fmt: skip
        raise Sorry("no_such_tier", buttons, name=tier, names=names)
    here = _in(turn, key, tiers)
    many = turn.session.scalar(select(func.count()).select_from(Outlook).where(*here)) or 0
    rows = turn.session.scalars(
        select(Outlook).where(*here).order_by(Outlook.year_minor.desc()).limit(SHOWN)
    ).all()
    shown = named(turn, rows)
    if not shown:
        raise Sorry("nobody_in_tier", tier=name_of(turn, key))
    lines = tuple(
        turn.voice.told(
            f"{turn.voice.apart(each.name)}: "
            + turn.voice.money(Money(each.row.year_minor or 0, turn.currency))
        )
        for each in shown
    )
    title = Title(turn.say("tier_customers", tier=name_of(turn, key), n=many))
    parts: list[Part] = [title, Items(lines, numbered=True)]
    if many > len(shown):
        parts.append(Line(turn.say("and_more", n=many - len(shown)), quiet=True))
    if waiting:
        parts.append(Line(turn.say("still_looking", n=waiting), quiet=True))
    first = shown[0].row
    turn.focus(company=first.company_id or None, contact=first.contact_id or None)
    return Reply(tuple(parts), (turn.button("tiers_button", "tier.settings"), _how(turn)))


def _in(turn: Turn, key: str, tiers: Sequence[Tier]) -> tuple[ColumnElement[bool], ...]:
    """Who is in a tier and in none above it."""
    least = next(tier.least for tier in tiers if tier.key == key)
    above = min((tier.least for tier in tiers if tier.least > least), default=None)
    here = (Outlook.workspace_id == turn.workspace.id, Outlook.year_minor >= least)
    return here if above is None else (*here, Outlook.year_minor < above)


def _key(turn: Turn, said: str, tiers: Sequence[Tier]) -> str | None:
    """The tier that is meant: by its key, or as it is called in any language."""
    wanted = fold(said)
    for tier in tiers:
        words = turn.voice.words.get(f"tier_name_{tier.key}", {})
        if wanted == fold(tier.key) or wanted in {fold(str(each)) for each in words.values()}:
            return tier.key
    return None


def _none() -> Sorry:
    return Sorry("no_tiers_yet", n=ENOUGH)


def _how(turn: Turn) -> Any:
    return turn.button("how_button", "stats.how", measure="tier")


# --- what they are --------------------------------------------------------------------------------


@chapter.command("tier.settings")
def tiers(turn: Turn) -> Reply:
    """The tiers with their limits, and how many customers are in each."""
    waiting = brought_up_to_date(turn)
    there = loyalty.tiers_of(turn.session, turn.workspace.id, turn.now)
    if not there:
        raise _none()
    many = {
        each.key: turn.session.scalar(
            select(func.count()).select_from(Outlook).where(*_in(turn, each.key, there))
        )
        or 0
        for each in there
    }
    fields = tuple(
        (name_of(turn, each.key), _told(turn, each, many.get(each.key, 0))) for each in there
    )
    own = loyalty.told(turn.session, turn.workspace.id)
    parts: list[Part] = [Title(turn.say("tiers_title")), Fields(fields)]
    parts.append(Line(turn.say("tiers_own" if own else "tiers_usual"), quiet=True))
    if waiting:
        parts.append(Line(turn.say("still_looking", n=waiting), quiet=True))
    lists = tuple(
        turn.button("tier_button", "tier.list", label_values={"tier": name_of(turn, each.key)},
                    tier=each.key)
        for each in there
    )  # fmt: skip
    reset = (turn.button("tiers_reset_button", "tier.set", tiers=[]),) if own else ()
    return Reply(tuple(parts), (*lists, *reset, _how(turn)))


def _told(turn: Turn, tier: Tier, many: int) -> str:
    return turn.say("tier_from", n=many, amount=_from(turn, tier))


def _from(turn: Turn, tier: Tier) -> str:
    return turn.voice.money(Money(tier.least if tier.least > 1 else 0, turn.currency))


@chapter.command("tier.set", role="manager")
def set_(turn: Turn, tiers: list[Any]) -> Reply:
    """Own tiers with their limits; one of those that are there already gets another limit."""
    told = [_tier(turn, each) for each in tiers]
    if told and len({tier.key for tier in told}) == len(told) == 1:
        there = loyalty.tiers_of(turn.session, turn.workspace.id, turn.now)
        known = {each.key: each for each in there}
        told = ranked(list({**known, told[0].key: told[0]}.values()))
    if len(told) > MOST:
        raise Sorry("too_many_tiers", most=MOST)
    if len({tier.least for tier in told}) < len(told) or len({t.key for t in told}) < len(told):
        raise Sorry("tiers_alike")
    loyalty.put(turn.session, turn.workspace.id, told)
    turn.session.flush()
    if not told:
        return Reply((Title(turn.say("tiers_reset")),), (turn.undo(),))
    fields = tuple(
        (name_of(turn, each.key), turn.say("tier_from_only", amount=_from(turn, each)))
        for each in ranked(told)
    )
    return Reply(
        (Title(turn.say("tiers_set")), Fields(fields)),
        (turn.undo(), turn.button("tiers_button", "tier.settings")),
    )


def _tier(turn: Turn, said: dict[str, Any]) -> Tier:
    name = str(said["name"]).strip()
    money = sum_said(Decimal(str(said["amount"])), str(said.get("currency") or turn.currency))
    if money.currency != turn.currency:
        raise Sorry("tier_currency", currency=turn.currency)
    key = _key(turn, name, [Tier(each, 0) for each in _USUAL]) or name
    if not key or len(key) > LONGEST or not key.replace(" ", "").isalnum():
        raise Sorry("bad_tier_name", name=name[:40], most=LONGEST)
    return Tier(key, max(1, money.minor))


_USUAL = ("gold", "silver", "bronze", "platinum", "diamond")
