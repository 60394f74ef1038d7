"""Before whose eyes an answer is drawn: in the chat, in the member's own chat, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.incoming import Incoming, Place
from bot.reception import chat_at
from handlers import focus
from handlers.questions import waiting
from handlers.reply import Line, Reply, says
from handlers.turn import Turn
from rules.access import Action, Verdict, authorize, strictest
from scheduler.letters import Address
from storage.models import Chat, Identity
from storage.privacy import Sight
from storage.writing import put

SHOW = Action("show")
TELLING = ("took", "answer")
"""What ``/why`` would tell of a turn and that may name who was not named in the chat."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A reply, the chat that its buttons are bound to (None: any private one of the member's),
    and its address where that is not where it was asked."""

    reply: Reply
    chat: Chat | None
    elsewhere: Address | None = None


def drawn(turn: Turn, incoming: Incoming, reply: Reply, sight: Sight | None) -> list[Drawn]:
    """What is said where. Once more it is asked who may see what came up."""
    verdict = _verdict(turn, sight)
    if verdict == "privately":
        return _aside(turn, incoming, reply)
    if verdict == "denied":
        reply = Reply((Line(turn.say("gone")),))
    return [Drawn(reply, turn.chat)]


def _aside(turn: Turn, incoming: Incoming, reply: Reply) -> list[Drawn]:
    """The answer in the member's own chat; here only that it is there."""
    reading = turn.row.reading
    if reading:
        turn.row.reading = {name: told for name, told in reading.items() if name not in TELLING}
    outside = turn.audience == "external"
    note = says(turn.say("answered_privately_external" if outside else "answered_privately"))
    address, home = _own_chat(turn, incoming)
    return [
        Drawn(note, turn.chat),
        Drawn(replace(reply, replaces=False, private=False), home, address),
    ]


def _verdict(turn: Turn, sight: Sight | None) -> Verdict:
    actor, audience = turn.member.actor, turn.audience
    verdict = authorize(actor, SHOW, None, audience)
    if audience != "private" and turn.discreet:
        verdict = strictest((verdict, "privately"))
    came = sight.things() if sight else []
    return strictest((verdict, *(authorize(actor, SHOW, thing, audience) for thing in came)))


def _own_chat(turn: Turn, incoming: Incoming) -> tuple[Address, Chat | None]:
    """Where the member is alone with the bot, and goes on there with what was spoken of."""
    sender = incoming.sender
    identity = turn.session.get(Identity, (sender.platform, sender.team, sender.id))
    known = (identity and identity.private_chat) or ""
    if sender.platform == "telegram":
        known = known or sender.id  # a private chat has its person's number
    tongue = turn.member.language or ""
    address = Address(sender.platform, sender.team, chat=known, user=sender.id, tongue=tongue)
    if not known:
        return address, None
    home = chat_at(turn.session, Place(sender.platform, sender.team, known), turn.member)
    _ask_there(turn, home)
    mine = focus.own(turn.chat.focus, turn.member.id)
    put(turn.session, home, focus=focus.put(home.focus, turn.member.id, mine))
    return address, home


def _ask_there(turn: Turn, home: Chat) -> None:
    """A question that was just asked, in the place of one that still waits in that chat."""
    question = waiting(turn)
    if question is None or question.turn_id not in (turn.id, turn.origin):
        return
    earlier = waiting(replace(turn, chat=home))
    if earlier is not None:
        turn.session.delete(earlier)
        turn.session.flush()
    question.chat_id = home.id
