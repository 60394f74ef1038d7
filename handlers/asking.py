"""Which messages ask for a figure that the ordinary reading has no slots for.

What reads is only given up for one where it would not say all that is asked; what writes only
where the words speak of a statistic ("avg deal size 2017").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from language.figures import Figure, senses_of, speaks_of_ended, speaks_of_sales
from rules.calendar import period_days
from rules.counting import TIMES

if TYPE_CHECKING:
    from handlers.reply import Call
    from handlers.turn import Turn

_COUNTED = frozenset({
    "how_many", "how_much", "average", "median", "win_rate", "loss_rate", "cycle", "velocity",
    "share", "most", "least", "biggest", "smallest", "rank", "growth", "difference", "versus",
    "price", "managed", "ratio", "age", "who", "which", "why",
})  # fmt: skip
_STATISTIC = frozenset(
    {
        "win_rate",
        "loss_rate",
        "median",
        "velocity",
        "rank",
        "ratio",
        "how_we_do",
    }
)
_READS = frozenset({"none", "deal.list", "contact.find", "contact.show", "task.list"})
_RECORDS = frozenset({
    "by_what:company", "by_what:product", "by_what:stage", "by_what:source", "revenue",
})  # fmt: skip
"""What a question with an unknown name must speak of, to be one of ours."""
_HOW_THEY_END = frozenset({"won", "lost", "closed"})
_ENDS = frozenset({"deal.win", "deal.lose"})
_TOLD = frozenset({"pipeline", "won", "lost", "revenue", "conversion", "activity"})
"""Metrics that a call of its own tells, for a period and a member."""
_METRICS = _TOLD | {"leaderboard", "value", "forecast"}
"""Metrics that figures can tell."""


def may_ask(turn: Turn, calls: Sequence[Call], text: str) -> bool:
    """Whether it is worth to read a message as such a question, seen from how it was read."""
    if len(calls) != 1:
        return False
    intent = calls[0].intent
    if intent == "stats.show":
        return calls[0].slots.get("metric") in {None, *_METRICS}
    if intent in _READS | _ENDS and speaks_of_ended(text):
        return True
    senses = senses_of(text)
    if intent in _READS and _counts_since(senses):
        return True
    if intent == "none" and (tells_apart(senses) or speaks_of_sales(text, turn.today)):
        return True
    if intent in _READS:
        return not senses.isdisjoint(_COUNTED | {"contacted", "forecast", "position", "revenue"})
    averaged = "average" in senses and not senses.isdisjoint({"size", "money", "how_many"})
    return averaged or not senses.isdisjoint(_STATISTIC)


def _counts_since(senses: frozenset[str]) -> bool:
    """Whether what was done, or how deals ended, is named beside a time that is over or runs until
    now: "calls last friday", "deals closed since march"."""
    done = "activity" in senses or ("deals" in senses and not senses.isdisjoint(_HOW_THEY_END))
    weekday = any(sense.startswith("weekday:") for sense in senses)
    return done and ("since" in senses or (weekday and "last" in senses))


def tells_apart(senses: frozenset[str]) -> bool:
    """Whether sales or deals are to be told by something: "sales by month"."""
    apart = any(each.startswith("by_what:") for each in senses)
    counted = not senses.isdisjoint({"sold", "won", "lost", "deals"})
    return apart and counted and not senses.isdisjoint({"by", "times"})


def lists_too_much(figure: Figure) -> bool:
    """Whether a list of deals has to be narrowed by what it has no slots for: a customer, a city,
    a product."""
    return bool({*figure.only, *figure.but} - {"owner", "stage", "pipeline"})


def asks_more(turn: Turn, call: Call, figure: Figure, text: str) -> bool:
    """Whether a figure says what is asked better than the call does."""
    if figure.impossible:
        return call.intent in _READS | {"stats.show"}
    senses = senses_of(text)
    told_apart = {*figure.only, *figure.but} - {"owner", "stage"}
    if "pipeline" in call.slots and figure.which in {"open", "all"}:
        told_apart -= {"pipeline"}  # which the call is about
    reckons = figure.over != "sum" or figure.wanted not in {"figure", "table", "things"}
    match call.intent:
        case "stats.show" if call.slots.get("metric") == "value" and _is_ahead(call, figure):
            return False
        case "stats.show":
            return bool(figure.unknown) or not _tells_all(
                turn, call, figure, reckons=reckons or bool(told_apart)
            )
        case "deal.list" | "none" | "task.list" if _names_what_ended(call, figure, text):
            return True
        case "deal.list":
            return _lists_more(call, figure, senses, told_apart)
        case "none" if figure.of == "activity":
            return figure.wanted == "silent" or not senses.isdisjoint(_COUNTED)
        case "none":
            return speaks_of_sales(text, turn.today) or _is_ours(figure, senses, told_apart)
        case "contact.show" | "task.list" if figure.of != "deal":
            return figure.of == "company" and figure.measure == "trait"
        case "contact.show" | "task.list":
            apart = figure.rivals is not None or figure.by in {"manager", "office"}
            sold = figure.which in {"won", "lost"} and not senses.isdisjoint(
                {"how_much", "how_many"}
            )
            apart = apart or (sold and bool(figure.only))
            return apart or _is_mean(figure)
        case "contact.find":
            return not senses.isdisjoint({"most", "least", "rank", "average", "money", "managed"})
    return True


def _names_what_ended(call: Call, figure: Figure, text: str) -> bool:
    """Whether deals that were won or lost are named, or what was done in a time that is over."""
    if call.intent != "task.list" and speaks_of_ended(text):
        return True
    timed = figure.span is not None and not figure.unknown
    return call.intent != "deal.list" and timed and _counts_since(senses_of(text))


def _lists_more(call: Call, figure: Figure, senses: frozenset[str], told_apart: set[str]) -> bool:
    """Whether more is asked than which deals there are."""
    ended = figure.which in {"won", "lost", "closed"} and figure.over == "sum"
    grouped = figure.by is not None and "who" not in senses
    timed = figure.span is not None and "close_within" not in call.slots
    apart = figure.wanted not in {"figure", "name", "things"}
    if timed or apart or bool(told_apart) or (ended and grouped):
        return True
    return _is_mean(figure) or (figure.by in TIMES and tells_apart(senses))


def _is_ahead(call: Call, figure: Figure) -> bool:
    """Whether it is what customers are worth yet that is asked, and not what some sold when."""
    told_apart = {*figure.only, *figure.but} - {"owner"}
    return "period" not in call.slots and figure.span is None and not told_apart


def _is_ours(figure: Figure, senses: frozenset[str], told_apart: set[str]) -> bool:
    """Whether a message that is read as nothing else asks for a figure of ours."""
    anchored = not senses.isdisjoint({"deals", "size", "win_rate", "loss_rate"})
    worded = any(sense.startswith("by_what:") for sense in senses)
    ordered = worded and not senses.isdisjoint({"money", "won", "lost"})
    surely = not senses.isdisjoint(_COUNTED - {"who", "which"})
    if figure.unknown:
        return surely and (anchored or not senses.isdisjoint(_RECORDS))
    if figure.wanted == "review":
        return True
    named = bool(told_apart or set(figure.only) - {"stage"}) and "me" not in senses
    grouped = figure.by is not None and (ordered or tells_apart(senses))
    return named or (anchored and surely) or grouped


def _is_mean(figure: Figure) -> bool:
    return figure.over in {"mean", "median"} or figure.measure not in {"count", "amount"}


def _tells_all(turn: Turn, call: Call, figure: Figure, *, reckons: bool) -> bool:
    """Whether metric, period and owner are all that is asked."""
    slots = call.slots
    if slots.get("metric") not in _TOLD:
        return False
    if slots["metric"] == "pipeline" and figure.by and not set(figure.only) - {"owner"}:
        return True  # the table of stages is what "what is in the pipeline" asks for
    if (
        figure.kinds
        or reckons
        or (figure.by is not None)
        or figure.worth
        or figure.days
        or figure.began
    ):
        return False
    if figure.span is None:
        return True
    named = period_days(slots["period"], turn.today) if slots.get("period") else None
    return named == (figure.span.first, figure.span.last)
