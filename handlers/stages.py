"""The stages of the pipeline, made in the chat: add, rename, remove, list."""

from __future__ import annotations

from sqlalchemy import select

from handlers.book import Chapter
from handlers.keys import free_key
from handlers.pipeline import (
    all_stages,
    ask_stage,
    names_in_order,
    stage_keys,
    stage_meant,
    stage_name,
    stages,
)
from handlers.reply import Line, Reply, Table, Title
from handlers.stats import standing
from handlers.sums import Sums
from handlers.turn import Sorry, Turn
from language.folding import fold
from language.values import read_stage
from language.voice import one_line
from storage.models import Deal, Stage

chapter = Chapter(__name__)

LONGEST = 60
"""Characters of a stage's name."""

LONGEST_KEY = 36
"""Characters of a key that is made from a name; a number may follow."""

ENDS = ("won", "lost")
"""How a deal ends; no stage is called so."""


@chapter.command("stage.add", role="owner")
def add(turn: Turn, name: str, after: str | None = None, before: str | None = None) -> Reply:
    """A stage more: behind or before another, else the last one before a deal is closed."""
    name = _new_name(turn, name)
    order = stages(turn)
    place = len(order)
    if after or before:
        place = order.index(stage_meant(turn, str(after or before))) + (1 if after else 0)
    stage = _removed(turn, name) or Stage(workspace_id=turn.workspace.id, key=_key(turn, name))
    stage.name, stage.active = name, True
    order.insert(place, stage)
    stage.probability = _between(order, place)
    _put_in_order(turn, order)
    turn.session.add(stage)
    turn.anew()
    return _done(turn, turn.say("stage_added", name=name))


def _new_name(turn: Turn, name: str) -> str:
    """The name, fit to be one. Sorry for one that is taken, or that means something else."""
    name = one_line(name, LONGEST)
    if not name:
        raise Sorry("needs_a_value")
    words = turn.voice.words
    ends = {fold(said) for end in ENDS for said in words[f"stage_{end}"].values()}
    if fold(name) in {*ends, *ENDS, "next"} or read_stage(name, {}) == "next":
        raise Sorry("stage_name_means_else", name=name)
    known = {stage_name(turn, key): key for key in stage_keys(turn)}
    if any(fold(name) == fold(each) for each in known):
        raise Sorry("stage_is_there", name=name, stages=names_in_order(turn))
    return name


def _removed(turn: Turn, name: str) -> Stage | None:
    """A stage of that name that was there before: it comes back, with its past."""
    gone = (stage for stage in all_stages(turn) if not stage.active)
    return next((stage for stage in gone if fold(stage_name(turn, stage.key)) == fold(name)), None)


def _key(turn: Turn, name: str) -> str:
    taken = {stage.key for stage in all_stages(turn)} | {*ENDS, "next"}
    return free_key(name, taken, usual="stage", longest=LONGEST_KEY)


def _between(order: list[Stage], place: int) -> int:
    """As likely as halfway between its neighbours."""
    before = order[place - 1].probability if place else 0
    after = order[place + 1].probability if place + 1 < len(order) else 100
    return (before + after) // 2


def _put_in_order(turn: Turn, order: list[Stage]) -> None:
    """Number them anew; those that were removed come last."""
    gone = [stage for stage in all_stages(turn) if stage not in order]
    for position, stage in enumerate([*order, *gone]):
        if stage.position != position:
            stage.position = position


def _done(turn: Turn, title: str, *lines: str) -> Reply:
    """What was done, and the way of a deal from now on."""
    way = turn.voice.told(_arrow(turn).join(map(turn.voice.apart, names_in_order(turn))))
    told = [*lines, way]
    return Reply((Title(title), *(Line(line) for line in told)), (turn.undo(),))


def _arrow(turn: Turn) -> str:
    return " ← " if turn.voice.rtl else " → "


@chapter.command("stage.rename", role="owner")
def rename(turn: Turn, stage: str, name: str) -> Reply:
    """Another name for a stage; the deals in it stay."""
    row = stage_meant(turn, stage)
    before = stage_name(turn, row.key)
    if name.strip() != before and fold(name) == fold(before):
        row.name = one_line(name, LONGEST)
    else:
        row.name = _new_name(turn, name)
    turn.anew()
    return _done(turn, turn.say("stage_renamed", before=before, name=row.name))


@chapter.command("stage.remove", role="owner")
def remove(turn: Turn, stage: str, to: str | None = None) -> Reply:
    """A stage less. Its open deals go where it is said, or asked."""
    row = stage_meant(turn, stage)
    if len(stages(turn)) == 1:
        raise Sorry("last_of_stages")
    name = stage_name(turn, row.key)
    moved = _empty_out(turn, row, to)
    row.active = False
    turn.anew()
    return _done(turn, turn.say("stage_removed", name=name), *moved)


def _empty_out(turn: Turn, stage: Stage, to: str | None) -> list[str]:
    """Move the open deals of a stage; what was done, in words. Asks where they go."""
    deals = turn.session.scalars(
        select(Deal).where(
            Deal.workspace_id == turn.workspace.id, Deal.status == "open", Deal.stage == stage.key
        )
    ).all()
    if not deals:
        return []
    target = stage_meant(turn, to) if to else stage
    if target is stage:
        name = stage_name(turn, stage.key)
        raise ask_stage(turn, "ask_stage_to", "to", without=stage.key, name=name, n=len(deals))
    for deal in deals:
        deal.move(target.key, by=turn.member.id, at=turn.now)
    return [turn.say("deals_moved_to", n=len(deals), stage=stage_name(turn, target.key))]


@chapter.command("stage.list")
def show(turn: Turn) -> Reply:
    """All stages in order, with the open deals that stand in each and what they are worth."""
    counts, worth = standing(turn)
    sums = Sums(turn)
    head = (turn.say("head_stage"), turn.say("head_deals"), turn.say("head_amount"))
    rows = tuple(
        (
            stage_name(turn, key),
            str(counts[key]),
            sums.said(worth[key]) if counts[key] else "—",
        )
        for key in stage_keys(turn)
    )
    hint = (Line(turn.say("stages_hint"), quiet=True),) if turn.member.may("owner") else ()
    table = Table(head, tuple(rows), numeric=(1, 2))
    return Reply((Title(turn.say("stages_title")), table, *sums.notes, *hint))
