"""Whether an action has to do with selling at all: what nobody sells is no business of a CRM."""

from __future__ import annotations

from language.groups import Group
from language.recognising import KNOWN
from language.spotting import Item, Scene
from language.variants import spelt_freely

# Words that only a CRM is told, whatever stands beside them.
_TRADE = {
    "deal", "deals", "customer", "quote", "quoted", "pipeline", "stage_word", "stage:proposal",
    "stage:negotiation", "stage:qualified", "follow_up", "remind", "phone", "email",
    "metric:pipeline", "metric:leaderboard", "metric:churn",
    "metric:value", "tag_like", "tag", "leaving", "cross_sell", "snooze", "log_word", "note",
    "complains", "wala",
}  # fmt: skip
# Words of any office: enough by themselves, not beside what belongs elsewhere.
_OFFICE = {
    "task_word", "tasks", "goods", "call", "meeting", "order", "ticket", "metric", "overdue", "sum",
    "call_past", "meeting_past", "email_past", "message_past", "visit_past", "stage", "sell",
    "what_else", "message", "email_word", "win", "lose", "them", "quantity", "context", "reminder",
    "target", "undo", "help", "agenda_q", "know", "only_when", "details", "last",
    "recurs", "finish", "priority", "title", "closed", "field", "pronoun", "progress",
}  # fmt: skip
_TALK = {
    "call", "meeting", "call_past", "meeting_past", "email_past", "message_past", "visit_past",
    "message", "email_word", "sent", "ordered", "wants",
}  # fmt: skip
_LONG, _TALE = 14, 40  # words in one breath, and in all: a tale, in which single words say little
_PAST = {
    "call_past", "meeting_past", "email_past", "message_past", "visit_past", "ordered", "had",
}  # fmt: skip
_ERRANDS = {"call", "meeting", "goods", "order", "follow_up", "visit", "quote", "wants"}
_ASKING = {"contact.show", "contact.find", "task.list", "stats.show", "deal.list", "goal.show"}


def bears(scene: Scene, found: Group) -> bool:
    """Whether a group's intent rests on somebody or something of selling."""
    shows = found.all_shows
    if found.intent == "help":
        return True
    elsewhere = "elsewhere" in scene.sheet.shown
    if not shows.isdisjoint(_TRADE) and (not elsewhere or _firm(scene, found)):
        return True
    names = [
        item
        for clause in found.clauses
        for kind in ("person", "org")
        for item in scene.of(kind, clause.i, clause.j)
    ]
    if any(scene.sheet.has(item.i, *KNOWN) for item in names) and shows & (_OFFICE | {"when"}):
        return True
    long = len(scene.sheet.tokens) > _TALE
    long = long or any(clause.words > _LONG for clause in found.main)
    if not long and any(_plainly(scene, item) for item in names):
        return True
    known = any(_is_given(scene, item) for item in names)
    if elsewhere or long:
        return _told(shows, bool(names), known)
    if known or not shows.isdisjoint(_OFFICE):
        return True
    if found.intent == "task.list" and {"period", "need"} <= shows:
        return True  # "what do I need to do today"
    if found.intent == "contact.find" and not shows.isdisjoint({"city", "tag", "title"}):
        return True
    if found.intent in _ASKING:
        return bool(names) and "question" not in shows
    return bool(names) or "when" in shows or found.intent != "task.add"


def _is_given(scene: Scene, item: Item) -> bool:
    """Whether it begins with a given name; after initials a rank is one as well."""
    sheet, at = scene.sheet, item.i
    while at < item.j - 1 and len(sheet.key(at)) == 1:
        at += 1
    return sheet.has(at, "given") or (at > item.i and sheet.has(at, "rank"))


def _told(shows: set[str], named: bool, known: bool) -> bool:
    """Whether a rep is telling what was said, sent or sold to somebody, or will be, and when."""
    if known and not shows.isdisjoint(_TALK):
        return True
    if "customer" in shows and not shows.isdisjoint({"fresh", "add"}):
        return True
    if named and not shows.isdisjoint(_PAST):
        return True
    whom = named or not shows.isdisjoint({"title", "goods"})
    much = not shows.isdisjoint({"when", "sum", "quantity"})
    return whom and much and not shows.isdisjoint(_ERRANDS)


def _firm(scene: Scene, found: Group) -> bool:
    """Whether a word of trade stands here that the rest of the world does not use as well."""
    sheet = scene.sheet
    told = (at for clause in found.clauses for at in range(clause.i, clause.j))
    return any(
        sheet.has(at, *_TRADE) and not sheet.has(at, "loose") for at in told if at in sheet.marks
    ) or any(item.kind in {"phone", "email", "tag"} for item in scene.items)


def _plainly(scene: Scene, item: Item) -> bool:
    """Whether a name is one to see: written large, in Urdu letters, or in Roman Urdu."""
    sheet = scene.sheet
    if sheet.has(item.i, "elsewhere") and not sheet.tokens[item.i].capital:
        return False
    if any(token.capital for token in sheet.tokens[item.i : item.j]):
        return True
    return not sheet.tokens[item.i].latin or spelt_freely(sheet.tongue or "")
