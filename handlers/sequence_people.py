"""Who is in a sequence: let in by hand or many at once, shown with where they stand, taken out."""

from __future__ import annotations

from sqlalchemy import func, select

from handlers.audience import people
from handlers.book import Chapter
from handlers.campaign_told import REASONS
from handlers.consent import person, said
from handlers.reply import Items, Line, Part, Reply, Title
from handlers.sequence_named import button, find
from handlers.sequence_words import bare, step_said
from handlers.turn import Sorry, Turn
from handlers.who import Who
from rules.sequences import due_at, next_step, there
from storage.campaigns import split
from storage.messages import Message
from storage.models import Contact, Sequence, SequenceRun
from storage.sequences import A_MOMENT, inside, newcomers, runs_in, runs_of, start, start_all
from storage.touching import Reached

chapter = Chapter(__name__)

SHOWN, LEFT = 20, 8
"""People in one answer who are in it, and who have left it."""


@chapter.command("sequence.start")
def start_(turn: Turn, who: Who, sequence: int | None = None, name: str | None = None) -> Reply:
    """A customer comes in; the first step comes when its wait is over."""
    row = find(turn, sequence, name)
    contact = person(turn, who)
    _open(turn, row)
    turn.focus(contact=contact.id, company=contact.company_id)
    by = contact.owner_id or turn.member.id
    run = start(turn.session, row, contact, how="hand", by_id=by, now=turn.now)
    told = {"name": row.name, "who": contact.name}
    if run is None:
        raise Sorry("in_it_already", (button(turn, row, "who"),), **told)
    parts: list[Part] = [Title(turn.say("run_started", **told))]
    parts.append(Items(tuple(step_said(turn, step) for step in there(row.plan)), numbered=True))
    parts += _unreached(turn, row, contact)
    leave = turn.button(
        "run_leave_button", "sequence.leave", sequence=row.id, contact=contact.id
    )  # fmt: skip
    return Reply(tuple(parts), (turn.undo(), leave))


def _open(turn: Turn, row: Sequence) -> None:
    if row.state == "stopped":
        raise Sorry("sequence_is_off", (button(turn, row, "resume"),), name=row.name)


def _unreached(turn: Turn, row: Sequence, contact: Contact) -> list[Part]:
    """That its messages would not reach them now: they are left out until that changes."""
    ways = sorted(row.channels)
    if not ways:
        return []
    verdict = Reached(turn.session, turn.workspace.id, [contact]).way(contact, ways)
    if verdict.way is not None:
        return []
    line = turn.say(f"not_sent_{verdict.reason}", name=contact.name,
                    ways=[said(turn, each) for each in ways])  # fmt: skip
    return [Line(line), Line(turn.say("run_left_out_how"), quiet=True)]


@chapter.command("sequence.many", role="manager")
def many(
    turn: Turn, told: str, query: str | None = None, sequence: int | None = None,
    name: str | None = None,
) -> Reply:  # fmt: skip
    """Many at once: how many they would be, and whom no message reaches now. They come in when
    that is confirmed."""
    row = find(turn, sequence, name)
    _open(turn, row)
    chosen = people(turn, query, turn.member.id) if query else None
    if chosen is None:
        raise Sorry("audience_unknown", said=told)
    fresh = newcomers(turn.session, row, sorted(turn.session.scalars(chosen)))
    if not fresh:
        raise Sorry("nobody_to_start", (button(turn, row, "who"),), name=row.name, said=told)
    parts: list[Part] = [
        Title(turn.say("many_title", name=row.name, audience=told)),
        Line(turn.say("many_counts", n=len(fresh))),
    ]
    ways = sorted(row.channels)
    if ways:
        new = chosen.where(Contact.id.not_in(inside(row)))
        left = split(
            turn.session, turn.workspace.id, new, ways, campaign=row.id, held=0
        ).left_out  # fmt: skip
        reasons = [bare(turn, f"out_{why}", n=left[why]) for why in REASONS if left.get(why)]
        if reasons:
            parts.append(Line(turn.say("many_unreached", what=turn.voice.beside(*reasons))))
    go = turn.button(
        "many_button", "sequence.start_many", "primary", label_values={"n": len(fresh)},
        sequence=row.id, query=query, told=told,
    )  # fmt: skip
    return Reply(tuple(parts), (go, button(turn, row, "show")))


@chapter.command("sequence.start_many", role="manager")
def start_many(turn: Turn, sequence: int, query: str, told: str) -> Reply:
    """They come in, each for the one who looks after them."""
    row = find(turn, sequence, None)
    _open(turn, row)
    chosen = people(turn, query, turn.member.id)
    if chosen is None:
        raise Sorry("audience_unknown", said=told)
    ids = sorted(turn.session.scalars(chosen))
    turn.stands()
    count = start_all(
        turn.session, row, ids, by_id=turn.member.id, turn_id=turn.id, now=turn.now
    )  # fmt: skip
    if not count:
        raise Sorry("nobody_to_start", (button(turn, row, "who"),), name=row.name, said=told)
    parts = (
        Title(turn.say("many_started", name=row.name, n=count)),
        Line(turn.say("many_how"), quiet=True),
    )
    return Reply(parts, (turn.undo(), button(turn, row, "who")))


@chapter.command("sequence.who")
def who_(turn: Turn, sequence: int | None = None, name: str | None = None) -> Reply:
    """Who is in it and where they stand; who left it lately, and why."""
    row = find(turn, sequence, name)
    within = runs_in(turn.session, row, ("running",), SHOWN)
    gone = runs_in(turn.session, row, ("stopped", "finished"), LEFT)
    if not within and not gone:
        raise Sorry("nobody_in_it", (button(turn, row, "show"),), name=row.name)
    total = turn.session.scalar(
        select(func.count(SequenceRun.id)).where(
            SequenceRun.workspace_id == turn.workspace.id,
            SequenceRun.sequence_id == row.id,
            SequenceRun.state == "running",
        )
    )
    parts: list[Part] = [Title(turn.say("who_title", name=row.name, n=total or 0))]
    if within:
        parts.append(Items(tuple(_line(turn, row, run) for run in within)))
    if (total or 0) > len(within):
        parts.append(Line(turn.say("and_more", n=(total or 0) - len(within)), quiet=True))
    if gone:
        parts.append(Line(turn.say("who_left")))
        parts.append(Items(tuple(_gone(turn, run) for run in gone)))
    return Reply(tuple(parts), (button(turn, row, "show"),))


def _line(turn: Turn, row: Sequence, run: SequenceRun) -> str:
    """``Bilal Khan: step 2 of 3 on Saturday``."""
    return turn.voice.told(f"{turn.voice.apart(run.contact.name)}: {where_said(turn, row, run)}")


def where_said(turn: Turn, row: Sequence, run: SequenceRun) -> str:
    """``step 2 of 3 on Saturday``."""
    shown = there(row.plan)
    step = next_step(row.plan, run.last_step)
    at = shown.index(step) + 1 if step in shown else len(shown)
    told = [bare(turn, "run_at_step", n=at, of=len(shown))]
    message = (
        turn.session.get(Message, (turn.workspace.id, run.message_id)) if run.message_id else None
    )
    if row.state == "paused":
        told.append(bare(turn, "sequence_is_paused"))
    elif message is not None:
        told.append(bare(turn, "run_by_hand" if message.state in ("ready", "prepared")
                         else "run_waits"))  # fmt: skip
    elif step is not None:
        if run.since > turn.now:
            told.append(bare(turn, "run_held", day=turn.voice.day(turn.local_day(run.since))))
        due = max(due_at(step, run.since), run.started_at + A_MOMENT, turn.now)
        told.append(turn.voice.day(turn.local_day(due)))
    return turn.voice.beside(*told)


def _gone(turn: Turn, run: SequenceRun) -> str:
    return turn.voice.told(f"{turn.voice.apart(run.contact.name)}: {gone_said(turn, run)}")


def gone_said(turn: Turn, run: SequenceRun) -> str:
    """``bought, on Saturday``."""
    why = bare(turn, f"why_{run.reason}" if run.reason else "why_finished")
    return turn.voice.beside(why, turn.voice.day(turn.local_day(run.ended_at or run.started_at)))


@chapter.command("sequence.leave")
def leave(turn: Turn, who: Who, sequence: int | None = None, name: str | None = None) -> Reply:
    """A customer is taken out of it: nothing more of it goes to them."""
    row = find(turn, sequence, name)
    contact = person(turn, who)
    runs = runs_of(turn.session, turn.workspace.id, contact.id, row.id)
    return _out(turn, contact, runs, "by_hand", row.name)


@chapter.command("sequence.take_over")
def take_over(turn: Turn, who: Who) -> Reply:
    """A member talks to the customer themselves: all sequences end for them."""
    contact = person(turn, who)
    runs = runs_of(turn.session, turn.workspace.id, contact.id)
    return _out(turn, contact, runs, "taken_over", "")


def _out(turn: Turn, contact: Contact, runs: list[SequenceRun], reason: str, name: str) -> Reply:
    turn.focus(contact=contact.id, company=contact.company_id)
    if not runs:
        raise Sorry("not_in_it" if name else "in_none", name=name, who=contact.name)
    names = [turn.record(Sequence, run.sequence_id).name for run in runs]
    for run in runs:
        run.end(reason, turn.now)
    turn.session.flush()
    title = Title(turn.say("run_ended", who=contact.name, names=names))
    return Reply((title,), (turn.undo(),))
