"""Where in a text the slots of an action were said, for whoever wants to see why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.amounts import Amount, plain
from language.filling import Filling
from language.freetext import SLOT

Span = tuple[int, int]
Spans = dict[str, tuple[Span, ...]]

# Words that give a slot its value where no sense is called like both ("stage:lead" is).
_CUES = {
    "kind": {
        "call": "call_past call talk", "meeting": "meeting_past meeting",
        "email": "email_past email_word", "message": "message_past message sent",
        "visit": "visit_past visit place_of", "note": "note log_word",
    },
    "stage": {"proposal": "quote quoted sent"},
    "owner": {"me": "mine tidy:mine"},
    "what": {
        "contact": "customer", "deal": "deals deal", "task": "tasks", "company": "kept:company",
        "activity": "kept:activity", "all": "kept:all",
    },
    "format": {form: f"file_form:{form}" for form in ("xlsx", "csv", "vcard", "jsonl")},
    "status": {
        "won": "metric:won win", "lost": "metric:lost lose", "open": "open_deals standing:open",
    },
    "period": {"overdue": "overdue", "today": "span:day"},
}  # fmt: skip
_PIECES = {"due": ("due", "every", "clock"), "on": ("on", "clock")}
_COUNTS = ("amount", "quantity", "number")


def spans_of(filling: Filling, slots: dict[str, Any]) -> Spans:
    """For each slot that was said its places in the text, in order; more than one where it was
    said in pieces ("Friday ... at 3"). What is carried over or assumed is not in it."""
    tokens = filling.scene.sheet.tokens
    found = {slot: sorted(set(_places(filling, slot, value))) for slot, value in slots.items()}
    return {
        slot: tuple((tokens[i].start, tokens[j - 1].end) for i, j in places)
        for slot, places in found.items()
        if places
    }


def _places(filling: Filling, slot: str, value: Any) -> list[Span]:
    """The tokens that say a slot."""
    if slot == SLOT.get(filling.group.intent):
        return filling.left
    used = filling.used
    if slot == "currency":
        item = used.get("amount")
        said = item is not None and isinstance(item.value, Amount) and item.value.currency
        return [(item.i, item.j)] if item and said else []
    places = [
        (used[piece].i, used[piece].j) for piece in _PIECES.get(slot, (slot,)) if piece in used
    ]
    return places or list(_cues(filling, slot, str(value))) or list(_valued(filling, slot, value))


def _cues(filling: Filling, slot: str, value: str) -> Iterator[Span]:
    """Phrases whose sense is the value."""
    senses = {f"{slot}:{value}", f"span:{value}", *_CUES.get(slot, {}).get(value, "").split()}
    marks = filling.scene.sheet.marks
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            if at in marks and not marks[at].senses.isdisjoint(senses):
                yield at, marks[at].j


def _valued(filling: Filling, slot: str, value: Any) -> Iterator[Span]:
    """Counts of that value, and words that are the value as it stands."""
    for kind in _COUNTS if slot in _COUNTS else ():
        for item in filling.items(kind):
            if plain(item.value.value) == value:
                yield item.i, item.j
    sheet = filling.scene.sheet
    said = {str(each).lower() for each in value} if isinstance(value, list) else {str(value)}
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            j = at + sheet.size(at)
            if sheet.said(at, j).lower().lstrip("#") in said:
                yield at, j
