"""Whom an action is about: the contact and the company among the names of its clauses."""

from __future__ import annotations

from language.groups import Group, items_of
from language.sheet import Sheet
from language.spotting import Item, Scene

_BEFORE = ("to", "with", "from", "for", "call_past", "meeting_past", "email_past", "message_past",
           "call", "find", "show", "tell_about", "sent", "do", "win", "lose", "finish", "snooze",
           "log_word", "add", "visit_past", "of", "note", "customer", "deal", "order", "move")  # fmt: skip
_AFTER = ("ko", "ne", "se", "wala", "saath", "paas")
_AT = ("at", "from", "in", "of")
_OBLIQUE = ("وں", "یں", "یاں", "on", "ein", "iyan", "ing", "s")


def who_of(scene: Scene, found: Group) -> dict[str, Item]:
    """The contact and the company of a group, as items."""
    people = items_of(scene, found, "person")
    orgs = items_of(scene, found, "org")
    people, moved = _sort_out(scene, found, people, bool(orgs))
    orgs = orgs + moved
    chosen: dict[str, Item] = {}
    person = _best(scene, people, bool(orgs))
    if person:
        chosen["contact"] = person
    if orgs:
        chosen["company"] = orgs[0]
    return chosen


def _sort_out(
    scene: Scene, found: Group, people: list[Item], has_org: bool
) -> tuple[list[Item], list[Item]]:
    """Unknown names at which somebody is ("at Bluefin", "Bluefin mein") are companies."""
    stay, moved = [], []
    for item in people:
        place = _is_place(scene.sheet, item, found.intent)
        (moved if place and not has_org else stay).append(item)
    return stay, moved


def _is_place(sheet: Sheet, item: Item, intent: str) -> bool:
    if any(sheet.has(at, "given", "rank") for at in range(item.i, item.j)):
        return False
    token = sheet.tokens[item.i]
    if token.latin and not token.capital:
        return False
    before = sheet.key(item.i - 1)
    if before in {"at", "@"} or sheet.has(item.j, "mein"):
        return True
    if intent == "contact.find":
        return before in {"at", "from", "in"} or sheet.has(item.j, "mein", "se", "ka")
    return bool(sheet.has(item.i - 1, "visit_past") or before == "from")


def _best(scene: Scene, people: list[Item], has_org: bool) -> Item | None:
    scored = [(item.weight + _place(scene.sheet, item, has_org), -item.i, item) for item in people]
    scored = [score for score in scored if score[0] >= _ENOUGH]
    return max(scored, key=lambda score: (min(score[0], 5), score[1]))[2] if scored else None


_ENOUGH = 3


def _place(sheet: Sheet, item: Item, has_org: bool) -> int:
    """How much the words around a name say that it is one."""
    last = sheet.tokens[item.j - 1]
    score = 0
    if sheet.has(item.j, *_AFTER) or sheet.key(item.j) == "'s":
        score += 3
    elif sheet.has(item.j, "ka"):
        score += 0 if has_org or item.weight < 1 and last.key.endswith(_OBLIQUE) else 3
    if sheet.has(item.i - 1, *_BEFORE):
        score += 3 if item.weight else 2
    if item.weight < 2 and last.key.endswith(_OBLIQUE):
        score -= 2
    if sheet.has(item.i - 1, "the") or (item.i and sheet.tokens[item.i - 1].kind == "number"):
        score -= 4
    return score
