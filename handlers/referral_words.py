"""Who sent whom, where only whom one knows tells it: two names in a row, and errands."""

from __future__ import annotations

from dataclasses import replace

from handlers.colleagues import is_called
from handlers.likely import is_known
from handlers.turn import Turn
from language.action import Action
from storage import queries


def referral_told(turn: Turn, action: Action) -> Action:
    """The action with its names told apart. An errand ("Bilal ne Sara ko bheja") is one only where
    both are customers and no colleagues; else it is asked."""
    if "pair" in action.slots:
        slots = {name: value for name, value in action.slots.items() if name != "pair"}
        return replace(action, slots={**slots, **_apart(turn, str(action.slots["pair"]))})
    if action.intent != "referral.sent":
        return action
    told = replace(action, intent="referral.note")
    names = (str(action.slots["contact"]), str(action.slots["by"]))
    if all(is_known(turn, name) and not _is_colleague(turn, name) for name in names):
        return told
    choices = [[told.intent, told.slots], _as_note(turn, names)]
    return Action("unclear", {"choices": choices, "guessed": True})


def _apart(turn: Turn, said: str) -> dict[str, str]:
    """``gul ahmed nishat``: where the one name ends and the other begins is told by whom we know,
    the more words of theirs the better; of equals the middle. A single name is the one who sent."""
    words = said.split()
    if len(words) == 1:
        return {"by": said}
    ways = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]

    def worth(way: tuple[str, str]) -> tuple[int, int]:
        known = sum(len(name.split()) for name in way if is_known(turn, name))
        return known, -abs(len(way[0].split()) - len(way[1].split()))

    who, by = max(ways, key=worth)
    return {"contact": who, "by": by}


def _is_colleague(turn: Turn, name: str) -> bool:
    return any(is_called(each, name) for each in queries.members(turn.session, turn.workspace.id))


def _as_note(turn: Turn, names: tuple[str, str]) -> list[object]:
    """The words as they stand, kept with the customer of the two, the one who sent first."""
    known = [name for name in reversed(names) if is_known(turn, name)]
    whose = {"contact": known[0]} if known else {}
    return ["activity.log", {**whose, "kind": "note", "text": turn.said[:1000]}]
