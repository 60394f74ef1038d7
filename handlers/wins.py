"""A win that the team's channel is to hear of."""

from __future__ import annotations

from sqlalchemy import select

from handlers.turn import Turn
from storage.models import Deal, Nudge
from storage.news import news_of

WON = "won"
"""The kind of nudge that tells of a win."""


def tell_of(turn: Turn, deal: Deal) -> None:
    """Let the clock tell it, unless it did before: also a deal that was taken back and won again is
    told once. Nothing of somebody's private contact is."""
    if news_of(turn.session, turn.workspace.id, "wins") is None:
        return
    if deal.contact is not None and deal.contact.private:
        return
    beginner = deal.moves[0].by_id
    row = turn.session.scalars(
        select(Nudge).where(
            Nudge.workspace_id == turn.workspace.id,
            Nudge.member_id == beginner,  # stays the same, whoever has the deal by now
            Nudge.kind == WON,
            Nudge.subject == f"deal:{deal.id}",
        )
    ).first()
    if row is None:
        turn.session.add(
            Nudge(
                workspace_id=turn.workspace.id,
                member_id=beginner,
                kind=WON,
                subject=f"deal:{deal.id}",
                occasion=WON,
                day=turn.today,
                raised_at=turn.now,
                state="waiting",
                due_at=turn.now,
                about={"by": turn.member.id},
            )
        )
