"""Questions about stages: who stood where on a day, how long deals stay, how many go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from language.figures.figure import Figure
from language.figures.naming import Values
from language.figures.phrases import phrases
from language.figures.reading import read_figure
from language.figures.ways import pipeline_in, pipeline_words
from language.own import own_stages
from language.own_names import find_names
from language.sheet import Sheet, lay_out
from rules.standing import WON

Asks = Literal["standing", "stay", "conversion", "velocity"]
"""standing: how many customers and deals, and how much, stand in stages, now or on a day that is
past; stay: how long deals stay in them; conversion: how many go on from one to another; velocity:
what goes on from one in a day."""

Of = Literal["all", "customers", "deals", "money"]

_ENDS = frozenset({"won", "lost", "closed", "created"})
_OTHER = frozenset({"growth", "difference", "versus", "ratio", "forecast", "price", "managed"})
_RATES = frozenset({"win_rate", "loss_rate", "velocity", "average", "median", "share", "cycle"})
_ASKED = frozenset({"how_many", "how_much", "money", "which", "what", "most", "least", "deals"})


@dataclass(frozen=True, slots=True)
class Staged:
    """``figure`` has whose deals count, and when. ``stages``: those that were named, in the order
    of the words, and ``won``; ``pipeline``: its key where one was named. ``pick``: the stage is
    asked for of which the figure is highest (or ``lowest``)."""

    asks: Asks
    figure: Figure
    of: Of = "all"
    stages: tuple[str, ...] = ()
    pipeline: str | None = None
    pick: Literal["", "highest", "lowest"] = ""
    day: date | None = None


def read_staged(
    text: str,
    today: date,
    values: Values,
    own: Mapping[str, str],
    stages: Mapping[str, str],
    pipelines: Mapping[str, str],
) -> Staged | None:
    """What a question asks of stages; None where it asks for nothing of the kind. ``stages`` and
    ``pipelines`` are names by key."""
    figure = read_figure(text, today, values, own)
    return _Question(text, today, figure, stages, pipelines).staged() if figure else None


class _Question:
    def __init__(
        self,
        text: str,
        today: date,
        figure: Figure,
        stages: Mapping[str, str],
        pipelines: Mapping[str, str],
    ) -> None:
        self.sheet = lay_out(text)
        self.today, self.figure = today, figure
        self.named = _stages_in(self.sheet, stages)
        taken = {at for i, j, _ in self.named for at in range(i, j)}
        said = phrases(self.sheet, frozenset(taken))
        self.senses = {sense for phrase in said for sense in phrase.senses}
        self.of_pipeline = pipeline_words(self.sheet)
        self.pipeline = pipeline_in(self.sheet, pipelines)

    def staged(self) -> Staged | None:
        senses = self.senses
        stages = tuple(key for _, _, key in self.named)
        spoken = bool(stages) or "by_what:stage" in senses
        if not senses.isdisjoint(_OTHER) or self.figure.rivals:
            return None
        if spoken and "win_rate" in senses:
            return self._asked("conversion", (*stages, WON) if "won" in senses else stages)
        if len(stages) == 2 and senses & {"how_many", "share"} and "went" in senses:
            of: Of = "deals" if "how_many" in senses else "all"
            return self._asked("conversion", stages, of)
        if spoken and "velocity" in senses:
            return self._asked("velocity", stages)
        if not senses.isdisjoint(_ENDS):
            return None
        if spoken and senses & {"cycle", "stay", "slow", "fast"}:
            return self._asked("stay", stages, pick=self._pick("slow", "fast"))
        return self._standing(stages)

    def _asked(self, asks: Asks, stages: Sequence[str], of: Of = "all", pick: str = "") -> Staged:
        stages = tuple(dict.fromkeys(stages))
        highest: Literal["", "highest", "lowest"] = (
            "highest" if pick == "highest" else "lowest" if pick else ""
        )
        return Staged(asks, self.figure, of, stages, self.pipeline, highest)

    def _pick(self, high: str, low: str) -> str:
        """Whether the stage is asked for that has the most, or the least."""
        if self.named or "by_what:stage" not in self.senses:
            return ""
        return "highest" if high in self.senses else "lowest" if low in self.senses else ""

    def _standing(self, stages: Sequence[str]) -> Staged | None:
        senses, span = self.senses, self.figure.span
        if not senses.isdisjoint(_RATES) or self.figure.worth or self.figure.having:
            return None
        spoken = bool(stages) or "by_what:stage" in senses
        past = span is not None and span.last is not None and span.last < self.today
        if span is not None and not past and span.first and span.first > self.today:
            return None  # what is to come stands nowhere yet
        customers = "by_what:company" in senses and bool(senses & {"how_many", "most", "least"})
        each = "by_what:stage" in senses and bool(senses & {"by", "each", "most", "least"})
        asked = spoken and not senses.isdisjoint(_ASKED)
        if past and (self.of_pipeline or asked):
            found = self._asked("standing", stages, self._counted(), self._pick("most", "least"))
            day = span.last if span else None
            return Staged(
                "standing", found.figure, found.of, found.stages, found.pipeline, found.pick, day
            )
        deals = bool(stages) and {"how_many", "deals"} <= senses
        if spoken and (customers or deals or (each and asked)):
            return self._asked("standing", stages, self._counted(), self._pick("most", "least"))
        return None

    def _counted(self) -> Of:
        senses = self.senses
        if "by_what:company" in senses:
            return "customers"
        if senses & {"how_much", "money"}:
            return "money"
        return "deals" if "how_many" in senses and "deals" in senses else "all"


def _stages_in(sheet: Sheet, stages: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """The stages that are named, left to right, by their own names or the usual words."""
    found = [(span.i, span.j, span.key) for span in find_names(sheet, own_stages(stages))]
    taken = {at for i, j, _ in found for at in range(i, j)}
    for at, mark in sheet.marks.items():
        stage = sheet.value(at, "stage")
        if stage and stage in stages and taken.isdisjoint(range(mark.i, mark.j)):
            found.append((mark.i, mark.j, stage))
    return sorted(found)
