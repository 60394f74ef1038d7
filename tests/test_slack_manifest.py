"""The Slack manifest stands in the docs as the commands declare it."""

from __future__ import annotations

from bot.slack_manifest import PATH, as_yaml, manifest
from handlers.library import the_book


def test_the_manifest_in_the_docs_is_up_to_date() -> None:
    assert PATH.read_text("utf-8") == as_yaml(the_book()), "run python -m bot.slack_manifest"


def test_the_hint_names_every_command() -> None:
    (root,) = manifest(the_book())["features"]["slash_commands"]
    assert root["command"] == "/rabta"
    words = root["usage_hint"].split(" | ")
    assert words[1:] == [command.slash for command in the_book().menu]
