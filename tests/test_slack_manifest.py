"""The Slack manifest stands in the docs as the commands declare it."""

from __future__ import annotations

from bot.slack_manifest import EXAMPLE, PATH, PATH_HTTP, as_yaml, manifest
from handlers.library import the_book


def test_the_manifest_in_the_docs_is_up_to_date() -> None:
    for path, url in ((PATH, ""), (PATH_HTTP, EXAMPLE)):
        assert path.read_text("utf-8") == as_yaml(the_book(), url), "python -m bot.slack_manifest"


def test_over_http_everything_comes_to_one_address() -> None:
    made = manifest(the_book(), EXAMPLE)
    settings = made["settings"]
    assert not settings["socket_mode_enabled"]
    assert settings["event_subscriptions"]["request_url"] == EXAMPLE
    assert settings["interactivity"]["request_url"] == EXAMPLE
    assert made["features"]["slash_commands"][0]["url"] == EXAMPLE


def test_the_hint_names_every_command() -> None:
    (root,) = manifest(the_book())["features"]["slash_commands"]
    assert root["command"] == "/rabta"
    words = root["usage_hint"].split(" | ")
    assert words[1:] == [command.slash for command in the_book().menu]
