"""The tier of a customer, kept as they are looked at; told when they rise, or are about to fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from rules.loyalty import SOON, Fall, Tier, fall, in_year, tier_of
from rules.money import Money
from rules.nudging import Case, Offer, Told
from storage import queries
from storage.contract_facts import contract_of
from storage.models import Member, Outlook, Workspace
from storage.raising import raise_nudge

KEPT_BY = 0.2
"""Of what a customer buys in a year so much is at stake where they fall, or nobody thanks them."""

USUAL = ("gold", "silver", "bronze", "platinum", "diamond")
"""Tiers that have a name in every language; others are called as the team calls them."""


@dataclass(frozen=True)
class Ranking:
    """How customers of a workspace are ranked now. ``own``: the team set its tiers itself, and
    hears of who rises and falls; with the usual ones there is always somebody who does."""

    session: Session
    workspace: Workspace
    tiers: Sequence[Tier]
    own: bool
    now: datetime
    today: date

    def rank(self, row: Outlook) -> date | None:
        """Take on what a customer bought in the year. That they rose to a tier, or are about to
        fall, is told to their owner. Gives the day on which they are to be looked at again."""
        facts = row.facts or {}
        year = [(date.fromordinal(day), minor) for day, minor in facts.get("year", ())]
        always = int(contract_of(row).get("year_minor") or 0)
        had = row.year_minor
        row.year_minor = always + in_year(year, self.today)
        tier = tier_of(row.year_minor, self.tiers)
        if tier and had is not None and self._is_news(tier, tier_of(had, self.tiers)):
            self._tell(row, f"up {tier.key[:20]} {self.today.year}", _risen(tier, self._money(row)))
        down = fall(year, always, self.tiers, self.today) if tier else None
        if tier is None or down is None:
            return None
        if down.day - self.today > timedelta(days=SOON):
            return down.day - timedelta(days=SOON)
        self._tell(row, f"fall {down.day}", _falling(tier, down, self._money_of(down.lacks)))
        return down.day

    def _is_news(self, tier: Tier, before: Tier | None) -> bool:
        """Higher than before, and not the one that anybody is in who bought anything."""
        return tier.least > (before.least if before else 1)

    def _money(self, row: Outlook) -> Money:
        return self._money_of(row.year_minor or 0)

    def _money_of(self, minor: int) -> Money:
        chosen = queries.setting(self.session, self.workspace.id, "currency")
        return Money(minor, chosen.value if chosen else self.workspace.currency)

    def _tell(self, row: Outlook, occasion: str, told: Told) -> None:
        if not self.own or not row.owner_id:
            return
        owner = self.session.get(Member, (self.workspace.id, row.owner_id))
        if owner is None or not owner.active:
            return
        whom: dict[str, Any] = (
            {"company": row.company_id} if row.company_id else {"contact": row.contact_id}
        )
        offers = (
            Offer("log_call_button", "activity.log", {"kind": "call", **whom}),
            Offer("new_task_button", "risk.task", whom),
        )
        case = Case((told,), offers, row.year_minor or 0, KEPT_BY)
        raise_nudge(
            self.session, owner, self.now, kind="loyalty", subject=row.subject,
            occasion=occasion, case=case,
        )  # fmt: skip


def _risen(tier: Tier, amount: Money) -> Told:
    return _named("tier_up", {"amount": amount}, tier=tier)


def _falling(tier: Tier, down: Fall, lacks: Money) -> Told:
    key = "tier_down" if down.to else "tier_out"
    told = {"day": down.day, "amount": lacks}
    return _named(key, told, tier=tier, **({"to": down.to} if down.to else {}))


def _named(key: str, told: dict[str, Any], **tiers: Tier) -> Told:
    """A usual tier is called so by the reader's language, when it is told."""
    return Told(key, told | {f"{name}_tier": tier.key for name, tier in tiers.items()})
