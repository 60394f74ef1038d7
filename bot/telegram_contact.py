"""A contact that was shared on Telegram: what its bubble shows, and the vCard behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.incoming import SharedContact


def read_contact(contact: dict[str, Any]) -> SharedContact:
    """The name and number that Telegram shows, and what more the vCard behind them knows."""
    name = " ".join(contact[part] for part in ("first_name", "last_name") if contact.get(part))
    number = str(contact.get("phone_number") or "")
    if contact.get("user_id") and number.isdigit():
        number = f"+{number}"  # an account's own number comes without its plus
    card = read_vcard(contact.get("vcard") or "")
    phones = _once([number, *card.get("TEL", [])], key=lambda phone: re.sub(r"\D", "", phone))
    company = next(iter(card.get("ORG", [])), "").split(";")[0].strip()
    return SharedContact(name, tuple(phones), tuple(_once(card.get("EMAIL", []))), company)


def read_vcard(text: str) -> dict[str, list[str]]:
    """The values of a vCard by their name; folded lines are joined, parameters dropped."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    card: dict[str, list[str]] = {}
    for line in lines:
        head, colon, value = line.partition(":")
        name = head.split(";")[0].rpartition(".")[2].upper()
        value = re.sub(r"\\([,;\\])", r"\1", value).strip()
        if colon and value:
            card.setdefault(name, []).append(value.removeprefix("tel:").removeprefix("mailto:"))
    return card


def _once(values: list[str], key: Callable[[str], str] = str.casefold) -> list[str]:
    return list({key(value): value for value in reversed(values) if key(value)}.values())[::-1]
