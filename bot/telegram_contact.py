"""A contact that was shared on Telegram: what its bubble shows, and the vCard behind it."""

from __future__ import annotations

import logging
import quopri
import re
from collections.abc import Callable
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.incoming import SharedContact

log = logging.getLogger("rabta.telegram")


def read_contact(contact: dict[str, Any]) -> SharedContact:
    """The name and number that Telegram shows, and what more the vCard behind them knows."""
    name = " ".join(contact[part] for part in ("first_name", "last_name") if contact.get(part))
    number = str(contact.get("phone_number") or "")
    if contact.get("user_id") and number.isdigit():
        number = f"+{number}"  # an account's own number comes without its plus
    return _shared(name, [number], read_vcard(contact.get("vcard") or ""))


async def fetch_file(bot: Bot, file_id: str) -> bytes | None:
    """A file that was sent; None where Telegram does not hand it out."""
    try:
        file = await bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())
    except TelegramError as problem:
        log.warning("telegram: a file could not be fetched: %s", type(problem).__name__)
        return None


def _shared(name: str, phones: list[str], card: dict[str, list[str]]) -> SharedContact:
    every = _once([*phones, *card.get("TEL", [])], key=lambda phone: re.sub(r"\D", "", phone))
    company = next(iter(card.get("ORG", [])), "").split(";")[0].strip()
    return SharedContact(name, tuple(every), tuple(_once(card.get("EMAIL", []))), company)


def read_vcard(text: str) -> dict[str, list[str]]:
    """The values of a vCard by their name, written in any of its three versions."""
    text = re.sub(r"=\r?\n[ \t]?", "=\n", text)  # a soft break of quoted-printable, kept for below
    text = re.sub(r"\r?\n[ \t]", "", text)
    card: dict[str, list[str]] = {}
    for line in re.split(r"(?<!=)\r?\n", text):
        head, colon, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        if any("QUOTED-PRINTABLE" in parameter for parameter in parameters):
            value = quopri.decodestring(value.encode(errors="replace")).decode("utf-8", "replace")
        value = re.sub(r"\\([,;\\])", r"\1", value.replace("\\n", " ")).strip()
        if colon and value:
            value = value.removeprefix("tel:").removeprefix("mailto:")
            card.setdefault(name.rpartition(".")[2].strip(), []).append(value)
    return card


def _once(values: list[str], key: Callable[[str], str] = str.casefold) -> list[str]:
    return list({key(value): value for value in reversed(values) if key(value)}.values())[::-1]
