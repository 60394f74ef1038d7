"""A contact that was shared on Telegram: what its bubble shows, and the vCard behind it."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.incoming import SharedContact

log = logging.getLogger("rabta.telegram")


def read_contact(contact: dict[str, Any]) -> SharedContact:
    """The name and number that Telegram shows, and the vCard behind them."""
    name = " ".join(contact[part] for part in ("first_name", "last_name") if contact.get(part))
    number = str(contact.get("phone_number") or "")
    if contact.get("user_id") and number.isdigit():
        number = f"+{number}"  # an account's own number comes without its plus
    phones = (number,) if number else ()
    return SharedContact(name, phones, vcard=str(contact.get("vcard") or ""))


async def fetch_file(bot: Bot, file_id: str) -> bytes | None:
    """A file that was sent; None where Telegram does not hand it out."""
    try:
        file = await bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())
    except TelegramError as problem:
        log.warning("telegram: a file could not be fetched: %s", type(problem).__name__)
        return None
