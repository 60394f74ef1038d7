"""From a message to what the team agrees on by it."""

from __future__ import annotations

from datetime import date

from language.action import Action
from language.agreed.goals import read_goals
from language.agreed.rates import read_rates
from language.agreed.workdays import read_workdays
from language.sheet import Sheet


def read_agreed(sheet: Sheet, today: date, currency: str) -> list[Action]:
    """The actions; none for a message that is about anything else. ``currency`` is that of the
    workspace."""
    return (
        read_rates(sheet, today, currency)
        or read_goals(sheet, today)
        or read_workdays(sheet, today)
    )
