"""A team's leads through both doors: every score, and every owner, counted independently."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.incoming import Platform
from storage.clock import SetClock
from storage.database import Database
from storage.scope import EVERYWHERE, enter
from tests.conversation import Conversation, words

FIRST = ("Ali", "Sana", "Omair", "Kiran", "Rafi", "Uzma", "Taha", "Zara")
LAST = ("Khan", "Mir", "Butt", "Shah", "Noor")
FIRMS = ("Gul", "Crescent", "Sapphire", "Kohinoor")
CITIES = ("Lahore", "Karachi", "Multan", "Quetta")


def tell(chat: Conversation, many: int, seed: int = 11) -> None:
    """Leads written down as a team does: in the channel, each with what happened by lot."""
    dice = Random(seed)
    for number in range(many):
        name = f"{FIRST[number % 8]} {LAST[number % 5]}"
        by = dice.choice(("Ayesha", "Sara", "Omar"))
        line = f"add {name}"
        line += dice.choice(("", f" from {dice.choice(FIRMS)} Textiles"))
        line += f", {dice.choice(CITIES)}"
        line += dice.choice(("", f", 0300 55501{number:02}"))
        line += dice.choice(("", f", p{number}@mail.example"))
        line += dice.choice(("", ", source website"))
        chat.says(line, by=by, place="Sales")
        for said in dice.sample(
            (f"met {name}", f"note {name}: asked for a quotation", f"note {name}: no budget",
             f"called {name}, no answer", f"deal {dice.randint(1, 9)} lakh with {name}"),
            dice.randint(0, 3),
        ):  # fmt: skip
            chat.says(said, by=by, place="Sales")
        chat.clock.skip(timedelta(days=dice.randint(0, 3)))


COUNT = """
SELECT contact.name,
  25
  + CASE WHEN company.name LIKE '%Textile%' THEN 20 ELSE 0 END
  + CASE WHEN contact.city = 'Lahore' THEN 10 ELSE 0 END
  + CASE WHEN contact.company_id IS NOT NULL THEN 10 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM contact_point WHERE contact_id = contact.id
      AND kind = 'phone') THEN 10 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM contact_point WHERE contact_id = contact.id
      AND kind = 'email') THEN 5 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM deal WHERE contact_id = contact.id
      AND status = 'open') THEN 15 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM deal WHERE contact_id = contact.id
      AND status = 'open' AND amount_minor >= 50000000) THEN 12 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM activity WHERE contact_id = contact.id
      AND kind = 'meeting') THEN 15 ELSE 0 END
  + CASE WHEN EXISTS (SELECT 1 FROM activity WHERE contact_id = contact.id
      AND text LIKE '%quotation%') THEN 15 ELSE 0 END
  - CASE WHEN EXISTS (SELECT 1 FROM activity WHERE contact_id = contact.id
      AND text LIKE '%no budget%') THEN 30 ELSE 0 END
  - CASE WHEN (SELECT kind FROM activity WHERE contact_id = contact.id AND kind <> 'note'
      ORDER BY at DESC, id DESC LIMIT 1) = 'call' THEN 5 ELSE 0 END
FROM contact LEFT JOIN company ON company.id = contact.company_id
"""
"""The same rules, written down once more by hand in SQL; without silence, which is told apart."""

KEPT = """
SELECT contact.name, lead_score.score FROM lead_score JOIN contact
ON contact.workspace_id = lead_score.workspace_id AND contact.id = lead_score.contact_id
"""

LAST_TOUCH = """
SELECT contact.name, coalesce((SELECT max(on_day) FROM activity WHERE contact_id = contact.id
AND kind <> 'note'), date(contact.created_at)) FROM contact
"""

WHOSE = """
SELECT contact.name, contact.city, contact.source, member.name FROM contact JOIN member
ON member.workspace_id = contact.workspace_id AND member.id = contact.owner_id ORDER BY contact.id
"""


def rows(chat: Conversation, question: str) -> list[tuple[Any, ...]]:
    """Asked of the database itself, past everything of Rabta's."""
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        return [tuple(row) for row in session.connection().exec_driver_sql(
            question.replace("%", "%%") if session.get_bind().dialect.name != "sqlite" else question
        )]  # fmt: skip


@pytest.mark.parametrize("platform", ["telegram", "slack"])
def test_scores_and_owners_are_what_an_independent_count_gives(
    database: Database, clock: SetClock, platform: Platform
) -> None:
    chat = Conversation(database, clock, platform=platform)
    for name in ("Sara", "Omar"):
        chat.says("hello", by=name)
    for said in (
        "score: textile +20", "Lahore is worth 10", "no budget costs 30", "base score 25",
        "deal over 5 lakh counts 12 points", "forget the rule for calls",
        "leads from Lahore go to Sara", "website leads turn by turn between Omar and Ayesha",
    ):  # fmt: skip
        chat.says(said)
    tell(chat, 24)
    chat.rings()
    _scores_are_right(chat)
    _owners_are_right(chat)


def _scores_are_right(chat: Conversation) -> None:
    kept: dict[str, int] = dict(rows(chat, KEPT))
    today = chat.clock.now().date()
    silent = {name: str(day)[:10] for name, day in rows(chat, LAST_TOUCH)}
    counted = {}
    for name, points in rows(chat, COUNT):
        days = (today - type(today).fromisoformat(silent[name])).days
        counted[name] = max(0, min(100, int(points) - 10 * (days >= 30) - 20 * (days >= 90)))
    assert kept == counted
    assert len(set(kept.values())) > 5
    best = max(counted, key=lambda name: counted[name])
    assert counted[best] == max(kept.values())
    told = words(chat.says("best leads")).splitlines()[1:11]
    shown = [int(line.partition(": ")[2].partition(" ")[0]) for line in told]
    assert shown == sorted(counted.values(), reverse=True)[:10]


def _owners_are_right(chat: Conversation) -> None:
    turns = 0
    by = Counter[str]()
    for name, city, source, owner in rows(chat, WHOSE):
        if city == "Lahore":
            assert owner == "Sara", name
        elif source == "website":
            assert owner == ("Omar", "Ayesha")[turns % 2], name
            turns += 1
            by[owner] += 1
    assert turns > 3
    assert abs(by["Omar"] - by["Ayesha"]) <= 1
