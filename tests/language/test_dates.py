"""Days and times as people say them, ahead and back."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from language.dates import read_when
from language.sheet import lay_out
from language.values import read_due, read_hours, read_on, read_time

NOW = datetime.fromisoformat("2026-11-23T10:00:00+05:00")  # a Monday


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("today", "2026-11-23"),
        ("tomorrow at 4", "2026-11-24T16:00"),
        ("kal 5 baje", "2026-11-24T17:00"),
        ("parson", "2026-11-25"),
        ("کل شام 5 بجے", "2026-11-24T17:00"),
        ("پرسوں صبح ۱۰ بجے", "2026-11-25T10:00"),
        ("day after tomorrow", "2026-11-25"),
        ("friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("friday 17:00", "2026-11-27T17:00"),
        ("friday 18", "2026-12-18"),
        ("jumme ko", "2026-11-27"),
        ("monday", "2026-11-30"),
        ("hafte ko", "2026-11-28"),
        ("ہفتے کو", "2026-11-28"),
        ("agle hafte", "2026-11-30"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-01"),
        ("end of month", "2026-11-30"),
        ("mahine ke end tak", "2026-11-30"),
        ("in 2 weeks", "2026-12-07"),
        ("do din baad", "2026-11-25"),
        ("30 tareekh", "2026-11-30"),
        ("the 5th", "2026-12-05"),
        ("18 nov", "2027-11-18"),
        ("5 Dec, half past 2", "2026-12-05T14:30"),
        ("03/04/2027", "2027-04-03"),
        ("on 12/12", "2026-12-12"),
        ("2027-01-15", "2027-01-15"),
        ("sarhe teen baje", "2026-11-23T15:30"),
        ("shaam 6 baje", "2026-11-23T18:00"),
        ("this evening", "2026-11-23T18:00"),
        ("raat 9 baje", "2026-11-23T21:00"),
        ("16:30", "2026-11-23T16:30"),
        ("at 11", "2026-11-23T11:00"),
        ("eod", "2026-11-23"),
        ("in 2 hours", "2026-11-23T12:00"),
        ("aadhe ghante baad", "2026-11-23T10:30"),
        ("in 20 seconds", "2026-11-23T10:00:20"),
        ("20 second baad", "2026-11-23T10:00:20"),
        ("۲۰ سیکنڈ میں", "2026-11-23T10:00:20"),
        ("5", "2026-11-23T17:00"),
        ("10 min", "2026-11-23T10:10"),
    ],
)
def test_ahead(text: str, due: str) -> None:
    assert read_due(text, NOW) == due


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("kal", "2026-11-22"),
        ("پرسوں", "2026-11-21"),
        ("friday", "2026-11-20"),
        ("monday", "2026-11-16"),
        ("last thursday", "2026-11-19"),
        ("pichle jumme", "2026-11-20"),
        ("18 nov", "2026-11-18"),
        ("3 days ago", "2026-11-20"),
        ("do hafte pehle", "2026-11-09"),
        ("this morning", "2026-11-23T09:00"),
        ("day before yesterday", "2026-11-21"),
    ],
)
def test_back(text: str, on: str) -> None:
    assert read_on(text, NOW) == on


@pytest.mark.parametrize("text", ["", "no idea", "Ali", "5 lakh", "کچھ نہیں"])
def test_no_date(text: str) -> None:
    assert read_due(text, NOW) is None


def test_the_clocks_may_change_meanwhile() -> None:
    before = datetime.fromisoformat("2026-03-29T00:30:00+00:00")
    assert read_due("in 2 hours", before) == "2026-03-29T02:30"


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("every day", "day"),
        ("rozana", "day"),
        ("weekly", "week"),
        ("har mahine", "month"),
        ("har jumme", "weekday:fri"),
        ("ہر پیر", "weekday:mon"),
        ("tuesday", None),
        ("never", None),
    ],
)
def test_every(text: str, every: str | None) -> None:
    found = read_when(lay_out(text), 0)
    assert (found.every if found else None) == every


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10pm to 7am", (time(22), time(7))),
        ("raat 10 se subah 7", (time(22), time(7))),
        ("رات ۱۰ سے صبح ۷ بجے", (time(22), time(7))),
        ("22:00-07:00", (time(22), time(7))),
        ("10 to 7", (time(22), time(7))),
        ("never", None),
    ],
)
def test_hours(text: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8", time(8)),
        ("8:30", time(8, 30)),
        ("subah", time(9)),
        ("صبح ۸ بجے", time(8)),
        ("x", None),
    ],
)
def test_time(text: str, clock: time | None) -> None:
    assert read_time(text) == clock
