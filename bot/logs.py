"""Where the log goes, and that no token is ever in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable

_TOKENS = re.compile(
    r"(?<=bot)\d{5,}:[\w-]{10,}"  # Telegram, in addresses
    r"|\b\d{5,}:[\w-]{30,}"  # Telegram, alone
    r"|\bx(?:ox[a-z]|app)-[\w-]{6,}"  # Slack
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # a database's user and password
)
_CHATTY = (
    "httpx",
    "httpcore",
    "apscheduler",
    "alembic",
    "slack_bolt",
    "slack_sdk",
    "asyncio",
    "uvicorn",
)


def hidden(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without tokens: those that are known, and what looks like one."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return _TOKENS.sub("***", text)


class Discreet(logging.Formatter):
    """Hides tokens in the whole line, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return hidden(super().format(record), self._secrets)


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to stderr. What other people's libraries say counts from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
