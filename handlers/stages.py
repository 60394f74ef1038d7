"""The stages of the pipelines, made in the chat: add, rename, change, remove, list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers.book import Chapter
from handlers.keys import free_key
from handlers.pipeline import (
    all_stages,
    ask_stage,
    bare_name,
    names_in_order,
    pipeline_meant,
    pipeline_name,
    pipelines,
    stage_meant,
    stage_name,
    stages,
)
from handlers.reply import Fields, Line, Reply, Table, Title
from handlers.stats import standing
from handlers.sums import Sums
from handlers.turn import Sorry, Turn
from language.alone import tells_an_end
from language.folding import fold
from language.values import read_stage
from language.voice import one_line
from storage.models import Deal, Stage
from storage.privacy import everything

chapter = Chapter(__name__)

LONGEST = 60
"""Characters of a stage's name."""

LONGEST_KEY = 36
"""Characters of a key that is made from a name; a number may follow."""

MOST = 60
"""Stages in use, of all pipelines together."""

LONGEST_STAY = 3650
"""Days that a deal may be expected to stay."""

ENDS = ("won", "lost")
"""How a deal ends; no stage is called so."""


@chapter.command("stage.add", role="owner")
def add(
    turn: Turn,
    name: str,
    after: str | None = None,
    before: str | None = None,
    pipeline: str | None = None,
    after_pipeline: str | None = None,
    before_pipeline: str | None = None,
) -> Reply:
    """A stage more: behind or before another, else the last one before a deal is closed."""
    if len(stages(turn)) >= MOST:
        raise Sorry("too_many_stages", n=MOST)
    way = pipeline_meant(turn, pipeline or after_pipeline or before_pipeline).key
    beside = None
    if after or before:
        slot = "after" if after else "before"
        said = pipeline or after_pipeline or before_pipeline
        beside = stage_meant(turn, str(after or before), said and way, slot=slot)
        way = beside.pipeline
    name = new_name(turn, name, way)
    order = stages(turn, way)
    place = order.index(beside) + (1 if after else 0) if beside else len(order)
    gone = _removed(turn, name, way)
    if gone and gone.name != name:
        gone.rename(name, at=turn.now)
    stage = gone or Stage(
        workspace_id=turn.workspace.id, key=_key(turn, name), pipeline=way, name=name
    )
    stage.active = True
    order.insert(place, stage)
    stage.probability = _between(order, place)
    put_in_order(turn, way, order)
    turn.session.add(stage)
    turn.anew()
    return _done(turn, way, turn.say("stage_added", name=name))


def new_name(turn: Turn, name: str, pipeline: str) -> str:
    """The name, fit to be one. Sorry for one that is taken, or that means something else."""
    name = one_line(name, LONGEST)
    if not name:
        raise Sorry("needs_a_value")
    words = turn.voice.words
    ends = {fold(said) for end in ENDS for said in words[f"stage_{end}"].values()}
    if tells_an_end(name) or fold(name) in {*ends, *ENDS, "next"} or read_stage(name, {}) == "next":
        raise Sorry("stage_name_means_else", name=name)
    if any(fold(name) == fold(each) for each in names_in_order(turn, pipeline)):
        raise Sorry("stage_is_there", name=name, stages=names_in_order(turn, pipeline))
    return name


def _removed(turn: Turn, name: str, pipeline: str) -> Stage | None:
    """A stage of that name that was there before: it comes back, with its past."""
    gone = (each for each in all_stages(turn) if not each.active and each.pipeline == pipeline)
    return next((stage for stage in gone if fold(bare_name(turn, stage)) == fold(name)), None)


def _key(turn: Turn, name: str) -> str:
    taken = {stage.key for stage in all_stages(turn)} | {*ENDS, "next"}
    return free_key(name, taken, usual="stage", longest=LONGEST_KEY)


def _between(order: list[Stage], place: int) -> int:
    """As likely as halfway between its neighbours."""
    before = order[place - 1].probability if place else 0
    after = order[place + 1].probability if place + 1 < len(order) else 100
    return (before + after) // 2


def put_in_order(turn: Turn, pipeline: str, order: Sequence[Stage]) -> None:
    """Number the stages of a pipeline anew; those that were removed come last."""
    mine = (stage for stage in all_stages(turn) if stage.pipeline == pipeline)
    gone = [stage for stage in mine if stage not in order]
    for position, stage in enumerate([*order, *gone]):
        if stage.position != position:
            stage.position = position


def _done(turn: Turn, pipeline: str, title: str, *lines: str) -> Reply:
    """What was done, and the way of a deal from now on."""
    return Reply(
        (Title(title), *(Line(line) for line in (*lines, way_told(turn, pipeline)))),
        (turn.undo(),),
    )


def way_told(turn: Turn, pipeline: str) -> str:
    """``lead → qualified → ...``, led by the pipeline's name where there are several."""
    arrow = " ← " if turn.voice.rtl else " → "
    way = arrow.join(map(turn.voice.apart, names_in_order(turn, pipeline)))
    if len(pipelines(turn)) > 1:
        way = f"{turn.voice.apart(pipeline_name(turn, pipeline))}: {way}"
    return turn.voice.told(way)


@chapter.command("stage.rename", role="owner")
def rename(turn: Turn, stage: str, name: str, pipeline: str | None = None) -> Reply:
    """Another name for a stage; the deals in it stay, and their past keeps the former name."""
    row = stage_meant(turn, stage, _said_way(turn, pipeline), slot="stage")
    before = bare_name(turn, row)
    if name.strip() != before and fold(name) == fold(before):
        new = one_line(name, LONGEST)
    else:
        new = new_name(turn, name, row.pipeline)
    row.rename(new, at=turn.now)
    turn.anew()
    return _done(turn, row.pipeline, turn.say("stage_renamed", before=before, name=new))


def _said_way(turn: Turn, pipeline: str | None) -> str | None:
    return pipeline_meant(turn, pipeline).key if pipeline else None


@chapter.command("stage.set", role="owner")
def change(
    turn: Turn,
    stage: str,
    percent: int | None = None,
    days: int | None = None,
    pipeline: str | None = None,
) -> Reply:
    """How likely a sale is from a stage on, and how many days a deal is expected to stay."""
    row = stage_meant(turn, stage, _said_way(turn, pipeline), slot="stage")
    if percent is not None:
        if not 0 <= percent <= 100:
            raise Sorry("bad_percent")
        row.probability = percent
    if days is not None:
        if not 1 <= days <= LONGEST_STAY:
            raise Sorry("bad_days")
        row.days = days
    turn.anew()
    told = (
        (turn.say("field_probability"), f"{row.probability}%"),
        (turn.say("field_days"), turn.say("days_long", n=row.days) if row.days else "—"),
    )
    title = Title(turn.say("stage_changed", name=stage_name(turn, row.key)))
    return Reply((title, Fields(told)), (turn.undo(),))


@chapter.command("stage.remove", role="owner")
def remove(
    turn: Turn,
    stage: str,
    to: str | None = None,
    pipeline: str | None = None,
    to_pipeline: str | None = None,
) -> Reply:
    """A stage less. Its open deals go where it is said, or asked."""
    row = stage_meant(turn, stage, _said_way(turn, pipeline), slot="stage")
    if len(stages(turn, row.pipeline)) == 1:
        raise Sorry("last_of_stages")
    name = stage_name(turn, row.key)
    moved = _empty_out(turn, row, to, to_pipeline)
    row.active = False
    turn.anew()
    return _done(turn, row.pipeline, turn.say("stage_removed", name=name), *moved)


def _empty_out(turn: Turn, stage: Stage, to: str | None, pipeline: str | None) -> list[str]:
    """Move the open deals of a stage; what was done, in words. Asks where they go."""
    with everything(turn.session):
        deals = open_deals(turn, [stage.key])
        if not deals:
            return []
        target = stage_meant(turn, to, pipeline, near=stage.pipeline, slot="to") if to else stage
        if target is stage:
            name = stage_name(turn, stage.key)
            raise ask_stage(
                turn, "ask_stage_to", "to", without=stage.key, pipeline=stage.pipeline,
                name=name, n=len(deals),
            )  # fmt: skip
        for deal in deals:
            deal.move(target.key, by=turn.member.id, at=turn.now)
    return [turn.say("deals_moved_to", n=len(deals), stage=stage_name(turn, target.key))]


def open_deals(turn: Turn, keys: Sequence[str]) -> Sequence[Deal]:
    """The open deals in these stages; with ``everything`` also those that are not to be seen: no
    deal stays where no stage is."""
    query = select(Deal).where(
        Deal.workspace_id == turn.workspace.id, Deal.status == "open", Deal.stage.in_(keys)
    )
    return turn.session.scalars(query.order_by(Deal.id)).all()


@chapter.command("stage.list")
def show(turn: Turn, pipeline: str | None = None) -> Reply:
    """All stages in order, with the open deals that stand in each and what they are worth."""
    ways = [pipeline_meant(turn, pipeline)] if pipeline else pipelines(turn)
    counts, worth = standing(turn)
    sums = Sums(turn)
    head = (
        turn.say("head_stage"), turn.say("head_deals"), turn.say("head_amount"),
        turn.say("head_probability"), turn.say("head_days"),
    )  # fmt: skip
    parts: list[Title | Table | Line] = [Title(turn.say("stages_title"))]
    for way in ways:
        if len(pipelines(turn)) > 1:
            parts.append(Line(pipeline_name(turn, way.key)))
        rows = tuple(
            (
                bare_name(turn, stage),
                str(counts[stage.key]),
                sums.said(worth[stage.key]) if counts[stage.key] else "—",
                f"{stage.probability}%",
                str(stage.days or "—"),
            )
            for stage in stages(turn, way.key)
        )
        parts.append(Table(head, rows, numeric=(1, 2, 3, 4)))
    parts += sums.notes
    if turn.member.may("owner"):
        parts.append(Line(turn.say("stages_hint"), quiet=True))
    return Reply(tuple(parts))
