"""Questions that look over what there is: "how many customers do we have", "notes on Bilal", "who
looks after Sara", "how's business".

Told by the templates of `words/overview.toml`, only where the whole message asks so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from language.action import Action
from language.figures.spans import days_at
from language.reader import read
from language.sheet import Sheet
from language.templates import likely
from language.whole import bare, customer_at, told

KINDS = ("note", "call", "meeting", "visit", "message", "email")
"""Activities that are asked for by their kind."""

_SAYS: dict[str, dict[str, Any]] = {
    "overview_count": {},
    "overview_business": {},
    "overview_next": {"period": "today"},
    "overview_owner": {},
    "overview_best": {},
    "overview_good": {},
    "overview_tickets": {},
    "overview_total": {},
    "overview_import": {},
    "overview_performance": {"owner": "me"},
    **{f"overview_{kind}": {"what": kind} for kind in KINDS},
    **{f"uncontacted_{kind}": {"kind": kind} for kind in ("call", "visit", "meeting", "message")},
    "uncontacted_any": {},
}
"""What each heading says by itself."""


def read_overview(sheet: Sheet, today: date) -> Iterator[Action]:
    """``contact.count``, ``import.how``, ``report.show`` (with ``owner`` where it is their own),
    ``task.list``, ``ticket.list``; ``goods.best`` with days; ``goods.sold`` with
    ``what`` and days; ``contact.owner`` and ``order.total``
    with whom; ``activity.list`` with whom, ``what`` (one of ``KINDS``) and days. Days (``first``
    and ``last``, as ISO) stand there where some were said, and have begun. ``segment.find`` has
    a query as its ``text``: whom nobody called, visited, met or wrote to."""
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
            if "what" in slots:
                i, j = slots["what"]
                if any(i < end and begin < j for begin, end in days):
                    continue  # "is mahine ki sale"
                said["what"] = bare(sheet.said(*slots["what"]))
            then = days.get(slots.get("period", (0, 0)), {})
            if then.get("first", "") > today.isoformat():
                continue  # what is to come is no activity yet
            if intent == "segment.find":
                yield Action(intent, {"text": _untouched(said.get("kind"), then)})
                continue
            yield Action(intent, {**said, **then})


def read_to_see(sheet: Sheet, now: datetime) -> Action | None:
    """``task.list`` of the time in which it is asked whom one will see: "aaj kis se milna hai"."""
    if not likely(sheet, "overview_ahead") or _is_past(sheet, now.date()):
        return None
    for _, slots in told(sheet, "overview_ahead"):
        agenda = _AGENDA.get(sheet.tongue or "", "{}").format(sheet.said(*slots["period"]))
        found = read(agenda, now)
        if [each.intent for each in found] == ["task.list"] and found[0].slots:
            return found[0]
    return None


def _is_past(sheet: Sheet, today: date) -> bool:
    """Whether a time is spoken of that has begun before today, or is over."""
    spans = days_at(sheet, today).values()
    if sheet.tongue != "en":  # "kal" is either
        return False
    return any(each.get("last", "9") < today.isoformat() or "last" not in each for each in spans)


_AGENDA = {"en": "tasks {}", "roman": "{} ke kaam", "ur": "{} کے کام"}
"""How an agenda is asked for."""


def _untouched(kind: str | None, then: dict[str, str]) -> str:
    """Everybody with no such activity in a time, as a query of segments."""
    which = [f'kind = "{kind}"'] if kind else []
    which += [f"in {then.get('first', '')}..{then.get('last', '')}"] if then else []
    return f"activities[{', '.join(which)}] = 0" if which else "activities = 0"
