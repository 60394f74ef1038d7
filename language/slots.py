"""The slots of an action, each filled from the items and senses of its clauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from language.amounts import Amount, plain
from language.dates import When
from language.groups import Group, items_of
from language.moments import WEEKDAYS, Look, settle
from language.setting import Setting
from language.spotting import Item, Scene, counts

ORDER = {
    "contact.add": "contact company title phone email city source tags",
    "contact.update": "contact company title phone email city tags",
    "contact.show": "contact company",
    "contact.find": "company city tags title",
    "activity.log": "kind contact company on",
    "deal.add": "contact company stage quantity money close",
    "deal.move": "contact company stage",
    "deal.win": "contact company money",
    "deal.lose": "contact company",
    "deal.update": "contact company money close",
    "deal.list": "stage owner close_within",
    "task.add": "contact company due_every",
    "task.list": "agenda",
    "task.done": "contact company",
    "task.snooze": "contact company due_every",
    "order.add": "contact company product money on",
    "ticket.open": "contact company priority",
    "ticket.close": "contact company",
    "stats.show": "metric period owner",
    "risk.list": "period",
    "recommend.show": "contact company",
    "goal.set": "metric goal period",
    "goal.show": "period",
}


@dataclass(slots=True)
class Filling:
    """What a slot reader sees, and what it has used."""

    scene: Scene
    group: Group
    now: datetime
    setting: Setting
    who: dict[str, Item]
    used: dict[str, Item]

    def items(self, kind: str) -> list[Item]:
        return items_of(self.scene, self.group, kind)

    def first(self, kind: str, slot: str | None = None) -> Any:
        """The value of the first item of a kind, noted as used."""
        found = self.items(kind)
        if not found:
            return None
        self.used[slot or kind] = found[0]
        return found[0].value

    @property
    def shows(self) -> set[str]:
        return self.group.all_shows

    def sense(self, kind: str) -> str | None:
        """The value of the last sense of a kind said in the group's clauses."""
        values = self.senses(kind)
        return values[-1] if values else None

    def senses(self, kind: str) -> list[str]:
        sheet = self.scene.sheet
        found = []
        for clause in self.group.clauses:
            for at in range(clause.i, clause.j):
                if at in sheet.marks and self.scene.inside(at) is None:
                    value = sheet.value(at, kind)
                    found += [value] if value else []
        return found


Reader = Callable[[Filling], dict[str, Any]]


def fill(filling: Filling) -> dict[str, Any]:
    """All slots of the group's intent but its free text."""
    slots: dict[str, Any] = {}
    for name in ORDER.get(filling.group.intent, "").split():
        got = READERS[name](filling)
        slots.update({key: value for key, value in got.items() if value not in (None, [], "")})
    return slots


def _contact(filling: Filling) -> dict[str, Any]:
    item = filling.who.get("contact")
    if item:
        filling.used["contact"] = item
    return {"contact": item.value if item else None}


def _company(filling: Filling) -> dict[str, Any]:
    item = filling.who.get("company")
    if item:
        filling.used["company"] = item
    return {"company": item.value if item else None}


def _simple(kind: str) -> Reader:
    return lambda filling: {kind: filling.first(kind)}


def _tags(filling: Filling) -> dict[str, Any]:
    """Hashtags, and the words after "tag"."""
    tags = [item.value for item in filling.items("tag")]
    sheet = filling.scene.sheet
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            if at in sheet.marks and sheet.has(at, "field:tag"):
                tags += _after_tag(filling, at, clause.j)
    return {"tags": list(dict.fromkeys(tags))}


_NO_TAG = ("wala", "polite_end", "add", "change", "put", "find", "show", "customer", "move", "is")
_TAG_TIES = ("is", "as", "them", "with", "the", "ka", "ko", "add")


def _named(filling: Filling, at: int) -> bool:
    item = filling.scene.inside(at)
    return item is not None and item in filling.who.values()


def _after_tag(filling: Filling, first: int, end: int) -> list[str]:
    """The tag after the word "tag", or before it ("hot tag laga do")."""
    sheet = filling.scene.sheet
    at = first + sheet.size(first)
    while at < end and (_named(filling, at) or sheet.has(at, *_TAG_TIES)):
        at += sheet.size(at)
    if at < end and sheet.tokens[at].kind == "word" and not sheet.has(at, *_NO_TAG):
        return [sheet.tokens[at].key]
    before = first - 1
    if first and sheet.tokens[before].kind == "word" and not sheet.has(before, *_TAG_TIES, "find", "customer"):
        return [sheet.tokens[before].key]
    return []


def _source(filling: Filling) -> dict[str, Any]:
    sheet = filling.scene.sheet
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            if at in sheet.marks and sheet.has(at, "source_word"):
                before = sheet.has(at - 1, "from", "field:source", "on", "of", "by", "via") or sheet.has(at - 1, "the")
                j = at + sheet.size(at)
                if before or sheet.has(j, "se", "par", "ka", "mein"):
                    item = Item("source", sheet.said(at, j), at, j)
                    filling.used["source"] = item
                    return {"source": item.value}
    return {}


def _money(filling: Filling) -> dict[str, Any]:
    found = filling.items("amount")
    if not found:
        return {}
    item = max(found, key=lambda one: (one.weight, -one.i))
    filling.used["amount"] = item
    amount: Amount = item.value
    return {"amount": plain(amount.value), "currency": amount.currency or filling.setting.currency}


def _quantity(filling: Filling) -> dict[str, Any]:
    found = filling.items("quantity")
    if not found:
        return {}
    filling.used["quantity"] = found[0]
    return {"quantity": plain(found[0].value.value)}


def _product(filling: Filling) -> dict[str, Any]:
    """What is ordered and how many: the words after the count, less measure words."""
    got = _quantity(filling)
    sheet = filling.scene.sheet
    if not got:
        return got
    at = filling.used["quantity"].j
    while sheet.has(at, "measure", "of", "ka") and sheet.tokens[at].kind == "word":
        at += sheet.size(at)
    j = at
    while j < len(sheet.tokens) and _thing(filling, j, j == at):
        j += sheet.size(j)
    if j > at:
        item = Item("product", sheet.said(at, j), at, j)
        filling.used["product"] = item
        got["product"] = item.value
    return got


def _thing(filling: Filling, at: int, first: bool) -> bool:
    inside = filling.scene.inside(at)
    if inside and inside.kind not in {"title", "city"} and not (inside.kind == "person" and inside.weight < 2):
        return False
    sheet = filling.scene.sheet
    stops = ("ordered", "order", "add", "past", "wants", "win", "value_word", "delivered", "todo")
    if sheet.tokens[at].kind == "number":
        return not first
    return counts(sheet, at) and not sheet.has(at, *(stops if first else (*stops, "paas")))


def _moments(filling: Filling) -> list[Item]:
    """The dates of a group; a day and a time said apart are one."""
    found = [item for item in filling.items("when") if item.value.moment or item.value.every]
    days = [item for item in found if item.value.moment and item.value.moment.has_day]
    times = [item for item in found if item.value.moment and not item.value.moment.has_day
             and item.value.moment.clock and not item.value.every]  # fmt: skip
    if len(days) == 1 and len(times) == 1 and days[0].value.moment.clock is None:
        when, clock = days[0].value, times[0].value.moment.clock
        joined = replace(days[0], value=replace(when, moment=when.moment.at(clock)))
        filling.used["clock"] = times[0]
        return [joined]
    return found


def _dated(filling: Filling, slot: str, look: Look) -> dict[str, Any]:
    last = max(clause.j for clause in filling.group.main)
    for item in _moments(filling):
        if look == "back" and item.i >= last:
            continue
        when: When = item.value
        if when.moment is None or (look == "back" and _only_ahead(when)):
            continue
        if when.moment.period and not when.moment.has_day:
            continue
        value = settle(when.moment, filling.now, look)
        if value and (when.moment.period in {None, "today", "yesterday"} or slot == "due"):
            filling.used[slot] = item
            return {slot: value}
    return {}


def _only_ahead(when: When) -> bool:
    moment = when.moment
    if moment is None:
        return True
    later = moment.look == "ahead" or (moment.days or 0) > 0 or moment.ends
    return bool(later or (moment.starts and moment.starts[0] > 0))


def _on(filling: Filling) -> dict[str, Any]:
    """The day of something done; what a note tells may have dates of its own."""
    if _kind(filling)["kind"] == "note" and filling.group.intent == "activity.log":
        first = filling.group.main[0].i
        if not any(item.i == first for item in _moments(filling)):
            return {}
    return _dated(filling, "on", "back")


def _close(filling: Filling) -> dict[str, Any]:
    for item in _moments(filling):
        when: When = item.value
        if when.moment and not _looks_back(when):
            value = settle(when.moment, filling.now, "ahead")
            if value and value[:10] >= filling.now.date().isoformat():
                if when.moment.period in {"week", "month", "quarter", "year"}:
                    continue
                filling.used["close"] = item
                return {"close": value}
    return {}


def _looks_back(when: When) -> bool:
    moment = when.moment
    return bool(moment and (moment.look == "back" or (moment.days or 0) < 0))


def _due_every(filling: Filling) -> dict[str, Any]:
    got: dict[str, Any] = {}
    for item in _moments(filling):
        when: When = item.value
        if when.every and "every" not in got:
            got["every"] = when.every
            filling.used["every"] = item
            if when.moment:
                got["due"] = first_time(when, filling.now)
        elif "due" not in got and when.moment and not _looks_back(when):
            if when.moment.period not in {"month", "quarter", "year"}:
                got["due"] = settle(when.moment, filling.now, "ahead")
                filling.used["due"] = item
    return got


def first_time(when: When, now: datetime) -> str | None:
    """The first time to come of something that repeats at a time of day."""
    moment = when.moment
    if moment is None:
        return None
    clock = moment.clock
    if clock is None or (moment.has_day and moment.weekday is None):
        return settle(moment, now, "ahead")
    later = clock > now.time()
    weekday = (when.every or "").partition(":")[2] or moment.weekday
    gap = (WEEKDAYS.index(weekday) - now.weekday()) % 7 if weekday else 0
    gap = gap or (0 if later else 7 if weekday else 1)
    return f"{(now + timedelta(days=gap)).date().isoformat()}T{clock:%H:%M}"


def _stage(filling: Filling) -> dict[str, Any]:
    if "quote" in filling.group.shows and "sent" in filling.group.shows:
        return {"stage": "proposal"}
    found = [stage for stage in filling.senses("stage") if stage != "next"]
    known = [stage for stage in found if stage in filling.setting.stages]
    if known:
        return {"stage": known[-1]}
    own = _own_stage(filling)
    if own:
        return {"stage": own}
    if filling.sense("stage") == "next":
        return {"stage": "next"}
    return {"stage": "proposal"} if "quote" in filling.group.shows else {}


def _own_stage(filling: Filling) -> str | None:
    """A stage that the workspace made itself, said by its key."""
    keys = {token.key for token in filling.scene.sheet.tokens}
    return next((stage for stage in filling.setting.stages if stage.casefold() in keys), None)


def _kind(filling: Filling) -> dict[str, Any]:
    shows = filling.group.main[0].shows
    if "note" in shows and not any(s.endswith("_past") for s in shows):
        return {"kind": "note"}
    for kind in ("meeting", "call", "email", "message", "visit"):
        if f"{kind}_past" in shows:
            return {"kind": kind}
    nouns = (("email_word", "email"), ("message", "message"), ("call", "call"), ("talk", "call"),
             ("meeting", "meeting"), ("note", "note"), ("place_of", "visit"))  # fmt: skip
    return {"kind": next((kind for noun, kind in nouns if noun in shows), "message")}


def _owner(filling: Filling) -> dict[str, Any]:
    if "mine" in filling.group.shows:
        return {"owner": "me"}
    item = filling.who.get("contact")
    if item:
        filling.used["owner"] = item
    return {"owner": item.value if item else None}


def _close_within(filling: Filling) -> dict[str, Any]:
    for item in _moments(filling):
        moment = item.value.moment
        if moment and moment.period in {"week", "month", "quarter"}:
            return {"close_within": moment.period}
    return {}


def _period(filling: Filling) -> dict[str, Any]:
    for item in _moments(filling):
        moment = item.value.moment
        if moment and moment.period:
            return {"period": moment.period}
        if moment and moment.swing == 1:
            return {"period": "yesterday"}
        if item.value.every in {"day", "week", "month"}:
            return {"period": {"day": "today"}.get(item.value.every, item.value.every)}
    for span in filling.senses("span"):
        if span in {"week", "month", "quarter", "year"}:
            return {"period": span}
    return {}


def _agenda(filling: Filling) -> dict[str, Any]:
    if "overdue" in filling.group.shows:
        return {"period": "overdue"}
    for item in _moments(filling):
        moment = item.value.moment
        if moment is None:
            continue
        if moment.period in {"today", "week"}:
            return {"period": moment.period}
        value = settle(moment, filling.now, "ahead")
        return {"on": value[:10] if value else None}
    return {}


def _metric(filling: Filling) -> dict[str, Any]:
    found = filling.senses("metric")
    rank = ("leaderboard", "value", "churn", "conversion", "forecast", "pipeline", "lost", "tickets",
            "revenue", "won", "activity")  # fmt: skip
    if "won" in found and "win" in filling.shows and {"deals", "deal"} & filling.shows:
        return {"metric": "won"}
    return {"metric": next((metric for metric in rank if metric in found), None)}


def _goal(filling: Filling) -> dict[str, Any]:
    money = _money(filling)
    counted = filling.items("quantity") + filling.items("number")
    metric = filling.sense("metric")
    if counted and (not money or metric in {"activity", "won", "tickets"}):
        return {"amount": plain(counted[0].value.value)}
    sure = [item for item in filling.items("amount") if item.weight > 5]
    if money and not sure and metric in {"activity", "won", "conversion", "churn", "tickets"}:
        money.pop("currency")
    return money


def _priority(filling: Filling) -> dict[str, Any]:
    return {"priority": filling.sense("priority")}


READERS: dict[str, Reader] = {
    "contact": _contact, "company": _company, "title": _simple("title"), "phone": _simple("phone"),
    "email": _simple("email"), "city": _simple("city"), "source": _source, "tags": _tags,
    "kind": _kind, "on": _on, "stage": _stage, "quantity": _quantity, "money": _money,
    "close": _close, "owner": _owner, "close_within": _close_within, "due_every": _due_every,
    "agenda": _agenda, "product": _product, "priority": _priority, "metric": _metric,
    "period": _period, "goal": _goal,
}  # fmt: skip


