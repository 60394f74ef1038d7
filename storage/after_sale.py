"""When a workspace asks its customers how they are doing with what they bought."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from rules.after_sale import DAYS
from storage import queries
from storage.models import Deal
from storage.types import AT_ONCE

SETTING = "check_in_days"


def days_of(session: Session, workspace_id: int) -> int:
    """Days after a sale; 0: nobody is asked."""
    chosen = queries.setting(session, workspace_id, SETTING)
    return int(chosen.value) if chosen and chosen.value.isdecimal() else DAYS


def look_again(session: Session, workspace_id: int) -> None:
    """Let the clock look at the sales that wait for their day: it is another one now."""
    for table in ("deal", "order"):
        rows: Any = Deal.metadata.tables[table].c
        waiting = update(Deal.metadata.tables[table]).where(
            rows.workspace_id == workspace_id, rows.next_check_at.is_not(None)
        )
        session.execute(waiting.values(next_check_at=AT_ONCE))
