"""How fast Telegram lets a bot write: to all, to one chat, and to one group.

Its limits are about 30 messages a second, one a second in a chat "and short bursts", and 20 a
minute in a group (core.telegram.org/bots/faq). Ours lie below, so that what is under way when a
clock's second turns does not break them.
"""

from __future__ import annotations

from bot.telegram_draw import draw
from bot.telegram_pages import LONGEST
from handlers.reply import Chart, File, Reply
from scheduler.letters import Letter
from scheduler.pace import Limit, Toll

PER_BOT = (5, 0.2)
"""25 a second, evenly: a burst at the end of one second and the start of the next is one burst."""
PER_CHAT = (3, 3.0)
"""A short burst for answers; what comes by itself goes ``CALMLY``."""
CALMLY = (1, 1.1)
PER_GROUP = (18, 60.0)


def toll_of(bot: str, letter: Letter) -> Toll:
    """What a letter of this bot uses up: each message of it, to the chat where it lands."""
    chat, reply = chat_of(letter), letter.reply
    if not chat or not reply.says_something:
        return Toll()
    everybody = f"telegram:{bot}"
    limits = [Limit(f"{everybody}:{chat}", *PER_CHAT)]
    if not letter.is_answer:
        limits.insert(0, Limit(f"{everybody}:{chat}:calmly", *CALMLY))
    if is_group(chat):
        limits.append(Limit(f"{everybody}:{chat}:minute", *PER_GROUP))
    messages = max(1, _messages(reply) - len(letter.done))
    return Toll(tuple(limits), Limit(everybody, *PER_BOT), messages)


def holds(bot: str, letter: Letter, *, first: bool) -> tuple[Limit, ...]:
    """What a "too many requests" to a letter is about, which Telegram does not tell.

    A group has limits of its own, and so has a chat that was just written to. One where nothing
    else went lately cannot be the cause: then all of the bot is meant. ``first``: it was met by
    the letter's first message.
    """
    toll = toll_of(bot, letter)
    if is_group(chat_of(letter)) or not (letter.quiet and first):
        return toll.limits[-1:]
    return (toll.shared,) if toll.shared else ()


def chat_of(letter: Letter) -> str:
    """What is for one person alone goes to their own chat, never into a group."""
    address = letter.address
    if address.only_for:
        return address.only_for  # a private chat has its person's number
    if letter.reply.private and is_group(address.chat):
        return address.user
    return address.chat or address.user


def is_group(chat: str) -> bool:
    return chat.startswith("-")


def _messages(reply: Reply) -> int:
    """How many it takes; what is short takes one, without being drawn for it."""
    shown = any(isinstance(part, File | Chart) for part in reply.parts)
    if not shown and len(str(reply.parts)) < LONGEST // 2:
        return 1
    drawn = draw(reply)
    return len(drawn.pages) + len(drawn.pictures) + len(drawn.files)
