"""Learning from corrections, where a workspace wants it: what was misread, and what was meant.

Kept in the workspace's own database and nowhere else, until it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import timedelta
from functools import partial

from handlers.book import Chapter
from handlers.editable import Row
from handlers.misread import Action, corrected
from handlers.reading import Reading
from handlers.reply import Call, Line, Part, Reply, Title
from handlers.turn import Turn
from handlers.why import first_of
from language import doubt
from language.folding import fold
from language.tongue import tongue_of
from storage import lessons, queries, turns
from storage.lessons import Lesson
from storage.models import Turn as TurnRow

chapter = Chapter(__name__)

SOON = timedelta(minutes=15)
"""What is changed later than this was not misread, but is different now."""

ALIKE = 0.5
"""From this share of common words on a message after an undo says the same in other words."""


def is_on(turn: Turn) -> bool:
    found = queries.setting(turn.session, turn.workspace.id, "learn")
    return found is not None and found.value == "on"


@chapter.command("learn.set", role="manager")
def learn(
    turn: Turn, value: str | None = None, text: str | None = None, sure: bool | None = None
) -> Reply:
    """Turn learning on or off, forget what was learned, or say how it stands."""
    value = value or _wish(turn, text or "")
    if value == "forget":
        return _forget(turn, sure=bool(sure))
    if value not in ("on", "off"):
        return _standing(turn)
    queries.put_setting(turn.session, turn.workspace.id, "learn", value)
    turn.session.flush()
    return Reply(
        (Title(turn.say(f"learn_is_{value}")), Line(turn.say(f"learn_{value}_means"))),
        (turn.undo(),),
    )


def _wish(turn: Turn, text: str) -> str | None:
    said = fold(text).strip(" .!?")
    for value in ("on", "off", "forget"):
        if said in turn.voice.words[f"learn_{value}_words"]["all"]:
            return value
    return None


def _standing(turn: Turn) -> Reply:
    value, other = ("on", "off") if is_on(turn) else ("off", "on")
    count = lessons.count(turn.session, turn.workspace.id)
    parts: list[Part] = [
        Title(turn.say(f"learn_is_{value}")),
        Line(turn.say(f"learn_{value}_means")),
    ]
    buttons = [turn.button(f"learn_{other}_button", "learn.set", value=other)]
    if count:
        parts.append(Line(turn.say("learned_so_far", n=count), quiet=True))
        buttons.append(turn.button("learn_forget_button", "learn.set", value="forget"))
    return Reply(tuple(parts), tuple(buttons), private=True)


def _forget(turn: Turn, *, sure: bool) -> Reply:
    count = lessons.count(turn.session, turn.workspace.id)
    if not count:
        return Reply((Line(turn.say("learned_so_far", n=0)),))
    if not sure:
        button = turn.button(
            "learn_forget_button", "learn.set", "danger", value="forget", sure=True
        )
        return Reply((Line(turn.say("learn_forget_sure", n=count)),), (button,))
    lessons.forget(turn.session, turn.workspace.id)
    return Reply((Title(turn.say("learn_forgotten", n=count)),))


# What is learned


def from_edit(turn: Turn, changed: Iterable[tuple[Row, str]]) -> None:
    """Values put right by hand soon after the message that wrote them."""
    rows = list(changed)
    if not rows or not is_on(turn):
        return
    for row, field in rows:
        wrote = turns.turn_that_wrote(
            turn.session, turn.member, row.__tablename__, row.id, turn.now - SOON
        )
        if wrote is not None:
            _learn(turn, first_of(turn, wrote), partial(corrected, row=row, field=field))


def from_rewording(turn: Turn, reading: Reading) -> None:
    """A message was taken back, and now the same is said in other words."""
    acts = [each for each in reading.actions if not doubt.only_looks(each.intent)]
    if not any(each.intent not in {"none", "undo", "why"} for each in acts) or not is_on(turn):
        return
    undone = turns.undone_before(turn.session, turn.member, turn.id)
    if undone is None or turn.now - undone.at > SOON:
        return
    first = first_of(turn, undone)
    if _shared(first.said or "", turn.said) < ALIKE:
        return
    said = [{"intent": each.intent, **each.slots} for each in reading.actions]
    _learn(turn, first, lambda _meant: said, reworded=turn.said)


def _shared(one: str, other: str) -> float:
    """The share of the shorter message's words that both have."""
    first, second = (
        {word.strip(".,;:!?،۔") for word in fold(text).split()} for text in (one, other)
    )
    return len(first & second) / max(1, min(len(first), len(second)))


@chapter.command("learn.choice")
def choice(turn: Turn, call: Call) -> Reply:
    """Of several readings another one than the likeliest was meant; told by the question."""
    row = turn.session.get(TurnRow, (turn.workspace.id, turn.origin))
    if row is not None:
        read, meant = (
            {"intent": intent, **slots}
            for intent, slots in (call.slots["read"], call.slots["meant"])
        )
        _learn(turn, row, lambda _meant: [meant], read=[read])
    return Reply()


def _learn(
    turn: Turn,
    row: TurnRow,
    mend: Callable[[list[Action]], list[Action]],
    read: list[Action] | None = None,
    reworded: str | None = None,
) -> None:
    """Keep what a turn's words were meant to be; a second correction adds to the first.

    A slash command said itself what was meant.
    """
    told = (row.reading or {}).get("actions", [])
    read = read or [{"intent": each["intent"], **each.get("slots", {})} for each in told]
    if not read or not row.said or row.said.startswith("/"):
        return
    lesson = lessons.lesson_of(turn.session, turn.workspace.id, row.id)
    meant = mend(deepcopy(lesson.meant if lesson else read))
    if lesson is not None:
        lesson.meant, lesson.reworded = meant, reworded or lesson.reworded
    elif meant != read:
        turn.session.add(
            Lesson(
                workspace_id=turn.workspace.id,
                turn_id=row.id,
                member_id=row.member_id,
                at=row.at,
                zone=turn.member.zone,
                language=tongue_of(row.said) or turn.voice.tongue,
                text=row.said,
                read=read,
                meant=meant,
                reworded=reworded,
                learned_at=turn.now,
            )
        )
    turn.session.flush()
