"""The manifest that makes Rabta an app in Slack, from the commands as they are declared.

``python -m bot.slack_manifest`` writes docs/slack-manifest.yaml, and the one for Slack over HTTP
beside it, anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.incoming import TICKET
from bot.setting_checks import SLACK_PATH
from bot.slack_acts import ROOT
from handlers.book import Book
from handlers.library import the_book

PATH = Path(__file__).parent.parent / "docs" / "slack-manifest.yaml"
PATH_HTTP = PATH.with_name("slack-manifest-http.yaml")
EXAMPLE = f"https://rabta.example.com{SLACK_PATH}"
HEAD = "# Made by `python -m bot.slack_manifest`. In Slack: Create an app, From a manifest.\n"
HEAD_HTTP = f"{HEAD}# Put your own address in place of rabta.example.com, three times.\n"

ABOUT = "The CRM that lives in the chat: English, Urdu and Roman Urdu."
HINT = "met Sara from Nishat, deal 5 lakh"
LONGEST_HINT = 1000

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "users:read",
)
EVENTS = (
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)


def manifest(book: Book, url: str = "") -> dict[str, Any]:
    """One root command, whose hint names the words that all others begin with. Slack comes to
    ``url``; without one, by Socket Mode."""
    words = " | ".join([HINT, *(command.slash for command in book.menu)])
    root = {
        "command": f"/{ROOT}",
        "description": ABOUT,
        "usage_hint": words[:LONGEST_HINT],
        "should_escape": True,  # so that a colleague who is named comes with an id
    }
    called = {"request_url": url} if url else {}
    return {
        "display_information": {"name": "Rabta", "description": ABOUT},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Rabta", "always_online": True},
            "shortcuts": [
                {
                    "name": "Open a ticket",
                    "type": "message",
                    "callback_id": TICKET,
                    "description": "Makes a ticket of this message, in its thread",
                }
            ],
            "slash_commands": [root | ({"url": url} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": called | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | called,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(book: Book, url: str = "") -> str:
    head = HEAD_HTTP if url else HEAD
    return head + "\n".join(_lines(manifest(book, url))) + "\n"


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """YAML of dicts, lists and scalars; a scalar as JSON is YAML, too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield f"{indent}{name}:"
                yield from _lines(inner, indent + "  ")
            else:
                yield f"{indent}{name}: {json.dumps(inner, ensure_ascii=False)}"
    elif isinstance(value, list):
        for inner in value:
            first, *rest = _lines(inner, indent + "  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
    else:
        yield indent + json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    PATH.write_text(as_yaml(the_book()), "utf-8")
    PATH_HTTP.write_text(as_yaml(the_book(), EXAMPLE), "utf-8")
