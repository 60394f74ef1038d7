"""Who is one and who is two, in chat and in files: usual names, sisters, two scripts."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from rules.duplicates.finding import Found
from rules.duplicates.people import Person
from tests.conversation import AYESHA, Conversation, words
from tests.test_day import kept
from tests.test_intake import comes, figures

LANDLINE = "+924235550101"
GIVEN = [
    "sana",
    "sara",
    "saba",
    "sadia",
    "sidra",
    "hina",
    "hira",
    "huma",
    "iqra",
    "kiran",
    "lubna",
    "madiha",
    "naila",
    "nazia",
    "nida",
    "asma",
    "amna",
    "anam",
    "bushra",
    "rabia",
    "rehana",
    "salma",
    "uzma",
    "fatima",
    "ahmed",
    "ahsan",
    "hamza",
    "hamid",
    "asad",
    "asif",
    "asim",
    "atif",
    "adeel",
    "bilal",
    "usman",
    "umar",
    "umair",
    "uzair",
    "osama",
    "owais",
    "talha",
    "yasir",
    "hassan",
    "hussain",
    "haider",
    "haris",
]
FAMILY = [
    "khan",
    "malik",
    "butt",
    "sheikh",
    "qureshi",
    "siddiqui",
    "ansari",
    "baig",
    "rana",
    "mirza",
    "raja",
    "bhatti",
    "awan",
    "memon",
    "chaudhry",
    "leghari",
    "mengal",
    "dasti",
    "khosa",
    "tiwana",
    "afridi",
    "khattak",
    "niazi",
    "lodhi",
    "soomro",
]


def person(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "contact", "name": name, **more}


def test_a_usual_name_says_something_among_few_and_nothing_among_many(chat: Conversation) -> None:
    chat.runs("settings.set", name="language", value="en")
    for name in ("Ali Khan", "Gulrez Mastoi"):
        comes(chat, [person(name, phones=[f"+92300555{len(name):04}"])])
        comes(chat, [person(name, company="Bata")])
    told = words(chat.says("duplicates"))
    assert "Perhaps in twice: 2" in told
    assert told.index("Gulrez Mastoi @ Bata") < told.index("Ali Khan @ Bata")
    crowd = [
        person(f"{given} {family}", phones=[f"+92321{number:02}{other:05}"])
        for number, given in enumerate(("Ali", "Omar", "Asad", "Imran", "Bilal", "Hamza", "Raza"))
        for other, family in enumerate(FAMILY)
    ]
    comes(chat, crowd)
    assert "Ali Khan" not in words(chat.says("duplicates"))
    assert "Gulrez Mastoi @ Bata" in words(chat.last().reply)


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "(same phone, same name in the other script)"),
        ("roman", "(aik hi phone number, doosri likhai mein yehi naam)"),
        ("ur", "(ایک ہی فون نمبر، دوسری لکھائی میں یہی نام)"),
    ],
)
def test_one_who_is_here_in_the_other_script_is_asked_about(
    language: str, asked: str, chat: Conversation
) -> None:
    chat.runs("contact.add", contact="سارہ ملک", phone="042 35550101")
    chat.runs("settings.set", name="language", value=language)
    answer = chat.runs("contact.add", contact="Sara Malik", phone="042 35550101", is_new=True)
    assert asked in words(answer)
    chat.does(AYESHA, "", tap=answer.buttons[-2].token)
    chat.does(AYESHA, "", tap=chat.last().reply.buttons[0].token)
    assert len(kept(chat, "contact")) == 1


def test_birthdays_tell_two_of_one_name_apart(chat: Conversation) -> None:
    first, second = ({"fields": {"Birthday": day}} for day in ("1990-11-07", "1964-02-19"))
    comes(chat, [person("Ali Khan", company="Bata", **first), person("Omar Farooq")])
    comes(chat, [person("Ali Khan", company="Nishat Mills", **second)])
    assert "Ali Khan" not in words(chat.says("duplicates"))
    comes(chat, [person("Ali Khan", company="Sapphire", **first)])
    assert "Ali Khan @ Bata" in words(chat.says("duplicates"))
    assert "same name, same date of birth" in words(chat.last().reply)


@pytest.mark.parametrize(
    ("one", "other", "people"),
    [
        ("Sana Malik", "Sara Malik", 2),
        ("Hamza Malik", "Sara Malik", 2),
        ("Hassan Raza", "Hussain Raza", 2),
        ("Sarah Malick", "Sara Malik", 1),
        ("سارہ ملک", "Sara Malik", 1),
        ("عبدالرحمان", "Abdul Rehman", 1),
    ],
)
def test_a_house_that_comes_in_with_one_landline(
    one: str, other: str, people: int, chat: Conversation
) -> None:
    home = {"phones": [LANDLINE], "city": "Lahore"}
    file = [person(one, **home), person(other, **home)]
    comes(chat, file[:1])
    comes(chat, file[1:])
    assert len(kept(chat, "contact")) == people
    before = kept(chat)
    assert figures(comes(chat, file)) == {"same": 2}
    assert kept(chat) == before


def test_two_of_a_usual_name_at_one_company_stay_two_and_a_file_comes_twice(
    chat: Conversation,
) -> None:
    file = [
        person("Ali Khan", company="Nishat Mills", phones=["+923005550101"]),
        person("Ali Khan", company="Nishat Mills", phones=["+923217654321"]),
        person("Ali Khan", company="Nishat Mills"),
        person("Ali Khan", company="Nishat Mills"),
        person("Gulrez Mastoi", company="Nishat Mills", phones=["+923005550103"]),
        person("Gulrez Mastoi", company="Nishat Mills", phones=["+923339876543"]),
    ]
    assert figures(comes(chat, file)) == {"new": 4, "merged": 2}
    assert len(kept(chat, "contact")) == 4
    before = kept(chat)
    assert figures(comes(chat, file)) == {"same": 6}
    assert kept(chat) == before


@pytest.mark.parametrize("houses", [3, 40, 300])
def test_a_list_full_of_sisters_and_couples(houses: int) -> None:
    """Each house has a landline, an address and two or three people; one in ten is in twice."""
    dice = Random(houses)
    people: list[Person] = []
    twice: set[tuple[str, ...]] = set()
    for number in range(houses):
        family = dice.choice(FAMILY)
        street = f"house {dice.randrange(400)} street {dice.randrange(60)} model town"
        home: dict[str, Any] = {"phones": (f"042{dice.randrange(10**7):07}",), "address": street}
        for given in dice.sample(GIVEN, dice.choice((2, 2, 3))):
            one = f"{number} {given}"
            people.append(Person(id=one, name=f"{given} {family}", city="lahore", **home))
            if dice.random() < 0.1:
                again = Person(id=f"{one} again", name=f"{family} {given}", **home)
                people.append(again)
                twice.add((one, again.id))
    found = {tuple(sorted((match.one.id, match.other.id))) for match in Found(people)}
    assert len(found - twice) <= max(2, len(twice) * 0.1)
    assert len(twice - found) <= len(twice) * 0.1
