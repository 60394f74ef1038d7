"""A message that was forwarded on Telegram: whose it was, as far as they let it be known."""

from __future__ import annotations

from typing import Any

from bot.incoming import Forwarded, Sender


def forwarded_in(message: dict[str, Any], sender: Sender) -> Forwarded | None:
    """From whom it was forwarded, and their words; None for one's own."""
    origin = message.get("forward_origin")
    if not origin:
        return None
    person = origin.get("sender_user") or {}
    if str(person.get("id", "")) == sender.id:
        return None
    chat = origin.get("chat") or origin.get("sender_chat") or {}
    names = (person.get(part) for part in ("first_name", "last_name"))
    name = origin.get("sender_user_name") or chat.get("title") or " ".join(filter(None, names))
    username = (person or chat).get("username")
    return Forwarded(
        name=name,
        text=message.get("text") or message.get("caption") or "",
        username=f"@{username}" if username else "",
        is_person=not chat and not person.get("is_bot"),
    )
