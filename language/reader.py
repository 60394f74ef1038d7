"""From a typed message to the actions that it asks for."""

from __future__ import annotations

from datetime import datetime

from language.action import Action
from language.setting import Setting

__all__ = ["Action", "Setting", "read"]


def read(text: str, now: datetime, setting: Setting = Setting()) -> list[Action]:
    """The actions of one message, in the order said; `now` is in the member's zone."""
    del text, now, setting
    return [Action("none", confidence=0.0)]
