"""The commands behind Telegram's "/", in each member's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from telegram import Bot, BotCommand, BotCommandScopeChat

from handlers.book import Book

Menus = Mapping[str, Sequence[tuple[str, str]]]
"""Language ("en", "ur", "roman") -> (word without its slash, what it does)."""


DEFAULT = "en"
LONGEST = 256
WORD = re.compile("[a-z0-9_]{1,32}")
"""What Telegram takes for a command."""


def menus_of(book: Book) -> dict[str, list[tuple[str, str]]]:
    """Each command with a short form, and what its help says of it."""
    menus: dict[str, list[tuple[str, str]]] = {}
    for command in book.menu:
        for tongue, does in command.help.items():
            if WORD.fullmatch(command.slash) and does:
                menus.setdefault(tongue, []).append((command.slash, does))
    return menus


async def put_menus(bot: Bot, menus: Menus) -> None:
    """One menu for everybody, and one for each language that a phone can be set to."""
    for tongue, menu in menus.items():
        if tongue == DEFAULT:
            await bot.set_my_commands(_commands(menu))
        elif len(tongue) == 2:  # a code of ISO 639-1; Roman Urdu has none
            await bot.set_my_commands(_commands(menu), language_code=tongue)


async def put_chat_menu(bot: Bot, menus: Menus, chat: str, tongue: str) -> None:
    """The menu of one chat in a language, or, without one, as the phone is set again."""
    scope = BotCommandScopeChat(int(chat))
    if menu := menus.get(tongue):
        await bot.set_my_commands(_commands(menu), scope=scope)
    elif not tongue:
        await bot.delete_my_commands(scope=scope)


def _commands(menu: Sequence[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(word, does[:LONGEST]) for word, does in menu[:100]]
