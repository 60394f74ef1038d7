"""Whom a campaign goes to: a segment by its name, a query, or a description in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select

from handlers.segment_kept import segment_names, visible
from handlers.segment_reading import read
from handlers.turn import Turn
from language.campaigning import read_audience
from language.folding import fold
from language.own_names import find_names
from language.segments.items import may_concern
from language.sheet import lay_out
from language.voice import one_line
from rules.reach_keys import city_key
from rules.segments import Misread, parse, printed
from storage.models import Company, Contact, ContactTag
from storage.segments import Unknown, members

_OF_QUERIES = ("=", "[", "~", ">", "<")
_ALL = "customer or not customer"


@dataclass(frozen=True, slots=True)
class Audience:
    """``query`` is in the segments' language, ``told`` as it was said."""

    query: str
    told: str


def audience_said(turn: Turn, said: str) -> Audience | None:
    """Whom the words mean; None where they mean no group that is known, or not wholly."""
    told = one_line(said, 300)
    name = fold(told).removeprefix("segment ").strip()
    for row in visible(turn):
        if row.name_key == name:
            return Audience(row.query, row.name)
    query = _query(turn, told) or _described(turn, told)
    if query is None:
        return None
    try:
        return Audience(printed(parse(query)), told)
    except Misread:
        return None


def _described(turn: Turn, told: str) -> str | None:
    """The query of a description, where it speaks of people or of a segment and is understood
    wholly: of a condition that fell away the wrong ones would hear."""
    sheet = lay_out(told)
    names_one = any(span.slips < 2 for span in find_names(sheet, segment_names(turn)))
    if not names_one and not may_concern(sheet.tokens):
        return None
    found = read(turn, told)
    if not found.whole or found.node is None:
        return None
    return printed(found.node) if found.nouns or names_one else None


def _query(turn: Turn, told: str) -> str | None:
    if any(sign in told for sign in _OF_QUERIES):
        return told
    found = read_audience(told)
    if found is None:
        return None
    kind, said = found
    if kind == "all":
        return _ALL
    if kind in ("city", "tag"):
        known = (("city", _is_city), ("tag", _is_tag))
        fits = [name for name, test in known if test(turn, said)]
        wanted = kind if kind in fits or kind == "tag" else fits[0] if fits else None
        return f"{wanted} = {_quoted(said)}" if wanted else None
    return f"company = {_quoted(said)}"


def _quoted(said: str) -> str:
    return '"' + said.replace('"', "") + '"'


def _is_city(turn: Turn, said: str) -> bool:
    key = city_key(said)
    space = turn.workspace.id
    ways = [
        exists().where(kind.workspace_id == space, kind.city_key == key)
        for kind in (Contact, Company)
    ]
    return bool(key) and any(turn.session.scalar(select(way)) for way in ways)


def _is_tag(turn: Turn, said: str) -> bool:
    here = exists().where(
        ContactTag.workspace_id == turn.workspace.id, ContactTag.tag == said.lower()
    )
    return bool(turn.session.scalar(select(here)))


def people(turn: Turn, query: str, seen_by: int) -> Select[Any] | None:
    """The contacts that a query means now, private ones as far as a member may see them; None where
    it names what is not there any more."""
    try:
        return members(
            turn.session, turn.workspace.id, query, turn.now, turn.workspace.timezone,
            seen_by=seen_by,
        )  # fmt: skip
    except (Unknown, Misread):
        return None
