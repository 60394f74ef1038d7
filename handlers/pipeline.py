"""The stages of the workspace: in their order, by name, and the one that was meant."""

from __future__ import annotations

from typing import Any

from handlers.turn import Ask, Choice, Sorry, Turn
from language.values import read_stage
from storage.models import Stage
from storage.stages import stages_of


def all_stages(turn: Turn) -> list[Stage]:
    """Those that are in use and those that were, in their order; looked up once for a session."""
    return turn.once(stages_of)


def stages(turn: Turn) -> list[Stage]:
    """The stages that deals go through now."""
    return [stage for stage in all_stages(turn) if stage.active]


def stage_keys(turn: Turn) -> list[str]:
    return [stage.key for stage in stages(turn)]


def stage_names(turn: Turn) -> dict[str, str]:
    """As the reader knows them: names by key, those of the usual name by the key itself."""
    return {stage.key: stage.name or stage.key for stage in stages(turn)}


def stage_name(turn: Turn, key: str) -> str:
    """A stage as the team calls it, or in the reader's language; won and lost too."""
    stage = next((each for each in all_stages(turn) if each.key == key), None)
    if stage and stage.name:
        return stage.name
    known = f"stage_{key}" in turn.voice.words
    return turn.say(f"stage_{key}") if known else key.replace("_", " ")


def names_in_order(turn: Turn) -> list[str]:
    return [stage_name(turn, key) for key in stage_keys(turn)]


def stage_meant(turn: Turn, said: str) -> Stage:
    """The stage of this key or name. Sorry if there is none, with those that there are."""
    key = said if said in stage_keys(turn) else read_stage(said, stage_names(turn))
    found = next((stage for stage in stages(turn) if stage.key == key), None)
    if found is None:
        raise Sorry("no_such_stage", stage=stage_name(turn, said), stages=names_in_order(turn))
    return found


def ask_stage(
    turn: Turn,
    question: str = "ask_stage",
    slot: str = "stage",
    *,
    without: str = "",
    **values: Any,
) -> Ask:
    """Which stage, with all of them but ``without`` as buttons."""
    choices = tuple(
        Choice(stage_name(turn, key), {slot: key}) for key in stage_keys(turn) if key != without
    )
    return Ask(question, slot, kind="stage", choices=choices, **values)
