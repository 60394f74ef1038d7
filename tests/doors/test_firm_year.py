"""A year of a made-up firm, played through Telegram, Slack, mail and the web.

Whatever Rabta says of it in the end is what the firm's own books say.
"""

from __future__ import annotations

from storage.database import Database
from tests.year.doors import house
from tests.year.hours import BEGIN
from tests.year.numbers import all_numbers, unplayed
from tests.year.play import played


def test_every_number_is_that_of_the_firms_own_books(database: Database) -> None:
    with house(database, BEGIN) as doors:
        firm = played(doors)
        wrong = [str(each) for each in all_numbers(firm) if not each.right]
    assert not wrong, "\n".join(wrong)
    assert not unplayed(firm)
