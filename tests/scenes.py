"""What many tests of a file begin with: told to Rabta once, then copied for each of them.

    @scene
    def sold(chat: Conversation) -> None:
        chat.says("deal 5 lakh with Nishat Mills")

    def test_what_was_sold(sold: Conversation) -> None: ...

Each test has a database of its own, as always, and finds the conversation as after a restart of
Rabta: the rows, the messages with their buttons, the time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storage.clock import SetClock
from storage.database import Database
from tests.conversation import Conversation
from tests.rows import Taken, rows

Story = Callable[[Conversation], None]


def scene(story: Story) -> Any:
    """A fixture of the story's name: the conversation after it. It goes on from ``chat``."""

    @pytest.fixture(name=story.__name__)
    def told(chat: Conversation, scenes: Scenes) -> Conversation:
        """After the story."""
        return scenes.after(story, chat)

    return told


@dataclass(frozen=True)
class Told:
    """What there is when a story has been told."""

    kept: Path | Taken
    teller: Conversation


class Scenes:
    """The stories that were told in this process, each for either kind of database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[tuple[Story, bool], Told] = {}

    def after(self, story: Story, chat: Conversation) -> Conversation:
        """That conversation, as if the story had been told in it, which has not begun yet."""
        url = chat.database.url.render_as_string(hide_password=False)
        told = self._told.get((story, chat.database.is_sqlite))
        if told:
            _put(told.kept, url)
            teller = told.teller
        else:
            teller = self._first(story, chat, url)
        chat.go_on_from(teller)
        return chat

    def _first(self, story: Story, chat: Conversation, url: str) -> Conversation:
        """Told to a Rabta of its own: what that one holds in its head is there for no test."""
        with closing(Database(url)) as database:
            teller = chat.beside(database, SetClock(chat.clock.now()))
            story(teller)
        kept = self._kept(url, chat.database.is_sqlite)
        if kept:
            self._told[story, chat.database.is_sqlite] = Told(kept, teller)
        return teller

    def _kept(self, url: str, is_sqlite: bool) -> Path | Taken | None:
        """Nothing where the server's user may not put rows back: then each test hears it told."""
        if is_sqlite:
            kept = self._folder / f"{len(self._told)}.db"
            shutil.copy(_file(url), kept)
            return kept
        return rows(url).take() if rows(url).can_put else None


def _put(kept: Path | Taken, url: str) -> None:
    if isinstance(kept, Path):
        shutil.copy(kept, _file(url))
    else:
        rows(url).put(kept)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
