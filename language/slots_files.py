"""The slots of a file that is wanted: of what, in which format, how deals stand, whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.filling import Filling
from language.slots_whom import read_company, read_contact

_NOUNS = {"customer": "contact", "deals": "deal", "deal": "deal", "tasks": "task"}
_STANDING = {
    "won": ("metric:won", "win"),
    "lost": ("metric:lost", "lose"),
    "open": ("open_deals", "standing:open"),
}
_OWNED = ("deal", "task", "activity")
"""Of these "my" says whose they are; "my contacts" are those of the book."""


def read_what(filling: Filling) -> dict[str, Any]:
    """The kind of records that is named first; of one sentence the verb's object."""
    return {"what": next(_nouns(filling), None)}


def _nouns(filling: Filling) -> Iterator[str]:
    sheet = filling.scene.sheet
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            if at not in sheet.marks or filling.scene.inside(at) is not None:
                continue
            kept = sheet.value(at, "kept")
            if kept:
                yield kept
            yield from (kind for sense, kind in _NOUNS.items() if sheet.has(at, sense))


def read_format(filling: Filling) -> dict[str, Any]:
    said = [form for form in filling.senses("file_form") if form != "any"]
    return {"format": said[0] if said else None}


def read_status(filling: Filling) -> dict[str, Any]:
    for status, senses in _STANDING.items():
        if not filling.shows.isdisjoint(senses):
            return {"status": status}
    return {}


def read_whom(filling: Filling) -> dict[str, Any]:
    """Whom it is about, if it is about anybody; nobody is carried over from before."""
    return {**read_contact(filling), **read_company(filling)}


def read_whose(filling: Filling) -> dict[str, Any]:
    """``me`` for deals and the like that are said to be mine."""
    shows = filling.group.shows
    said = "my_word" in shows or ("mine" in shows and not filling.scene.sheet.verb_first)
    mine = "tidy:mine" in shows or (said and next(_nouns(filling), "") in _OWNED)
    return {"owner": "me" if mine else None}
