"""From a message to what the team agrees on by it."""

from __future__ import annotations

from datetime import datetime

from language.action import Action
from language.agreed.rates import read_rates
from language.setting import Setting
from language.sheet import Sheet


def read_agreed(sheet: Sheet, now: datetime, setting: Setting) -> list[Action]:
    """The actions; none for a message that is about anything else."""
    return read_rates(sheet, now.date(), setting.currency)
