"""What happened in a time, and who did it: "what did we do today?", "kal kya hua".

Such a question has words of what would be written down, so that it is read before anything is:
only where the whole message asks so, by the templates of `words/happened.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from language.action import Action
from language.asking_whether import who_did
from language.figures.spans import days_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import told

_SAYS = {
    "happened_my_deals": {"what": "deal", "by": "me"},
    "happened_deals": {"what": "deal"},
    "happened_mine": {"by": "me"},
    "happened": {},
}
"""What each heading says by itself."""


def read_happened(sheet: Sheet, today: date) -> Iterator[Action]:
    """Such questions, the likeliest first: ``event.list`` with ``by`` (me, or a name) where it was
    not the whole team, ``what`` where only deals that began are asked for, and the days (``first``
    and ``last``, as ISO) where a time was said."""
    asked = [heading for heading in _SAYS if likely(sheet, heading)]
    if not asked:
        return
    days = days_at(sheet, today)
    for heading in asked:
        for _, slots in told(sheet, heading, {"period": list(days)}):
            said = dict(_SAYS[heading])
            if place := slots.get("by"):
                by = who_did(sheet.said(*place))
                if by is None:
                    continue
                said |= by
            yield Action("event.list", {**said, **days.get(slots.get("period", (0, 0)), {})})
