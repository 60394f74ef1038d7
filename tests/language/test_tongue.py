"""Which language a message is in."""

from __future__ import annotations

import pytest

from language.tongue import tongue_of


@pytest.mark.parametrize(
    "text", ["stop posting wins", "congrats on the promotion!", "we lost the Shell tender"]
)
def test_a_word_that_roman_urdu_borrows_is_still_english(text: str) -> None:
    assert tongue_of(text) == "en"
