"""What is said in the thread of a ticket, or right after its card was shown: "resolve" settles it,
and whatever is no wish about anything else is kept with it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.reply import Call
from handlers.ticket_meant import has_open, spoken_of, ticket_here, told_of_last
from handlers.turn import Turn
from language import doubt
from language.action import Action
from language.folding import fold
from language.reader import read as read_words
from language.setting import Setting
from language.sheet import lay_out
from language.ticket_due import read_ticket_due
from language.ticketing import priority_of, read_ticketing, said_alone, says_it_all
from storage.models import Ticket

OF_IT = frozenset({
    "none", "activity.log", "ticket.open", "ticket.close", "task.done", "contact.update",
    "contact.add", "order.add", "unclear", "deal.add", "deal.move", "deal.win", "deal.lose",
    "deal.update",
})  # fmt: skip
"""What words in a ticket's thread may be taken for, and are said of the ticket."""


SLASH = "ticket"


def ticket_of_reply(turn: Turn, text: str, slash: str) -> Call | None:
    """A ticket is to be made of the message that is replied to: "ticket", "open an urgent ticket
    for Bilal"; nothing where the reply tells itself what is the matter."""
    if not turn.replied or turn.overheard or slash not in ("", SLASH):
        return None
    about = {"said": turn.replied, "name": turn.replied_name, "message": turn.replies_to}
    led = f"{SLASH} {text}".strip() if slash else text
    actions = read_words(led, turn.local, Setting(region=turn.workspace.region))
    slots = dict(actions[0].slots) if len(actions) == 1 else {"text": text}
    bare = fold(led).strip(" .!") == SLASH
    if not bare and (actions[0].intent != "ticket.open" or _tells(str(slots.get("text") or ""))):
        return None
    kept = ("contact", "company", "priority")
    return Call(
        "ticket.from_message", about | {name: slots[name] for name in kept if slots.get(name)}
    )


def _tells(text: str) -> bool:
    """Whether the words are more than how urgent it is."""
    return bool(text) and priority_of(text) is None


def ticket_told(turn: Turn, text: str) -> Call | None:
    """What becomes of the ticket that is spoken of, where the message says nothing else; in a
    thread where colleagues talk, all of it is kept with the ticket."""
    ticket = ticket_here(turn) if turn.thread or turn.replies_to else None
    alone = said_alone(text)
    if ticket is None:
        ticket = spoken_of(turn) if alone and not turn.overheard else None
        if ticket and turn.in_focus("task") is None:
            return Call(f"ticket.{alone}", {"ticket": ticket.id})
        return (_of_own(turn, text) or _due_of_spoken(turn, text)) if not turn.overheard else None
    if alone:
        return Call(f"ticket.{alone}", {"ticket": ticket.id})
    sheet = lay_out(text)
    if due := read_ticket_due(sheet, here=True):
        return _due(ticket, due)
    for action in read_ticketing(sheet, turn.today):
        if action.slots.get("this") or action.intent == "ticket.comment":
            return Call(action.intent, {"ticket": ticket.id, **action.slots})
        return Call(action.intent, action.slots)
    if not turn.overheard or _is_idle(turn, text):
        return None
    return Call("ticket.comment", {"ticket": ticket.id, "text": text, "quiet": True})


def _due(ticket: Ticket, told: Action) -> Call:
    """Of the ticket of this thread, unless another one is named."""
    another = told.slots.get("number") or told.slots.get("contact")
    return Call(told.intent, told.slots if another else {**told.slots, "ticket": ticket.id})


def _due_of_spoken(turn: Turn, text: str) -> Call | None:
    """By when the ticket that was spoken of last is to be settled: "needs a fix by tomorrow"."""
    due = read_ticket_due(lay_out(text), here=True)
    ticket = spoken_of(turn) if due else None
    if due is None or ticket is None or turn.in_focus("task") or turn.in_focus("deal"):
        return None
    return _due(ticket, due)


def _of_own(turn: Turn, text: str) -> Call | None:
    """The ticket that a letter just told of; else one of the member's own, which is asked."""
    if not says_it_all(text):
        return None
    ticket = told_of_last(turn)
    if ticket is not None and ticket.is_open:
        return Call("ticket.close", {"ticket": ticket.id})
    return Call("ticket.close") if has_open(turn) else None


def is_said_of_it(turn: Turn, actions: Sequence[Action], text: str) -> Call | None:
    """The words as a comment, where they answer a ticket's card and ask for nothing plainly."""
    if not (turn.thread or turn.replies_to) or _is_idle(turn, text):
        return None
    sure = not doubt.to_be_asked(actions[0].confidence)
    if sure and any(action.intent not in OF_IT for action in actions):
        return None
    ticket = ticket_here(turn)
    return Call("ticket.comment", {"ticket": ticket.id, "text": text}) if ticket else None


def _is_idle(turn: Turn, text: str) -> bool:
    """Thanks and such are nothing to be kept."""
    key, words = fold(text).strip(" .,!?"), turn.voice.words
    kinds = ("greeting_words", "thanks_words", "bye_words", "nod_words")
    return any(key in words[kind]["all"] for kind in kinds) or not key
