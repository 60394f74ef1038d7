"""A SQLite database full of people, as the product keeps them; and people to fill it with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from language.sounds import name_keys
from storage.database import Database
from storage.migrate import migrate
from storage.models import Company, Contact, Workspace
from storage.names import keep
from storage.scope import enter

BATCH = 2000


@contextmanager
def people(
    folder: Path,
    named: Iterable[tuple[int, str]],
    companies: Iterable[tuple[int, str]] = (),
    at: Mapping[int, int] | None = None,
) -> Iterator[Session]:
    """A session on a fresh database with these (id, name) in workspace 1; ``at``: in which of
    these companies somebody is."""
    with closing(Database(f"sqlite:///{folder}/people.db")) as database:
        migrate(database)
        with database.transaction() as session:
            now = datetime.now(UTC)
            space = Workspace(
                name="bench", currency="PKR", region="PK", timezone="Asia/Karachi",
                language="en", created_at=now,
            )  # fmt: skip
            session.add(space)
            session.flush()
            for kind, rows in ((Company, iter(companies)), (Contact, iter(named))):
                while some := list(islice(rows, BATCH)):
                    here = {"workspace_id": space.id, "version": 1, "created_at": now}
                    values = [{**here, "id": id_, **name_keys(name)} for id_, name in some]
                    if at and kind is Contact:
                        values = [{**row, "company_id": at.get(row["id"])} for row in values]
                    session.execute(insert(kind), values)
                    keep(session, kind.__tablename__, values)
        with database._working() as session:  # as messages are served
            enter(session, 1)
            yield session


SPELLINGS = [
    line.split()
    for line in """
muhammad mohammad mohammed muhammed mohamed محمد
ayesha aisha aysha عائشہ
husain hussain hussein حسین
ahmed ahmad احمد
yusuf yousuf yousaf یوسف
usman osman uthman عثمان
fatima fatimah fatema فاطمہ
khalid khaled خالد
zubair zubayr zobair زبیر
iqbal eqbal ikbal اقبال
tariq tarik tareq طارق
waqas waqqas vaqas وقاص
saeed said saeid سعید
nadeem nadim ندیم
kamran kaamran کامران
sana sanaa ثنا
bilal bilaal بلال
imran emran عمران
sara sarah سارہ
rehman rahman rehmaan رحمان
qureshi quraishi koreshi قریشی
siddiqui siddiqi sidiqi صدیقی
chaudhry choudhry chaudhary چودھری
sheikh shaikh shaykh شیخ
katherine catherine kathryn
stephen steven stefan
philip phillip filip
christopher kristopher cristopher
""".strip().splitlines()
]
"""Ways in which one name is written."""

_SOUNDS = [
    "b",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "sh",
    "kh",
    "ch",
    "br",
    "tr",
    "st",
]
_VOWELS = ["a", "e", "i", "o", "u", "aa", "ai", "ee"]
_ENDS = ["", "n", "r", "l", "ni", "ki", "wala", "zai", "pur", "son", "er", "ova", "ez", "i"]


def made_up(count: int, dice: Random) -> list[str]:
    """So many full names: some written in several ways, some of three words. Of words there are
    about as many as people of many countries have: 80,000 among a million."""
    given = [_word(dice, 2) for _ in range(3000)]
    family = [_word(dice, dice.choice((2, 3, 3))) for _ in range(int(80 * count**0.5))]
    common = [word for group in SPELLINGS for word in group if word.isascii()]
    names = []
    for _ in range(count):
        first = dice.choice(common) if dice.random() < 0.25 else _often(given, dice)
        last = dice.choice(common) if dice.random() < 0.1 else _often(family, dice)
        middle = [_often(given, dice)] if dice.random() < 0.12 else []
        names.append(" ".join(word.title() for word in (first, *middle, last)))
    return names


def _often(words: list[str], dice: Random) -> str:
    """A few of these words come again and again."""
    return words[int(len(words) * dice.random() ** 2)]


def _word(dice: Random, syllables: int) -> str:
    return "".join(
        dice.choice(_SOUNDS) + dice.choice(_VOWELS) for _ in range(syllables)
    ) + dice.choice(_ENDS)
