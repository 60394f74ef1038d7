"""What a message says of audiences and budgets, where whom it names is there to be found."""

from __future__ import annotations

from typing import Any

from handlers import labels
from handlers.reply import Call
from handlers.segment_kept import visible
from handlers.segment_reading import read
from handlers.turn import Turn
from language.advertising import Wanted, read_audience_wish, read_budget, read_lead_cost
from language.folding import fold
from language.labels import usual_label
from language.sheet import Sheet
from rules.segments import Misread, parse, printed


def advertising_wished(turn: Turn, sheet: Sheet) -> Call | None:
    """Such a wish. What may mean something else is one only where it names a segment, a
    description or a source that is known."""
    if budget := read_budget(sheet):
        known = [name for name, _ in budget.among if names_a_group(turn, name)]
        described = budget.amount and all(query_said(turn, name) for name, _ in budget.among)
        if not (known or budget.sure or described):
            return None
        among = [[name, cost] for name, cost in budget.among]
        slots: dict[str, Any] = {
            "amount": budget.amount,
            "currency": budget.currency,
            "among": among,
        }
        return Call("budget.split", {key: each for key, each in slots.items() if each})
    if cost := read_lead_cost(sheet):
        return Call(cost.intent, cost.slots)
    if wanted := read_audience_wish(sheet):
        query = query_of(turn, wanted)
        if query is None and not (wanted.sure or (wanted.best and not wanted.said)):
            return None
        slots = {
            "platform": wanted.platform, "told": wanted.said, "query": query,
            "best": wanted.best or None,
        }  # fmt: skip
        return Call(f"audience.{wanted.kind}", {key: each for key, each in slots.items() if each})
    return None


def query_of(turn: Turn, wanted: Wanted) -> str | None:
    """Whom it means as a query; None where that is not understood, or nobody is named."""
    for said in wanted.ways:
        if said and (query := query_said(turn, said)):
            return query
    return None


def query_said(turn: Turn, said: str) -> str | None:
    """A segment by its name, a query, or a description that is understood as a whole."""
    name = fold(said)
    row = next((row for row in visible(turn) if row.name_key == name), None)
    if row is not None:
        return row.query
    try:
        return printed(parse(said))
    except Misread:
        found = read(turn, said)
    return printed(found.node) if found.whole and found.node is not None else None


def names_a_group(turn: Turn, said: str) -> bool:
    """Whether it is a source or a segment that is known here."""
    named = any(row.name_key == fold(said) for row in visible(turn))
    return named or labels.find(turn, "source", said) is not None or bool(
        usual_label("source", said)
    )  # fmt: skip
