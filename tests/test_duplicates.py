"""Who is the same person: Sara Malik of Nishat Mills, and those who are not her."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from rules.duplicates import blocks
from rules.duplicates.blocks import FEW, Pairs
from rules.duplicates.evidence import Level, born_level, evidence, word_level
from rules.duplicates.finding import Found
from rules.duplicates.packed import Packed
from rules.duplicates.people import Day, Person, day
from rules.duplicates.weights import Weights, held_as

SARA = Person(
    id="sara",
    name="sara malik",
    phones=("+923001234567",),
    emails=("sara.malik@nishat.pk",),
    company="nishat mills",
    city="lahore",
)
BILAL = Person(
    id="bilal",
    name="bilal ahmed",
    phones=("+923217654321",),
    emails=("bilal@bilaltraders.pk",),
    company="bilal traders",
    city="karachi",
)
AYESHA = Person(id="ayesha", name="ayesha khan", phones=("+923339876543",), city="karachi")
OTHERS = [
    Person(id=f"other {number}", name=name, phones=(f"+92345{number}002233",), city=city)
    for number, (name, city) in enumerate(
        [
            ("imran qureshi", "multan"),
            ("hina raza", "lahore"),
            ("omar sheikh", "karachi"),
            ("zainab butt", "sialkot"),
            ("kamran siddiqui", "quetta"),
            ("nadia hussain", "lahore"),
            ("tariq mehmood", "karachi"),
        ]
    )
]
CAST = [SARA, BILAL, AYESHA, *OTHERS]


def found(*people: Person) -> set[tuple[str, ...]]:
    return {tuple(sorted((match.one.id, match.other.id))) for match in Found(people)}


def again(person: Person, **changed: object) -> Person:
    return replace(person, id="again", **changed)  # type: ignore[arg-type]  # fields of Person


def test_nobody_in_a_dozen_is_taken_for_another() -> None:
    assert not found(*CAST)


@pytest.mark.parametrize(
    "other",
    [
        again(SARA, emails=(), company="", city=""),
        again(SARA, name="malik sara", phones=()),
        again(SARA, name="سارہ ملک", emails=()),
        again(SARA, name="sarah malik", phones=("0300 1234567",), emails=()),
        again(SARA, name="sara", company="nishat"),
        again(SARA, phones=("+923001234576",)),
        again(SARA, city="islamabad", phones=(), company=""),
        again(SARA, name="sara ahmed", company="", city="karachi"),
        again(SARA, name="", company="", city="", emails=()),
    ],
    ids=(
        "less is known", "swapped", "urdu", "spelt", "no family name", "digits swapped", "moved",
        "married", "only the phone",
    ),
)  # fmt: skip
def test_she_is_known_again(other: Person) -> None:
    assert found(*CAST, other) == {("again", "sara")}


@pytest.mark.parametrize(
    "other",
    [
        again(BILAL, company="nishat mills", city="lahore", phones=SARA.phones),
        again(BILAL, name="ahmed malik", phones=SARA.phones, city="lahore", company="", emails=()),
        again(AYESHA, name="sara", phones=("+923451111111",)),
        again(AYESHA, name="hamza malik", company="nishat mills", city="lahore", phones=()),
    ],
    ids=("colleague", "family", "namesake", "same family name"),
)
def test_another_is_not_taken_for_her(other: Person) -> None:
    assert ("again", "sara") not in found(*CAST, other)


def test_an_office_is_not_one_person() -> None:
    names = [
        "ali raza",
        "hina tariq",
        "asad umar",
        "nida yasir",
        "omar ali",
        "rabia noor",
        "sana mir",
    ]
    office = [
        Person(
            id=name,
            name=name,
            phones=("02111222333",),
            emails=(f"{name.replace(' ', '.')}@engro.com",),
            company="engro",
            city="karachi",
        )
        for name in names
    ]
    again = replace(office[0], id="again", emails=())
    assert found(*CAST, *office) == set()
    assert found(*CAST, *office, again) == {("again", "ali raza")}


def test_husband_and_wife_are_two() -> None:
    home = {"phones": ("0421234567",), "address": "12 main gulberg", "emails": (), "company": ""}
    assert not found(*CAST[1:], again(SARA, **home), again(SARA, name="hamza malik", **home))


def test_who_is_one_with_one_is_one_with_the_other() -> None:
    mobile = again(SARA, emails=(), company="", city="")
    mail = replace(SARA, id="mail", phones=(), city="", company="")
    assert found(*CAST, mobile, mail) == {("again", "sara"), ("mail", "sara"), ("again", "mail")}


def test_what_agrees_is_told_in_codes() -> None:
    other = again(SARA, name="sarah malik", phones=("03001234576",), city="karachi", emails=())
    told = {(sign.field, sign.level) for sign in evidence(SARA, other)}
    assert told == {
        ("name", Level.SAME),
        ("name", Level.NEAR),
        ("phone", Level.NEAR),
        ("company", Level.SAME),
        ("city", Level.DIFFERS),
    }


def test_a_rare_name_tells_more() -> None:
    weights = Weights(held={held_as("name", "khan"): 400}, known={"name": 2000})
    khan, leverson = (
        evidence(Person("1", name), Person("2", name)) for name in ("khan", "leverson")
    )
    assert weights.score(khan) + 4 < weights.score(leverson)


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [
        ("sara", "sarah", Level.NEAR),
        ("muhammad", "mohamed", Level.NEAR),
        ("ali", "علی", Level.NEAR),
        ("robert", "bob", Level.CALLED),
        ("m", "muhammad", Level.CALLED),
        ("archie", "areceih", Level.LIKE),
        ("sara", "سارہ", Level.NEAR),
        ("sara", "sana", Level.DIFFERS),
        ("hassan", "hussain", Level.DIFFERS),
        ("zarmina", "zarmeena", Level.NEAR),
        ("sila", "sima", Level.LIKE),
        ("sara", "bilal", Level.DIFFERS),
    ],
)
def test_words(ours: str, theirs: str, level: Level) -> None:
    assert word_level(ours, theirs) == word_level(theirs, ours) == level


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [
        ("1990-11-07", "7/11/1990", Level.SAME),
        ("1990-11-07", "19901170", Level.NEAR),
        ("1990-11-07", "1990-07-11", Level.NEAR),
        ("1990-11-07", "1990", Level.CALLED),
        ("1990-11-07", "1991-11-20", Level.LIKE),
        ("1990-11-07", "1964-02-19", Level.DIFFERS),
    ],
)
def test_days(ours: str, theirs: str, level: Level) -> None:
    one, other = day(ours), day(theirs)
    assert one is not None
    assert other is not None
    assert born_level(one, other) == born_level(other, one) == level


@pytest.mark.parametrize("text", ["", "unknown", "12", "5/6/90"])
def test_a_day_without_a_year_is_none(text: str) -> None:
    assert day(text) is None


_WORDS = ["sara", "sarah", "malik", "ali", "khan", "علی", "bilal", "b", "ahmed", "mohamed"]
_names = st.lists(st.sampled_from(_WORDS), max_size=3).map(" ".join)
_people = st.builds(
    Person,
    id=st.uuids().map(str),
    name=_names,
    phones=st.lists(st.sampled_from(["03001234567", "03001234576", "5551234"]), max_size=2).map(
        tuple
    ),
    emails=st.lists(
        st.sampled_from(["sara@nishat.pk", "sara@nishat.com", "s@x.pk"]), max_size=1
    ).map(tuple),
    company=st.sampled_from(["", "nishat mills", "nishat"]),
    city=st.sampled_from(["", "lahore", "lahor", "karachi"]),
    born=st.none() | st.builds(Day, st.just(1990), st.integers(0, 12), st.integers(0, 31)),
    traits=st.sampled_from([(), (("gender", "f"),), (("gender", "m"),)]),
)


@given(_people, _people)
def test_evidence_does_not_depend_on_who_comes_first(one: Person, other: Person) -> None:
    def told(signs: list) -> list:  # type: ignore[type-arg]  # of signs, whichever value is first
        return sorted((sign.field, sign.level, *sorted(sign[2:])) for sign in signs)

    assert told(evidence(one, other)) == told(evidence(other, one))
    weights = Weights()
    assert weights.score(evidence(one, other)) == pytest.approx(weights.score(evidence(other, one)))


@settings(max_examples=30, deadline=None)
@given(st.lists(_people, max_size=12, unique_by=lambda person: person.id), st.randoms())
def test_the_order_of_the_list_does_not_matter(people: list[Person], dice: Random) -> None:
    shuffled = list(people)
    dice.shuffle(shuffled)
    assert found(*people) == found(*shuffled)


def test_in_a_long_list_a_shared_house_alone_makes_nobody_worth_comparing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "LONG", 0)
    market = [replace(each, address="12 mall road", city="", phones=()) for each in CAST]
    street = [replace(each, id=f"{each.id} 2", name=f"x{each.name}") for each in market[:FEW]]
    few = [replace(each, address="3 canal view", company="", emails=()) for each in street]
    people = Packed([*market, *few, again(SARA, address="12 mall road", city="", company="")])
    pairs = {frozenset((people[one].id, people[other].id)) for one, other in Pairs(people)}
    assert {"sara", "again"} in pairs
    assert {"sara", "bilal"} not in pairs, "a market is no home"
    assert {"sara 2", "bilal 2"} in pairs, "few share a house: they are looked at"


def printed(path: Path, *more: str, code: int = 0) -> str:
    ran = CliRunner().invoke(main, ["duplicates", "--file", str(path), *more])
    assert ran.exit_code == code, ran.output
    return ran.output


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "rec_id;Given Name;Surname;Mobile Phone;E-mail Address;Date of Birth;Shoe size\n"
        "A1;Sara;Malik;0300 1234567;sara@nishat.pk;1990-11-07;38\n"
        "B2;Bilal;Ahmed;0321 7654321;bilal@bilaltraders.pk;1985-02-01;42\n"
        "C3;Malik;Sarah;+92 300 1234567;;7.11.1990;38\n"
        "D4;Ayesha;Khan;0333 9876543;;;\n",
        encoding="utf-8-sig",
    )
    (pair,) = csv.DictReader(io.StringIO(printed(path)))
    assert (pair["id1"], pair["id2"]) == ("A1", "C3")
    assert 0.5 < float(pair["score"]) <= 1


def test_records_without_ids_are_known_by_number(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "نام,فون\nسارہ ملک,03001234567\nعلی خان,03217654321\nSara Malik,03001234567\n", "utf-8"
    )
    assert [line.rpartition(",")[0] for line in printed(path).splitlines()] == ["id1,id2", "1,3"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is nothing in it"),
        ("id,shoe size\n1,38\n", "it tells of nobody"),
        ("\x00\x01", "it tells of nobody"),
    ],
)
def test_a_file_that_tells_of_nobody(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, "utf-8")
    assert f"people.csv: {why}" in printed(path, code=1)


COLUMNS = {
    "Person Ref": ["P1", "P2", "P3"],
    "Family Name": ["Malik", "Malick", "Ahmed"],
    "Forename": ["Sara", "Sarah", "Bilal"],
    "E-mail 2 - Value": ["", "", "bilal@bilaltraders.pk"],
    "D.O.B.": ["7/11/1990", "1990-11-07", "1985-02-01"],
    "soc_sec_id": ["3520112345678", "35201-1234567-8", "4210199999999"],
    "House No": ["12", "12", "9"],
    "address_1": ["Main Gulberg", "Main Gulburg", "Clifton"],
    "postcode_fake": ["54000", "54000", "75600"],
    "Place of Birth": ["Lahore", "Lahore", "Karachi"],
    "Gender": ["f", "f", "m"],
    "Notes": ["likes tea", "does not", "likes tea"],
}


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("backwards", [False, True])
def test_columns_of_whatever_name_and_order(tmp_path: Path, between: str, backwards: bool) -> None:
    names = list(COLUMNS)[:: -1 if backwards else 1]
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file, delimiter=between)
        table.writerow(names)
        table.writerows(zip(*(COLUMNS[name] for name in names), strict=True))
    told = printed(path, "--why").splitlines()
    assert told[0] == "id1,id2,score,why"
    ((one, other, score, why),) = csv.reader(told[1:])
    assert (one, other) == ("P1", "P2")
    assert float(score) > 0.99
    said = {each.rpartition(" ")[0] for each in why.split(", ")}
    assert said == {"name", "born", "id", "address", "postcode", "city", "gender"}


def test_cards_are_people_too(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nTEL:{}\nEND:VCARD\n"
    names = [("Sara Malik", "0300 1234567"), ("Bilal Ahmed", "0321 7654321"),
             ("سارہ ملک", "+923001234567")]  # fmt: skip
    path = tmp_path / "people.vcf"
    path.write_text("".join(card.format(*each) for each in names), "utf-8")
    assert [line.rpartition(",")[0] for line in printed(path).splitlines()] == ["id1,id2", "1,3"]


def test_a_cell_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    long = "9" * 300_000
    rows = [f"{number},Sara Malik,{long},{long},{long}" for number in (1, 2)]
    path.write_text("\n".join(["id,name,dob,address,phone", *rows]), "utf-8")
    assert printed(path).splitlines()[1:][0].startswith("1,2,0.99")
