"""The pipelines themselves, made in the chat: add, rename, remove, list."""

from __future__ import annotations

from typing import Any

from handlers.book import Chapter
from handlers.keys import free_key
from handlers.pipeline import (
    all_pipelines,
    all_stages,
    bare_name,
    pipeline_meant,
    pipeline_name,
    pipelines,
    stage_keys,
    stages,
)
from handlers.reply import Button, Call, Line, Reply, Table, Title
from handlers.stages import LONGEST, LONGEST_KEY, MOST, new_name, open_deals, way_told
from handlers.stats import standing
from handlers.sums import Sums
from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold
from language.voice import one_line
from rules.pipeline import USUAL
from storage.models import Deal, Pipeline, Stage
from storage.privacy import everything
from storage.stages import usual_stages

chapter = Chapter(__name__)

MOST_PIPELINES = 20
PROBABILITY = 50
"""Of a stage of which nothing else is said, in percent."""


@chapter.command("pipeline.add", role="owner")
def add(turn: Turn, name: str, choices: str | None = None) -> Reply:
    """A pipeline more, with the stages that are said (``choices``), else with the usual ones."""
    if len(pipelines(turn)) >= MOST_PIPELINES or len(stages(turn)) + len(USUAL) > MOST:
        raise Sorry("too_many_pipelines")
    name = _new_name(turn, name)
    taken = {each.key for each in all_pipelines(turn)}
    row = Pipeline(
        workspace_id=turn.workspace.id,
        key=free_key(name, taken, usual="pipeline", longest=LONGEST_KEY),
        name=name,
        position=max((each.position for each in all_pipelines(turn)), default=-1) + 1,
        active=True,
    )
    turn.session.add(row)
    turn.session.add_all(_stages(turn, row.key, choices))
    turn.anew()
    title = Title(turn.say("pipeline_added", name=name))
    return Reply((title, Line(way_told(turn, row.key))), (turn.undo(),))


def _new_name(turn: Turn, name: str) -> str:
    """The name, fit to be one. Sorry for one that is taken."""
    name = one_line(name, LONGEST)
    if not name:
        raise Sorry("needs_a_value")
    there = [pipeline_name(turn, each.key) for each in pipelines(turn)]
    keys = [each.key for each in pipelines(turn) if each.name is None]
    if any(fold(name) == fold(each) for each in (*there, *keys)):
        raise Sorry("pipeline_is_there", name=name, pipelines=there)
    return name


def _stages(turn: Turn, pipeline: str, said: str | None) -> list[Stage]:
    """Those that were said, in their order; else the usual ones. Keys are their own for good."""
    taken = {stage.key for stage in all_stages(turn)} | {"won", "lost", "next"}

    def key(name: str, usual: str) -> str:
        taken.add(found := free_key(name, taken, usual=usual, longest=LONGEST_KEY))
        return found

    names = [one_line(each, LONGEST) for each in (said or "").replace("/", ",").split(",")]
    names = list(dict.fromkeys(new_name(turn, each, pipeline) for each in names if each.strip()))
    if not names:
        return usual_stages(turn.workspace.id, pipeline, {each: key(each, each) for each in USUAL})
    if len(names) + len(stages(turn)) > MOST:
        raise Sorry("too_many_stages", n=MOST)
    return [
        Stage(
            workspace_id=turn.workspace.id, key=key(name, "stage"), pipeline=pipeline, name=name,
            position=place, probability=100 * (place + 1) // (len(names) + 1), active=True,
        )
        for place, name in enumerate(names)
    ]  # fmt: skip


@chapter.command("pipeline.rename", role="owner")
def rename(turn: Turn, name: str, pipeline: str | None = None) -> Reply:
    """Another name for a pipeline; its stages and deals stay."""
    if pipeline is None and len(pipelines(turn)) > 1:
        raise _which(turn, "ask_which_pipeline", "pipeline")
    row = pipeline_meant(turn, pipeline)
    before = pipeline_name(turn, row.key)
    same = fold(name) in (fold(before), fold(row.name or row.key))
    row.name = one_line(name, LONGEST) if same else _new_name(turn, name)
    turn.anew()
    title = Title(turn.say("pipeline_renamed", before=before, name=row.name))
    return Reply((title, Line(way_told(turn, row.key))), (turn.undo(),))


@chapter.command("pipeline.remove", role="owner")
def remove(turn: Turn, pipeline: str, to: str | None = None) -> Reply:
    """A pipeline less. Its open deals go to another one: each to the stage of the same name there,
    else to the first."""
    row = pipeline_meant(turn, pipeline)
    if len(pipelines(turn)) == 1:
        raise Sorry("last_of_pipelines")
    name = pipeline_name(turn, row.key)
    mine = stages(turn, row.key)
    lines = []
    with everything(turn.session):
        deals = open_deals(turn, [stage.key for stage in mine])
        if deals:
            target = pipeline_meant(turn, to) if to else row
            if target is row:
                raise _which(turn, "ask_pipeline_to", "to", row.key, name=name, n=len(deals))
            for deal in deals:
                goes_to(turn, deal, target.key)
            there = pipeline_name(turn, target.key)
            lines.append(Line(turn.say("deals_went_to", n=len(deals), pipeline=there)))
    row.active = False
    for stage in mine:
        stage.active = False
    turn.anew()
    return Reply((Title(turn.say("pipeline_removed", name=name)), *lines), (turn.undo(),))


def goes_to(turn: Turn, deal: Deal, pipeline: str) -> None:
    """A deal goes on in another pipeline, in the stage of the same name if there is one."""
    deal.move(place_in(turn, deal.stage, pipeline), by=turn.member.id, at=turn.now)


def place_in(turn: Turn, stage: str, pipeline: str) -> str:
    """The stage of a pipeline that is called like this one, else its first."""
    row = next((each for each in all_stages(turn) if each.key == stage), None)
    name = fold(bare_name(turn, row)) if row else ""
    there = stages(turn, pipeline)
    alike = (each.key for each in there if fold(bare_name(turn, each)) == name)
    return next(alike, there[0].key)


def _which(turn: Turn, question: str, slot: str, without: str = "", **values: Any) -> Ask:
    choices = tuple(
        Choice(pipeline_name(turn, each.key), {slot: each.key})
        for each in pipelines(turn) if each.key != without
    )  # fmt: skip
    return Ask(question, slot, kind="pipeline", choices=choices, **values)


@chapter.command("pipeline.list")
def show(turn: Turn) -> Reply:
    """All pipelines with their open deals; a tap shows one."""
    counts, amounts = standing(turn)
    sums = Sums(turn)
    head = (turn.say("head_pipeline"), turn.say("head_deals"), turn.say("head_amount"))
    rows = []
    for each in pipelines(turn):
        keys = stage_keys(turn, each.key)
        worth = [amount for key in keys for amount in amounts[key]]
        number = sum(counts[key] for key in keys)
        told = sums.said(worth) if number else "—"
        rows.append((pipeline_name(turn, each.key), str(number), told))
    buttons = tuple(pipeline_button(turn, each.key) for each in pipelines(turn))
    hint = (Line(turn.say("pipelines_hint"), quiet=True),) if turn.member.may("owner") else ()
    table = Table(head, tuple(rows), numeric=(1, 2))
    title = Title(turn.say("pipelines_title"))
    return Reply((title, table, *sums.notes, *hint), (*buttons, *sums.buttons))


def pipeline_button(turn: Turn, key: str) -> Button:
    """Shows what stands in that pipeline."""
    return Button(
        pipeline_name(turn, key), Call("stats.show", {"metric": "pipeline", "pipeline": key})
    )
