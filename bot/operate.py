"""What an operator does from the command line: migrate, invite, look after the inbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from storage import inbox, queries
from storage.database import Database
from storage.export import Record, reading, workspaces
from storage.hold import Held, hold, holder_of
from storage.models import Inbox, Workspace
from storage.trouble import first_line

if TYPE_CHECKING:
    from bot.settings import Settings


_WORDS = ("text", "caption", "data")
"""Where platforms keep what somebody wrote."""


def learned(settings: Settings) -> Iterator[Record]:
    """What workspaces let be learned, in the shape of labelled messages."""
    from storage.lessons import lessons

    with opened(settings, None) as (session, spaces):
        for number, lesson in enumerate(lessons(session, spaces), 1):
            said_at = lesson.at.astimezone(ZoneInfo(lesson.zone))
            told = {
                "id": f"learned-{number:03}",
                "lang": lesson.language,
                "text": lesson.text,
                "now": said_at.isoformat(timespec="seconds"),
                "actions": lesson.meant,
                "read": lesson.read,
            }
            yield {**told, "reworded": lesson.reworded} if lesson.reworded else told


def feedback(settings: Settings, most: int) -> Iterator[str]:
    """What members said of Rabta, workspace by workspace, the newest first."""
    from storage.feedback import latest

    with opened(settings, None) as (session, spaces):
        for space in spaces:
            names = {each.id: each.name for each in queries.members(session, space.id)}
            for row in latest(session, space.id, most):
                at = row.at.astimezone(ZoneInfo(space.timezone))
                by = names.get(row.by_id or 0, "somebody")
                said = " ".join(row.text.split())
                yield f"{at:%Y-%m-%d %H:%M}  {space.name}  {by}: {said}"


@contextmanager
def opened(settings: Settings, name: str | None) -> Iterator[tuple[Session, list[Workspace]]]:
    """The database to read from, with all workspaces or the one of that name."""
    if is_missing(settings.database_url):
        raise click.ClickException("There is no database yet; rabta run makes it.")
    with closing(Database(settings.database_url)) as database, reading(database.engine) as session:
        try:
            spaces = workspaces(session, name)
        except DBAPIError as error:
            raise click.ClickException(_why(error)) from None
        if name is not None and not spaces:
            known = ", ".join(space.name for space in workspaces(session)) or "none yet"
            raise click.ClickException(f"There is no workspace {name}. There are: {known}.")
        yield session, spaces


def is_missing(url: str) -> bool:
    """Is it a SQLite file that nobody has made yet?"""
    place = make_url(url)
    is_file = place.get_backend_name() == "sqlite" and place.database
    return bool(is_file) and not Path(str(place.database)).exists()


def _why(error: DBAPIError) -> str:
    away = isinstance(error, OperationalError) and "no such table" not in str(error.orig)
    if away:
        return f"RABTA_DATABASE_URL cannot be reached: {first_line(error)}"
    return "The database is not migrated; run: rabta migrate"


def migrated(settings: Settings) -> bool:
    """Bring the database to the newest shape; True if there was something to do.

    Raises Held while an older Rabta runs on the file, and TooNew.
    """
    from storage.revisions import is_current

    url = settings.database_url
    with closing(Database(url, guest=holder_of(url) is not None)) as database:
        try:
            if not is_missing(url) and is_current(database):
                return False
            from storage.migrate import migrate

            with hold(url, "migrate"):
                return migrate(database)
        except OperationalError as error:
            raise click.ClickException(_why(error)) from None


def recounted(settings: Settings) -> int:
    """Count the sums of deals anew, with what keeps them; how many were wrong."""
    from storage import sums_kept

    with beside(settings.database_url) as database, database.transaction() as session:
        were = len(sums_kept.wrong(session))
        if not sums_kept.keep(session.connection()):
            sums_kept.recount(session.connection())
    return were


def invited(settings: Settings, name: str, role: str) -> str:
    """A new invitation, as the link to open or the line to send."""
    from bot.reception import workspace
    from storage.invites import invite

    migrated(settings)
    now = datetime.now(UTC)
    with beside(settings.database_url) as database, database.transaction() as session:
        code = invite(session, workspace(session, settings.house(), name, now).id, role, now)
    bot = asyncio.run(_telegram_name(settings))
    if bot:
        return f"https://t.me/{bot.removeprefix('@')}?start={code}"
    return f"Send this to the bot on Telegram, within seven days:\n/start {code}"


def undone(settings: Settings, *, only_failed: bool, with_text: bool) -> Iterator[str]:
    """What the inbox has not done, a line each: number, state, door, age, tries, kind of error."""
    now = datetime.now(UTC)
    with opened(settings, None) as (session, _):
        for row in inbox.undone(session, only_failed=only_failed):
            tries = f"{row.tries} tries, {row.error}" if row.tries else "not tried yet"
            waited = age(now - row.received_at)
            line = f"{row.id}  {_state(row, now)}  {row.door}  {waited}  {tries}"
            yield f"{line}  {text_of(row.payload)}" if with_text else line


def _state(row: Inbox, now: datetime) -> str:
    if row.state == "failed":
        return "set aside"
    return "waits" if row.turn_at is None or row.turn_at <= now else "waits for its turn"


def age(span: timedelta) -> str:
    """``12 s``, ``5 min``, ``3 h``, ``2 d``."""
    seconds = max(0, int(span.total_seconds()))
    sizes = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    size, name = next((each for each in sizes if seconds >= each[0]), sizes[-1])
    return f"{seconds // size} {name}"


def text_of(payload: object) -> str:
    """The words in an event of any platform, on one line; the whole event where it has none."""
    found = next((text for text in _texts(payload) if text.strip()), None)
    return " ".join((found or json.dumps(payload, ensure_ascii=False)).split())


def _texts(payload: object) -> Iterator[str]:
    if isinstance(payload, dict):
        yield from (payload[name] for name in _WORDS if isinstance(payload.get(name), str))
        payload = list(payload.values())
    if isinstance(payload, list):
        for each in payload:
            yield from _texts(each)


def retried(settings: Settings, number: int) -> bool:
    """Have a message handled once more, by whoever runs; False where it is not undone."""
    with beside(settings.database_url) as database:
        return database.run(lambda session: inbox.retry(session, number))


def dropped(settings: Settings, number: int) -> bool:
    with beside(settings.database_url) as database:
        return database.run(lambda session: inbox.drop(session, number, datetime.now(UTC)))


@contextmanager
def beside(url: str) -> Iterator[Database]:
    """The database to write to, beside whoever holds it; where nobody does, it is held."""
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(url, "invite", patience=0))
            guest = False
        except Held:
            guest = True
        yield stack.enter_context(closing(Database(url, guest=guest)))


async def _telegram_name(settings: Settings) -> str:
    """Empty where there is no bot that answers."""
    if not settings.telegram_token:
        return ""
    from bot.doctor import telegram_name

    try:
        return await telegram_name(settings)
    except ConnectionError as error:
        click.echo(str(error), err=True)
        return ""
