"""What is said and tapped to keep data in order, in three languages."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from handlers.library import the_book
from storage.database import Database
from storage.export import KINDS, records
from storage.models import Workspace

TONGUES = ("en", "ur", "roman")

LANGUAGE = {
    "en": "speak English",
    "ur": "اردو میں بات کرو",
    "roman": "roman urdu mein baat karo",
}
QUALITY = {"en": "5 to tidy today", "ur": "ڈیٹا کی صفائی", "roman": "contacts theek karo"}
EVERYTHING = {
    "en": "export everything as jsonl",
    "ur": "سب کچھ jsonl میں ایکسپورٹ کرو",
    "roman": "sab kuch jsonl mein export karo",
}
HOUSE = (
    "add pipeline Export",
    "add field NTN for companies",
    "1 USD = 278.5 PKR",
    "goal 50 lakh this month",
    "add Sara Malik, buyer at Nishat Mills, 0300 5550101, Lahore #vip",
    "add عائشہ خان, لاہور, 0300 5550102",
    "keep عائشہ خان private",
    "deal for Nishat Mills: 20 looms, 5 lakh",
    "called Sara Malik, she wants rates",
    "remind me to send samples to Sara Malik on friday",
)
"""Something of most kinds."""


def kept(database: Database) -> Counter[str]:
    """All records that there are, without the numbers by which they are called there."""
    with database.transaction() as session:
        spaces = session.scalars(select(Workspace)).all()
        told = json.loads(json.dumps(list(records(session, spaces, list(KINDS))), default=str))
    return Counter(json.dumps(bare(each), sort_keys=True) for each in told)


def bare(told: Any) -> Any:
    if isinstance(told, list):
        return [bare(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {k: bare(v) for k, v in told.items() if k != "id" and not k.endswith("_id")}


@dataclass(frozen=True)
class Said:
    """The words of one language."""

    tongue: str

    def __call__(self, key: str) -> str:
        return str(the_book().words[key][self.tongue])

    def numbered(self, number: int, key: str) -> str:
        """The label of a button of several."""
        words = the_book().words
        if f"{key}_n_button" in words:
            return self(f"{key}_n_button").replace("{n}", self.digits(number))
        name = self(f"{key}_button")
        return self("numbered_button").format(n=self.digits(number), name=name)

    def digits(self, number: int) -> str:
        return str(number)
