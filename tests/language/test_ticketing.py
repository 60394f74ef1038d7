"""What is said of tickets: many ways of saying it, in three languages, and what is none of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from language.sheet import lay_out
from language.ticket_due import read_ticket_due
from language.ticketing import priority_of, read_ticketing, said_alone

TODAY = date(2026, 11, 23)
SAID = [
    tuple(line.split(" ", 1))
    for line in Path(__file__).with_name("ticketing.txt").read_text("utf-8").splitlines()
]


def read(text: str) -> list[tuple[str, dict[str, object]]]:
    return [(each.intent, each.slots) for each in read_ticketing(lay_out(text), TODAY)]


@pytest.mark.parametrize(("intent", "text"), SAID, ids=[text for _, text in SAID])
def test_what_is_meant(intent: str, text: str) -> None:
    assert [name for name, _ in read(text)] == [intent]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("note on #12: sent 3 rolls, 2 to come", {"number": 12, "text": "sent 3 rolls, 2 to come"}),
        ("give ticket 7 to Ali Raza", {"number": 7, "owner": "Ali Raza"}),
        ("#12 mujhe do", {"number": 12, "owner": "me"}),
        ("urgent tickets 4 ghante mein hal hon", {"priority": "urgent", "within": "4h"}),
        ("normal tickets within 2 working days", {"priority": "normal", "within": "2d"}),
        (
            "answer urgent tickets within 30 minutes",
            {"priority": "urgent", "within": "30m", "what": "answer"},
        ),
        ("ٹکٹ نمبر ۱۲ حل ہو گیا", {"number": 12}),
        ("office hours 9 to 6", {"hours": "09:00-18:00"}),
        ("we work from 10am to 7:30pm", {"hours": "10:00-19:30"}),
        ("Ali Bilal ke hawale se aaya", {"pair": "Ali Bilal"}),
        ("Nishat Mills gave us 3 out of 5", {"contact": "Nishat Mills", "score": 3}),
        ("tickets of Nishat Mills", {"contact": "Nishat Mills"}),
    ],
)
def test_with_what(text: str, slots: dict[str, object]) -> None:
    ((_, found),) = read(text)
    assert found == slots


@pytest.mark.parametrize(
    "text",
    [
        "Bilal complained that 3 rolls were torn, urgent",
        "ticket for Nishat: invoice wrong",
        "complaint from Gul Ahmed, 5 boxes missing",
        "Nadeem ki shikayat likh lo quality kharab",
        "الفتح اسٹور کی شکایت نوٹ کرو: ڈبے پھٹے ہوئے پہنچے ہیں",
        "Junaid ki complain high priority",
        "met Sara, she works from 9 to 5",
        "call Bilal in 2 hours",
        "deal 5 lakh with Bilal, he is happy",
        "quiet hours 10pm to 7am",
        "send Bilal the quotation",
        "Bilal sent the papers",
        "Sara came from Lahore",
        "give Sara 5 rolls",
        "book a ticket to Lahore",
        "close the deal with Nishat",
        "12 rolls for Bilal",
    ],
)
def test_what_is_no_such_thing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("resolve", "close"), ("Sorted!", "close"), ("hal ho gaya", "close"),
        ("حل ہو گیا۔", "close"), ("done 👍", "close"), ("it's fixed", "close"),
        ("reopen", "reopen"), ("hal nahi hua", "reopen"), ("حل نہیں ہوا", "reopen"),
        ("waiting on customer", "wait"), ("gahak ka intezar hai", "wait"),
        ("customer replied", "go_on"), ("جواب آ گیا", "go_on"),
        ("I'll take it", "mine"), ("main dekhta hoon", "mine"),
        ("it is not done", None), ("thanks", None), ("sent new rolls", None), ("", None),
    ],
)  # fmt: skip
def test_alone_in_a_thread(text: str, what: str | None) -> None:
    assert said_alone(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "needs a fix by tomorrow noon",
        "due friday",
        "due friday 5pm",
        "deadline friday",
        "by friday 5pm",
        "fix this by tomorrow",
        "it must be solved by monday",
        "kal tak hal karo",
        "isko kal shaam tak theek karna hai",
        "deadline kal 5 baje",
        "kal shaam tak ho jaye",
        "customer ko kal tak ka wada kiya hai",
        "کل تک حل کرنا ہے",
        "جمعے تک ہو جائے",
        "آخری تاریخ جمعہ ہے",
        "promised them by friday",
        "should be done by tomorrow evening",
        "needs to be sorted before monday",
        "kal dopahar tak hal ho jana chahiye",
        "اسے کل شام تک ٹھیک کرو",
    ],
)
def test_by_when_in_a_thread(text: str) -> None:
    found = read_ticket_due(lay_out(text), here=True)
    assert found is not None
    assert found.intent == "ticket.due"
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "friday tak payment aa jayegi",
        "customer will call by friday",
        "kal tak batata hoon",
        "sent new rolls on friday",
        "bhej diya kal",
        "customer ko kal call karna hai",
        "thanks",
        "jumma ko deliver hua",
    ],
)
def test_what_sets_no_time_in_a_thread(text: str) -> None:
    assert read_ticket_due(lay_out(text), here=True) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("urgent", "urgent"), ("very urgent", "urgent"), ("high priority", "high"),
        ("bohat zaroori", "urgent"), ("فوری", "urgent"), ("low", "low"), ("torn", None),
    ],
)  # fmt: skip
def test_a_priority_alone(text: str, level: str | None) -> None:
    assert priority_of(text) == level
