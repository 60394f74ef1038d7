"""Imported once by the process that all others are forked from: Rabta with everything loaded that
it loads when it first starts and answers (models, words, weights, the way to the network)."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

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


async def _call() -> None:
    async with httpx.AsyncClient(verify=False) as client:  # noqa: S501 - nobody is there
        with suppress(httpx.TransportError):
            await client.get("http://127.0.0.1:9")


_talk()
asyncio.run(_call())
