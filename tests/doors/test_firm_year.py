"""A year of a made-up firm, played through Telegram, Slack, mail and the web.

Whatever Rabta says of it in the end is what the firm's own books say.
"""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.year.doors import house
from tests.year.hours import BEGIN
from tests.year.numbers import all_numbers, unplayed
from tests.year.play import played


def every_third(drawn: dict[str, int], who: str) -> bool:
    """A lot that falls alike in every run: of few, a real one may hold nobody out."""
    return drawn.setdefault(who, len(drawn)) % 3 == 0


def test_every_number_is_that_of_the_firms_own_books(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, int] = {}
    monkeypatch.setattr(
        "storage.campaigns.is_held",
        lambda _campaign, who, share: share > 0 and every_third(drawn, who),
    )
    with house(database, BEGIN) as doors:
        firm = played(doors)
        wrong = [str(each) for each in all_numbers(firm) if not each.right]
    assert not wrong, "\n".join(wrong)
    assert not unplayed(firm)
