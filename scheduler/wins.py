"""Wins are told in the channel that the team chose, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.reply import Line, Reply, Title
from handlers.turn import Turn
from handlers.wins import WON
from scheduler.drawing import Draw
from scheduler.letters import Address
from scheduler.one_by_one import Due, due_one_by_one
from scheduler.outbox import post
from storage.models import Bond, Deal, Member, News, Nudge
from storage.news import news_of

BATCH = 50

DUE = Due(Nudge.due_at, Nudge.kind == WON)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell of what was won; how many letters were written."""
    return due_one_by_one(
        session,
        DUE,
        now,
        BATCH,
        lambda row: _tell(session, draw, row, now),
        then=(Nudge.id,),
    )


def _tell(session: Session, draw: Draw, row: Nudge, now: datetime) -> bool:
    """What was taken back meanwhile is not told, and may be later if it is won again."""
    news = news_of(session, row.workspace_id, "wins")
    deal = session.get(Deal, (row.workspace_id, int(row.subject.partition(":")[2])))
    hidden = deal is not None and deal.contact is not None and deal.contact.private
    if news is None or deal is None or deal.status != "won" or hidden or is_outside(session, news):
        session.delete(row)
        return False
    member = session.get(Member, (row.workspace_id, deal.owner_id))
    turn = in_channel(session, draw, news, now)
    amount = turn.voice.money(deal.amount) if deal.amount else None
    goods = " ".join(part for part in (deal.quantity, deal.title) if part)
    parts = [Title(turn.say("news_won", deal=turn.voice.beside(deal.buyer, goods, amount)))]
    lines = [Line(turn.say("news_won_by", name=member.name))] if member else []
    post_there(session, turn, news, Reply((*parts, *lines)))
    row.state, row.due_at = "sent", None
    return True


def in_channel(session: Session, draw: Draw, news: News, now: datetime) -> Turn:
    """A turn in the channel's language and the workspace's time."""
    member = session.get_one(Member, (news.workspace_id, news.by_id))
    turn = draw.turn(session, member, now)
    voice = replace(turn.voice, tongue=news.tongue, zone=turn.workspace.timezone)
    return replace(turn, voice=voice, audience="team")


def is_outside(session: Session, news: News) -> bool:
    """Whether people of another organisation read along there by now."""
    bond = session.get(Bond, (news.platform, news.team, news.chat))
    return bond is not None and bond.external


def post_there(session: Session, turn: Turn, news: News, reply: Reply) -> None:
    """A letter to the channel. It has no buttons: those are somebody's."""
    post(
        session,
        Address(news.platform, news.team, news.chat),
        replace(reply, rtl=turn.voice.rtl, buttons=()),
        turn.now,
        workspace_id=news.workspace_id,
        kind="nudge",
        language=turn.voice.tongue,
    )
