"""A name in a question that nothing here has: refused, with the nearest that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from handlers.figure_words import named
from handlers.labels import with_names
from handlers.named import known_in
from handlers.reply import Button, Call
from handlers.turn import Sorry, Turn
from handlers.who import nearly_called
from language.figures.naming import Values
from language.figures.phrases import words_for
from language.figures.strangers import Stranger
from language.folding import fold
from language.sounds import is_urdu, likeness, near_enough, sound_key
from storage.facets import Facets
from storage.models import Company, Contact, Deal
from storage.traits import MOST

MANY = 4
"""Names that are offered."""
NEAR = 60
"""From this likeness (0 to 100) on a name of any kind may have been meant."""

_PART = 0.9
"""A part of a name is as like as this."""

_ONLY_TOLD: dict[str, tuple[InstrumentedAttribute[str | None], ...]] = {
    "source": (Deal.source, Company.source, Contact.source), "city": (Contact.city,),
}  # fmt: skip
_PEOPLE = ("owner", "contact", "manager")
_PLACES = ("city", "office")
_ALL = (
    "owner", "company", "contact", "product", "city", "category", "stage", "source", "manager",
    "office", "reason", "segment",
    "time",
)  # fmt: skip
"""Kinds that are called by a word of their own when nothing of them has the name."""


def nothing_called(turn: Turn, stranger: Stranger, intent: str = "stats.ask") -> Sorry:
    """The refusal. Each button asks the same about a name that is known."""
    names = list(_near(turn, stranger))[:MANY]
    buttons = tuple(
        Button(label, Call(intent, {"text": stranger.replaced(name)})) for label, name in names
    )
    kind = stranger.kind if stranger.kind in _ALL else "name"
    key = "no_such_name_near" if names else "no_such_name"
    what = turn.say(f"a_{kind}")
    return Sorry(
        key,
        buttons,
        what=what,
        name=stranger.said,
        names=turn.voice.beside(*(label for label, _ in names)),
    )


def text_with_whole_name(unknown: Sequence[Stranger], values: Values) -> str | None:
    """The question with the whole name of the first thing in it that only a part was said of; None
    where no name has these words, or several have."""
    for stranger in unknown:
        said = fold(stranger.said).split()
        kinds = _kinds_of(stranger, {}) if stranger.titled else [*values]
        found = {
            name
            for kind in kinds
            for name, called in values.get(kind, {}).items()
            if any(_has_all(fold(each).split(), said) for each in called)
        }
        if len(found) == 1:
            return stranger.replaced(found.pop())
    return None


def values_beside(turn: Turn, unknown: Sequence[Stranger], values: Values) -> Values:
    """The same values with those that only single records tell; they are looked at only where a
    name is not known otherwise. Sources as they were said, and cities of people."""
    kinds = {stranger.kind for stranger in unknown} & {*_ONLY_TOLD}
    more = {
        kind: {name: [name] for name in _told(turn, _ONLY_TOLD[kind])} | {**values.get(kind, {})}
        for kind in kinds
    }
    return {**values, **more} if more else values


def _told(turn: Turn, columns: Iterable[InstrumentedAttribute[str | None]]) -> Iterator[str]:
    for column in columns:
        kind: Any = column.class_
        query = select(column).where(kind.workspace_id == turn.workspace.id, column.is_not(None))
        yield from (name for name in turn.session.scalars(query.distinct().limit(MOST)) if name)


def _has_all(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether all words that were said are in a name, in either script."""
    return all(any(each == word or _sounds_so(each, word) for word in words) for each in said)


def _sounds_so(said: str, word: str) -> bool:
    if is_urdu(said) == is_urdu(word) or sound_key(said) != sound_key(word):
        return False
    return likeness(said, word) >= near_enough(word)


def _near(turn: Turn, stranger: Stranger) -> Iterator[tuple[str, str]]:
    """Names that may have been meant, as they are shown and as they are asked for, the likeliest
    first."""
    known, facets = known_in(turn, stranger.said), Facets(turn.session, turn.workspace.id)
    named_here = with_names(turn, facets.values(known.companies, known.people))
    values = values_beside(turn, (stranger,), named_here)
    kinds = _kinds_of(stranger, facets.own())
    found = [
        (_alike(stranger.said, called), kind, name, called[0])
        for kind in kinds or values
        for name, called in values.get(kind, {}).items()
    ]
    if not kinds or not {*kinds}.isdisjoint({"company", *_PEOPLE}):
        found += [
            (100 * score, kind, row.name, row.name)
            for kind, model in (("contact", Contact), ("company", Company))
            for score, row in nearly_called(turn, model, stranger.said)
        ]
    best = sorted((each for each in found if kinds or each[0] >= NEAR), reverse=True)
    said = set()
    for _, kind, name, called in best:
        label = named(turn, kind, name)
        if label not in said:
            said.add(label)
            yield label, called


def _kinds_of(stranger: Stranger, own: Mapping[str, str]) -> list[str]:
    """What it may be one of; nothing where that is not told."""
    kind = stranger.kind
    if kind in _PLACES:
        fields = (each for each, name in own.items() if "country" in words_for(name))
        return [*_PLACES, *fields]
    if kind in _PEOPLE:
        return [*_PEOPLE] if stranger.titled else [*_PEOPLE, "company"]
    return [kind] if kind else []


def _alike(said: str, called: Sequence[str]) -> float:
    """How like a name is to what was said, in either script; a part of it counts for much."""
    return max(
        likeness(said, each)
        if is_urdu(said) != is_urdu(each)
        else max(fuzz.ratio(*pair), _PART * fuzz.token_set_ratio(*pair))
        for each in called
        for pair in [(fold(said), fold(each))]
    )
