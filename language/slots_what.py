"""The slots of substance: sums, counts, products, stages, kinds, measures."""

from __future__ import annotations

from typing import Any

from language.amounts import Amount, plain
from language.filling import KINDS, Filling
from language.spotting import Item, counts

_SURE = 5  # an amount above this weight had a currency or a big unit
_COUNTED = {"activity", "won", "tickets", "conversion", "churn"}  # goals that are no money


def read_money(filling: Filling) -> dict[str, Any]:
    found = filling.items("amount")
    if not found:
        return {}
    last = filling.group.intent == "deal.update"  # "2 lakh se 3 lakh karo"
    item = max(found, key=lambda one: (one.weight, one.i if last else -one.i))
    filling.used["amount"] = item
    amount: Amount = item.value
    return {"amount": plain(amount.value), "currency": amount.currency or filling.setting.currency}


def read_quantity(filling: Filling) -> dict[str, Any]:
    found = filling.items("quantity")
    if not found:
        return {}
    filling.used["quantity"] = found[0]
    return {"quantity": plain(found[0].value.value)}


def read_product(filling: Filling) -> dict[str, Any]:
    """What is ordered and how many: a known product, or the words after the count."""
    got = read_quantity(filling)
    known = filling.first("product")
    if known or not got:
        return {**got, "product": known}
    sheet = filling.scene.sheet
    count = filling.used["quantity"]
    at = count.j
    while sheet.has(at, "measure", "of", "ka") and sheet.tokens[at].kind == "word":
        at += sheet.size(at)
        at += sheet.key(at) == ","  # "20 kg, chawal"
    j = at
    while j < len(sheet.tokens) and _thing(filling, j, j == at):
        j += sheet.size(j)
    if (j == at or _ends_at(filling, count)) and (before := _goods_before(filling, count.i)):
        at, j = before
    if j > at:
        item = Item("product", sheet.said(at, j), at, j)
        filling.used["product"] = item
        got["product"] = item.value
    return got


def _ends_at(filling: Filling, count: Item) -> bool:
    """Whether nothing is named after a count and its measure: "laddu 30 kilo, ..."."""
    sheet, at = filling.scene.sheet, count.j
    while sheet.has(at, "measure"):
        at += sheet.size(at)
    return at >= len(sheet.tokens) or sheet.tokens[at].kind == "mark"


def _goods_before(filling: Filling, count: int) -> tuple[int, int] | None:
    """Goods that stand right before their count: "چینی 20 کلو"."""
    sheet, at = filling.scene.sheet, count
    while at > 0 and sheet.has(at - 1, "common:goods") and not filling.scene.inside(at - 1):
        at -= 1
    return (at, count) if at < count else None


def _thing(filling: Filling, at: int, first: bool) -> bool:
    inside = filling.scene.inside(at)
    if inside and inside.kind not in {"title", "city"}:
        return False
    sheet = filling.scene.sheet
    if not first and sheet.has(at, "ka") and sheet.tokens[at + 1 : at + 2]:
        return _thing(filling, at + 1, False)  # "14 لان کے سوٹ"
    stops = (
        "ordered",
        "order",
        "add",
        "past",
        "wants",
        "win",
        "value_word",
        "took",
        "todo",
        "greet",
    )
    if sheet.tokens[at].kind == "number":
        return not first
    return counts(sheet, at) and not sheet.has(at, *(stops if first else (*stops, "paas")))


def read_stage(filling: Filling) -> dict[str, Any]:
    own = filling.first("stage")
    if own:
        return {"stage": own}
    if "quote" in filling.group.shows and "sent" in filling.group.shows:
        return {"stage": "proposal"}
    found = [stage for stage in filling.senses("stage") if stage != "next"]
    known = [stage for stage in found if stage in filling.setting.stages]
    if known:
        return {"stage": known[-1]}
    if filling.sense("stage") == "next":
        return {"stage": "next"}
    return {"stage": "proposal"} if "quote" in filling.group.shows else {}


def read_kind(filling: Filling) -> dict[str, Any]:
    shows = filling.group.main[0].shows
    if filling.is_note:
        return {"kind": "note"}
    if "log_word" in shows:  # "log karo: Adeel, call, 14 minute"
        shows = filling.group.all_shows
    for kind in ("meeting", "call", "email", "message", "visit"):
        if f"{kind}_past" in shows:
            return {"kind": kind}
    return {"kind": next((kind for noun, kind in KINDS.items() if noun in shows), "message")}


def read_metric(filling: Filling) -> dict[str, Any]:
    found = filling.senses("metric")
    rank = ("leaderboard", "value", "churn", "conversion", "forecast", "pipeline", "lost",
            "tickets", "revenue", "won", "activity")  # fmt: skip
    won = "won" in found and "leaderboard" not in found
    if won and "win" in filling.shows and {"deals", "deal"} & filling.shows:
        return {"metric": "won"}
    if not found and {"lose", "deals"} <= filling.shows:
        return {"metric": "lost"}
    return {"metric": next((metric for metric in rank if metric in found), None)}


def read_goal(filling: Filling) -> dict[str, Any]:
    money = read_money(filling)
    counted = filling.items("quantity") + filling.items("number")
    metric = filling.sense("metric")
    if counted and (not money or metric in _COUNTED):
        return {"amount": plain(counted[0].value.value)}
    sure = [item for item in filling.items("amount") if item.weight > _SURE]
    if money and not sure and (metric in _COUNTED or "customer" in filling.shows):
        money.pop("currency")
    return money


def read_priority(filling: Filling) -> dict[str, Any]:
    return {"priority": filling.sense("priority")}
