"""The tour: each step is done for real, and the next one follows when it was; one for each role."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.guided import PATHS, asks, goes_on, step_of
from handlers.reply import Line, Reply, Title
from handlers.turn import Turn

chapter = Chapter(__name__)


@chapter.command("tour")
def begin(turn: Turn, path: str | None = None) -> Reply:
    """Begin with what the member's role does, or with another tour."""
    path = path if path in PATHS else "manager" if turn.member.may("manager") else "rep"
    turn.member.tour = f"{path}:0"
    turn.session.flush()
    others = tuple(
        turn.button(f"tour_{each}_button", "tour", path=each)
        for each in PATHS
        if each != path and (each != "manager" or turn.member.may("manager"))
    )
    shown = asks(turn, path, 0)
    return Reply((Title(turn.say(f"tour_{path}")), *shown.parts), (*shown.buttons, *others))


@chapter.command("tour.skip")
def skip(turn: Turn) -> Reply:
    """The next step without this one."""
    there = step_of(turn)
    if there is None:
        return begin(turn)
    return goes_on(turn, *there)


@chapter.command("tour.end")
def end(turn: Turn) -> Reply:
    """No more of it; it can be begun anew."""
    turn.member.tour = None
    turn.session.flush()
    return Reply((Line(turn.say("tour_ended")),))
