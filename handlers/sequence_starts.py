"""What starts a sequence by itself: a deal that comes into a stage, who enters a segment."""

from __future__ import annotations

from collections.abc import Callable

from handlers.book import Chapter
from handlers.pipeline import stage_meant, stage_name
from handlers.reply import Button, Call, Line, Part, Reply, Title
from handlers.segment_kept import visible
from handlers.segment_understood import who_fits
from handlers.sequence_named import button, find
from handlers.turn import Sorry, Turn
from language.folding import fold
from storage import segment_watch
from storage.models import Segment, Sequence, SequenceStart
from storage.segments import members, size
from storage.sequences import starts_of
from storage.sequences_kept import of_segment

chapter = Chapter(__name__)


@chapter.command("sequence.when", role="manager")
def when(turn: Turn, stage: str, sequence: int | None = None, name: str | None = None) -> Reply:
    """From now on whoever has a deal that comes into a stage comes into the sequence."""
    row = find(turn, sequence, name)
    place = stage_meant(turn, stage, slot="stage")
    told = {"name": row.name, "stage": stage_name(turn, place.key)}
    _begin(turn, row, place.key, told)
    parts = (
        Title(turn.say("sequence_starts", **told)),
        Line(turn.say("sequence_starts_how"), quiet=True),
    )
    return Reply(parts, (turn.undo(), button(turn, row, "show")))


@chapter.command("sequence.never", role="manager")
def never(turn: Turn, stage: str, sequence: int | None = None, name: str | None = None) -> Reply:
    """A stage starts it no longer. Who is in it stays."""
    row = find(turn, sequence, name)
    place = stage_meant(turn, stage, slot="stage")
    told = {"name": row.name, "stage": stage_name(turn, place.key)}
    _no_more(turn, row, lambda rule: rule.stage == place.key, told)
    return Reply((Title(turn.say("sequence_starts_no_more", **told)),), (turn.undo(),))


@chapter.command("sequence.when_in", role="manager")
def when_in(
    turn: Turn, segment: str, sequence: int | None = None, name: str | None = None
) -> Reply:
    """From now on whoever enters a segment comes into the sequence, once. Who is in the segment by
    now does not, unless they are let in as well."""
    row = find(turn, sequence, name)
    if row.state == "stopped":
        raise Sorry("sequence_is_off", (button(turn, row, "resume"),), name=row.name)
    theirs = _segment(turn, segment)
    told = {"name": row.name, "segment": theirs.name}
    _begin(turn, row, of_segment(theirs.id), {"name": row.name, "stage": theirs.name})
    chosen = members(
        turn.session, turn.workspace.id, theirs.node, turn.now, turn.workspace.timezone
    )
    if theirs.check_at is None:  # else who was in it is known
        theirs.check_at = turn.now
        segment_watch.remember(turn.session, theirs, who_fits(turn, theirs.node))
    segment_watch.remember(turn.session, theirs, chosen)
    now_in = size(turn.session, chosen)
    parts: list[Part] = [
        Title(turn.say("sequence_starts_in", **told)),
        Line(turn.say("sequence_starts_in_how", **told), quiet=True),
    ]
    ways: tuple[Button, ...] = (turn.undo(),)
    if now_in:
        parts.append(Line(turn.say("sequence_starts_in_now", n=now_in, **told)))
        let_in = Call(
            "sequence.many", {"sequence": row.id, "query": theirs.query, "told": theirs.name}
        )
        ways = (*ways, Button(turn.say("sequence_let_in_button", n=now_in), let_in))
    return Reply(tuple(parts), (*ways, button(turn, row, "show")))


@chapter.command("sequence.never_in", role="manager")
def never_in(
    turn: Turn, segment: str, sequence: int | None = None, name: str | None = None
) -> Reply:
    """Who enters a segment does not come in any more. Who is in it stays."""
    row = find(turn, sequence, name)
    theirs = _segment(turn, segment)
    told = {"name": row.name, "stage": theirs.name}
    _no_more(turn, row, lambda rule: rule.segment_id == theirs.id, told)
    title = Title(turn.say("sequence_starts_no_more", **told))
    return Reply((title,), (turn.undo(),))


def named_segment(turn: Turn, said: str) -> Segment | None:
    """The segment of that name that the member sees, their own first."""
    rows = [each for each in visible(turn) if each.name_key == fold(said)[:80]]
    mine = [each for each in rows if each.owner_id == turn.member.id]
    return next(iter(mine or rows), None)


def _segment(turn: Turn, said: str) -> Segment:
    found = named_segment(turn, said)
    if found is None:
        names = turn.voice.listed([each.name for each in visible(turn)[:8]]) or "—"
        raise Sorry("sequence_needs_segment", name=said, names=names)
    return found


def _begin(turn: Turn, row: Sequence, what: str, told: dict[str, str]) -> None:
    rules = starts_of(turn.session, turn.workspace.id)
    if any((rule.sequence_id, rule.stage) == (row.id, what) for rule in rules):
        raise Sorry("sequence_starts_there", (button(turn, row, "show"),), **told)
    turn.session.add(
        SequenceStart(
            workspace_id=turn.workspace.id, sequence_id=row.id, stage=what,
            by_id=turn.member.id, created_at=turn.now,
        )
    )  # fmt: skip
    turn.session.flush()


def _no_more(
    turn: Turn, row: Sequence, is_it: Callable[[SequenceStart], bool], told: dict[str, str]
) -> None:
    rules = [
        rule
        for rule in starts_of(turn.session, turn.workspace.id)
        if rule.sequence_id == row.id and is_it(rule)
    ]
    if not rules:
        raise Sorry("sequence_starts_not", (button(turn, row, "show"),), **told)
    for rule in rules:
        turn.session.delete(rule)
    turn.session.flush()


def started_by(turn: Turn, row: Sequence) -> list[Part]:
    """What starts it, as its card tells it."""
    rules = [
        rule for rule in starts_of(turn.session, turn.workspace.id) if rule.sequence_id == row.id
    ]
    parts: list[Part] = []
    if stages := [stage_name(turn, rule.stage) for rule in rules if rule.segment_id is None]:
        parts.append(Line(turn.say("sequence_from_stages", stages=stages)))
    segments = [
        segment.name
        for rule in rules
        if rule.segment_id is not None
        and (segment := turn.session.get(Segment, (turn.workspace.id, rule.segment_id)))
    ]
    if segments:
        parts.append(Line(turn.say("sequence_from_segments", segments=segments)))
    return parts
