"""The free text of an action: what its other slots leave over, as typed."""

from __future__ import annotations

from collections.abc import Iterator

from language.clauses import Clause
from language.filling import Filling
from language.sheet import Sheet, lay_out
from language.spotting import Item
from language.tongues import tongues

SLOT = {
    "activity.log": "text", "deal.add": "text", "task.add": "text", "task.done": "text",
    "ticket.open": "text", "contact.add": "text", "deal.lose": "reason", "contact.find": "query",
}  # fmt: skip
# Words that go with an intent and are no part of what is told.
_CUES = {
    "activity.log": ("call_past", "meeting_past", "email_past", "message_past", "visit_past",
                     "note", "log_word", "call", "meeting", "email_word", "message", "past", "is",
                     "was", "that", "place_of", "talk", "add", "sent", "had", "me", "we"),
    "deal.add": ("add", "deal", "fresh", "worth", "value_word", "wants", "stage", "closing", "is",
                 "want", "polite_end", "me", "stage_word", "saath", "they", "past", "open_deals",
                 "make"),
    "task.add": ("remind", "need", "me", "every"),
    "task.done": ("finish", "move", "wala", "polite_end", "job_", "is", "mine", "change"),
    "ticket.open": ("add", "ticket", "priority", "complains", "priority_word", "polite_end",
                    "past", "the", "make"),
    "deal.lose": ("lose", "gone", "deal", "wala", "polite_end", "add", "is", "change", "move",
                  "as"),
    "contact.find": ("find", "customer", "question", "show", "mine", "we", "me"),
}  # fmt: skip
_EDGE = (
    "and", "then", "but", "with", "to", "from", "for", "at", "of", "on", "by", "in", "ko", "ne",
    "se", "ka", "wala", "saath", "paas", "mein", "par", "tak", "is", "please", "that",
)  # fmt: skip
_SEPARATORS = frozenset(",;:.!?-–—|/،؛۔؟…")
_SMALL = (
    *_EDGE,
    "the",
    "me",
    "we",
    "them",
    "they",
    "mine",
    "have",
    "had",
)  # alone they tell nothing
_LED = (
    "honorific", "with", "to", "from", "for", "at", "of", "on", "by", "in", "in_span",
    "field:close", "stage_word",
)  # fmt: skip
_TRAIL = (
    "ko",
    "ne",
    "se",
    "ka",
    "wala",
    "people_of",
    "saath",
    "paas",
    "mein",
    "par",
    "tak",
    "honorific",
    "liye",
    "closing",
)


def free_text(filling: Filling) -> str | None:
    """The text of a group, its places noted in `left`; None where nothing is left over."""
    filling.left = _places(filling)
    sheet = filling.scene.sheet
    spoken = tongues().get(sheet.tongue or "")
    comma = spoken.comma if spoken else ", "
    return comma.join(sheet.said(i, j) for i, j in filling.left) or None


def _places(filling: Filling) -> list[tuple[int, int]]:
    intent, clauses = filling.group.intent, filling.group.clauses
    if intent == "contact.add":
        return _handles(filling)
    if intent == "contact.find" and _described(filling):
        named = filling.who.get("contact")  # "find Sara in Lahore"
        return [(named.i, named.j)] if named else []
    if intent not in SLOT:
        return []
    gone = _gone(filling)
    runs = _joined(filling, [run for clause in clauses for run in _left(filling, clause, gone)])
    main = filling.group.main[0]
    return runs or ([(main.i, main.j)] if intent == "task.add" else [])


def _described(filling: Filling) -> bool:
    """Whether other slots already say whom to look for."""
    if filling.items("tag") or {"field:tag", "tag_like"} & filling.shows:
        return True
    return bool({"company", "city", "title"} & set(filling.used))


_INTERESTS = {"wants", "extension"}


def _handles(filling: Filling) -> list[tuple[int, int]]:
    """Of a new contact: handles and links, and what interests them."""
    sheet = filling.scene.sheet
    told = [
        (item.i - 1 if sheet.has(item.i - 1, "source_word") else item.i, item.j)
        for item in filling.items("handle") + filling.items("link")
    ]
    return told + [
        (clause.i, clause.j)
        for clause in filling.group.clauses
        if not clause.shows.isdisjoint(_INTERESTS)
    ]


def _gone(filling: Filling) -> set[int]:
    """Tokens that other slots and the intent's own words take."""
    sheet, intent = filling.scene.sheet, filling.group.intent
    gone: set[int] = set()
    keeps_who = intent == "task.add" and sheet.verb_first
    for slot, item in filling.used.items():
        if keeps_who and slot in {"contact", "company"}:
            continue
        gone.update(range(item.i, item.j))
        gone |= _around(filling, item)
        if slot == "quantity":
            gone.update(_measured(sheet, item.j))
    cues, told = _CUES.get(intent, ()), intent == "activity.log"
    if told and filling.is_note:
        cues = ("note", "log_word", "add", "that")
    for clause in filling.group.main:
        for at in range(clause.i, clause.j):
            if told and sheet.has(at, "says"):
                break  # what somebody said stays as it is
            if told and sheet.has(at, "missed"):
                continue  # that nobody answered is the news
            if sheet.key(at) == "remind" and filling.scene.inside(at + 1) is not None:
                continue  # "remind Bilal about the payment": that is what is to be done
            did = told and sheet.has(at, "did") and at - 1 in gone  # "SMS کیا"
            if (did or sheet.has(at, *cues)) and filling.scene.inside(at) is None:
                gone.add(at)
    if intent == "deal.add":
        gone |= _put_in_stage(filling)
    return gone


def _put_in_stage(filling: Filling) -> set[int]:
    """Tokens that say the stage of a new deal, and that it is put there."""
    sheet = filling.scene.sheet
    return {
        at
        for clause in filling.group.clauses
        if "stage" in clause.shows
        for at in range(clause.i, clause.j)
        if sheet.value(at, "stage") or sheet.has(at, "put", "move")
    }


def _measured(sheet: Sheet, at: int) -> Iterator[int]:
    """The words for a measure after a count: "60 tons of"."""
    while sheet.has(at, "measure") or (sheet.has(at, "of") and sheet.has(at - 1, "measure")):
        yield at
        at += 1


def _around(filling: Filling, item: Item) -> set[int]:
    """The small words that tie an item to the sentence."""
    sheet = filling.scene.sheet
    i, j = item.i, item.j
    found = set()
    while i > 0 and sheet.has(i - 1, *_LED):
        i -= 1
        found.add(i)
    while j < len(sheet.tokens) and sheet.has(j, *_TRAIL) and not filling.scene.inside(j):
        found.update(range(j, j + sheet.size(j)))
        j += sheet.size(j)
    return found


def _joined(filling: Filling, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs with nothing but signs between them were said in one breath, and stay as typed."""
    tokens = filling.scene.sheet.tokens
    joined: list[tuple[int, int]] = []
    for i, j in runs:
        if joined and all(tokens[at].kind == "mark" for at in range(joined[-1][1], i)):
            joined[-1] = (joined[-1][0], j)
        else:
            joined.append((i, j))
    told = [(i, j) for i, j in joined if any(_tells(filling, at) for at in range(i, j))]
    return [(i, _closed(filling, j)) for i, j in told]


def _closed(filling: Filling, j: int) -> int:
    """With the closing signs that stand directly at its end: brackets, quotes, stars."""
    tokens = filling.scene.sheet.tokens
    while j < len(tokens) and tokens[j].kind == "mark" and tokens[j].start == tokens[j - 1].end:
        if tokens[j].key in _SEPARATORS:
            break
        j += 1
    return j


def _left(filling: Filling, clause: Clause, gone: set[int]) -> list[tuple[int, int]]:
    """The runs of a clause that are left, without small words at their edges."""
    kept = [at for at in range(clause.i, clause.j) if at not in gone]
    runs: list[list[int]] = []
    for at in kept:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    spans = []
    for run in runs:
        while run and (_edge(filling, run[0]) or _of_them(filling, run[0])):
            run.pop(0)
        while run and not _verbatim(filling) and _edge(filling, run[-1]):
            run.pop()
        if run and (filling.is_note or any(_tells(filling, at) for at in run)):
            spans.append((run[0], run[-1] + 1))
    return spans


def _of_them(filling: Filling, at: int) -> bool:
    """Whether a name that stands elsewhere now ends in this word: the "ki" of "Bilal ki dukan",
    which the name of a place hides."""
    sheet = filling.scene.sheet
    hidden = sheet.size(at) > 1 and sheet.has(at, "place_of")
    if not hidden or all(item.j != at for item in filling.used.values()):
        return False
    return lay_out(sheet.said(at + 1, at + 2)).has(0, "place_of")  # a shop is, "ke paas" is not


def _verbatim(filling: Filling) -> bool:
    """Whether the text keeps its last words as they are: things to do, and notes."""
    return filling.group.intent == "task.add" or filling.is_note


def _tells(filling: Filling, at: int) -> bool:
    """Whether a token by itself is worth keeping: no sign and no small word."""
    key = filling.scene.sheet.tokens[at].key
    word = key.isalnum() or len(key) > 1
    return word and not filling.scene.sheet.has(at, *_SMALL)


def _edge(filling: Filling, at: int) -> bool:
    sheet = filling.scene.sheet
    small = sheet.has(at, *_EDGE)
    if sheet.has(at, "missed"):
        small = lay_out(sheet.said(at, at + 1)).has(0, "from", "for")  # "no answer from"
    return sheet.tokens[at].key in _SEPARATORS or (small and filling.scene.inside(at) is None)
