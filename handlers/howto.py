"""How something is done here, by the examples of what can be said: "how do I delete a customer"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log
from typing import TYPE_CHECKING

from handlers.book import Chapter
from handlers.named import known_in
from handlers.reply import Call, Items, Line, Part, Reply, Title
from handlers.turn import Turn
from language.howto import read_howto, telling
from language.sheet import lay_out

if TYPE_CHECKING:
    from handlers.book import Book, Command

chapter = Chapter(__name__)

WAYS = 3
"""Things that can be said, of one answer."""

ENOUGH = 0.5
"""How much of what was asked must be found in one of them, by how rare its words are."""

UNKNOWN = 2.0
"""The weight of a word that is in none of them, as if one in six had it: it tells little."""

NEAR = 0.8
"""How much of the best one's share another must have."""


def how_to(book: Book, turn: Turn, text: str, *, surely: bool) -> Call | None:
    """The answer where it is asked how something is done, ``surely`` with records here; None for
    any other message, and where somebody who is known is named: "how can I help Bilal" asks of
    him."""
    words = read_howto(lay_out(text), surely=surely)
    if not words or known_in(turn, text):
        return None
    ways = [
        [command.help[turn.member.tongue], *command.examples[turn.member.tongue][:2]]
        for command in _likeliest(book, words)
    ]
    return Call("help.how", {"ways": ways}) if ways else Call("help")


@chapter.command("help.how")
def shown(turn: Turn, ways: list[list[str]]) -> Reply:
    """What to say for it, by example."""
    parts: list[Part] = []
    for what, *examples in ways:
        title = Line(turn.voice.told(what), quiet=True) if parts else Title(turn.voice.told(what))
        parts += [title, Items(tuple(turn.voice.apart(each) for each in examples))]
    return Reply(tuple(parts), (turn.button("help_button", "help"),))


def _likeliest(book: Book, words: Iterable[str]) -> list[Command]:
    """The commands of whose words these are, the likeliest first."""
    known = book.told
    many = Counter(word for its in known.values() for word in its)
    rare = {word: log(1 + len(known) / count) for word, count in many.items()}
    asked = {word: rare.get(word, UNKNOWN) for word in words}
    shares = {
        intent: sum(weight for word, weight in asked.items() if word in its) / sum(asked.values())
        for intent, its in known.items()
    }
    order = sorted(
        shares, key=lambda each: (-shares[each], -_named(book, each, asked), len(known[each]))
    )
    best = shares[order[0]]
    if best < ENOUGH:
        return []
    return [book.by_intent[each] for each in order[:WAYS] if shares[each] >= best * NEAR]


def _named(book: Book, intent: str, words: Iterable[str]) -> float:
    """How much of what a command is called was said."""
    names = {*telling(" ".join(book.by_intent[intent].names))}
    return len(names & {*words}) / max(len(names), 1)
