"""Sequences made and changed in chat: their steps, what starts them, pausing and stopping."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.book import Chapter
from handlers.reply import Button, Items, Line, Part, Reply, Title
from handlers.sequence_named import button, find
from handlers.sequence_starts import started_by
from handlers.sequence_words import LONGEST_NAME, bare, called, step_said, whom_said
from handlers.templates import named, near
from handlers.turn import Ask, Sorry, Turn
from language.folding import fold
from language.sequencing import SaidStep, read_steps
from language.voice import one_line
from rules.sequences import (
    ENDS,
    LONGEST_WAIT,
    MOST_STEPS,
    Step,
    changed,
    put_in,
    there,
)
from rules.touches import CHANNELS
from storage.models import Sequence
from storage.sequences import Brought, brought_by, end_all, sent_by, sequences_of, starts_of
from storage.templates import templates_of

chapter = Chapter(__name__)

SHOWN = 12
"""Sequences in one answer."""

LONGEST_TASK = 300


# --- made and changed -----------------------------------------------------------------------------


@chapter.command("sequence.add", role="manager")
def add(turn: Turn, name: str, text: str | None = None) -> Reply:
    """A new sequence with its steps; nobody is in it yet."""
    name = one_line(name, LONGEST_NAME)
    rows = sequences_of(turn.session, turn.workspace.id)
    if known := called(rows, name):
        raise Sorry("sequence_there", (button(turn, known, "show"),), name=known.name)
    if not text:
        raise Ask("ask_sequence_steps", "text", kind="words", name=name)
    steps: tuple[Step, ...] = ()
    for said in _said(turn, text):
        steps = put_in(steps, _step(turn, said))
    row = Sequence(
        workspace_id=turn.workspace.id, name=name, name_key=fold(name), steps=[], state="running",
        by_id=turn.member.id, created_at=turn.now,
    )  # fmt: skip
    row.plan = steps
    turn.session.add(row)
    turn.session.flush()
    title = Title(turn.say("sequence_made", name=row.name))
    how = Line(turn.say("sequence_start_how", name=row.name), quiet=True)
    return Reply((title, *_steps(turn, row), how), (turn.undo(), button(turn, row, "show")))


def _said(turn: Turn, text: str) -> list[SaidStep]:
    """The steps that a text tells. Sorry where it tells none, or too many."""
    names = [row.name for row in templates_of(turn.session, turn.workspace.id)]
    found = [each for each in read_steps(text, names) if each.template or each.text or each.strange]
    if not found:
        raise Sorry("no_steps_said")
    if len(found) > MOST_STEPS:
        raise Sorry("too_many_steps", n=MOST_STEPS)
    return found


def _step(turn: Turn, said: SaidStep) -> Step:
    """A step as it was said. Sorry for a text or a group that nobody knows."""
    name = said.template or said.strange
    wait = min(said.wait or timedelta(), LONGEST_WAIT)
    only = said.only
    if said.whom:
        audience = whom_said(turn, said.whom)
        if audience is None:
            raise Sorry("audience_unknown", said=said.whom)
        only = audience.query
    if name is None:
        return Step(0, "task", wait, text=one_line(said.text or "", LONGEST_TASK), only=only)
    template = named(turn, name)
    if template is None:
        raise Sorry("step_needs_template", near(turn, name), name=name)
    return Step(0, "message", wait, template.id, said.ways or CHANNELS, only=only)


def _one(turn: Turn, text: str) -> Step:
    return _step(turn, _said(turn, text)[0])


def _numbered(row: Sequence, n: int) -> Step:
    shown = there(row.plan)
    if not 1 <= n <= len(shown):
        raise Sorry("no_such_step", name=row.name, n=len(shown))
    return shown[n - 1]


@chapter.command("sequence.step_add", role="manager")
def step_add(
    turn: Turn, text: str, sequence: int | None = None, name: str | None = None,
    n: int | None = None,
) -> Reply:  # fmt: skip
    """One more step, at the end or after the n-th: whoever has passed that place goes on."""
    row = find(turn, sequence, name)
    steps = row.plan
    for at, said in enumerate(_said(turn, text)):
        steps = put_in(steps, _step(turn, said), n + at if n is not None else None)
    if len(there(steps)) > MOST_STEPS:
        raise Sorry("too_many_steps", n=MOST_STEPS)
    return _changed(turn, row, steps)


@chapter.command("sequence.step_set", role="manager")
def step_set(
    turn: Turn, n: int, text: str, sequence: int | None = None, name: str | None = None
) -> Reply:
    """Another step in place of the n-th; who has had that does not get this one as well."""
    row = find(turn, sequence, name)
    step, to = _numbered(row, n), _one(turn, text)
    values: dict[str, Any] = {
        "kind": to.kind, "wait": to.wait, "template": to.template, "ways": to.ways,
        "text": to.text, "only": to.only,
    }  # fmt: skip
    return _changed(turn, row, changed(row.plan, step.key, **values))


@chapter.command("sequence.step_wait", role="manager")
def step_wait(
    turn: Turn, n: int, wait: int, sequence: int | None = None, name: str | None = None
) -> Reply:
    """The n-th step comes so many minutes after the one before it."""
    row = find(turn, sequence, name)
    step = _numbered(row, n)
    to = min(timedelta(minutes=max(0, wait)), LONGEST_WAIT)
    return _changed(turn, row, changed(row.plan, step.key, wait=to))


@chapter.command("sequence.step_remove", role="manager")
def step_remove(turn: Turn, n: int, sequence: int | None = None, name: str | None = None) -> Reply:
    """A step less: whoever waits for it goes on to the next."""
    row = find(turn, sequence, name)
    step = _numbered(row, n)
    if len(there(row.plan)) == 1:
        raise Sorry("last_step", (button(turn, row, "stop"),), name=row.name)
    return _changed(turn, row, changed(row.plan, step.key, gone=True))


def _changed(turn: Turn, row: Sequence, steps: tuple[Step, ...]) -> Reply:
    row.plan = steps
    turn.session.flush()
    title = Title(turn.say("sequence_changed", name=row.name))
    found = brought_by(turn.session, turn.workspace.id, [row.id])[row.id]
    more = [Line(turn.say("sequence_holds_for", n=found.running), quiet=True)]
    return Reply(
        (title, *_steps(turn, row), *(more if found.running else [])),
        (turn.undo(), button(turn, row, "show")),
    )


# --- as a whole -----------------------------------------------------------------------------------


@chapter.command("sequence.pause", role="manager")
def pause(
    turn: Turn, sequence: int | None = None, name: str | None = None, wait: int | None = None
) -> Reply:
    """Nothing of it goes until it goes on; that a whole one does not by itself is told to whoever
    said for how long."""
    row = find(turn, sequence, name)
    if row.state != "running":
        raise Sorry("sequence_not_running", (button(turn, row, "show"),), name=row.name)
    reply = _state(turn, row, "paused", "sequence_paused")
    note = Line(turn.say("sequence_paused_open", name=row.name), quiet=True)
    return reply if wait is None else replace(reply, parts=(*reply.parts, note))


@chapter.command("sequence.resume", role="manager")
def resume(turn: Turn, sequence: int | None = None, name: str | None = None) -> Reply:
    """It goes on: nobody was lost, and nobody gets anything twice."""
    row = find(turn, sequence, name)
    if row.state == "running":
        raise Sorry("sequence_not_paused", (button(turn, row, "show"),), name=row.name)
    return _state(turn, row, "running", "sequence_resumed")


@chapter.command("sequence.stop", role="manager")
def stop(turn: Turn, sequence: int | None = None, name: str | None = None) -> Reply:
    """Everybody leaves it, and nobody comes in."""
    row = find(turn, sequence, name)
    if row.state == "stopped":
        raise Sorry("sequence_not_running", (button(turn, row, "show"),), name=row.name)
    end_all(turn.session, row, "switched_off", turn.now)
    return _state(turn, row, "stopped", "sequence_stopped")


@chapter.command("sequence.remove", role="manager")
def remove(turn: Turn, sequence: int | None = None, name: str | None = None) -> Reply:
    """A sequence less: who is in it leaves it."""
    row = find(turn, sequence, name)
    for rule in starts_of(turn.session, turn.workspace.id):
        if rule.sequence_id == row.id:
            turn.session.delete(rule)
    end_all(turn.session, row, "switched_off", turn.now)
    row.active, row.state = False, "stopped"
    turn.session.flush()
    return Reply((Title(turn.say("sequence_removed", name=row.name)),), (turn.undo(),))


def _state(turn: Turn, row: Sequence, state: str, key: str) -> Reply:
    row.state = state
    turn.session.flush()
    parts = (Title(turn.say(key, name=row.name)), *_brought(turn, row))
    return Reply(parts, (turn.undo(), *_ways(turn, row)))


# --- shown ----------------------------------------------------------------------------------------


@chapter.command("sequence.show")
def show(turn: Turn, sequence: int | None = None, name: str | None = None) -> Reply:
    """Its steps, what starts it, what it brought, and how it is changed."""
    row = find(turn, sequence, name)
    state = bare(turn, f"sequence_is_{row.state}")
    parts: list[Part] = [Title(turn.say("sequence_is", name=row.name, state=state))]
    parts += _steps(turn, row)
    parts += started_by(turn, row)
    parts += _brought(turn, row)
    parts.append(Line(turn.say("sequence_edit_how", name=row.name), quiet=True))
    return Reply(tuple(parts), _ways(turn, row))


def _steps(turn: Turn, row: Sequence) -> list[Part]:
    lines = tuple(step_said(turn, step) for step in there(row.plan))
    return [Items(lines, numbered=True)]


def _brought(turn: Turn, row: Sequence) -> list[Part]:
    """How many came in, and what became of them."""
    found = brought_by(turn.session, turn.workspace.id, [row.id])[row.id]
    if not found.started:
        return [Line(turn.say("sequence_empty"))]
    sent = sent_by(turn.session, row).get("sent", 0)
    lines = [turn.say("sequence_came_in", n=found.started)]
    lines += [turn.say("sequence_in_it", n=found.running)] if found.running else []
    lines += [turn.say("sequence_through", n=found.finished)] if found.finished else []
    lines += [
        turn.say(f"ended_{reason}", n=found.stopped[reason])
        for reason in ENDS
        if found.stopped.get(reason)
    ]
    lines += [turn.say("sequence_sent", n=sent)] if sent else []
    return [Items(tuple(lines))]


@chapter.command("sequence.list")
def list_(turn: Turn) -> Reply:
    """All sequences: how many are in each, and what each brought."""
    rows = sequences_of(turn.session, turn.workspace.id)
    if not rows:
        raise Sorry("no_sequences_yet")
    found = brought_by(turn.session, turn.workspace.id, [row.id for row in rows])
    lines = tuple(_line(turn, row, found[row.id]) for row in rows[:SHOWN])
    parts: list[Part] = [Title(turn.say("sequences_title")), Items(lines)]
    if rows[SHOWN:]:
        parts.append(Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True))
    return Reply(tuple(parts), tuple(button(turn, row, "show", row.name) for row in rows[:3]))


def _line(turn: Turn, row: Sequence, found: Brought) -> str:
    told = [
        bare(turn, f"sequence_is_{row.state}"),
        bare(turn, "steps_count", n=len(there(row.plan))),
        bare(turn, "sequence_in_it", n=found.running),
    ]
    if found.finished:
        told.append(bare(turn, "sequence_through", n=found.finished))
    if bought := found.stopped.get("bought"):
        told.append(bare(turn, "ended_bought", n=bought))
    if answered := found.stopped.get("answered"):
        told.append(bare(turn, "ended_answered", n=answered))
    return turn.voice.told(f"{turn.voice.apart(row.name)}: {turn.voice.beside(*told)}")


def _ways(turn: Turn, row: Sequence) -> tuple[Button, ...]:
    """What can be done with it."""
    who = button(turn, row, "who")
    if not turn.member.may("manager"):
        return (who,)
    if row.state == "running":
        return (who, button(turn, row, "pause"), button(turn, row, "stop"))
    return (who, button(turn, row, "resume"))
