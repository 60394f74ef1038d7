"""From a text or a slash command to calls that the Book can carry out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handlers.asking import asks_more, may_ask
from handlers.described import whose_is
from handlers.figures import figure_in
from handlers.finding import ticked_off
from handlers.named import known_in
from handlers.own_fields import field_names
from handlers.pipeline import stage_names
from handlers.privacy_words import privacy_wished
from handlers.reply import Call
from language.action import Action
from language.agreed import read_agreed
from language.folding import fold
from language.reader import read as read_words
from language.setting import Setting
from language.sheet import lay_out
from language.voice import plain

if TYPE_CHECKING:
    from handlers.book import Book
    from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for: calls that the Book knows, each with the action it comes from.

    ``text`` is what was read: what was said, led by the words that a slash command stands for.
    """

    calls: list[Call]
    actions: list[Action]
    text: str = ""
    intents: frozenset[str] = frozenset()

    def rivals(self, action: Action) -> list[Call]:
        """What else it may mean, of what the Book can do."""
        return [_call(rival) for rival in action.rivals if rival.intent in self.intents]


def read(book: Book, turn: Turn, text: str, slash: str = "") -> Reading:
    """What the words ask for, in order. A slash command says the first intent itself."""
    text = plain(text).strip()
    setting = Setting(
        region=turn.workspace.region,
        currency=turn.currency,
        stages=stage_names(turn),
        fields=field_names(turn),
        known=known_in(turn, text),
        spoken=turn.has_focus,
    )
    if not (slash or turn.overheard) and text.casefold().strip(" ?!.") in book.by_slash:
        slash, text = text.casefold().strip(" ?!."), ""
    if not slash and fold(text) in map(fold, turn.voice.words["undo_button"].values()):
        return _plainly(Call("undo"))
    if not slash and (wish := privacy_wished(turn, text)):
        return _plainly(wish)
    if not (slash or turn.overheard) and (asked := whose_is(turn, text)):
        return _plainly(asked)
    if not slash and _asks_why(turn, text):
        return Reading([Call("why")], [Action("why")])
    if not (slash or turn.overheard):
        agreed = read_agreed(lay_out(text), turn.today, turn.currency)
        if agreed:
            return Reading([_call(action) for action in agreed], agreed, text)
    if slash:
        return _read_slash(book, turn, slash, text, setting)
    actions = read_words(text, turn.local, setting)
    calls = [_call(action) for action in actions]
    if not turn.overheard and may_ask(calls, text):
        figure = figure_in(turn, text)
        if figure and asks_more(turn, calls[0], figure, text):
            return _plainly(Call("stats.ask", {"text": text}))
    ticked = ticked_off(turn, text) if _says_no_more(calls) else None
    return _plainly(ticked) if ticked else Reading(calls, actions, text, frozenset(book.by_intent))


def _call(action: Action) -> Call:
    """What an action asks for; where "her" or "usko" stands for the name, the finders know it."""
    return Call(action.intent, {**action.slots, **({"of_them": True} if action.of_them else {})})


def _asks_why(turn: Turn, text: str) -> bool:
    """Whether it is asked how the last message was read; colleagues ask each other, too."""
    return not turn.overheard and fold(text).strip(" ?!.") in turn.voice.words["why_words"]["all"]


def _plainly(*calls: Call) -> Reading:
    """Calls that no reading of words lies behind."""
    return Reading(list(calls), [Action(call.intent) for call in calls])


def _read_slash(book: Book, turn: Turn, slash: str, text: str, setting: Setting) -> Reading:
    command = book.by_slash.get(slash)
    if command is None:
        return _plainly(Call("unknown_slash", {"slash": slash}))
    if not text:
        return _plainly(Call(command.intent, dict(command.preset)))
    led = f"{command.lead} {text}"
    actions = read_words(led, turn.local, setting)
    if actions[0].intent == command.intent:
        actions[0] = replace(actions[0], confidence=1.0, doubts=(), rivals=())
        calls = [_call(action) for action in actions]
        return Reading(calls, actions, led, frozenset(book.by_intent))
    meant = next((each for each in actions if each.intent == command.intent), actions[0])
    call = Call(command.intent, {**command.preset, "text": text, **meant.slots})
    said = replace(meant, intent=command.intent, confidence=1.0, doubts=(), rivals=())
    return Reading([call], [said], led)


def _says_no_more(calls: list[Call]) -> bool:
    """Nothing was found in it, or a task without a time: an open task may have been meant."""
    return len(calls) == 1 and (
        calls[0].intent == "none"
        or (calls[0].intent == "task.add" and set(calls[0].slots) == {"text"})
    )
