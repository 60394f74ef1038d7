"""What follows from the moves of deals: where they stood, how long they stayed, how far they came.

Days are local days. A move that was only ``assumed`` (a file told where a deal stood, nobody since
when) says where it stands, but is no beginning that time is counted from.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

WON = "won"

NOT_TOLD = ""
"""The stage of a deal of which only the end is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move: into a ``stage`` (``status`` open), or out of the pipeline as won or lost."""

    day: date
    stage: str
    status: str = "open"
    assumed: bool = False


Path = Sequence[Step]
"""The moves of a deal in the order in which they came."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in one stage. ``until`` is null while it lasts; ``to`` is the stage that it went on
    to, or won or lost."""

    stage: str
    since: date
    until: date | None
    to: str | None
    assumed: bool = False

    @property
    def days(self) -> int | None:
        """From the day on which it came to the day on which it left; null while it stays, and
        where nobody knows since when."""
        return (self.until - self.since).days if self.until and not self.assumed else None


def whole_path(steps: Path, began: date, stage: str, ended: tuple[date, str] | None) -> Path:
    """The moves of a deal from its first day to its last. What no move tells is taken from the
    deal itself: that it ``began``, its ``stage``, and when and how it ``ended``."""
    path = list(steps)
    if not path or path[0].day > began:
        path.insert(0, Step(began, path[0].stage if path else stage, assumed=True))
    if ended and path[-1].status == "open":
        path.append(Step(ended[0], stage, ended[1]))
    return path


def stage_on(path: Path, day: date) -> str | None:
    """Where a deal stood at the end of a day; None where it was not there yet, or closed.
    ``NOT_TOLD`` of one that came in closed: it was open then, nobody knows where."""
    place = max((at for at, step in enumerate(path) if step.day <= day), default=-1)
    if place < 0 or path[place].status != "open":
        return None
    then = path[place + 1].status if place + 1 < len(path) else "open"
    return NOT_TOLD if path[place].assumed and then != "open" else path[place].stage


def stays(path: Path) -> Iterator[Stay]:
    """The times that a deal spent in stages, in order. To be put where it is already is no move."""
    here: Step | None = None
    for step in path:
        if here and step.status == "open" and step.stage == here.stage:
            continue
        if here:
            to = step.stage if step.status == "open" else step.status
            yield Stay(here.stage, here.day, step.day, to, here.assumed)
        here = step if step.status == "open" else None
    if here:
        yield Stay(here.stage, here.day, None, None, here.assumed)


@dataclass(frozen=True, slots=True)
class Left:
    """A deal that left a stage: its days there in all, however often it came back."""

    day: date
    days: int
    on: bool


def left(path: Path, stage: str, way: Sequence[str]) -> Left | None:
    """When a deal left a stage for the last time, after how many days in all, and whether it went
    ``on``: to a later stage of the ``way``, or was won. None where it never was there, is there
    still, or where nobody knows since when it was."""
    mine = [stay for stay in stays(path) if stay.stage == stage]
    days = [stay.days for stay in mine]
    last = mine[-1] if mine else None
    if last is None or last.until is None or None in days:
        return None
    behind = way[way.index(stage) + 1 :] if stage in way else ()
    return Left(last.until, sum(n for n in days if n is not None), last.to in {*behind, WON})


def reached(path: Path, way: Sequence[str]) -> dict[str, date]:
    """The day on which a deal first came to each stage of its way or past it; ``won`` as well. Who
    skips a stage has come past it, and a won deal past all.

    Of the stages up to one that was only assumed nobody knows when it came there: they are not
    told."""
    places = {stage: place for place, stage in enumerate(way)}
    found: dict[str, date] = {}
    unknown = -1
    for step in path:
        won = step.status == WON
        place = len(way) - 1 if won else places.get(step.stage, -1)
        if step.assumed:
            unknown = max(unknown, place)
        if step.status == "open" or won:
            for stage in way[unknown + 1 : place + 1]:
                found.setdefault(stage, step.day)
        if won:
            found.setdefault(WON, step.day)
    return found


@dataclass(frozen=True, slots=True)
class Passed:
    """Of the deals that ``came`` to a stage how many went on, and how many may yet."""

    came: int
    went: int
    open: int

    @property
    def rate(self) -> Fraction | None:
        """None where none came."""
        return Fraction(self.went, self.came) if self.came else None


def conversion(
    paths: Iterable[Path], way: Sequence[str], from_: str, to: str, first: date, last: date
) -> Passed:
    """Of the deals that came to the stage ``from_`` (or past it) in these days, how many have come
    to the stage ``to`` (or past it, or ``won``) by now."""
    came = went = may = 0
    for path in paths:
        here = reached(path, way)
        day = here.get(from_)
        if day is None or not first <= day <= last:
            continue
        came += 1
        went += to in here
        may += to not in here and path[-1].status == "open"
    return Passed(came, went, may)


def usual_days(days: Sequence[int]) -> Fraction | None:
    """The mean of the days that deals stayed; None where none has left yet."""
    return Fraction(sum(days), len(days)) if days else None


def middle_days(days: Sequence[int]) -> Fraction | None:
    """As many stayed longer as left sooner."""
    return statistics.median(map(Fraction, days)) if days else None


def stage_velocity(worth: int, usual: Fraction | None) -> Fraction | None:
    """What goes on from a stage in a day of the usual stay: the ``worth`` (minor units) of the
    deals that went on, divided by the days that deals stay there. None where they do not stay."""
    return Fraction(worth) / usual if usual else None


@dataclass(frozen=True, slots=True)
class Stood:
    """A deal that stood in a stage: whose it is (nobody's counts as a customer of its own), and
    what it was worth in minor units."""

    stage: str
    customer: str
    minor: int | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many deals and customers stand in a stage, and what the deals are worth together."""

    deals: int
    customers: int
    minor: int


def crowd(some: Iterable[Stood]) -> Crowd:
    """A customer with several deals there counts once."""
    there = list(some)
    worth = sum(each.minor or 0 for each in there)
    return Crowd(len(there), len({each.customer for each in there}), worth)
