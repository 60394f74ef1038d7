"""Row 27: where clocks are put on and back, in every zone, nothing comes twice and nothing is lost.

What is expected is found by walking through the hours round a change minute by minute and reading
the wall clock, not by the arithmetic that is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from rules.calendar import Due, QuietHours, next_at, wall_to_utc
from storage.models import Task
from tests.conversation import Conversation, words

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EVERY = {"day": 1, "week": 7, "month": 0}


@dataclass(frozen=True)
class Change:
    """A zone's clocks go from one offset to another at this moment."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def walls(self) -> Iterator[datetime]:
        """The wall times that are skipped or come twice, a quarter of an hour apart, and those
        just before and after."""
        local = self.at.replace(tzinfo=None)
        low, high = sorted((local + self.before, local + self.after))
        wall = low - timedelta(minutes=15)
        while wall <= high + timedelta(minutes=15):
            yield wall
            wall += timedelta(minutes=15)

    @property
    def skipped(self) -> timedelta:
        return self.after - self.before


@cache
def changes() -> tuple[Change, ...]:
    """Each change in all zones of these years. Zones that change alike stand here once."""
    found: dict[tuple[datetime, timedelta, timedelta], Change] = {}
    steps = [FIRST + 5 * DAY * n for n in range((LAST - FIRST) // (5 * DAY) + 1)]
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = [_offset(step, zone) for step in steps]
        for (low, before), (high, after) in pairwise(zip(steps, offsets, strict=True)):
            if before != after:
                at = _between(low, high, zone)
                found.setdefault((at, before, after), Change(name, at, before, after))
    return tuple(found.values())


def _between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = _offset(low, zone)
    while high - low > MINUTE:
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high.replace(second=0, microsecond=0)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def comes_at(change: Change, wall: datetime) -> datetime:
    """The moment of a wall time near a change, read off the clock: the first at which it shows
    it; where it never does, as long after the change as the hand would have gone on."""
    zone = ZoneInfo(change.zone)
    moment = wall.replace(tzinfo=UTC) - max(change.before, change.after) - 5 * MINUTE
    while moment <= wall.replace(tzinfo=UTC) - min(change.before, change.after) + 5 * MINUTE:
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        moment += MINUTE
    return change.at + (wall - (change.at + change.before).replace(tzinfo=None))


def reminded(task: Task, late: timedelta, until: datetime) -> list[datetime]:
    """The moments at which a task reminds, each a little late, as the clock does it."""
    came: list[datetime] = []
    while task.remind_at and task.remind_at < until and len(came) < 20:
        came.append(task.remind_at)
        task.reminded(at=task.remind_at + late)
    return came


def planned(change: Change, wall: datetime, every: str | None, first: date) -> Task:
    task = Task(workspace_id=1, id=1, text="", zone=change.zone, every=every, status="open")
    task.plan(Due(first, wall.time()))
    return task


def test_row_27_there_are_changes_of_every_kind() -> None:
    kinds = {each.skipped for each in changes()}
    assert {timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=30)} <= kinds
    assert len(changes()) > 300


def test_row_27_each_wall_time_is_one_moment() -> None:
    for change in changes():
        for wall in change.walls:
            moment = wall_to_utc(wall, change.zone)
            assert moment == comes_at(change, wall), (change, wall)
            task = planned(change, wall, None, wall.date())
            assert reminded(task, timedelta(), LAST + 9 * DAY) == [moment]


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=40)], ids=["on time", "late"])
@pytest.mark.parametrize("every", ["day", "week", "month", "weekday"])
def test_row_27_what_recurs_comes_once_each_time(every: str, late: timedelta) -> None:
    """The clock looks in time, or 40 minutes late: in the second of two equal hours, say."""
    for change in changes():
        for wall in change.walls:
            day = wall.date()
            if every == "month":
                first = (day.replace(day=1) - DAY).replace(day=min(day.day, 28))
                days = {first, day.replace(day=first.day)}
            else:
                step = DAY if every == "day" else 7 * DAY
                days = {day - step, day, day + step}
                first = day - step
            rhythm = f"weekday:{day:%a}".lower() if every == "weekday" else every
            task = planned(change, wall, rhythm, first)
            until = wall_to_utc(datetime.combine(max(days) + DAY, time()), change.zone) + 3 * DAY
            came = reminded(task, late, until)
            expected = [wall_to_utc(datetime.combine(d, wall.time()), change.zone) for d in days]
            assert came[: len(days)] == sorted(expected), (change, wall)


def test_row_27_every_morning_has_one_agenda() -> None:
    for change in changes():
        for wall in change.walls:
            days = [wall.date() + DAY * n for n in (-1, 0, 1)]
            expected = [
                wall_to_utc(datetime.combine(each, wall.time()), change.zone) for each in days
            ]
            after = expected[0] - MINUTE
            for moment in expected:
                after = next_at(wall.time(), change.zone, after)
                assert after == moment, (change, wall)


def test_row_27_quiet_hours_end_and_stay_ended_at_that_moment() -> None:
    for change in changes():
        zone = ZoneInfo(change.zone)
        for wall in change.walls:
            ends = QuietHours((wall - timedelta(hours=6)).time(), wall.time())
            for minutes in range(-90, 91, 15):
                local = (change.at + minutes * MINUTE).astimezone(zone)
                if not ends.hold(local):
                    continue
                over = ends.over_at(local)
                assert local < over < local + timedelta(hours=9), (change, wall, local)
                assert not ends.hold(over.astimezone(zone)), (change, wall, local)


def test_row_27_late_in_the_second_of_two_equal_hours_it_comes_once(chat: Conversation) -> None:
    """Berlin, 25 October 2026: it is half past one; at three it is two again. A reminder for
    half past two every day, and nobody rings the clock until ten past two the second time."""
    chat.runs("settings.set", name="timezone", value="Europe/Berlin")
    chat.clock.set(datetime(2026, 10, 24, 12, tzinfo=UTC))
    chat.runs("task.add", text="close the till", due="2026-10-25T02:30", every="day")
    came: list[str] = []
    for hour, minute in ((1, 10), (1, 30), (1, 31), (2, 0)):
        chat.clock.set(datetime(2026, 10, 25, hour, minute, tzinfo=UTC))
        came += [words(heard.reply) for heard in chat.rings()]
    assert len([each for each in came if each.startswith("⏰")]) == 1
    chat.clock.set(datetime(2026, 10, 26, 1, 30, tzinfo=UTC))
    assert len([h for h in chat.rings() if words(h.reply).startswith("⏰")]) == 1
