"""Questions that look over what there is: "how many customers do we have", "notes on Bilal", "who
looks after Sara", "how's business".

Told by the templates of `words/overview.toml`, only where the whole message asks so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from language.action import Action
from language.figures.spans import days_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import customer_at, told

KINDS = ("note", "call", "meeting", "visit", "message", "email")
"""Activities that are asked for by their kind."""

_SAYS: dict[str, dict[str, Any]] = {
    "overview_count": {},
    "overview_business": {},
    "overview_next": {"period": "today"},
    "overview_owner": {},
    "overview_best": {},
    "overview_tickets": {},
    "overview_total": {},
    "overview_import": {},
    "overview_performance": {"owner": "me"},
    **{f"overview_{kind}": {"what": kind} for kind in KINDS},
}
"""What each heading says by itself."""


def read_overview(sheet: Sheet, today: date) -> Iterator[Action]:
    """``contact.count``, ``import.how``, ``report.show`` (with ``owner`` where it is their own),
    ``task.list``, ``ticket.list``; ``goods.best`` with days; ``contact.owner`` and ``order.total``
    with whom; ``activity.list`` with whom, ``what`` (one of ``KINDS``) and days. Days (``first``
    and ``last``, as ISO) stand there where some were said, and have begun."""
    asked = [heading for heading in _SAYS if likely(sheet, heading)]
    if not asked:
        return
    days = days_at(sheet, today)
    for heading in asked:
        for intent, slots in told(sheet, heading, {"period": list(days)}):
            said = dict(_SAYS[heading])
            if "who" in slots:
                whom = customer_at(sheet, slots["who"])
                if whom is None:
                    continue
                said |= whom
            then = days.get(slots.get("period", (0, 0)), {})
            if then.get("first", "") > today.isoformat():
                continue  # what is to come is no activity yet
            yield Action(intent, {**said, **then})
