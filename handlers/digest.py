"""Many reminders at once, as one list: after a night, or while nobody rang the clock."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.reply import Items, Line, Reply, Title
from handlers.turn import Turn

SHOWN = 12
"""Tasks on the list; more are counted."""

BUTTONS = 3
"""Tasks that get a [Done] of their own."""


def digest(turn: Turn, shown: Sequence[tuple[int, str]], count: int) -> Reply:
    """So many tasks, the first of them by id, each with its line; under their numbers they can be
    spoken of afterwards."""
    turn.lists(number for number, _ in shown)
    left = count - len(shown)
    more = (Line(turn.say("and_more", n=left), quiet=True),) if left else ()
    dones = tuple(
        turn.button(
            "done_n_button", "task.done", label_values={"n": n}, task=number, then="overdue"
        )
        for n, (number, _) in enumerate(shown[:BUTTONS], 1)
    )
    lines = Items(tuple(line for _, line in shown), numbered=True)
    return Reply(
        (Title(turn.say("digest", n=count)), lines, *more),
        (*dones, turn.button("overdue_button", "task.list", period="overdue")),
    )
