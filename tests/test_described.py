"""Who is found by a part of a number, an address, or a name with its place."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, select, text

from rules.reach_keys import city_key, reach_key
from storage import reach
from storage.database import Database
from storage.migrate import alembic_config, migrate
from storage.models import Contact, ContactPoint
from tests.conversation import Conversation, labels, words
from tests.scenes import scene

TEAM = (
    "add Muhammad Iqbal from Nishat Mills, 0300 1234567, iqbal@nishat.pk, Lahore",
    "add Sara Malik from Alkaram, 0321 9994567, sara@alkaram.com, Lahore",
    "add Sara Khan from Gul Ahmed, 0333 2214561, Karachi",
    "add Ali Raza, 0345 7778899, Lahore, tag wholesale",
    "add Ali Khan, 0345 1112223, Karachi, tag vip",
    "add Bilal Ahmed, 0345 5551234, Faisalabad",
)


@scene
def team(chat: Conversation) -> None:
    for line in TEAM:
        chat.says(line)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("who is 0300 1234567?", "Muhammad Iqbal"),
        ("find +92 300 1234567", "Muhammad Iqbal"),
        ("whose number is 0092-300-1234567", "Muhammad Iqbal"),
        ("find 123 4567", "Muhammad Iqbal"),
        ("whose number ends in 8899", "Ali Raza"),
        ("8899 wala number kis ka hai", "Ali Raza"),
        ("jis ka number 2223 pe khatam hota hai woh kaun hai", "Ali Khan"),
        ("۲۲۲۳ کس کا نمبر ہے", "Ali Khan"),
        ("0345 5551234 kaun hai", "Bilal Ahmed"),
        ("find nishat.pk", "Muhammad Iqbal"),
        ("who is IQBAL@nishat.pk", "Muhammad Iqbal"),
        ("kis ka email @alkaram.com hai", "Sara Malik"),
        ("alkaram.com", "Sara Malik"),
        ("find wholesale", "Ali Raza"),
        ("who are our vips", "Ali Khan"),
        ("wholesale kaun hain", "Ali Raza"),
    ],
)
def test_a_part_of_what_is_known_is_enough(team: Conversation, said: str, name: str) -> None:
    assert name in words(team.says(said))


def test_whoever_is_misspelt_with_the_company_is_asked_about(team: Conversation) -> None:
    asked = team.says("ikbl nishatt")
    assert labels(asked) == ["Muhammad Iqbal @ Nishat Mills"]
    assert words(team.taps(labels(asked)[0])).startswith("Muhammad Iqbal @ Nishat Mills")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sara in Lahore", "Sara Malik"),
        ("find Sara in Lahore", "Sara Malik"),
        ("show Sara in Karachi", "Sara Khan"),
        ("لاہور والی سارہ", "Sara Malik"),
        ("کراچی والی سارہ دکھاؤ", "Sara Khan"),
        ("lahore wale ali", "Ali Raza"),
        ("karachi wale ali ka number", "Ali Khan"),
        ("ali jo karachi mein hai", "Ali Khan"),
        ("fasalabad wala bilal", "Bilal Ahmed"),
        ("mohamad from nishat", "Muhammad Iqbal"),
        ("show mohamad iqbl from nishat", "Muhammad Iqbal"),
        ("نشاط والا محمد", "Muhammad Iqbal"),
        ("find sarah from alkram", "Sara Malik"),
        ("what is sara's number from gul ahmd", "Sara Khan"),
    ],
)
def test_a_name_with_its_place_is_one_of_many(team: Conversation, said: str, name: str) -> None:
    shown = words(team.says(said))
    others = {"Sara Malik", "Sara Khan", "Ali Raza", "Ali Khan", "Muhammad Iqbal"} - {name}
    assert name in shown
    assert not any(other in shown for other in others)


def test_of_one_ending_all_are_listed(team: Conversation) -> None:
    shown = words(team.says("find 4567"))
    assert "Muhammad Iqbal" in shown
    assert "Sara Malik" in shown


def test_a_slash_command_finds_by_digits_too(team: Conversation) -> None:
    assert "Ali Raza" in words(team.says("8899", command="find"))


@pytest.mark.parametrize(
    "said", ["find 9999", "find sara@nishat.pk", "0300 7654321 kis ka number hai"]
)
def test_a_number_that_nobody_has_is_nobodys(team: Conversation, said: str) -> None:
    shown = words(team.says(said))
    assert not any(name in shown for name in ("Iqbal", "Sara", "Ali", "Bilal"))
    assert re.search(r"Nobody|kisi ka nahi", shown)


@pytest.mark.parametrize("said", ["lunch in Lahore", "Sara in Quetta", "rain from Karachi"])
def test_nobody_is_shown_who_was_not_described(team: Conversation, said: str) -> None:
    assert "+92" not in words(team.says(said))


def test_numbers_and_cities_are_found_as_they_are_now(team: Conversation) -> None:
    with team.database.transaction() as session:
        ali = session.scalars(select(Contact).where(Contact.name == "Ali Raza")).one()
        ali.city = "Peshawar"
        ali.points[0].value = "+923459990001"
    assert "Ali Raza" in words(team.says("find ali in Peshawar"))
    assert "Ali Raza" in words(team.says("find 0001"))
    assert "Ali Raza" not in words(team.says("find 8899"))


def test_what_was_kept_before_is_found_after_the_upgrade(blank_url: str) -> None:
    with closing(Database(blank_url)) as database:
        with database.engine.begin() as connection:
            command.upgrade(alembic_config(connection), "0012")
            for statement in OLD_ROWS:
                connection.execute(text(statement), {"at": "2026-11-23 05:00:00"})
        assert migrate(database)
        with database.transaction() as session:
            assert [row.id for row in reach.ends_with(session, 1, "4567")] == [8]
            assert [row.id for row in reach.at_address(session, 1, "nishat.pk")] == [9]
            assert session.scalars(select(Contact.city_key)).all() == [city_key("Lahore")]


OLD_ROWS = (
    """INSERT INTO workspace (id, name, currency, region, timezone, language, keeps_private,
         created_at)
       VALUES (1, 'default', 'PKR', 'PK', 'Asia/Karachi', 'en', '0', :at)""",
    """INSERT INTO contact (workspace_id, id, name, name_key, sound_key, city, private, created_at,
         version)
       VALUES (1, 8, 'Sara', 'sara', ' sr ', 'لاہور', '0', :at, 1)""",
    """INSERT INTO contact_point (workspace_id, id, contact_id, kind, value, version)
       VALUES (1, 2, 8, 'phone', '+923001234567', 1)""",
    """INSERT INTO company (workspace_id, id, name, name_key, sound_key, email, created_at, version)
       VALUES (1, 9, 'Nishat', 'nishat', ' nst ', 'info@nishat.pk', :at, 1)""",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lahore", "لاہور"), ("Faisalabad", "فیصل آباد"), ("Karachi", "كراچي"), ("Multan", "ملتان")],
)
def test_a_city_sounds_the_same_in_both_scripts(one: str, other: str) -> None:
    assert city_key(one) == city_key(other)
    assert city_key(one) != city_key("Okara")


def test_keys_begin_where_people_remember() -> None:
    assert reach_key("+923001234567") == "765432100329"
    assert reach_key("Sara@Nishat.pk") == "nishat.pk@sara"
    assert reach_key("") is None


def test_no_question_looks_at_every_number_or_city(team: Conversation) -> None:
    if not team.database.is_sqlite:
        pytest.skip("PostgreSQL plans by the size of its tables, which are small here")
    asked: list[tuple[str, Any]] = []
    engine = team.database.engine
    event.listen(engine, "before_cursor_execute", lambda *values: asked.append(values[2:4]))
    for said in ("find 4567", "find nishat.pk", "Sara in Lahore", "find wholesale in Lahore"):
        team.says(said)
    with engine.begin() as connection:
        plans = [
            str(row[-1])
            for each, values in asked
            if each.startswith("SELECT") and "city_key" in each + "value_key"
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values)
        ]
    everybody = r"SCAN (?:contact|company|contact_point|contact_tag)\b"
    everybody += r"|(?:contact|company|contact_point|contact_tag) .*\(workspace_id=\?\)$"
    assert [plan for plan in plans if re.search(everybody, plan)] == []
    assert any(f"ix_{ContactPoint.__tablename__}_workspace_id_value_key" in plan for plan in plans)
