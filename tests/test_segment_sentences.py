"""Descriptions in three languages mean exactly whom plain SQL finds, on both databases."""

# ruff: noqa: E501 - what is said and what it means stand in a line each

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from language.segments.asking import segment_in
from language.segments.reading import Read, read_description
from rules.calendar import day_bounds
from rules.segments import Node, printed
from storage.database import Database
from storage.segments import members
from storage.types import Moment
from tests.segment_sentences import CASES, Case
from tests.segment_world import GOODS, NOW, TODAY, ZONE, build

DAYS = (29, 30, 59, 60, 61, 90)

NAMES = {
    "city": {each: [each] for each in ("Lahore", "Karachi", "Multan")},
    "tag": {each: [each] for each in ("vip", "retail", "left")},
    "product": {name: [name] for name, _ in GOODS},
    "category": {each: [each] for each in ("Fabric", "Trims")},
    "title": {each: [each, f"{each}s"] for each in ("Manager", "Purchase Manager", "Owner")},
    "owner": {"Ayesha Khan": ["Ayesha Khan", "Ayesha"], "Bilal Ahmed": ["Bilal Ahmed", "Bilal"]},
    "stage": {each: [each] for each in ("lead", "proposal", "quote", "negotiation")},
    "industry": {each: [each] for each in ("Textile", "Food")},
    "own": {each: [each] for each in ("NTN", "Staff")},
    "source": {"Expo": ["Expo"], "Referral": ["Referral"]},
}


def meant(said: str) -> Read:
    return read_description(said, TODAY, NAMES)


def by_hand(session: Session, case: Case, space: int, today: date = TODAY) -> set[int]:
    """Whom the SQL finds that was written by hand."""
    values: dict[str, int | date | datetime] = {"space": space}
    kinds = []
    for days in DAYS:
        day = today - timedelta(days=days)
        if f":d{days} " in f"{case.sql} " or f":d{days})" in case.sql:
            values[f"d{days}"] = day
            kinds.append(bindparam(f"d{days}", type_=Date))
        if f":m{days}" in case.sql:
            values[f"m{days}"] = day_bounds(day, day, ZONE)[0]
            kinds.append(bindparam(f"m{days}", type_=Moment()))
    if ":now" in case.sql:
        values["now"] = NOW
        kinds.append(bindparam("now", type_=Moment()))
    return set(session.scalars(text(case.sql).bindparams(*kinds), values))


@dataclass
class Firm:
    session: Session
    space: int

    def found(self, read: Read) -> set[int]:
        assert read.node is not None
        return set(self.session.scalars(members(self.session, self.space, read.node, NOW, ZONE)))


@pytest.fixture
def firm(database_url: str) -> Iterator[Firm]:
    with closing(Database(database_url)) as database, database.transaction() as session:
        space = build(session, 150, seed=11).space
        session.execute(text("ANALYZE"))  # PostgreSQL joins by what it knows of the tables
        yield Firm(session, space)


def test_each_sentence_means_whom_plain_sql_finds(firm: Firm) -> None:
    wrong, some = [], 0
    found: dict[Node, set[int]] = {}
    for case in CASES:
        wanted = by_hand(firm.session, case, firm.space)
        some += 0 < len(wanted) < 150
        for said in (case.en, case.roman, case.ur):
            read = meant(said)
            if read.node is not None and read.node not in found:
                found[read.node] = firm.found(read)
            if not read.whole or read.node is None or found[read.node] != wanted:
                wrong.append((said, read.node and printed(read.node), read.unknown, read.missing))
    assert not wrong
    assert len(CASES) >= 40
    assert some > len(CASES) * 0.9, "the data tells sentences apart"


def test_a_sentence_says_the_same_in_three_languages() -> None:
    for case in CASES:
        whole = [meant(said) for said in (case.en, case.roman, case.ur)]
        assert all(each.whole for each in whole), case.en
        texts = {
            " and ".join(sorted(printed(each.node).split(" and "))) for each in whole if each.node
        }
        assert len(texts) == 1, (case.en, texts)


READ = {
    "customers in Lahore, Karachi and Multan":
        'customer and city in ("Lahore", "Karachi", "Multan")',
    "customers who bought 30 to 60 days ago": "customer and orders[in 60d ago..30d ago] >= 1",
    "contacts silent for between 30 and 60 days": "silent >= 30d and silent <= 60d",
    "customers in Lahore or contacts tagged vip who bought twice":
        '(customer and city = "Lahore") or (tag = "vip" and orders >= 2)',
    "prospects in Karachi": 'not customer and city = "Karachi"',
    "contacts from UAE without email": 'country = "AE" and not has email',
    "contacts except those tagged vip who bought this year":
        'not tag = "vip" and orders[in this year] >= 1',
    "customers who bought Denim and Lawn":
        'customer and orders[product = "Denim"] >= 1 and orders[product = "Lawn"] >= 1',
    "customers who bought Denim or Lawn last month":
        'customer and orders[product in ("Denim", "Lawn"), in previous month] >= 1',
    "people whose birthday is in the next 2 weeks": "birthday in next 14d",
    "contacts with staff more than 50": 'field "Staff" > 50',
    "log jin ka score 70 se zyada hai": "score > 70",
    "woh gahak jinhon ne is saal 3 dafa se zyada kharida": "customer and orders[in this year] > 3",
    "lahore ke siwa sab gahak": 'customer and not city = "Lahore"',
    "گاہک جن کی سالگرہ اس مہینے ہے": "customer and birthday in this month",
    "وہ لوگ جو پچھلے ایک سال میں شامل ہوئے": "added in last 1y",
    "customers who bought more than 3 times and for more than 5 lakh":
        "customer and orders > 3 and spent > 500000",
    "customers with 2 or more orders since March 2026":
        "customer and orders[in 2026-03-01..] >= 2",
    "customers who spent over 500 USD": "customer and spent > 500 USD",
    "customers from Karachi who haven't ordered since January":
        'customer and city = "Karachi" and orders[in 2026-01-01..] = 0',
    "clients in lahore who have not been contacted in 3 months":
        'customer and city = "Lahore" and activities[in last 3mo] = 0',
    "people in Multan with no tag":
        'city = "Multan" and not has tag',
    "contacts without city":
        "not has city",
    "show me customers who spent between 1 lakh and 5 lakh this year":
        "customer and spent[in this year] >= 100000 and spent[in this year] <= 500000",
    "customers who ordered zipper more than twice in the last 6 months":
        'customer and orders[product = "Zipper", in last 6mo] > 2',
    "buyers who bought exactly 3 times":
        "customer and orders = 3",
    "contacts added this week":
        "added in this week",
    "customers whose last purchase was before March 2026":
        "customer and last_order in ..2026-02-28",
    "customers who last ordered more than 3 months ago":
        "customer and has last_order and not last_order in last 3mo",
    "everyone tagged vip except those in Karachi":
        'tag = "vip" and not city = "Karachi"',
    "customers having at least 3 orders and total spend over 200000":
        "customer and orders >= 3 and spent > 200000",
    "list contacts with birthday this month in Lahore":
        'birthday in this month and city = "Lahore"',
    "customers with won deals but no open deals":
        'customer and deals[status = "won"] >= 1 and deals[status = "open"] = 0',
    "contacts whose deals we lost in the last 90 days":
        'deals[status = "lost", in last 90d] >= 1',
    "my contacts without email or phone":
        'owner = "me" and not has email and not has phone',
    "contacts with neither phone nor email":
        "not has phone and not has email",
    "lost customers in Lahore":
        'lapsed and city = "Lahore"',
    "regular customers who went quiet for 2 months":
        "customer and loyal and silent >= 2mo",
    "customers in Lahore and Karachi who bought Denim in 2026":
        'customer and city in ("Lahore", "Karachi") and orders[product = "Denim", in 2026-01-01..2026-12-31] >= 1',
    "jin customers ne aakhri 6 mahine mein koi order nahi diya":
        "customer and orders[in last 6mo] = 0",
    "lahore ke customers jinka phone number hai lekin email nahi hai":
        'customer and city = "Lahore" and has phone and not has email',
    "woh log jo vip hain aur pichle mahine add hue":
        'tag = "vip" and added in previous month',
    "kitne gahak hain jinhon ne 5 se zyada dafa kharida":
        "customer and orders > 5",
    "aise gahak jin ki khareedari 2 lakh se kam hai":
        "customer and spent < 200000",
    "jin logon ki salgirah agle 30 din mein hai":
        "birthday in next 30d",
    "karachi aur lahore ke gahak jo khatre mein hain":
        'customer and city in ("Karachi", "Lahore") and at_risk',
    "jo gahak 90 din se chup hain aur jin ka tag retail nahi":
        'customer and silent >= 90d and not tag = "retail"',
    "وہ گاہک جنہوں نے پچھلے سال خریدا لیکن اس سال نہیں":
        "customer and orders[in previous year] >= 1 and orders[in this year] = 0",
    "کراچی کے گاہک جن کی کل خریداری 5 لاکھ سے زیادہ ہے":
        'customer and city = "Karachi" and spent > 500000',
    "وہ لوگ جن کا ای میل نہیں ہے اور لاہور میں رہتے ہیں":
        'not has email and city = "Lahore"',
    "وہ گاہک جو تین مہینے سے خاموش ہیں اور جن کا ٹیگ vip ہے":
        'customer and silent >= 3mo and tag = "vip"',
    "جن گاہکوں نے Denim یا Lawn خریدا":
        'customer and orders[product in ("Denim", "Lawn")] >= 1',
    "کتنے گاہک خطرے میں ہیں اور vip ہیں":
        'customer and at_risk and tag = "vip"',
    "وہ گاہک جنہوں نے 2026 میں کم از کم تین آرڈر دیے":
        "customer and orders[in 2026-01-01..2026-12-31] >= 3",
    "customers who bought last year but not this year":
        "customer and orders[in previous year] >= 1 and orders[in this year] = 0",
    "contacts called at least twice in the last month":
        'activities[kind = "call", in previous month] >= 2',
    "customers with a score of at least 60 and no open deal":
        'customer and score >= 60 and deals[status = "open"] = 0',
    "customers in Pakistan with no purchase for 6 months":
        'customer and country = "PK" and orders[in last 6mo] = 0',
    "customers who have been silent for two months or more":
        "customer and silent >= 2mo",
    "gahak jinhon ne 2 ya us se zyada dafa order kiya":
        "customer and orders >= 2",
    "customers who spent more than 50 thousand but less than 2 lakh in 2026":
        "customer and spent[in 2026-01-01..2026-12-31] > 50000 and spent[in 2026-01-01..2026-12-31] < 200000",
    "customers who last ordered more than 90 days ago": "customer and last_order in ..91d ago",
    "customers with an urgent complaint that is still open":
        'customer and tickets[priority = "urgent"] >= 1 and tickets[status = "open"] >= 1',
    "customers with no open tickets": 'customer and tickets[status = "open"] = 0',
    "customers who opened a ticket in the last 30 days": "customer and tickets[in last 30d] >= 1",
    "open deals over 3 lakh in the proposal stage without a next step":
        'deals[status = "open", stage = "proposal", step = "none", amount > 300000] >= 1',
    "jinka koi agla qadam nahi": "not next_step",
    "khatre wale gahak jo lahore ya multan mein hain":
        'customer and at_risk and city in ("Lahore", "Multan")',
    "jinhon ne whatsapp ki ijazat di hai magar email ki nahi":
        'consent = "whatsapp" and not consent = "email"',
    "people who agreed to WhatsApp but not to email":
        'consent = "whatsapp" and not consent = "email"',
    "customers who can be emailed or texted": 'customer and consent in ("email", "sms")',
    "people we may whatsapp in Karachi": 'consent = "whatsapp" and city = "Karachi"',
    "jinke tag vip hai lekin retail nahi": 'tag = "vip" and not tag = "retail"',
    "january se ab tak jinhon ne kuch khareeda": "orders[in 2026-01-01..] >= 1",
    "پچھلے ہفتے جن سے ملاقات ہوئی": 'activities[kind = "meeting", in previous week] >= 1',
    "jin ke paas na phone hai na email": "not has phone and not has email",
    "جو گاہک انگریزی نہیں بولتے": 'customer and not language = "English"',
    "customers who bought during the last 60 days but not in the last 30":
        "customer and orders[in last 60d] >= 1 and orders[in last 30d] = 0",
    "customers who placed three orders or more since 1 September 2026":
        "customer and orders[in 2026-09-01..] >= 3",
    "customers with a 50% chance or more to buy": "customer and chance >= 50",
    "leads without a score above 60": "has score and not score > 60",
    "customers with more than one meeting this year":
        'customer and activities[kind = "meeting", in this year] > 1',
    "customers who bought since Eid": "customer and orders[in 2026-05-27..] >= 1",
    "eid ke baad se jinhon ne order nahi diya": "orders[in 2026-05-30..] = 0",
    "عید الفطر سے پہلے شامل ہونے والے لوگ": "added in ..2026-03-19",
    "جنہوں نے ڈینم دو بار سے زیادہ خریدا": 'orders[product = "Denim"] > 2',
    "عائشہ کے گاہک جن کا ٹیگ ریٹیل ہے": 'customer and owner = "Ayesha Khan" and tag = "retail"',
    "اس سال پہلی بار خریدنے والے گاہک": "customer and first_order in this year",
    "customers jo lahore se hain aur 60 days se silent hain":
        'customer and city = "Lahore" and silent >= 60d',
    "customers with no orders in the past 45 days but who ordered before":
        "customer and orders[in last 45d] = 0 and orders >= 1",
    "jinhon ne pehle khareeda tha magar is saal nahi": "orders >= 1 and orders[in this year] = 0",
    "جنہوں نے پہلے خریدا مگر اس سال نہیں": "orders >= 1 and orders[in this year] = 0",
    "customers who bought before March": "customer and orders[in ..2026-02-28] >= 1",
    "first-time buyers in Lahore": 'customer and city = "Lahore" and orders = 1',
    "one-time buyers from last quarter": "customer and orders[in previous quarter] = 1",
    "sirf aik dafa wale customers": "customer and orders = 1",
    "صرف ایک بار خریدنے والے گاہک": "customer and orders = 1",
    "vip customers at risk of leaving": 'customer and tag = "vip" and at_risk',
    "جو گاہک چھوڑنے کے خطرے میں ہیں": "customer and at_risk",
    "2 lakh se zyada kharch karne wale customers": "customer and spent > 200000",
    "دو لاکھ سے زیادہ خرچ کرنے والے گاہک": "customer and spent > 200000",
    "whatsapp ki ijazat dene wale log": 'consent = "whatsapp"',
    "ای میل کی اجازت دینے والے گاہک": 'customer and consent = "email"',
    "woh log jinhon ne denim li magar zipper nahi li":
        'orders[product = "Denim"] >= 1 and orders[product = "Zipper"] = 0',
    "pichlay mahine bane hue contacts": "added in previous month",
    "70 سے زیادہ اسکور والے لیڈ": "score > 70",
    "customers that are neither at risk nor lapsed": "customer and not at_risk and not lapsed",
    "customers who have neither bought nor complained this year":
        "customer and orders[in this year] = 0 and tickets[in this year] = 0",
    "people who are neither vip nor in Lahore": 'not tag = "vip" and not city = "Lahore"',
    "customers with under 1 lakh in purchases": "customer and spent < 100000",
    "wafadar gahak jo lahore se bahar hain": 'customer and loyal and not city = "Lahore"',
    "لاہور سے باہر کے وفادار گاہک": 'customer and not city = "Lahore" and loyal',
    "manager ya owner lahore mein": 'title ~ ("Manager", "Owner") and city = "Lahore"',
    "har gahak jo lahore mein hai": 'customer and city = "Lahore"',
    "لاہور کا ہر گاہک": 'customer and city = "Lahore"',
    "customers with an order older than 90 days": "customer and orders[in ..91d ago] >= 1",
    "jin ke order 90 din se purane hain": "orders[in ..91d ago] >= 1",
    "جن کا ٹکٹ تین دن سے پرانا ہے": "tickets[in ..4d ago] >= 1",
    "customers with open deals older than 30 days":
        'customer and deals[status = "open", in ..31d ago] >= 1',
    "contacts older than 2 years": "added in ..2y ago",
    "customers nobody called in the last 30 days":
        'customer and activities[kind = "call", in last 30d] = 0',
    "customers with a high priority ticket opened this month":
        'customer and tickets[priority = "high", in this month] >= 1',
    "Urdu-speaking customers": 'customer and language = "Urdu"',
    "sirf lahore ke customers": 'customer and city = "Lahore"',
}  # fmt: skip


@pytest.mark.parametrize("said", READ)
def test_how_words_are_read(said: str) -> None:
    read, wanted = meant(said), READ[said]
    assert read.whole, (read.unknown, read.missing)
    assert read.node is not None
    assert printed(read.node) == wanted


NOT_UNDERSTOOD = {
    "customers whose tickets are all resolved": ("all resolved",),
    "customers with a late payment": ("late", "payment"),
    "customers who bought in the Eid offer": ("Eid",),
    "customers worth more than 2 million": ("more than 2 million",),
    "customers in Lahore who like cricket": ("like cricket",),
    "customers in Atlantis who bought twice": ("Atlantis",),
    "contacts tagged gold without phone": ("gold",),
    "lahore ke gahak jo cricket khelte hain": ("cricket khelte",),
    "لاہور کے گاہک جو کرکٹ کھیلتے ہیں": ("کرکٹ کھیلتے",),
    "customers who bought Plutonium twice": ("Plutonium",),
    "customers with 7 in Lahore": ("7",),
    "people we met in the last 2 weeks but not called since": ("since",),
    "is mahine mile magar uske baad call nahi ki": ("uske baad",),
    "contacts who have a phone before": ("before",),
    "customers who bought only Zipper": ("only",),
    "customers who bought Denim this month and Zipper before that": ("before that",),
    "sirf zipper khareedne wale": ("sirf",),
}


@pytest.mark.parametrize("said", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_told(said: str) -> None:
    read = meant(said)
    assert read.unknown == NOT_UNDERSTOOD[said]
    assert not read.whole


def test_nothing_is_taken_from_ordinary_messages() -> None:
    folder = Path(__file__).parent / "language"
    taken = [
        said
        for name in ("said_en", "said_roman", "said_ur", "making", "idle")
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
        if segment_in(said := str(json.loads(line)["text"]), TODAY)
    ]
    assert not taken


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("customers 60 days in Lahore", "60 days"),
        ("contacts at least in Lahore", "at least"),
        ("customers in Lahore more than", "more than"),
        ("contacts ago in Karachi", "ago"),
        ("customers in Lahore 5 lakh", "5 lakh"),
        ("lahore ke gahak 30%", "30%"),
        ("customers in Lahore before", "before"),
    ],
)
def test_a_number_that_narrows_nothing_is_not_passed_over(said: str, unknown: str) -> None:
    assert meant(said).unknown == (unknown,)


def test_what_a_condition_lacks_is_told() -> None:
    assert meant("customers in Lahore who were silent").missing == ("silent",)
    assert not meant("customers who bought Denim Denim this year last year").whole


def test_a_time_that_moves_stays_one() -> None:
    later = TODAY + timedelta(days=200)
    for said in ("contacts added last month", "contacts added in the last 3 months",
                 "log jo is hafte shamil hue", "customers who bought this quarter"):  # fmt: skip
        read, again = meant(said), read_description(said, later, NAMES)
        assert read.node == again.node, said
