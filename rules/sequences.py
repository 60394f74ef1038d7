"""Sequences: the steps that customers are led through, their order, and when each is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Kind = Literal["message", "task"]

MOST_STEPS = 20

LONGEST_WAIT = timedelta(days=366)

IF_NO_ANSWER, IF_NO_PURCHASE = "no_answer", "no_purchase"
"""Conditions that hold as long as somebody is in a sequence at all: an answer and a purchase end
it. They are kept so that they are read back as they were said."""

ENDS = (
    "opted_out", "bought", "answered", "taken_over", "moved_on", "by_hand", "switched_off", "twice",
)  # fmt: skip
"""Why somebody leaves a sequence before its end, in the order in which it is told: they want no
messages, bought, answered; a colleague talked to them; their deal left the stage; a member took
them out; the sequence was stopped; they were in it twice, under two names."""


@dataclass(frozen=True, slots=True)
class Step:
    """``key`` names a step for good, wherever it stands. ``wait`` is counted from the step before
    it, of the first one from the start. A message has its ``template`` and the channels it may
    use; a task its ``text``. ``only`` says for whom: one of the two above, or a query of the
    segments' language. One that is ``gone`` keeps its place: who had reached it goes on after it.
    """

    key: int
    kind: Kind
    wait: timedelta
    template: int | None = None
    ways: tuple[str, ...] = ()
    text: str | None = None
    only: str | None = None
    gone: bool = False

    @property
    def query(self) -> str | None:
        """What of ``only`` must be asked."""
        return None if self.only in (None, IF_NO_ANSWER, IF_NO_PURCHASE) else self.only


def kept(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """As plain values; minutes for the wait."""
    return [
        {**asdict(step), "wait": round(step.wait.total_seconds() / 60), "ways": list(step.ways)}
        for step in steps
    ]


def as_steps(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """What ``kept`` made. Raises KeyError, TypeError and ValueError for anything else."""
    return tuple(
        Step(
            int(row["key"]),
            "task" if row["kind"] == "task" else "message",
            min(timedelta(minutes=int(row["wait"])), LONGEST_WAIT),
            row.get("template"),
            tuple(row.get("ways") or ()),
            row.get("text"),
            row.get("only"),
            bool(row.get("gone")),
        )
        for row in rows
    )


def there(steps: Sequence[Step]) -> list[Step]:
    """Those that are not gone, in their order."""
    return [step for step in steps if not step.gone]


def next_step(steps: Sequence[Step], last: int | None) -> Step | None:
    """The one after the step that was reached last, by its key; None at the end. A step that was
    put in before that place is not for whoever has passed it."""
    places = {step.key: at for at, step in enumerate(steps)}
    begin = 0 if last is None else places.get(last, -1) + 1
    return next((step for step in steps[begin:] if not step.gone), None)


def put_in(steps: Sequence[Step], step: Step, after: int | None = None) -> tuple[Step, ...]:
    """A new step with a key of its own, after the n-th of those that are there; else at the end."""
    new = replace(step, key=max((each.key for each in steps), default=0) + 1)
    shown = there(steps)
    if after is None or after >= len(shown):
        return (*steps, new)
    at = 0 if after < 1 else steps.index(shown[after - 1]) + 1
    return (*steps[:at], new, *steps[at:])


def changed(steps: Sequence[Step], key: int, **to: Any) -> tuple[Step, ...]:
    return tuple(replace(step, **to) if step.key == key else step for step in steps)


def due_at(step: Step, since: datetime) -> datetime:
    """When a step's moment is, if what it waits for came at ``since``."""
    return since + step.wait
