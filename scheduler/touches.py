"""Messages to customers go out: what is due is looked at, and handed to the outbox or a member.

The outbox sends it (``scheduler.outbox``): it commits the attempt first, keeps to each platform's
pace, and asks once more whether the message may go just before it leaves (``scheduler.leaving``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.reply import Line, Part, Reply, Title
from language.voice import Voice
from rules.touches import BY_HAND
from scheduler.drawing import Draw
from scheduler.leaving import CUSTOMERS, TOPIC, settle
from scheduler.letters import Address
from scheduler.one_by_one import Due, due_one_by_one
from scheduler.outbox import post
from storage import queries
from storage.filled import Written, written_to
from storage.messages import Message
from storage.models import Contact, Member, Workspace
from storage.signing import signed
from storage.touching import Way, judge

BATCH = 50
"""Messages looked at in one transaction."""

DUE = Due(Message.due_at)

UNSUBSCRIBE = "unsubscribe"
"""What the links in mails are signed for."""

NOT_SET_UP = timedelta(hours=1)
"""When it is looked again whether a channel is there by now."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at each message whose moment it is; how many were handed on."""
    return due_one_by_one(
        session, DUE, now, BATCH,
        lambda message: hand_on(session, draw, message, now), then=(Message.id,), key_share=True,
    )  # fmt: skip


def hand_on(session: Session, draw: Draw, message: Message, now: datetime) -> int:
    """Let a message go, put it off, or drop it; whether it is on its way now."""
    if message.state != "planned":
        message.due_at = None
        return 0
    verdict = judge(session, message, now)
    if verdict.way is None:
        settle(message, verdict)
        return 0
    way = verdict.way
    if way.channel not in BY_HAND and way.channel not in draw.channels:
        message.put_off(now + NOT_SET_UP, f"not_set_up:{way.channel}")
        return 0
    contact = session.get_one(Contact, (message.workspace_id, message.contact_id))
    workspace = session.get_one(Workspace, message.workspace_id)
    words = written_to(session, message, contact, workspace.language)
    if words is None or words.gaps:
        message.drop(f"gap:{words.gaps[0]}" if words else "no_text")
        return 0
    if way.channel in BY_HAND:
        return _for_a_hand(session, draw, message, way, now)
    message.channel, message.address = way.channel, way.address
    message.language, message.due_at = words.language, None
    message.subject, message.text = words.subject[:300], words.text
    message.state, message.reason, message.went_at = "posted", None, now
    letter(session, draw, message, way, words, workspace, now)
    return 1


def _for_a_hand(session: Session, draw: Draw, message: Message, way: Way, now: datetime) -> int:
    """It waits for the member who sends it, who hears of it once a day for all of its kind."""
    member = queries.get(session, Member, message.workspace_id, message.by_id)
    if member is None or not member.active:
        message.drop("nobody_sends")
        return 0
    local = now.astimezone(ZoneInfo(member.zone))
    if member.quiet and member.quiet.hold(local):
        message.put_off(member.quiet.over_at(local), "quiet")
        return 0
    message.channel, message.address = way.channel, way.address
    message.state, message.reason, message.due_at = "ready", None, None
    turn = draw.turn(session, member, now)
    button = turn.button("by_hand_button", "message.next", source=message.source)
    reply = Reply((Line(turn.say("by_hand_waits")),), (button,))
    draw.nudge(turn, reply, kind="by_hand", subject=message.source, occasion=str(turn.today))
    return 1


def letter(
    session: Session, draw: Draw, message: Message, way: Way, words: Written,
    workspace: Workspace, now: datetime,
) -> None:  # fmt: skip
    """Into the outbox."""
    voice = Voice(draw.book.words, words.language, workspace.timezone, now)
    if way.chat is not None:
        address = Address(way.chat.platform, way.chat.team, way.chat.chat, way.chat.user)
        parts: tuple[Part, ...] = (Line(words.text), Line(voice.say("stop_by_word"), quiet=True))
    else:
        link = signed(session, workspace.id, UNSUBSCRIBE, message.contact_id, message.id)
        address = Address(
            "email", str(workspace.id), str(message.contact_id), way.address,
            thread=str(message.id), answer_to=link,
        )  # fmt: skip
        parts = (
            Title(words.subject), Line(words.text), Line(voice.say("stop_by_link"), quiet=True)
        )  # fmt: skip
    post(
        session, address, Reply(parts, rtl=voice.rtl), now, workspace_id=workspace.id,
        kind=CUSTOMERS, topic=f"{TOPIC}:{message.id}", language=words.language,
    )  # fmt: skip
