"""What deals that were won and lost teach of leads: facts by name, and the points they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from language.folding import fold
from rules.reach_keys import city_key
from rules.scoring import Lead, Reason, Rule, holds
from storage.score_facts import Known

if TYPE_CHECKING:
    from rules.chances import Chances, Trial

Said = tuple[str, str, str]
"""Kind, value and field, as a rule would have them."""

POINTS = 10
"""Points of one unit of log-odds: what makes a chance of a half one of 73 %."""

MOST, TOLD = 15, 4
"""Points that one thing can give or take, and how many things do."""

LONGEST = 40
"""Letters of the value of a custom field that may tell customers apart."""

LATE = timedelta(days=30)
"""Known for so long before."""

LEARNED = "learned"
"""The kind of a reason that was learned; its value is ``kind:value`` of what holds."""

_WORDS = ("word", "company", "title", "tag", "source", "note", "own")


def facts_of(one: Known, lead: Lead, rules: tuple[Rule, ...], at: datetime) -> dict[str, Said]:
    """All that holds of somebody as known at a moment, by name. Nothing of it is what came of the
    deal that it is to foretell."""
    return {"|".join(said): label for said, label in _facts(one, lead, rules, at)}


def _facts(
    one: Known, lead: Lead, rules: tuple[Rule, ...], at: datetime
) -> Iterator[tuple[Said, Said]]:
    city = one.city or one.company_city
    if key := city_key(city):
        yield ("city", "", key), ("city", str(city), "")
    if source := one.source or one.company_source:
        yield ("source", "", fold(source)), ("source", source, "")
    for field, value in one.values:
        if len(value) <= LONGEST:
            yield ("own", str(field), fold(value)), ("own", value, str(field))
    for kind, things in (("has", lead.has), ("did", lead.did)):
        for thing in sorted(things - {"deal"}):
            yield (kind, "", thing), (kind, thing, "")
    if any(deal.status == "won" for deal in one.deals):
        yield ("again", "", ""), ("again", "", "")
    if one.created_at <= at - LATE:
        yield ("late", "", ""), ("late", "", "")
    for rule in rules:
        if rule.own and rule.kind in _WORDS and holds(rule, lead, lead.touched):
            yield ("rule", rule.kind, rule.name[2]), (rule.kind, rule.value, rule.field)


def as_of_the_deal(one: Known, now: datetime) -> tuple[Known, datetime]:
    """Somebody as they were when the deal began that is open with them; without one, as of now."""
    opened = [deal.created_at for deal in one.deals if deal.status == "open"]
    if not opened:
        return one, now
    at = min(opened)
    happened = [each for each in one.happened if each.at < at]
    deals = [each for each in one.deals if each.created_at < at]
    return replace(one, happened=happened, deals=deals), at


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learned, with the words for each thing. ``rate`` is the share of deals won."""

    chances: Chances
    labels: Mapping[str, Said]
    number: int

    def chance(self, facts: Mapping[str, Said]) -> float:
        return self.chances.probability(frozenset(facts))

    def reasons(self, facts: Mapping[str, Said]) -> tuple[Reason, ...]:
        """Log-odds as points: the few that move the chance most."""
        told = self.chances.contributions(frozenset(facts))
        points = {name: max(-MOST, min(MOST, round(POINTS * odds))) for name, odds in told.items()}
        first = sorted(points, key=lambda name: (-abs(points[name]), name))[:TOLD]
        return tuple(
            Reason(LEARNED, f"{facts[name][0]}:{facts[name][1]}", points[name], facts[name][2])
            for name in first if points[name]
        )  # fmt: skip


def packed(chances: Chances, trial: Trial, labels: Mapping[str, Said]) -> dict[str, Any]:
    """As it is kept."""
    told = {name: list(labels[name]) for name in chances.weights}
    return {"chances": asdict(chances), "trial": asdict(trial), "labels": told}


def unpacked(learned: Mapping[str, Any], number: int) -> Taught:
    from rules.chances import Chances

    labels: dict[str, Said] = {name: (a, b, c) for name, (a, b, c) in learned["labels"].items()}
    return Taught(Chances(**learned["chances"]), labels, number)


def trial_of(learned: Mapping[str, Any]) -> Trial:
    from rules.chances import Trial

    return Trial(**learned["trial"])
