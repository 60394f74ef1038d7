"""People scored: what is known of them turned into what the rules ask, judged, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.chances import Said, Taught, as_of_the_deal, facts_of, unpacked
from language import tone
from language.sounds import skeleton
from language.tokens import tokenise
from rules.calendar import wall_to_utc
from rules.money import digits
from rules.reach_keys import city_key
from rules.scoring import BASE, Lead, Reason, Rule, Scored, Word, Words, in_force, says, score
from rules.sounds import is_urdu
from storage import queries, score_facts
from storage.models import LeadModel, LeadScore, ScoreRule, Workspace
from storage.outlook_facts import TOLD
from storage.rates import Rates
from storage.score_facts import Known
from storage.scores import BASE as OF_BASE
from storage.scores import SCORED, keep_scores, rules_of, to_be_scored

NIGHT = 3
"""The hour of the workspace's night at which a silence that has grown is looked at."""

READ = 400
"""Letters of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What a workspace's leads are weighed with: its rules, what everybody begins with, how amounts
    in other currencies are counted, and what was learned where it is of use."""

    rules: tuple[Rule, ...]
    base: int
    currency: str
    zone: str
    rates: Rates
    taught: Taught | None = None

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()


def scales(session: Session, workspace: Workspace) -> Scales:
    """As they are now."""
    chosen = queries.setting(session, workspace.id, "currency")
    kept = rules_of(session, workspace.id)
    return Scales(
        rules=in_force(rule_of(row) for row in kept if row.kind != OF_BASE),
        base=next((row.points for row in kept if row.kind == OF_BASE), BASE),
        currency=chosen.value if chosen else workspace.currency,
        zone=workspace.timezone,
        rates=Rates(session, workspace.id),
        taught=_taught(session, workspace.id),
    )


def _taught(session: Session, space: int) -> Taught | None:
    """What was learned, where it is of use."""
    model = session.get(LeadModel, space)
    if model is None or not model.used or not model.learned:
        return None
    return unpacked(model.learned, model.number)


def rule_of(row: ScoreRule) -> Rule:
    """As the rules take it."""
    return Rule(row.kind, row.value, row.points, **_looked_for(row.kind, row.value, row.field_id))


def new_rule(kind: str, value: str, points: int, field_id: int = 0) -> Rule:
    return Rule(kind, value, points, **_looked_for(kind, value, field_id))


def _looked_for(kind: str, value: str, field_id: int) -> dict[str, Any]:
    """By what a rule finds what it asks for."""
    if kind in ("has", "did", "silent", "amount"):
        return {}
    if kind == "city":
        return {"key": city_key(value) or ""}
    return {"words": words_of(value), "field": str(field_id) if field_id else ""}


# --- what is known of somebody --------------------------------------------------------------------


@lru_cache(maxsize=4096)
def words_of(text: str) -> Words:
    """A text as its words, as they are compared."""
    words = (token.key for token in tokenise(text[:READ]) if any(map(str.isalnum, token.key)))
    return tuple(Word(word, skeleton(word), is_urdu(word)) for word in words)


def stands(one: Known) -> str:
    """Whether somebody is a ``lead``; else what they are: a ``customer``, who has bought, or whose
    company has; ``lost``, with deals and none of them open; ``left``, not with them any more."""
    if one.bought:
        return "customer"
    if tone.has_left(one.tags):
        return "left"
    if one.deals and all(deal.status != "open" for deal in one.deals):
        return "lost"
    return "lead"


def lead_of(one: Known, scale: Scales, now: datetime) -> Lead:
    """What the rules ask of somebody."""
    today, zone = scale.today(now), ZoneInfo(scale.zone)
    fields: dict[str, list[Words]] = {}
    for number, value in one.values:
        fields.setdefault(str(number), []).append(words_of(value))
    said = {
        "company": _said(one.company),
        "title": _said(one.title),
        "tag": _said(*one.tags),
        "source": _said(one.source, one.company_source, *(deal.source for deal in one.deals)),
        "city": _said(one.city, one.company_city),
        "own": [text for texts in fields.values() for text in texts],
        "note": _said(*(each.text for each in one.happened)),
    }
    touches = [each.day for each in one.happened if each.kind in TOLD]
    cities = (city_key(one.city), city_key(one.company_city))
    return Lead(
        touched=max(touches, default=one.created_at.astimezone(zone).date()),
        said=said,
        fields=fields,
        cities=frozenset(key for key in cities if key),
        has=frozenset(_has(one)),
        did=frozenset(_did(one)),
        deal=_largest(one, scale, today),
    )


def _said(*texts: str | None) -> list[Words]:
    return [words_of(text) for text in texts if text]


def _has(one: Known) -> Iterator[str]:
    yield from one.points
    if one.company_id:
        yield "company"
    if any(deal.status == "open" for deal in one.deals):
        yield "deal"


def _did(one: Known) -> Iterator[str]:
    """What happened with them. Of calls that found nobody only the latest touch counts."""
    touches = [each for each in one.happened if each.kind in TOLD]
    heard = [not tone.reached_nobody(each.text) for each in touches]
    if touches and not heard[0]:
        yield "unanswered"
    if any(
        spoke and each.kind in ("meeting", "visit")
        for each, spoke in zip(touches, heard, strict=True)
    ):
        yield "met"
    if any(spoke and each.kind == "call" for each, spoke in zip(touches, heard, strict=True)):
        yield "talked"
    for sign, tells in _SIGNS.items():
        if any(tells(each.text) for each in one.happened):
            yield sign


_SIGNS = {
    "asked_price": tone.asks_price, "no_budget": tone.has_no_budget, "complained": tone.complains,
}  # fmt: skip


def _largest(one: Known, scale: Scales, today: date) -> int | None:
    """The largest open deal, in whole units of the workspace's currency."""
    found = []
    for deal in one.deals:
        if deal.status != "open" or deal.minor is None:
            continue
        worth = scale.rates.worth(
            deal.minor, deal.currency or scale.currency, scale.currency, today
        )
        if worth is not None:
            found.append(int(worth / 10 ** digits(scale.currency)))
    return max(found, default=None)


# --- judged and kept ------------------------------------------------------------------------------


def judge(one: Known, scale: Scales, now: datetime) -> tuple[Scored, float | None] | None:
    """The score, and the chance that a deal is won where that was learned; None of whoever is no
    lead."""
    if stands(one) != "lead":
        return None
    learned: Sequence[Reason] = ()
    chance = None
    if scale.taught:
        facts = facts_at(one, scale, now)
        learned, chance = scale.taught.reasons(facts), scale.taught.chance(facts)
    lead = lead_of(one, scale, now)
    told = score(scale.rules, lead, scale.today(now), base=scale.base, learned=learned)
    return told, chance


def facts_at(one: Known, scale: Scales, now: datetime) -> dict[str, Said]:
    """What is learned by: what was known when their deal began, else what is known now."""
    then, at = as_of_the_deal(one, now)
    return facts_of(then, lead_of(then, scale, at), scale.rules, at)


def score_these(session: Session, workspace: Workspace, ids: Iterable[int], now: datetime) -> int:
    """Score these people as of now and say when each is to be looked at next; how many were."""
    held = to_be_scored(session, workspace.id, ids)
    if not held:
        return 0
    scale = scales(session, workspace)
    found = dict.fromkeys(held, _NOBODY)  # also somebody who is there no more
    for one in score_facts.known(session, workspace.id, held, now):
        found[one.id] = {**_scored(one, scale, now), "owner_id": one.owner_id, "scored_at": now}
    keep_scores(session, workspace.id, found)
    return len(held)


_NOBODY: dict[str, Any] = dict.fromkeys(SCORED)


def _scored(one: Known, scale: Scales, now: datetime) -> dict[str, Any]:
    told = judge(one, scale, now)
    if told is None:
        return _NOBODY
    scored, chance = told
    reasons = [asdict(reason) for reason in scored.reasons]
    row = {**_NOBODY, "score": scored.score, "reasons": reasons}
    if scale.taught and chance is not None:
        row |= {"probability": round(chance, 4), "model": scale.taught.number}
    if scored.next_day is not None:
        row["next_check_at"] = _night(scale.zone, scored.next_day, one.id)
    return row


def said_beside(
    session: Session, workspace: Workspace, text: str, known_already: Sequence[str | None]
) -> list[str]:
    """Words that the team's own rules look for, said of somebody new and kept nowhere else."""
    there, said = _said(*known_already), words_of(text)
    rules = (rule_of(row) for row in rules_of(session, workspace.id) if row.kind == "word")
    return [
        rule.value.lower()
        for rule in rules
        if says(rule.words, said) and not any(says(rule.words, each) for each in there)
    ]


def reasons_of(row: LeadScore) -> Iterable[Reason]:
    return (Reason(**each) for each in row.reasons or ())


def _night(zone: str, day: date, number: int) -> datetime:
    """In the night that begins a day; not all at the same minute."""
    return wall_to_utc(datetime.combine(day, time(NIGHT)), zone) + timedelta(minutes=number % 60)
