"""Whose whole name is said, in whichever script, comes before those whose name goes on."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, words


@pytest.mark.parametrize("firm", ["Warraich Traders", "وڑائچ ٹریڈرز", "warraich traders"])
def test_a_firm_is_not_asked_for_where_its_whole_name_was_said(
    chat: Conversation, firm: str
) -> None:
    chat.says("new contact Sara Malik from Warraich Traders")
    chat.says("new contact Omar Gul from Warraich 1 Traders")
    answer = words(chat.says(f"new contact Hina Shah from {firm}"))
    assert ": Warraich Traders" in answer
    assert "Warraich 1 Traders" not in answer
