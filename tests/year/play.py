"""The year as it goes: who comes when, what is set up, what is planned."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

from tests.year import leads, letters, sales, service
from tests.year.cast import SLACK
from tests.year.doors import Doors
from tests.year.firm import Firm
from tests.year.hours import BEGIN, DAY, END, HOLIDAYS, works
from tests.year.nudges import Thumb

SET_UP = (
    "leads from Lahore go to Bilal",
    "website leads turn by turn between Hina and Omar",
    *(f"{day.day} {day:%B} is a holiday" for day in HOLIDAYS),
    "template Hello: Dear {first_name|friend}, welcome.",
    "template Offer: Dear {first_name|friend}, an offer.",
    "template Eid sale: Dear {first_name|friend}, our sale ends on Friday.",
    letters.WELCOME,
    letters.CARE,
    "segment Big buyers: customers who spent more than 4 lakh",
    "segment Open: contacts with an open deal",
    "segment Twice in Lahore: customers in Lahore who bought twice",
    "segment Silent: contacts silent for 60 days",
    "watch Big buyers",
    "team target 40 lakh this year",
    "team goal 12 deals this year",
    "team goal 50% of customers kept this year",
)


def played(doors: Doors, seed: int = 1, *, leads: int = 20, tickets: int = 8) -> Firm:
    """A year of a firm: with 20 customers and 8 tickets it takes a minute of a core."""
    firm = Firm(doors, seed, leads)
    settles_in(firm)
    is_planned(firm, leads, tickets)
    firm.answers = Thumb(firm)
    firm.lives()
    return firm


def settles_in(firm: Firm) -> None:
    """They come in, each in their tongue, and Ayesha says how things are done."""
    doors = firm.doors
    doors.on_slack("U1", "Ayesha")
    doors.on_slack("U2", "Omar")
    doors.on_telegram(102, "Bilal")
    doors.on_telegram(103, "Hina")
    doors.sales = doors.channel("sales", *SLACK)
    for name in SLACK:
        doors.says(name, "hello")
        doors.says(name, "speak english")
    for name, chosen in (("Bilal", "roman urdu mein baat karo"), ("Hina", "اردو میں بات کرو")):
        told = doors.says("Ayesha", "invite a rep").text
        code = re.search(r"start[= ](\S+)", told)
        assert code, told
        doors.says(name, f"/start {code[1]}")
        doors.says(name, chosen)
    for said in SET_UP:
        doors.says("Ayesha", said)
    doors.says("Bilal", "is saal 20 calls ka target")
    firm.reads(doors.reads())


def is_planned(firm: Firm, many: int, tickets: int) -> None:
    """Everything that happens, put into the diary; by the seed alone."""
    people, some = list(firm.people), firm.in_work
    latin = [each for each in people if not each.urdu]
    old, first, second = latin[:5], latin[5 : 5 + many // 8], latin[5 + many // 8 : 5 + many // 4]
    firm.at(BEGIN + timedelta(hours=1), partial(leads.were_there_before, firm, old))
    firm.at(
        datetime(2026, 2, 11, 7, tzinfo=UTC), partial(leads.come_in_a_file, firm, "Ayesha", first)
    )
    firm.at(
        datetime(2026, 3, 11, 7, tzinfo=UTC), partial(leads.come_in_a_file, firm, "Bilal", second)
    )
    for someone in people:
        if someone not in (*old, *first, *second):
            when = some(date(2026, 1, 6), date(2026, 6, 30))
            firm.at(when, partial(leads.comes, firm, someone))
    for _ in range(many * 3 // 2):
        firm.at(some(date(2026, 1, 20), date(2026, 12, 18)), partial(sales.something, firm))
    for _ in range(many):
        firm.at(some(date(2026, 2, 1), date(2026, 12, 18)), partial(sales.sells, firm))
    for _ in range(tickets):
        firm.at(some(date(2026, 2, 1), date(2026, 12, 10)), partial(service.ticket, firm))
    firm.at(datetime(2026, 8, 3, 6, tzinfo=UTC), partial(letters.consents, firm))
    firm.at(datetime(2026, 9, 2, 6, tzinfo=UTC), partial(letters.campaign, firm))
    begin = datetime(2026, 10, 5, 6, tzinfo=UTC)
    for sequence, fates in letters.FATES.items():
        for fate in fates:
            firm.at(begin, partial(letters.is_led, firm, sequence, fate))
            begin += timedelta(minutes=9)
    _looks_often(firm)


def _looks_often(firm: Firm) -> None:
    """The clock is looked at on Mondays at least, and each day while sequences run."""
    day = BEGIN.replace(hour=4, minute=7)
    while day < END:
        if works(day) and (day.weekday() == 0 or day.month == 10):
            firm.at(day, lambda: None)
        day += DAY
