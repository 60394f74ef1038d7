"""Figures of tickets: every number of a made-up month equals one counted minute by minute."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pytest

from handlers.reply import Fields, Table
from tests.conversation import Conversation, part, words

KARACHI = ZoneInfo("Asia/Karachi")
MINUTE = timedelta(minutes=1)
BEGAN = datetime(2026, 11, 2, 4, tzinfo=UTC)
HOLIDAY = date(2026, 11, 9)
ALLOWED = {"urgent": 240, "high": 540, "normal": 1080, "low": 2700}
CAST = ("Ayesha", "Bilal")


def works(moment: datetime) -> bool:
    local = moment.astimezone(KARACHI)
    return local.weekday() < 5 and 9 <= local.hour < 18 and local.date() != HOLIDAY


def minutes(begin: datetime, end: datetime) -> Iterator[datetime]:
    while begin < end:
        yield begin
        begin += MINUTE


@dataclass
class Lived:
    """A ticket as it was lived, event by event."""

    number: int
    owner: str
    priority: str
    events: list[tuple[datetime, str]] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)

    @property
    def stands(self) -> str:
        """How it stands."""
        told = [what for _, what in self.events if what != "comment"]
        return {"wait": "waiting", "close": "resolved"}.get(told[-1], "open")

    def waits(self, moment: datetime) -> bool:
        told = [what for at, what in self.events if at <= moment and what != "comment"]
        return told[-1] == "wait"

    def rounds(self, now: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
        """Each time that it was open: from when to when, and whether it was settled."""
        begin = self.events[0][0]
        for at, what in self.events:
            if what == "close":
                yield begin, at, True
            elif what == "reopen":
                begin = at
        if self.stands != "resolved":
            yield begin, now, False

    def worked(self, begin: datetime, end: datetime) -> int:
        return sum(works(each) and not self.waits(each) for each in minutes(begin, end))

    def is_late(self, now: datetime) -> bool:
        for begin, over, settled in self.rounds(now):
            waits = not settled and self.stands == "waiting"
            end = max(at for at, what in self.events if what == "wait") if waits else over
            left, due = ALLOWED[self.priority], begin
            while left and due < end:
                left -= works(due) and not self.waits(due)
                due += MINUTE
            if not left and due < end:
                return True
        return False

    @property
    def answer(self) -> int | None:
        begin = self.events[0][0]
        for at, what in self.events[1:]:
            if what in ("comment", "wait", "close"):
                return sum(map(works, minutes(begin, at)))
        return None


def live(chat: Conversation, seed: int) -> list[Lived]:
    """Some weeks of a team."""
    lot = random.Random(seed)
    chat.clock.set(BEGAN)
    for name in CAST:
        chat.says("speak english", by=name)
    chat.says("9 November is a holiday")
    lived: list[Lived] = []
    for step in range(46):
        chat.clock.set(chat.clock.now() + timedelta(minutes=lot.randrange(20, 700)))
        now, by = chat.clock.now(), lot.choice(CAST)
        if step % 3 == 0 or not lived:
            each = Lived(len(lived) + 1, by, lot.choice(list(ALLOWED)))
            chat.runs(
                "ticket.open", by, "", contact=f"Customer {lot.randrange(4)}", text="torn",
                priority=each.priority,
            )  # fmt: skip
            each.events.append((now, "open"))
            lived.append(each)
            continue
        each = lot.choice(lived)
        ways = {"open": ["comment", "wait", "close", "close"], "waiting": ["go_on", "close"],
                "resolved": ["reopen", "rate", "rate"]}[each.stands]  # fmt: skip
        what = lot.choice(ways)
        if what == "rate":
            score = lot.randrange(1, 6)
            chat.runs("rating.give", by, "", number=each.number, score=score)
            each.scores[:] = [score]
            continue
        more = {"text": "sent"} if what == "comment" else {}
        chat.runs(f"ticket.{what}", by, "", number=each.number, **more)
        each.events.append((now, what))
    return lived


def said(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 60)
    return " ".join(
        [*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest or not hours else [])]
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_equals_an_independent_count(chat: Conversation, seed: int) -> None:
    lived = live(chat, seed)
    now = chat.clock.now()
    chat.says("tickets this month")
    assert dict(part(chat.last().reply, Fields).rows) == counted(lived, now)
    chat.says("tickets by owner")
    table = part(chat.last().reply, Table)
    for row in table.rows:
        mine = counted([each for each in lived if each.owner == row[0]], now)
        assert row[1:4] == (mine["Opened"], mine["Resolved"], mine["Late"].split()[0])
        assert row[4] == mine["Time to resolve"].partition(" (")[0]
        assert row[5] == mine["Satisfaction"].partition(" ")[0]
    assert {row[0] for row in table.rows} == {each.owner for each in lived}
    chat.says("first answer time for urgent tickets")
    urgent = counted([each for each in lived if each.priority == "urgent"], now)
    assert f"First answer: {urgent['First answer']}" in words(chat.last().reply)


def counted(lived: list[Lived], now: datetime) -> dict[str, str]:
    """What is to be told, counted from the events alone."""
    done = [each for each in lived if each.stands == "resolved"]
    took = [
        sum(each.worked(begin, end) for begin, end, settled in each.rounds(now) if settled)
        for each in done
    ]
    answers = [each.answer for each in lived if each.answer is not None]
    scores = [score for each in lived for score in each.scores]
    late = sum(each.is_late(now) for each in lived)
    return {
        "Opened": str(len(lived)),
        "Resolved": str(len(done)),
        "Open now": str(len(lived) - len(done)),
        "Late": f"{late} of {len(lived)}",
        "First answer": spans(answers),
        "Time to resolve": spans(took),
        "Satisfaction": (
            f"{fmean(scores):.1f} of 5, from "
            + ("one answer" if len(scores) == 1 else f"{len(scores)} answers")
            if scores
            else "—"
        ),
    }


def spans(found: list[int]) -> str:
    return f"{said(median(found))} (median), {said(fmean(found))} (mean)" if found else "—"
