"""Imported once by the process that all others are forked from: Rabta with everything loaded that
it loads when it first answers (models, words, weights)."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from storage.clock import SetClock
from storage.database import Database
from storage.migrate import migrate
from tests.conversation import Conversation


def _talk() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'warm.db'}")
        migrate(database)
        talk = Conversation(database, SetClock(datetime(2026, 11, 23, 5, tzinfo=UTC)))
        for text in ("deal for Nishat Textiles: 20 looms, 5 lakh", "note for Nishat: wants blue"):
            talk.says(text)
        database.close()


_talk()
