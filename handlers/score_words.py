"""How rules of the score, their points and the reasons of a score are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from handlers.chances import LEARNED
from handlers.own_fields import all_fields
from handlers.turn import Turn
from language.voice import RLM, Told
from rules.money import Money
from rules.scoring import Reason, Rule

TOLD = 3
"""Reasons of one lead in a list."""

PLAIN = ("word", "city")
"""Kinds whose value says enough."""


def points_said(turn: Turn, points: int) -> str:
    """``+20``, with its sign before it in either direction."""
    return turn.voice.apart(f"{points:+d}")


def what_said(turn: Turn, each: Rule | Reason) -> str:
    """What points are for: ``asked for a price``, ``Lahore``, ``tag vip``."""
    match each.kind:
        case "has" | "did":
            return turn.say(f"score_{each.kind}_{each.value}")
        case "silent":
            return turn.say("score_silent", n=int(each.value))
        case "amount":
            worth = Money.of(Decimal(each.value), turn.currency)
            return turn.say("score_amount", amount=worth)
        case "own":
            fields = {str(field.id): field.name for field in all_fields(turn)}
            field = fields.get(each.field) or "—"
            return turn.say("score_own", field=field, value=each.value)
        case kind if kind == LEARNED:
            kind, _, value = each.value.partition(":")
            what = what_said(turn, Reason(kind, value, each.points, each.field)).lstrip(RLM)
            return turn.say("score_learned", what=turn.voice.told(what).lstrip(RLM))
        case "again" | "late":
            return turn.say(f"score_{each.kind}")
        case kind if kind in PLAIN:
            return each.value
    return turn.say(f"score_{each.kind}", value=each.value)


def reason_said(turn: Turn, each: Rule | Reason) -> Told:
    """``asked for a price +15``."""
    what = turn.voice.apart(what_said(turn, each).lstrip(RLM))
    return turn.voice.told(f"{what} {points_said(turn, each.points)}")


def reasons_said(turn: Turn, reasons: Sequence[Reason], most: int = TOLD) -> Told:
    """The heaviest, in one line."""
    return turn.voice.beside(*(reason_said(turn, each) for each in reasons[:most]))


def rules_said(turn: Turn, rules: Iterable[Rule]) -> tuple[str, ...]:
    """All of them, those that give most first; a team's own are told from what holds anyway."""
    ordered = sorted(rules, key=lambda rule: (-rule.points, rule.kind, rule.value))
    usual = turn.piece("score_usual")
    return tuple(
        turn.voice.told(f"{reason_said(turn, rule)}{'' if rule.own else f' {usual}'}")
        for rule in ordered
    )
