"""From a text, a slash command or a shared card to calls that the Book can carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from handlers.finding import ticked_off
from handlers.reply import Call
from language.folding import fold
from language.reader import read as read_words
from language.setting import Setting
from language.voice import plain

if TYPE_CHECKING:
    from handlers.book import Book
    from handlers.turn import Turn


class Card(Protocol):
    """A contact card as a platform hands it over."""

    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def emails(self) -> tuple[str, ...]: ...
    @property
    def company(self) -> str: ...


def read(book: Book, turn: Turn, text: str, slash: str = "") -> list[Call]:
    """What the words ask for, in order. A slash command says the first intent itself."""
    setting = Setting(region=turn.workspace.region, currency=turn.currency)
    text = plain(text).strip()
    if not slash and text.casefold().strip(" ?!.") in book.by_slash:
        slash, text = text.casefold().strip(" ?!."), ""
    if not slash and fold(text) in map(fold, turn.voice.words["undo_button"].values()):
        return [Call("undo")]
    if not slash:
        calls = [Call(a.intent, dict(a.slots)) for a in read_words(text, turn.local, setting)]
        ticked = ticked_off(turn, text) if _says_no_more(calls) else None
        return [ticked] if ticked else calls
    command = book.by_slash.get(slash)
    if command is None:
        return [Call("unknown_slash", {"slash": slash})]
    if not text:
        return [Call(command.intent, dict(command.preset))]
    actions = read_words(f"{command.lead} {text}", turn.local, setting)
    calls = [Call(action.intent, dict(action.slots)) for action in actions]
    if calls and calls[0].intent == command.intent:
        return calls
    meant = next((call for call in calls if call.intent == command.intent), None)
    slots = meant.slots if meant else (calls[0].slots if calls else {})
    return [Call(command.intent, {**command.preset, "text": text, **slots})]


def _says_no_more(calls: list[Call]) -> bool:
    """Nothing was found in it, or a task without a time: an open task may have been meant."""
    return len(calls) == 1 and (
        calls[0].intent == "none"
        or (calls[0].intent == "task.add" and set(calls[0].slots) == {"text"})
    )


def calls_of_card(card: Card) -> list[Call]:
    """A shared contact as the call that keeps it."""
    slots = {
        "contact": plain(card.name).strip() or None,
        "company": plain(card.company).strip() or None,
        "phones": list(card.phones),
        "emails": list(card.emails),
    }
    return [Call("contact.add", {name: value for name, value in slots.items() if value})]
