"""A description in words, with all that it may name here, to a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.journey_names import called
from handlers.named import known_in
from handlers.own_fields import fields
from handlers.pipeline import stage_name, stages
from handlers.segment_kept import visible
from handlers.turn import Turn
from language.segments.items import marked
from language.segments.making import ME
from language.segments.reading import Read, read_description, tokenise
from language.voice import RLM
from rules.journey import STAGES
from rules.segments import And, Node, Not, Or, Test
from rules.segments.fields import CALLED
from storage import queries
from storage.journey import names_of
from storage.models import CustomField
from storage.segment_names import SegmentNames

Values = dict[str, dict[str, list[str]]]


def read(turn: Turn, text: str, *, sources: bool = True) -> Read:
    """What a text describes; sources, which nothing leads to, are looked up only where a word is
    left that is not known otherwise, and not without ``sources``: all contacts are walked."""
    names = known(turn, text)
    found = read_description(text, turn.today, names)
    if found.unknown and sources:
        there = SegmentNames(turn.session, turn.workspace.id).sources()
        names["source"] = {each: [each] for each in there}
        found = read_description(text, turn.today, names)
    return replace(found, node=_mine(found.node, turn.member.name)) if found.node else found


def known(turn: Turn, text: str) -> Values:
    """What is known here, by kind; looked up once for a message."""

    def look() -> list[Values]:
        return [_known(turn, text)]

    return {
        kind: dict(values) for kind, values in turn.meanwhile(("segment", text), look)[0].items()
    }


def _known(turn: Turn, text: str) -> Values:
    here = SegmentNames(turn.session, turn.workspace.id)
    goods, categories = here.goods()
    members = [each.name for each in queries.members(turn.session, turn.workspace.id)]
    firsts = [name.partition(" ")[0] for name in members]
    names: Values = {
        "owner": {
            name: [name, first] if firsts.count(first) == 1 and len(first) > 2 else [name]
            for name, first in zip(members, firsts, strict=True)
        },
        "tag": {tag: [tag, f"{tag}s"] for tag in here.tags()},
        "city": _each(here.cities()),
        "title": {title: [title, f"{title}s"] for title in here.titles()},
        "company": _each(known_in(turn, text).companies),
        "product": _goods(goods),
        "category": _each(categories),
        "stage": {
            each.key: list(dict.fromkeys((each.name or each.usual or each.key,
                                          stage_name(turn, each.key).strip(RLM))))
            for each in stages(turn)
        },
        "journey": _journey(turn, text),
        "segment": {
            each.query: [each.name] for each in visible(turn)
        },
    }  # fmt: skip
    for own in fields(turn):
        _own(names, own, here)
    return {kind: values for kind, values in names.items() if values}


def _journey(turn: Turn, text: str) -> dict[str, list[str]]:
    """The stages of the journey: by the team's own names, by the usual ones where it is spoken
    of."""
    own = names_of(turn.session, turn.workspace.id)
    is_said = any("kind:journey" in senses for _, _, senses in marked(tokenise(text)))
    return {
        each: [name] if (name := own.get(each)) else [each, called(turn, each).strip(RLM)]
        for each in STAGES
        if is_said or each in own
    }


def _each(values: Sequence[str]) -> dict[str, list[str]]:
    return {value: [value] for value in values if len(value) > 1}


def _goods(goods: Sequence[tuple[str, str | None]]) -> dict[str, list[str]]:
    """Products by their names and codes, and by a word that only one of them has."""
    words = [word for name, _ in goods for word in dict.fromkeys(name.casefold().split())]
    return {
        name: [
            name,
            *([code] if code else ()),
            *(w for w in name.split() if len(w) > 3 and words.count(w.casefold()) == 1),
        ]
        for name, code in goods
    }


def _own(names: Values, field: CustomField, here: SegmentNames) -> None:
    """A field by its name, and what stands in it where it holds words."""
    called = field.name.casefold().replace("_", " ")
    kind = next((kind for kind, forms in CALLED.items() if called in forms), f"field:{field.name}")
    if kind in {"country", "birthday"}:
        return
    if kind.startswith("field:"):
        names.setdefault("own", {})[field.name] = [field.name]
    if field.kind in {"text", "choice"}:
        there = names.setdefault(kind, {})
        there.update(_each([v for v in here.values(field) if not v.isdecimal()]))


def _mine(node: Node, name: str) -> Node:
    """With the name of whoever says "my": another who sees the segment is not meant by it."""
    match node:
        case And(nodes):
            return And(tuple(_mine(each, name) for each in nodes))
        case Or(nodes):
            return Or(tuple(_mine(each, name) for each in nodes))
        case Not(inner):
            return Not(_mine(inner, name))
        case Test("owner", "=", value) if value == (ME,):
            return replace(node, value=(name,))
        case _:
            return node
