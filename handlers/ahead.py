"""Questions about what is expected of customers, answered for programs as well (``rabta ask``)."""

from __future__ import annotations

from typing import Any

from handlers import bought, keeping
from handlers.customer import count, of_who
from handlers.reading import read
from handlers.reply import Call, Chart, Items, Reply
from handlers.sums import Sums
from handlers.turn import Turn
from handlers.who import Who, find_who
from rules.money import Money
from storage.models import Outlook

OF_ONE = ("risk.show", "order.next", "value.show", "order.total")
OF_ALL = ("risk.list", "call.list", "keeping.show", "order.buyers", "order.due")
METRICS = ("churn", "value")


def told_ahead(turn: Turn, text: str, book: Any) -> tuple[Reply, dict[str, Any]] | None:
    """The answer as people read it and as programs do; None where something else is asked."""
    calls = read(book, turn, text).calls
    call = calls[0] if len(calls) == 1 else Call("none")
    churns = call.intent == "stats.show" and call.slots.get("metric") in METRICS
    if not churns and call.intent not in (*OF_ONE, *OF_ALL):
        return None
    command = book.by_intent[call.intent]
    reply: Reply = command.told(turn, call)
    if call.intent in OF_ONE:
        who = find_who(turn, call)
        if who and call.intent == "order.total":
            return reply, _of_purchases(turn, call, who)
        return reply, _of_one(turn, call.intent, who) if who else _nothing()
    return reply, _of_all(turn, call, reply)


def _of_one(turn: Turn, intent: str, who: Who) -> dict[str, Any]:
    customer = of_who(turn, who)
    if customer is None:
        return _nothing()
    row = customer.row
    rows = [{"name": key, "value": value} for key, value in _facts(turn, row).items()]
    match intent:
        case "order.next":
            day = row.next_day.isoformat() if row.next_day else None
            return {"value": day, "unit": "date", "rows": rows}
        case "value.show":
            minor = row.spent_minor if row.value_minor is None else row.value_minor
            return {"value": _whole(turn, minor), "unit": turn.currency, "rows": rows}
    return {"value": row.state, "unit": "state", "rows": rows}


def _of_purchases(turn: Turn, call: Call, who: Who) -> dict[str, Any]:
    """What somebody bought, by currency."""
    span = bought.span_of(call.slots.get("first"), call.slots.get("last"))
    theirs = bought.of_customer(turn, who, span)
    sums = bought.sums_of(theirs)
    rows = [{"name": code, "value": float(Money(sums[code], code).amount)} for code in sorted(sums)]
    whole = bought.in_one(Sums(turn), theirs)
    return {"value": _whole(turn, whole.minor if whole else 0), "unit": turn.currency, "rows": rows}


def _facts(turn: Turn, row: Outlook) -> dict[str, Any]:
    return {
        "state": row.state,
        "because": [sign["kind"] for sign in row.evidence or ()],
        "since": row.risk_since.isoformat() if row.risk_since else None,
        "orders": row.orders,
        "last_order": row.last_day.isoformat() if row.last_day else None,
        "pause_days": row.pause_days,
        "p_buy": row.p_buy,
        "expected": row.expected,
        "expected_spend": _whole(turn, row.spend_minor),
        "next_order": row.next_day.isoformat() if row.next_day else None,
        "value": _whole(turn, row.value_minor),
        "value_low": _whole(turn, row.value_low),
        "value_high": _whole(turn, row.value_high),
        "plain_rule": row.plain,
    }


def _of_all(turn: Turn, call: Call, reply: Reply) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"name": point.label, "value": point.value}
        for part in reply.parts if isinstance(part, Chart) for point in part.points
    ]  # fmt: skip
    lines = [line for part in reply.parts if isinstance(part, Items) for line in part.lines]
    if call.intent == "risk.list":
        return {"value": count(turn, "risk"), "unit": "customers", "rows": rows or _told(lines)}
    if call.intent in {"call.list", "order.due"}:
        return {"value": len(lines), "unit": "customers", "rows": _told(lines)}
    if call.slots.get("metric") == "value" or call.intent == "order.buyers":
        return {"value": rows[0]["name"] if rows else None, "unit": "name", "rows": rows}
    rate = keeping.rate_of(turn, call)
    if rate is None:
        return {"value": None, "unit": "percent" if rows else None, "rows": rows}
    return {"value": rate, "unit": "rate", "rows": _told(lines)}


def _told(lines: list[str]) -> list[dict[str, Any]]:
    return [{"name": line, "value": None} for line in lines]


def _whole(turn: Turn, minor: int | None) -> float | None:
    return None if minor is None else float(Money(minor, turn.currency).amount)


def _nothing() -> dict[str, Any]:
    return {"value": None, "unit": None, "rows": []}
