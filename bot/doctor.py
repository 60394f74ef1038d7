"""``rabta doctor``: is everything well, and if not, what to do."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.mail_settings import relay_of
from bot.operate import is_missing
from bot.setting_checks import SLACK_PATH
from scheduler.outbox import problems
from storage import lease, pace, row_security, sums_kept
from storage.backup import problem
from storage.clock import SKEW
from storage.database import Database
from storage.export import reading
from storage.hold import file_of, holder_of
from storage.models import Feedback, Inbox, Member, Unreachable, Workspace
from storage.revisions import is_current
from storage.trouble import DAMAGED, first_line

if TYPE_CHECKING:
    from telegram import Bot

    from bot.settings import Settings

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a platform may take to answer."""

MENDED, MENDED_TOO = (3, 51, 3), ((3, 44, 6), (3, 50, 7))
"""Versions of SQLite from which on its log is reset safely, and older lines with the same mend."""

ROOM = 100
"""Megabytes of free disk from which on a SQLite file has room for a while."""

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do."""

    state: State
    about: str
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, in the order in which it would hurt."""
    house = f"{settings.timezone}, {settings.region}, {settings.currency}, {settings.language}"
    yield Finding("ok", "settings", house)
    if settings.join == "open":
        yield Finding(
            "warn",
            "RABTA_JOIN",
            "open: whoever finds the bot sees your customers; set it to invite after trying",
        )
    yield from _database(settings)
    yield from _platforms(settings)
    yield from _relay(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    if is_missing(settings.database_url):
        yield Finding("warn", "database", "not there yet; rabta run makes it")
        return
    is_held = holder_of(settings.database_url) is not None
    with closing(Database(settings.database_url, guest=is_held)) as database:
        where = database.url.render_as_string(hide_password=True)
        try:
            current = is_current(database)
        except DBAPIError as error:
            says = f"{where} cannot be reached ({first_line(error)}); see RABTA_DATABASE_URL"
            yield Finding("bad", "database", says)
            return
        if not current:
            yield Finding("bad", "database", f"{where} is not migrated; run: rabta migrate")
            return
        yield Finding("ok", "database", f"{where}, migrated")
        if database.is_sqlite:
            holder = holder_of(settings.database_url)
            yield Finding("ok", "running", str(holder or "neither rabta run nor rabta chat"))
            yield from _file(settings.database_url)
        with reading(database.engine) as session:
            if not database.is_sqlite:
                yield _policies(session)
                yield _pollers(session)
            yield _clock(session)
            yield _sums(session)
            yield from _mail(session)
            yield from _feedback(session)
            yield _owner(session, settings)


def _file(url: str) -> Iterator[Finding]:
    """Is it whole, and is the SQLite that writes it sound?"""
    path = file_of(url)
    wrong = problem(path) if path else ""
    if wrong:
        yield Finding("bad", "file", f"{DAMAGED} ({wrong})")
    else:
        yield Finding("ok", "file", "whole")
    if path and (free := shutil.disk_usage(path.parent).free // 1_000_000) < ROOM:
        says = f"{free} MB are free for {path}; make room: on a full disk nothing is taken in"
        yield Finding("warn" if free else "bad", "disk", says)
    version = sqlite3.sqlite_version_info[:3]
    if version < MENDED and not any(of <= version < (*of[:2], 99) for of in MENDED_TOO):
        says = (
            f"{sqlite3.sqlite_version} can harm a file that two processes tidy up at the same "
            "moment (mended in 3.51.3). Rabta lets one do so; let no other program write to it"
        )
        yield Finding("warn", "SQLite", says)


def _policies(session: Session) -> Finding:
    """Whether the database itself keeps workspaces apart."""
    loose = [table.name for table in row_security.unprotected(session.connection())]
    if loose:
        says = f"no row-level security on {', '.join(loose)}; run: rabta migrate"
        return Finding("bad", "workspaces", says)
    role = row_security.role(session.connection())
    if role is None:
        says = (
            "kept apart by row-level security, but as the owner of the tables, since this user may "
            "make no roles; ALTER USER ... CREATEROLE and rabta migrate would give it one that "
            "owns nothing"
        )
        return Finding("warn", "workspaces", says)
    return Finding("ok", "workspaces", f"kept apart by row-level security, as role {role}")


def _pollers(session: Session) -> Finding:
    polling = [f"{holder} polls {name}" for name, holder in lease.holders(session).items()]
    return Finding("ok", "running", "; ".join(polling) or "nobody polls")


def _feedback(session: Session) -> Iterator[Finding]:
    """Whether members said anything of Rabta."""
    here = Feedback.workspace_id.in_(select(Workspace.id))
    many = session.scalar(select(func.count()).select_from(Feedback).where(here)) or 0
    if many:
        yield Finding("ok", "feedback", f"{many} from members; read it with: rabta feedback")


def _clock(session: Session) -> Finding:
    if session.get_bind().dialect.name == "sqlite":
        return Finding("ok", "clock", "this machine's")
    there: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    off = abs((there - datetime.now(UTC)).total_seconds())
    if off > SKEW:
        says = f"{off:.0f} seconds off the database's; set the time of both machines by NTP"
        return Finding("bad" if off > 60 else "warn", "clock", says)
    return Finding("ok", "clock", "in step with the database's")


def _sums(session: Session) -> Finding:
    """Whether what is told of many deals at once is what the deals themselves say."""
    wrong = sums_kept.wrong(session)
    if wrong:
        says = f"{len(wrong)} of the kept sums are wrong ({wrong[0]}); run: rabta migrate --recount"
        return Finding("bad", "sums", says)
    return Finding("ok", "sums", "equal to the deals")


def _mail(session: Session) -> Iterator[Finding]:
    late = datetime.now(UTC) - timedelta(minutes=1)
    due = func.coalesce(Inbox.turn_at, Inbox.received_at)
    waiting = _count(session, Inbox.state == "new", due < late)
    failed = _count(session, Inbox.state == "failed")
    if waiting:
        yield Finding("warn", "inbox", f"{waiting} messages wait; is rabta run running?")
    if failed:
        says = f"{failed} messages could not be handled; see: rabta inbox --failed"
        yield Finding("warn", "inbox", says)
    if not waiting and not failed:
        yield Finding("ok", "inbox", "nothing waits")
    later, senders = pace.waiting(session, datetime.now(UTC))
    if later:
        says = f"{later} messages of {senders} who wrote too fast wait for their turn"
        yield Finding("warn", "pace", f"{says} (RABTA_RATE_PER_MINUTE)")
    lost = session.scalar(select(func.count()).select_from(Unreachable))
    if lost:
        says = f"{lost} where nothing arrives (blocked, archived) until somebody writes there"
        yield Finding("warn", "places", says)
    yield _outbox(problems(session, limit=200))


def _outbox(letters: list[dict[str, Any]]) -> Finding:
    """What did not arrive, and what may not have: that stays unknown until somebody asks."""
    unknown = [each for each in letters if each["state"] == "unknown"]
    refused = [each for each in letters if each["state"] == "refused"]
    says = [
        f"{len(these)} {what}, the last a {these[0]['kind']}: {these[0]['problem']}"
        for these, what in ((unknown, "may not have arrived"), (refused, "were refused"))
        if these
    ]
    if says:
        return Finding("warn", "outbox", "; ".join(says))
    return Finding("ok", "outbox", "everything arrived")


def _count(session: Session, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(Inbox).where(*where)) or 0  # type: ignore[arg-type]  # columns


def _owner(session: Session, settings: Settings) -> Finding:
    owner = select(Member.id).where(Member.role == "owner", Member.active).limit(1)
    if settings.owners or session.scalars(owner).first():
        return Finding("ok", "owners", "there is somebody to let others in")
    says = "nobody yet; set RABTA_OWNERS or run: rabta invite --role owner"
    return Finding("warn", "owners", says)


def _platforms(settings: Settings) -> Iterator[Finding]:
    if not settings.talks:
        says = "no token for any; rabta run talks in the terminal (docs/telegram.md, docs/slack.md)"
        yield Finding("warn", "platforms", says)
    if settings.telegram_token:
        reached = asyncio.run(_reached("Telegram", telegram_name(settings)))
        yield reached
        if settings.telegram_webhook_url and reached.state == "ok":
            yield asyncio.run(_webhook(settings))
    if settings.slack_bot_token:
        yield asyncio.run(_reached("Slack", slack_name(settings)))
    if settings.http:
        yield _port(settings)


def _relay(settings: Settings) -> Iterator[Finding]:
    """Whether mails to customers would go, and can be ended at a click."""
    if settings.smtp_url is None:
        return
    from bot.mail_look import look

    relay = relay_of(settings.smtp_url.get_secret_value())
    yield asyncio.run(_reached("mail", look(relay)))
    if not settings.public_url:
        says = "not set: mails ask for an answer instead of a click to end them (docs/campaigns.md)"
        yield Finding("warn", "RABTA_PUBLIC_URL", says)


def _port(settings: Settings) -> Finding:
    """Where we listen and for whom."""
    host, port = settings.http or ("", 0)
    called = [urlsplit(settings.telegram_webhook_url).path] if settings.telegram_webhook_url else []
    called += [SLACK_PATH] if settings.slack_by_http else []
    says = f"rabta run listens at {host}:{port}"
    if called:
        says += f"; what https brings for {' and '.join(called)} must be passed on to it"
    return Finding("ok", "HTTP", says)


async def _webhook(settings: Settings) -> Finding:
    """How the calls do that Telegram should make."""
    url, about = settings.telegram_webhook_url, "Telegram's webhook"
    try:
        info = await _ask_telegram(settings, lambda bot: bot.get_webhook_info())
    except ConnectionError as error:
        return Finding("bad", about, str(error))
    if info.url != url:
        return Finding("warn", about, f"{url} is not registered yet; rabta run does it")
    if info.last_error_message and info.pending_update_count:
        says = f"{info.pending_update_count} messages wait ({info.last_error_message})"
        return Finding("warn", about, f"{says}; does {url} lead to rabta run?")
    return Finding("ok", about, url)


async def _reached(platform: str, asking: Awaitable[str]) -> Finding:
    try:
        return Finding("ok", platform, await asking)
    except ConnectionError as error:
        return Finding("bad", platform, str(error))


async def telegram_name(settings: Settings) -> str:
    """The bot's user name. Raises ConnectionError with what to do, and without the token."""
    return f"@{(await _ask_telegram(settings, lambda bot: bot.get_me())).username}"


async def _ask_telegram(settings: Settings, ask: Callable[[Bot], Awaitable[T]]) -> T:
    from telegram import Bot
    from telegram.error import InvalidToken, TelegramError

    from bot.telegram_request import AiohttpRequest

    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    request = AiohttpRequest(1, PATIENCE)
    await request.initialize()
    try:
        return await ask(Bot(token, settings.telegram_base_url, request=request))
    except InvalidToken:
        says = "RABTA_TELEGRAM_TOKEN is refused; get a new one from @BotFather"
        raise ConnectionError(says) from None
    except TelegramError as error:
        says = f"{settings.telegram_base_url} cannot be reached ({type(error).__name__})"
        raise ConnectionError(says) from None
    finally:
        await request.shutdown()


async def slack_name(settings: Settings) -> str:
    """Who the bot is in which team, by the tokens there are. Raises ConnectionError with what
    to do."""
    import aiohttp
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web.async_client import AsyncWebClient

    bot, app = settings.slack_bot_token, settings.slack_app_token
    client = AsyncWebClient(
        bot.get_secret_value() if bot else None, settings.slack_base_url, timeout=int(PATIENCE)
    )
    asked = "BOT"
    try:
        about = await client.auth_test()
        asked = "APP"
        if app:
            await client.apps_connections_open(app_token=app.get_secret_value())
    except SlackApiError as error:
        says = f"RABTA_SLACK_{asked}_TOKEN is refused ({error.response.get('error')})"
        raise ConnectionError(f"{says}; see docs/slack.md") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        says = f"{settings.slack_base_url} cannot be reached ({type(error).__name__})"
        raise ConnectionError(says) from None
    return f"{about['user']} in {about['team']}"
