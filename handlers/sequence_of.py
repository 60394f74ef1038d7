"""Whether sequences still write to somebody: which they are in, where they stand, and what holds it
back (consent, the week's cap); and how they are held for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from handlers.book import Chapter
from handlers.consent import person, said
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.sequence_people import gone_said, where_said
from handlers.turn import Sorry, Turn
from handlers.who import Who
from rules.sequences import there
from rules.touches import CHANNELS
from storage.messages import went_to
from storage.models import Contact, SequenceRun
from storage.sequences import runs_of
from storage.touching import Reached, Rules

chapter = Chapter(__name__)

LEFT = 3
"""Sequences that they left, in one answer: the latest."""


@chapter.command("sequence.of")
def of(turn: Turn, who: Who) -> Reply:
    """The sequences that a customer is in, how far they are, and whether a message reaches them."""
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    runs = runs_of(turn.session, turn.workspace.id, contact.id)
    key = "in_sequences" if runs else "in_no_sequence"
    parts: list[Part] = [Title(turn.say(key, who=contact.name, n=len(runs)))]
    if runs:
        parts.append(_where(turn, runs))
    parts += _left(turn, contact)
    ways = _ways(runs)
    parts += _reached(turn, contact, ways)
    buttons = [
        Button(run.sequence.name, Call("sequence.show", {"sequence": run.sequence_id}))
        for run in runs[:2]
    ]
    if runs:
        buttons.append(turn.button("leave_all_button", "sequence.take_over", contact=contact.id))
    buttons.append(turn.button("consent_button", "consent.show", contact=contact.id))
    return Reply(tuple(parts), tuple(buttons))


def _left(turn: Turn, contact: Contact) -> list[Part]:
    """Those that they went through or left lately, and why."""
    query = select(SequenceRun).where(
        SequenceRun.workspace_id == turn.workspace.id,
        SequenceRun.contact_id == contact.id,
        SequenceRun.state != "running",
    )
    runs = turn.session.scalars(query.order_by((SequenceRun.id + 0).desc()).limit(LEFT)).all()
    if not runs:
        return []
    lines = (f"{turn.voice.apart(run.sequence.name)}: {gone_said(turn, run)}" for run in runs)
    return [Line(turn.say("who_left")), Items(tuple(map(turn.voice.told, lines)))]


def _ways(runs: list[SequenceRun]) -> list[str]:
    """On which what they are in may write to them; each way there is where that is nothing."""
    found = {way for run in runs for step in there(run.sequence.plan) for way in step.ways}
    return [each for each in CHANNELS if each in found] or ([] if runs else list(CHANNELS))


def _reached(turn: Turn, contact: Contact, ways: list[str]) -> list[Part]:
    """Whether a message would reach them now, and how many more this week may."""
    space = turn.workspace.id
    if not ways:
        return [Line(turn.say("sequence_only_tasks", who=contact.name), quiet=True)]
    verdict = Reached(turn.session, space, [contact]).way(contact, ways)
    if verdict.way is None:
        told = turn.say(f"not_sent_{verdict.reason}", name=contact.name,
                        ways=[said(turn, each) for each in ways])  # fmt: skip
        return [Line(told)]
    most = Rules.of(turn.session, space).most
    went, waiting = went_to(turn.session, space, contact.id, turn.now)
    used = len(went) + waiting
    lines = [turn.say("reached_by", who=contact.name, way=said(turn, verdict.way.channel))]
    lines.append(turn.say("week_cap", n=used, most=most))
    return [Line(each) for each in lines]


# --- for a while --------------------------------------------------------------------------------

LONGEST = timedelta(days=366)


@chapter.command("sequence.hold")
def hold(turn: Turn, who: Who, wait: int) -> Reply:
    """All sequences of a customer pause for so many minutes and then go on by themselves: the wait
    of the next step begins when the pause is over, whatever is changed in the steps meanwhile."""
    contact, runs = _running(turn, who)
    if any(run.message_id is not None for run in runs):
        raise Sorry("hold_too_late", _ways_out(turn, contact), who=contact.name)
    until = turn.now + min(timedelta(minutes=wait), LONGEST)
    _since(turn, runs, until)
    day = turn.voice.full_day(turn.local_day(until))
    title = Title(turn.say("sequences_held", who=contact.name, n=len(runs), day=day))
    go_on = turn.button("sequence_resume_button", "sequence.go_on", contact=contact.id)
    return Reply((title, _where(turn, runs)), (turn.undo(), go_on))


@chapter.command("sequence.go_on")
def go_on(turn: Turn, who: Who) -> Reply:
    """A pause of a customer's sequences is over before its time."""
    contact, runs = _running(turn, who)
    held = [run for run in runs if run.since > turn.now]
    if not held:
        raise Sorry("nothing_held", _ways_out(turn, contact), who=contact.name)
    _since(turn, held, turn.now)
    title = Title(turn.say("sequences_go_on", who=contact.name, n=len(held)))
    return Reply((title, _where(turn, held)), (turn.undo(),))


def _running(turn: Turn, who: Who) -> tuple[Contact, list[SequenceRun]]:
    """Sorry where they are in none."""
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    runs = runs_of(turn.session, turn.workspace.id, contact.id)
    if not runs:
        raise Sorry("nothing_to_hold", who=contact.name)
    return contact, runs


def _since(turn: Turn, runs: list[SequenceRun], moment: datetime) -> None:
    """From that moment their next waits count; the clock looks anew at once."""
    for run in runs:
        run.since, run.next_check_at = moment, turn.now
    turn.session.flush()


def _where(turn: Turn, runs: list[SequenceRun]) -> Items:
    lines = (f"{turn.voice.apart(run.sequence.name)}: {where_said(turn, run.sequence, run)}"
             for run in runs)  # fmt: skip
    return Items(tuple(map(turn.voice.told, lines)))


def _ways_out(turn: Turn, contact: Contact) -> tuple[Button, ...]:
    return (turn.button("leave_all_button", "sequence.take_over", contact=contact.id),)
