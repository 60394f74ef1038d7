"""The doors that the settings have tokens for. A platform's library is imported only for these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Chat, Identity, Member

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.door import Door
    from bot.incoming import Incoming
    from bot.settings import Settings
    from handlers.reply import Form


def doors_of(settings: Settings, desk: Desk) -> dict[str, Door]:
    """The doors by name."""
    doors: list[Door] = []
    if settings.telegram_token:
        doors.append(_telegram(settings, settings.telegram_token.get_secret_value(), desk))
    if settings.slack_bot_token and settings.slack_app_token:
        bot, app = settings.slack_bot_token, settings.slack_app_token
        doors.append(_slack(settings, bot.get_secret_value(), app.get_secret_value(), desk))
    return {door.name: door for door in doors}


def _telegram(settings: Settings, token: str, desk: Desk) -> Door:
    from bot.one_poller import OnePoller
    from bot.telegram import Telegram
    from bot.telegram_menu import menus_of

    database = desk.database

    class OurTelegram(Telegram):
        async def _arrive(self) -> None:
            await super()._arrive()
            desk.invite_link = self.link("{code}")

    async def chosen(chat: str) -> str:
        return await database.in_thread(
            database.run, lambda session: _chosen_language(session, chat)
        )

    return OurTelegram(
        token,
        menus=menus_of(desk.book),
        chosen=chosen,
        alone=OnePoller(database, f"telegram:{token.partition(':')[0]}"),
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
    )


def _chosen_language(session: Session, chat: str) -> str:
    """Of the member whose private chat it is; empty where none was chosen."""
    query = (
        select(Member.language)
        .join(Identity.member)
        .where(Identity.platform == "telegram", Identity.private_chat == chat)
    )
    return session.scalars(query.limit(1)).first() or ""


def _slack(settings: Settings, bot_token: str, app_token: str, desk: Desk) -> Door:
    from bot.dialogs import form_errors, form_for
    from bot.slack import Slack

    database = desk.database

    async def form(incoming: Incoming) -> Form | None:
        return await database.in_thread(form_for, desk, incoming)

    async def wrong(incoming: Incoming) -> Mapping[str, str]:
        return await database.in_thread(form_errors, desk, incoming)

    async def known(team: str, chat: str, thread: str) -> bool:
        return await database.in_thread(
            database.run, lambda session: _is_known(session, team, f"{chat}/{thread}")
        )

    return Slack(
        bot_token,
        app_token,
        forms=form,
        check=wrong,
        known_thread=known,
        base_url=settings.slack_base_url,
    )


def _is_known(session: Session, team: str, key: str) -> bool:
    """Has the bot been spoken to in this thread?"""
    query = select(Chat.id).where(Chat.platform == "slack", Chat.team == team, Chat.key == key)
    return session.scalars(query.limit(1)).first() is not None
