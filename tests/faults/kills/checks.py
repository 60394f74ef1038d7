"""Is a history one of those that Rabta promises? Each check gives sentences on what is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from handlers.library import the_book
from scheduler.breaker import BROKEN
from tests.faults.kills.history import History, Kept, Said

Check = Callable[[History], Iterator[str]]


def problems(history: History) -> list[str]:
    """All that is wrong, each sentence under its check's name."""
    found = [f"wrong: {each}" for each in history.wrong]
    for check in CHECKS:
        found += [f"{check.__name__}: {each}" for each in check(history)]
    return found


def one_effect(history: History) -> Iterator[str]:
    """What was taken has its effect, once; what was never taken at most once; nothing else is
    there."""
    effects = _effects(history)
    undone = {said.firm for said in history.said if said.kind == "undo"}
    for said in history.said:
        if said.kind not in LEAVES:
            continue
        count = len(effects.pop((said.kind, said.mark or said.firm), ()))
        least = 1 if said.taken and said.firm not in undone else 0
        if not least <= count <= 1:
            yield f"{said.text!r} ({_when(said)}) has {count} effects"
    for (kind, mark), rows in effects.items():
        yield f"{len(rows)} of {kind} {mark!r}, which nobody said"


def taken_back_once(history: History) -> Iterator[str]:
    """A deal whose Undo was tapped is gone, however often it was tapped."""
    deals = {name for kind, name in _effects(history) if kind == "deal"}
    for said in history.said:
        if said.kind == "undo" and said.taken and said.firm in deals:
            yield f"the deal of {said.firm} is there, though its Undo was taken"


def deals_as_said(history: History) -> Iterator[str]:
    """Each deal stands where the last thing that was said of it put it."""
    last: dict[str, Said] = {}
    unsure = set()
    for said in history.said:
        if said.kind in {"move", "win"}:
            last[said.firm] = said
        if not said.taken:
            unsure.add(said.firm)
    for (kind, firm), rows in _effects(history).items():
        if kind != "deal" or firm in unsure:
            continue
        moved = last.get(firm)
        is_won = moved is not None and moved.kind == "win"
        status, stage = ("won", "") if is_won else ("open", moved.mark if moved else "lead")
        there = rows[0]["status"], "" if is_won else rows[0]["stage"]
        if there != (status, stage):
            yield f"the deal of {firm} is {there}, and should be {(status, stage)}"


def in_order(history: History) -> Iterator[str]:
    """In each chat: what was taken before the next was offered has its effect before it. Where the
    platform itself keeps the order, all that was said in the order in which it was."""
    at = {key: rows[0]["id"] for key, rows in _effects(history).items() if len(rows) == 1}
    chats = defaultdict(list)
    for said in history.said:
        number = at.get((said.kind, said.mark or said.firm))
        if number is not None:
            chats[said.chat].append((said, number))
    for chat, told in chats.items():
        for later, (said, number) in enumerate(told):
            for earlier, before in told[:later]:
                must = history.in_order or 0 < earlier.taken < said.offered
                if must and number < before:
                    yield f"in {chat} {said.text!r} came before {earlier.text!r}"


def answered_once(history: History) -> Iterator[str]:
    """What was taken was acted on in one turn, and one letter answers it."""
    replies = [letter for letter in history.letters if letter.kind == "reply"]
    turns = [turn for turn in history.turns if turn]
    for said in history.said:
        if not said.text:
            continue
        acted = sum(said.text in turn for turn in turns)
        letters = sum(said.text in letter.said for letter in replies)
        if acted != letters or acted > 1 or (said.taken and not acted):
            yield f"{said.text!r} ({_when(said)}) was acted on {acted}x, answered {letters}x"
    taps = [said for said in history.said if not said.text]
    answers = sum(not letter.said for letter in replies)
    if not sum(bool(tap.taken) for tap in taps) <= answers <= len(taps):
        yield f"{len(taps)} taps have {answers} answers"


def reminded_once(history: History) -> Iterator[str]:
    """Each reminder that was asked for was raised, once. A round at nine in the morning has agendas
    too, which name the same tasks."""
    words = Counter[str]()
    for letter in history.letters:
        if letter.kind == "nudge" and not _is_agenda(letter):
            words.update(set(_marks(letter.words)))
    for said in history.said:
        if said.kind != "remind":
            continue
        count = words[said.mark]
        if count > 1 or (said.taken and not count):
            yield f"the reminder of {said.text!r} was raised {count}x"


def no_letter_lost(history: History) -> Iterator[str]:
    """Each letter is with its reader, or stands in the database as one that may not be.

    Of twenty answers a minute to one sender in a group the last says that there are no more: what
    comes then is withheld, and not lost.
    """
    there = {(shown.chat, shown.id) for shown in history.shown}
    ids = {shown.id for shown in history.shown}
    carried = {shown.letter for shown in history.shown if shown.letter}
    for letter in history.letters:
        if letter.state == "sent":
            place = (letter.chat, letter.sent_as)
            if place not in there and letter.sent_as not in ids and letter.id not in carried:
                yield f"letter {letter.id} counts as sent and nobody has it: {letter.words[:200]}"
        elif letter.state != "unknown" and letter.problem != BROKEN:
            yield f"letter {letter.id} is {letter.state} ({letter.problem}): {letter.words[:200]}"


def at_most_twice(history: History) -> Iterator[str]:
    """No letter stands in a chat more than twice, and twice only where it is marked so.

    Letters that say the same in one chat are told apart by their number alone. A letter that its
    message carries is known by it: it may be addressed to a person, who reads it in a chat.
    """
    copies = Counter((shown.chat, shown.letter or _bare(shown.text)) for shown in history.shown)
    known = {(letter.chat, letter.sent_as): letter for letter in history.letters if letter.sent_as}
    numbered = {letter.id: letter for letter in history.letters}
    sent: dict[tuple[str, str], dict[str, Kept]] = defaultdict(dict)
    for shown in history.shown:
        if letter := numbered.get(shown.letter) or known.get((shown.chat, shown.id)):
            sent[shown.chat, shown.letter or _bare(shown.text)][letter.id] = letter
    unknown = {each.chat for each in history.letters if each.state == "unknown"}
    for (chat, text), count in copies.items():
        letters = sent[chat, text].values()
        is_told = any(letter.marked for letter in letters) or chat in unknown
        if count > 2 * max(1, len(letters)):
            yield f"{count} times in {chat}: {text!r}"
        elif count > len(letters) and not is_told:
            yield f"{count} times in {chat}, unmarked or without a letter: {text!r}"


CHECKS: tuple[Check, ...] = (
    one_effect, taken_back_once, deals_as_said, in_order, answered_once, reminded_once,
    no_letter_lost, at_most_twice,
)  # fmt: skip
LEAVES = {"deal", "note", "remind"}
"""What leaves a record of its own in the export."""


def _effects(history: History) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Records by what they came of: a deal by its firm, notes and tasks by their mark."""
    found = defaultdict(list)
    for record in history.records:
        match record["type"]:
            case "deal":
                found["deal", str(record["company"]).removesuffix(" Textiles")].append(record)
            case "activity":
                found["note", str(record["text"]).rpartition(" ")[2]].append(record)
            case "task":
                found["remind", str(record["text"]).rpartition(" ")[2]].append(record)
    return found


def _bare(text: str) -> str:
    """Without the line that a repeat ends with."""
    lines = the_book().words["sent_again"].values()
    return next((text.removesuffix(each).rstrip() for each in lines if text.endswith(each)), text)


def _is_agenda(letter: Kept) -> bool:
    titles = the_book().words["morning"].values()
    return any(title.partition("{")[0] in letter.words for title in titles)


def _marks(words: str) -> list[str]:
    return [
        word for word in words.replace('"', " ").split() if word.startswith("r") and word[-1] == "z"
    ]


def _when(said: Said) -> str:
    return f"taken at {said.taken:.3f}" if said.taken else "never taken"
