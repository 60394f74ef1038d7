"""What the README promises is true: its examples work, its files and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from handlers.reply import Chart
from tests.conversation import Conversation, labels, words

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ROWS = re.findall(r"^\| `(.+)` \| `(.+)` \| `(.+)` \|$", README, re.MULTILINE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", [0, 1, 2], ids=["english", "urdu", "roman"])
def test_a_day_in_each_language(chat: Conversation, column: int) -> None:
    (
        met, moved, won, complained, agreed, template, sent, goal, called_off, recurring, happened,
        pipeline, revenue,
        chart, silent, leads, journey, needy, undo,
    ) = [row[column] for row in ROWS]  # fmt: skip
    undo_button = labels(chat.says(met))[0]
    assert labels(chat.says(moved))[0] == undo_button
    amount = "4.8" if "4.8" in won else "5"
    assert amount in words(chat.says(won))
    assert "#1" in words(chat.says(complained))
    assert labels(chat.says(agreed))[0] == undo_button
    assert labels(chat.says(template))[0] == undo_button
    assert ("Friday" in template) == ("1 without an address" in words(chat.says(sent)))
    assert labels(chat.says(goal))[0] == undo_button
    assert labels(chat.says(called_off))[0] == undo_button
    assert labels(chat.says(recurring))[0] == undo_button
    assert "#1" in words(chat.says(happened))
    assert amount in words(chat.says(pipeline))
    assert amount in words(chat.says(revenue))
    assert any(isinstance(part, Chart) for part in chat.says(chart).parts)
    assert words(chat.says(silent)).splitlines()[0].rstrip("\u2069").endswith("0")
    assert "1." not in words(chat.says(leads)), "who has bought is no lead"
    assert any(isinstance(part, Chart) for part in chat.says(journey).parts)
    assert "Nishat" not in words(chat.says(needy))
    undone = chat.says(undo)
    assert recurring in words(undone)
    assert undo_button not in labels(undone)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_commands_and_settings_exist() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    for command in re.findall(r"\brabta (run|chat|\w+)(?= +(?:--|#)|`)", text):
        assert command in main.commands, command
    example = (ROOT / ".env.example").read_text("utf-8")
    for setting in set(re.findall(r"RABTA_[A-Z_]+", text)):
        assert f"{setting}=" in example
