"""The slots of every intent, and who reads each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from language import slots_files, slots_what, slots_when, slots_whom
from language.filling import Filling

SLOTS_OF = {
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
    "tidy.show": "whose",
    "export.send": "what format status stage whom city tags title period whose",
}

Reader = Callable[[Filling], dict[str, Any]]


def fill(filling: Filling) -> dict[str, Any]:
    """All slots of the group's intent but its free text."""
    slots: dict[str, Any] = {}
    for name in SLOTS_OF.get(filling.group.intent, "").split():
        got = READERS[name](filling)
        slots.update({key: value for key, value in got.items() if value not in (None, [], "")})
    return slots


def _simple(kind: str) -> Reader:
    return lambda filling: {kind: filling.first(kind)}


READERS: dict[str, Reader] = {
    **{kind: _simple(kind) for kind in ("title", "phone", "email")},
    "city": slots_whom.read_city,
    "contact": slots_whom.read_contact,
    "company": slots_whom.read_company,
    "tags": slots_whom.read_tags,
    "source": slots_whom.read_source,
    "owner": slots_whom.read_owner,
    "kind": slots_what.read_kind,
    "stage": slots_what.read_stage,
    "quantity": slots_what.read_quantity,
    "money": slots_what.read_money,
    "product": slots_what.read_product,
    "priority": slots_what.read_priority,
    "what": slots_files.read_what,
    "format": slots_files.read_format,
    "status": slots_files.read_status,
    "whom": slots_files.read_whom,
    "whose": slots_files.read_whose,
    "metric": slots_what.read_metric,
    "goal": slots_what.read_goal,
    "on": slots_when.read_on,
    "close": slots_when.read_close,
    "close_within": slots_when.read_close_within,
    "due_every": slots_when.read_due_every,
    "agenda": slots_when.read_agenda,
    "period": slots_when.read_period,
}
