"""The pipelines of the workspace and their stages: in order, by name, and the one meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold
from language.own_names import named
from language.values import read_stage
from storage.models import Pipeline, Stage
from storage.pipelines import MAIN, pipelines_of
from storage.stages import stages_of

# --- pipelines ------------------------------------------------------------------------------------


def all_pipelines(turn: Turn) -> list[Pipeline]:
    """Those that are in use and those that were, in their order; looked up once for a session."""
    return turn.once(pipelines_of)


def pipelines(turn: Turn) -> list[Pipeline]:
    """The pipelines that deals go through now; the first is the one meant where none is said."""
    return [pipeline for pipeline in all_pipelines(turn) if pipeline.active]


def main_pipeline(turn: Turn) -> str:
    """The key of the first one."""
    return next((pipeline.key for pipeline in pipelines(turn)), MAIN)


def pipeline_names(turn: Turn) -> dict[str, str]:
    """Names by key, the usual one by the key itself."""
    return {pipeline.key: pipeline.name or pipeline.key for pipeline in pipelines(turn)}


def pipeline_name(turn: Turn, key: str) -> str:
    """A pipeline as the team calls it, or in the reader's language."""
    row = next((each for each in all_pipelines(turn) if each.key == key), None)
    return row.name if row and row.name else turn.say("pipeline_sales")


def pipeline_meant(turn: Turn, said: str | None) -> Pipeline:
    """The pipeline of this key or name, the first where none is said. Sorry for any other, with
    those that there are."""
    there = pipelines(turn)
    if said is None:
        return there[0]
    key = said if said in pipeline_names(turn) else named(said, pipeline_names(turn))
    told = {fold(pipeline_name(turn, each.key)): each for each in there}
    found = next((each for each in there if each.key == key), told.get(fold(said)))
    if found is None:
        names = [pipeline_name(turn, each.key) for each in there]
        raise Sorry("no_such_pipeline", pipeline=said, pipelines=names)
    return found


# --- stages ---------------------------------------------------------------------------------------


def all_stages(turn: Turn) -> list[Stage]:
    """Those that are in use and those that were, in their order; looked up once for a session."""
    return turn.once(stages_of)


def stages(turn: Turn, pipeline: str | None = None) -> list[Stage]:
    """The stages that deals go through now, of one pipeline or of all."""
    return [
        stage for stage in all_stages(turn)
        if stage.active and pipeline in (None, stage.pipeline)
    ]  # fmt: skip


def stage_keys(turn: Turn, pipeline: str | None = None) -> list[str]:
    return [stage.key for stage in stages(turn, pipeline)]


def pipeline_of(turn: Turn, stage: str) -> str:
    """The pipeline that a stage belongs to."""
    row = next((each for each in all_stages(turn) if each.key == stage), None)
    return row.pipeline if row else main_pipeline(turn)


def way_of(turn: Turn, stage: str) -> list[str]:
    """The stages that a deal in this one goes through."""
    return stage_keys(turn, pipeline_of(turn, stage))


def stage_names(turn: Turn) -> dict[str, str]:
    """As the reader knows them: names by key, those of the usual name by the key of that. Of two
    with one name the first stands here; ``stage_meant`` tells them apart."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for stage in stages(turn):
        name = stage.name or stage.usual or stage.key
        if fold(name) not in taken:
            found[stage.key] = name
            taken.add(fold(name))
    return found


def stage_name(turn: Turn, key: str) -> str:
    """A stage as the team calls it, or in the reader's language; won and lost too. Where another
    pipeline has one of that name, with its own."""
    stage = next((each for each in all_stages(turn) if each.key == key), None)
    if stage is None:
        return _in_words(turn, key)
    name = bare_name(turn, stage)
    if len(twins(turn, stage)) > 1:
        way = pipeline_name(turn, stage.pipeline)
        return turn.voice.told(f"{turn.voice.apart(way)}: {turn.voice.apart(name)}")
    return name


def bare_name(turn: Turn, stage: Stage, at: datetime | None = None) -> str:
    """What it is called in its own pipeline."""
    name = stage.name_at(at) if at else stage.name
    if name:
        return name
    base = stage.key.rstrip("0123456789").rstrip("_")
    known = f"stage_{base}" in turn.voice.words
    return _in_words(turn, base if known else stage.key)


def stage_title(turn: Turn, key: str, at: datetime | None = None) -> str:
    """A stage where its pipeline is told already; ``at``: as it was called then."""
    stage = next((each for each in all_stages(turn) if each.key == key), None)
    return bare_name(turn, stage, at) if stage else _in_words(turn, key)


def _in_words(turn: Turn, key: str) -> str:
    known = f"stage_{key}" in turn.voice.words
    return turn.say(f"stage_{key}") if known else key.replace("_", " ")


def names_in_order(turn: Turn, pipeline: str | None = None) -> list[str]:
    return [bare_name(turn, stage) for stage in stages(turn, pipeline)]


def twins(turn: Turn, stage: Stage) -> list[Stage]:
    """The stages in use that are called alike, one a pipeline, this one among them."""
    name = fold(bare_name(turn, stage))
    return [
        each for each in stages(turn)
        if each is stage or (each.active and fold(bare_name(turn, each)) == name)
    ]  # fmt: skip


def stage_meant(
    turn: Turn, said: str, pipeline: str | None = None, *, near: str | None = None, slot: str = ""
) -> Stage:
    """The stage of this key or name. Sorry if there is none, with those that there are.

    Of several of that name the one in the ``pipeline`` that was said, else in the one that is
    ``near`` (the deal's own); where a ``slot`` waits for it, it is asked which, else the first.
    """
    there = stages(turn, pipeline)
    keys = [stage.key for stage in stages(turn)]
    key = said if said in keys else read_stage(said, stage_names(turn))
    found = next((stage for stage in stages(turn) if stage.key == key), None)
    alike = [stage for stage in twins(turn, found) if stage in there] if found else []
    if found in alike and alike[0] is not found:  # which nobody says but by a button
        return found
    if not alike:
        names = names_in_order(turn, pipeline)
        raise Sorry("no_such_stage", stage=stage_name(turn, said), stages=names)
    close = next((stage for stage in alike if stage.pipeline == near), None)
    if len(alike) == 1 or close or not slot:
        return close or alike[0]
    choices = tuple(Choice(stage_name(turn, each.key), _picked(each, slot)) for each in alike)
    raise Ask("ask_which_stage", slot, choices=choices, name=bare_name(turn, alike[0]))


def ask_stage(
    turn: Turn,
    question: str = "ask_stage",
    slot: str = "stage",
    *,
    without: str = "",
    pipeline: str | None = None,
    **values: Any,
) -> Ask:
    """Which stage, with all of them but ``without`` as buttons."""
    called = stage_title if pipeline else stage_name
    choices = tuple(
        Choice(called(turn, each.key), _picked(each, slot))
        for each in stages(turn, pipeline) if each.key != without
    )  # fmt: skip
    return Ask(question, slot, kind="stage", choices=choices, **values)


def _picked(stage: Stage, slot: str) -> dict[str, Any]:
    """What a button for a stage says: also its pipeline, for words may mean one of several."""
    beside = "pipeline" if slot == "stage" else f"{slot}_pipeline"
    return {slot: stage.key, beside: stage.pipeline}
