"""What the outbox asks of a message to a customer before its letter leaves, and tells of it after.

A letter may have waited over an evening, an opt-out or the end of its campaign: it is asked once
more. What may have arrived counts as sent, and never goes again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.letters import Outcome, Refused, Sent
from storage import campaigns as _campaigns  # noqa: F401 - it says which messages are still wanted
from storage import sequences as _sequences  # noqa: F401 - so does it
from storage.messages import Message, mark_bad
from storage.scope import within
from storage.touched import on_the_timeline
from storage.touching import Verdict, judge

TOPIC = "message"
"""What a letter to a customer is about."""

CUSTOMERS = "campaign"
"""The kind of such a letter."""


def settle(message: Message, verdict: Verdict) -> None:
    """It may not go now: later, or not at all."""
    again = verdict.again_at
    is_paused = again is None and verdict.reason.startswith("paused")
    if is_paused or (again is not None and again <= message.lapses_at):
        message.put_off(again, verdict.reason)
    else:
        message.drop(verdict.reason)


def may_leave(session: Session, workspace_id: int, number: int, now: datetime) -> bool:
    """Whether a letter may leave this moment. Where not, its message waits or is dropped, and
    another letter is written for it when its time has come."""
    with within(session, workspace_id):
        message = session.get(Message, (workspace_id, number), populate_existing=True)
        if message is None or message.state != "posted":
            return False
        verdict = judge(session, message, now, letting_go=True)
        if verdict.way is None:
            settle(message, verdict)
            session.flush()
            return False
        message.went_at = now
        session.flush()
        return True


def came_to(
    session: Session, workspace_id: int, number: int, outcome: Outcome, state: str, now: datetime
) -> None:
    """What became of a letter: its message was sent, has failed, or may have arrived. ``state`` is
    the letter's: one that waits is still on its way."""
    with within(session, workspace_id):
        message = session.get(Message, (workspace_id, number), populate_existing=True)
        if message is None or message.state not in ("posted", "unknown"):
            return
        if message.state == "unknown":  # who had it in hand lives, and knows
            message.state = "sent" if isinstance(outcome, Sent) else "unknown"
            return
        match outcome:
            case Sent():
                message.state, message.reason = "sent", None
                on_the_timeline(session, message, now)
            case Refused() if state == "refused":
                message.state, message.reason = "failed", outcome.reason[:120]
                if outcome.dead and message.channel == "email" and message.address:
                    mark_bad(session, workspace_id, message.address, outcome.reason, now)
            case _ if state == "unknown":
                message.state, message.reason = "unknown", "may_have_arrived"
                on_the_timeline(session, message, now)
            case _ if state == "refused":
                message.state, message.reason = "failed", "given_up"
        session.flush()
