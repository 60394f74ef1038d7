"""The doors that the settings have tokens for. A platform's library is imported only for these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Chat
from storage.scope import everywhere

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.hook import OuterDoor
    from bot.incoming import Incoming
    from bot.mail import Mail
    from bot.settings import Settings
    from handlers.reply import Form


def doors_of(settings: Settings, desk: Desk) -> dict[str, OuterDoor]:
    """The doors by name."""
    doors: list[OuterDoor] = []
    if settings.telegram_token:
        doors.append(_telegram(settings, settings.telegram_token.get_secret_value(), desk))
    if settings.slack_bot_token:
        doors.append(_slack(settings, settings.slack_bot_token.get_secret_value(), desk))
    return {door.name: door for door in doors}


def mail_of(settings: Settings) -> dict[str, Mail]:
    """The way out for mails to customers, where the settings name a relay."""
    if settings.smtp_url is None:
        return {}
    from bot.mail import Mail
    from bot.mail_settings import relay_of, sender_of

    relay = relay_of(settings.smtp_url.get_secret_value())
    sender = sender_of(settings.mail_from)
    return {Mail.name: Mail(relay, sender, settings.public_url, settings.mail_per_minute)}


def _telegram(settings: Settings, token: str, desk: Desk) -> OuterDoor:
    from bot.one_poller import OnePoller
    from bot.telegram import Telegram
    from bot.telegram_hook import TelegramHook
    from bot.telegram_menu import menus_of

    def arrived(link: str) -> None:
        desk.invite_link = link

    more: dict[str, Any] = {
        "menus": menus_of(desk.book),
        "arrived": arrived,
        "base_url": settings.telegram_base_url,
        "base_file_url": settings.telegram_base_file_url,
        "moment": lambda: desk.clock.now().timestamp(),
    }
    if settings.telegram_webhook_url:
        return TelegramHook(token, settings.telegram_webhook_url, **more)
    alone = OnePoller(desk.database, f"telegram:{token.partition(':')[0]}")
    return Telegram(token, alone=alone, **more)


def _slack(settings: Settings, bot_token: str, desk: Desk) -> OuterDoor:
    from bot.dialogs import form_errors, form_for
    from bot.slack import Slack
    from bot.slack_http import SlackHttp

    database = desk.database

    async def form(incoming: Incoming) -> Form | None:
        return await database.in_thread(form_for, desk, incoming)

    async def wrong(incoming: Incoming) -> Mapping[str, str]:
        return await database.in_thread(form_errors, desk, incoming)

    async def known(team: str, chat: str, thread: str) -> bool:
        return await database.in_thread(
            database.run, lambda session: _is_known(session, team, f"{chat}/{thread}")
        )

    more: dict[str, Any] = {
        "forms": form,
        "check": wrong,
        "known_thread": known,
        "base_url": settings.slack_base_url,
    }
    app, signing = settings.slack_app_token, settings.slack_signing_secret
    if app is not None:
        return Slack(bot_token, app.get_secret_value(), **more)
    return SlackHttp(bot_token, signing.get_secret_value() if signing else "", **more)


def _is_known(session: Session, team: str, key: str) -> bool:
    """Has the bot been spoken to in this thread?"""
    query = select(Chat.id).where(Chat.platform == "slack", Chat.team == team, Chat.key == key)
    with everywhere(session):
        return session.scalars(query.limit(1)).first() is not None
