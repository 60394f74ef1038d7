"""What a question names: values such as people and products, and the team's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from language.figures.cues import APART, Facet, Value
from language.figures.phrases import Phrase, is_everyday, synonyms
from language.figures.ways import with_its_word
from language.own_names import find_names
from language.sheet import Sheet

Values = Mapping[str, Mapping[str, Sequence[str]]]
"""What a question may name: by what it is a value of (owner, product, ...), each value with all
that it is called."""

PIPELINE = "pipeline"
"""The kind of value that is only meant beside that word: Retail is a sector, too."""

_CHILD = "child"
"""The sense of words that say that a name is that of a parent company."""

_OF_FIELDS = frozenset({_CHILD, "as_parent", "none", "list"})
"""Words that may be a part of what a team calls a field."""


def values_named(values: Values, said: Sequence[Phrase], sheet: Sheet) -> list[Value]:
    """The values that a question names. Where its own words stand, only what is written as it is
    counts as a name, and nothing that is a part of a longer phrase."""
    names = {
        APART.join((kind, value, str(number))): said
        for kind, known in values.items()
        for value, called in known.items()
        for number, said in enumerate(dict.fromkeys([*called, *synonyms(value)]))
    }
    covering = {at: phrase for phrase in said for at in range(phrase.i, phrase.j)}
    senses = {sense for phrase in said for sense in phrase.senses}
    found = []
    for place in find_names(sheet, names):
        value = Value.at(place)
        size = place.j - place.i
        if value.kind == PIPELINE:
            if beside := with_its_word(sheet, place.i, place.j):
                found.append(Value(*beside, value.kind, value.name))
            continue
        over = [covering[at] for at in range(place.i, place.j) if at in covering]
        if any(phrase.j - phrase.i > size for phrase in over):
            continue
        if place.slips and len(over) == size:
            continue
        if place.slips and size == 1 and is_everyday(sheet, place.i):
            continue
        if value.kind == "reason" and not senses & {"lost", "because"}:
            continue
        if len(over) == size and value.kind != "reason" and _may_be_plain(value.kind):
            continue
        found.append(_meant(value, values, senses))
    return found


def _meant(value: Value, values: Values, senses: set[str]) -> Value:
    """What a name is here that is a value of two kinds: Lahore may be an office and where
    customers are, beside these it is the latter; Acme a customer, and whose subsidiaries are."""
    also = [kind for kind, known in values.items() if kind != value.kind and value.name in known]
    if value.kind == "office" and "by_what:company" in senses and "city" in also:
        return Value(value.i, value.j, "city", value.name)
    own = next((kind for kind in also if ":" in kind), None)
    if value.kind == "company" and own and senses & {_CHILD, "as_parent"}:
        return Value(value.i, value.j, own, value.name)
    return value


def _may_be_plain(kind: str) -> bool:
    """Whether plain words are values of it, too."""
    return kind in {"stage", "source"} or ":" in kind


def fields_named(
    own: Mapping[str, str], said: Sequence[Phrase], named: Sequence[Value], sheet: Sheet
) -> list[Facet]:
    """The own fields that a question speaks of, by their names or other words for the same. Words
    that questions are asked with are no field, unless they are but a part of its name."""
    found = []
    said = [phrase for phrase in said if not phrase.senses <= _OF_FIELDS]
    for place in find_names(sheet, _called(own)):
        over = [phrase for phrase in said if phrase.i < place.j and place.i < phrase.j]
        begun = [phrase for phrase in over if phrase.i <= place.i]
        longer = all(p.i == place.i and p.j < place.j for p in begun)
        if over and (not longer or place.slips):
            continue
        if any(value.i < place.j and place.i < value.j for value in named):
            continue
        if place.slips and any(is_everyday(sheet, at) for at in range(place.i, place.j)):
            continue
        found.append(Facet(place.i, place.j, place.key.partition(APART)[0]))
    return found


def _called(own: Mapping[str, str]) -> dict[str, str]:
    """Own facets by their names, and by other words that mean the same (industry, sector)."""
    found = {}
    for kind, name in own.items():
        plain = name.replace("_", " ")
        for number, called in enumerate(dict.fromkeys((plain, *synonyms(plain)))):
            found[APART.join((kind, name, str(number)))] = called
    return found
