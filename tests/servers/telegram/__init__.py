"""Telegram on loopback, as strict as the real one, for tests that speak through the real Bot."""

from tests.servers.telegram.chats import Chat, Message
from tests.servers.telegram.faults import (
    BAD_GATEWAY,
    CUT_AFTER,
    CUT_BEFORE,
    Fault,
    Limits,
    fails,
    flood,
    slow,
)
from tests.servers.telegram.people import User
from tests.servers.telegram.server import TOKEN, TelegramServer
from tests.servers.telegram.talk import Talk

__all__ = [
    "BAD_GATEWAY", "CUT_AFTER", "CUT_BEFORE", "TOKEN", "Chat", "Fault", "Limits", "Message",
    "Talk", "TelegramServer", "User", "fails", "flood", "slow",
]  # fmt: skip
