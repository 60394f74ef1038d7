"""Two people at once: nobody overwrites what somebody else set without having seen it.

Every change is looked at here as it is written, whatever command made it. Where another member
set the same field and this one cannot know it yet, both values are shown and it is asked which
one it shall be; what is known, or long done, is overwritten, and the answer says what it was.

- A tap or a form knows what stood there when it was drawn, and nothing that came later.
- A message knows what was set a while before it was sent, or was shown here before that.
- One's own change is asked about only where the message was sent before it and came in after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from handlers import shown
from handlers.reply import Call, Line, Reply
from handlers.told import label_of, subject_of, value_of, when
from handlers.turn import Ask, Choice, Turn
from language.voice import Told
from storage import queries
from storage.history import as_kept, count_noted, noted
from storage.models import Deal, Member
from storage.setters import LINKS, Field, Kept, Setter, differing, is_same, setters

SOON = timedelta(minutes=2)
"""What was set so shortly before a message was sent, its writer need not have heard of."""

LATELY = timedelta(hours=1)
"""A deal that was closed longer ago is not the one that is spoken of as if it were open."""

FROM_BIRTH = {*LINKS, "status"}
"""What a record has from its birth and nobody chose: that it goes is nobody's loss."""

RECORDS = ("contact", "company", "deal", "task", "activity", "ticket")
"""What is spoken of by itself. What a new one began with is overwritten, and told."""

LOOKS_ITSELF = ("contact.same", "company.same")
"""What loses no value but one that was shown beside the other, and asks again if they change."""

GONE = "—"


@dataclass(frozen=True, slots=True)
class Taken:
    """A field that somebody had set: as they left it (``theirs``), as it is wanted (``mine``)."""

    field: Field
    setter: Setter
    theirs: Kept
    mine: Kept


def begin(turn: Turn) -> int:
    """From here on changes are a call's own."""
    return count_noted(turn.session)


def drop(turn: Turn, since: int) -> None:
    """The call was not carried out, so that it changed nothing."""
    noted(turn.session, since)


def checked(turn: Turn, call: Call, reply: Reply, since: int) -> Reply:
    """The reply to a call that has written its changes, with what these overwrote.

    Raises Ask where they would overwrite what the member cannot have seen; the caller takes the
    changes back. A call that set no field of an older record costs nothing.
    """
    altered = _altered(noted(turn.session, since))
    if not altered or call.intent in LOOKS_ITSELF:
        return reply
    found = setters(turn.session, turn.workspace.id, list(altered), turn.id)
    taken = [
        Taken(field, found[field], *states)
        for field, states in altered.items()
        if field in found and _stood(field, found[field], states[0])
    ]
    unseen = [each for each in taken if not _known(turn, call, each.field, each.setter)]
    if unseen:
        raise question(turn, call, unseen)
    told = [_was(turn, each) for each in taken if _worth_telling(turn, call, each)]
    return replace(reply, parts=(*reply.parts, *told)) if told and not reply.silent else reply


def _altered(changes: Iterable[dict[str, Any]]) -> dict[Field, tuple[Kept, Kept]]:
    """What was set of records that were there before, from what to what."""
    states: dict[tuple[str, int], tuple[Kept, Kept]] = {}
    for change in changes:
        row = change["table_name"], change["row_id"]
        before = states[row][0] if row in states else change["before"]
        states[row] = before, change["after"]
    return {
        Field(*row, name): (before, after)
        for row, (before, after) in states.items()
        if before is not None
        for name in differing(before, after)
    }


def _stood(field: Field, setter: Setter, now: Kept) -> bool:
    """Whether what was set then is what stands now (the program may have moved it on), and was
    chosen by somebody."""
    chosen = setter.before is not None or field.name not in FROM_BIRTH
    return chosen and is_same(setter.after, now, field.name)


def _known(turn: Turn, call: Call, field: Field, setter: Setter) -> bool:
    """Whether the member knew of this change when they acted."""
    if _was_asked(call, field, setter):
        return True
    if setter.member_id == turn.member.id:
        return turn.sent_at is None or setter.sent_at <= shown.end_of(turn.sent_at)
    if turn.drawn:
        return setter.change < turn.drawn
    spoken = turn.asked_at or turn.sent_at
    if spoken is None or setter.acted_at < spoken - SOON:
        return True
    if setter.before is None and field.table in RECORDS:
        return setter.acted_at <= shown.end_of(spoken)  # who speaks of it knows that it is there
    if setter.chat_id == turn.chat.id and setter.acted_at < spoken:
        return True  # its answer stands above this message
    record, me = f"{field.table}:{field.row_id}", turn.member.id
    return shown.was(turn.seen_before, record, field.name, setter.version, me, spoken)


def _was_asked(call: Call, field: Field, setter: Setter) -> bool:
    """Whether the question that led to this call told of the change."""
    return setter.change <= int(call.slots.get("seen", {}).get(_name(field), 0))


def _name(field: Field) -> str:
    return f"{field.table}:{field.row_id}:{field.name}"


def question(turn: Turn, call: Call, taken: list[Taken]) -> Ask:
    """Both values, to choose from: that theirs stays, or that this one is set after all."""
    fields = [[each.field.table, each.field.row_id, each.field.name] for each in taken]
    seen = {_name(each.field): each.setter.change for each in taken}
    seen = {**call.slots.get("seen", {}), **seen}
    return Ask(
        "meanwhile_which",
        "pick",
        choices=(
            Choice(
                _label(turn, "keep", [_theirs(turn, each) for each in taken]),
                {},
                calls=(Call("meanwhile.keep", {"fields": fields}),),
            ),
            Choice(
                _label(turn, "set", [_mine(turn, call, each) for each in taken]),
                {},
                calls=(call.with_slots(seen=seen, **_pinned(call, taken)),),
            ),
        ),
        what=Told("\n".join(_both(turn, call, each) for each in taken)),
    )


def _pinned(call: Call, taken: list[Taken]) -> dict[str, int]:
    """The deal or task itself, so that it is no matter of names any more."""
    tables = {each.field.table: each.field.row_id for each in taken}
    return {kind: number for kind, number in tables.items() if call.intent.startswith(f"{kind}.")}


def _label(turn: Turn, how: str, values: list[str]) -> str:
    if len(values) > 1:
        return turn.say(f"meanwhile_{how}_all")
    if values == [GONE]:
        return turn.say("meanwhile_remove")
    return turn.say(f"meanwhile_{how}", value=values[0])


def _theirs(turn: Turn, taken: Taken) -> str:
    return value_of(turn, taken.field, taken.theirs)


def _mine(turn: Turn, call: Call, taken: Taken) -> str:
    """What is wanted; of a value that was taken out, what was typed in its place."""
    if taken.mine is not None:
        return value_of(turn, taken.field, taken.mine)
    typed = call.slots.get("values") if call.intent == "edit.save" else None
    said = next(iter(typed.values())) if typed and len(typed) == 1 else call.slots.get("value")
    return str(said or GONE)


def _both(turn: Turn, call: Call, taken: Taken) -> str:
    mine = _mine(turn, call, taken)
    own = taken.setter.member_id == turn.member.id
    key = "meanwhile_own" if own else "meanwhile_gone" if mine == GONE else "meanwhile_both"
    return turn.say(
        key,
        subject=subject_of(turn, taken.field, taken.theirs),
        field=label_of(turn, taken.field, taken.theirs),
        name=_who(turn, taken.setter),
        theirs=_theirs(turn, taken),
        at=when(turn, taken.setter.acted_at),
        mine=mine,
    )


def _who(turn: Turn, setter: Setter) -> str:
    member = queries.get(turn.session, Member, turn.workspace.id, setter.member_id)
    return member.name if member else "—"


def _worth_telling(turn: Turn, call: Call, taken: Taken) -> bool:
    """What another member had set, but for what the member was just asked about."""
    if taken.setter.member_id == turn.member.id or _was_asked(call, taken.field, taken.setter):
        return False
    return _theirs(turn, taken) != GONE


def _was(turn: Turn, taken: Taken) -> Line:
    said = turn.say(
        "meanwhile_was",
        field=label_of(turn, taken.field, taken.theirs),
        value=_theirs(turn, taken),
        name=_who(turn, taken.setter),
        at=when(turn, taken.setter.acted_at),
    )
    return Line(said, quiet=True)


# --- deals that were closed meanwhile -------------------------------------------------------------


def closed(turn: Turn, deal: Deal) -> Setter | None:
    """Who won or lost a deal of which this member need not know so yet."""
    field = Field("deal", deal.id, "status")
    found = setters(turn.session, turn.workspace.id, [field], turn.id).get(field)
    if deal.is_open or found is None or _known(turn, Call("", {}), field, found):
        return None
    return found if found.member_id != turn.member.id else None


def closed_of(turn: Turn, deals: Iterable[Deal]) -> list[Deal]:
    """Those among deals that somebody closed just now."""
    lately = [deal for deal in deals if deal.closed_at and deal.closed_at > turn.now - LATELY]
    return [deal for deal in lately if closed(turn, deal)]


def won_or_lost(turn: Turn, call: Call, deal: Deal, **wanted: str) -> Ask | None:
    """The question whether a deal that was closed meanwhile shall be so, or as it is wanted."""
    setter = closed(turn, deal)
    if setter is None:
        return None
    state = as_kept(deal)
    field = Field("deal", deal.id, "status")
    taken = Taken(field, setter, state, {**state, "status": "open", **wanted})
    return question(turn, call.with_slots(again=True), [taken])
