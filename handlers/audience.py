"""Whom a campaign goes to: a segment by its name, a query, or a few words as query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select

from handlers.turn import Turn
from language.campaigning import read_audience
from language.folding import fold
from language.voice import one_line
from rules.reach_keys import city_key
from rules.segments import Misread, parse, printed
from storage.models import Company, Contact, ContactTag, Segment
from storage.segments import Unknown, members

_OF_QUERIES = ("=", "[", "~", ">", "<")
_ALL = "customer or not customer"


@dataclass(frozen=True, slots=True)
class Audience:
    """``query`` is in the segments' language, ``told`` as it was said."""

    query: str
    told: str


def audience_said(turn: Turn, said: str) -> Audience | None:
    """Whom the words mean; None where they mean no group that is known."""
    told = one_line(said, 300)
    name = fold(told).removeprefix("segment ").strip()
    kept = select(Segment).where(
        Segment.workspace_id == turn.workspace.id, Segment.name_key == name
    )
    for row in turn.session.scalars(kept):
        if row.shared or row.owner_id == turn.member.id:
            return Audience(row.query, row.name)
    query = _query(turn, told)
    if query is None:
        return None
    try:
        return Audience(printed(parse(query)), told)
    except Misread:
        return None


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
