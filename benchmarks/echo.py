"""What a whole message costs on Telegram, beside a bare echo bot of stock python-telegram-bot.

Both are programs of their own in front of the same loopback server, fed in turn in one run: the
echo bot answers with the words it got; `rabta run` reads them, finds the customer among 100,000
(3 in 10 names are misspelt), writes the call down and answers. What counts is the processor's time
of each program, and how long people waited, as a ratio.

    python benchmarks/echo.py [CONTACTS] [MESSAGES]
"""

from __future__ import annotations

import gc
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import insert

from bot.buttons import with_tokens
from bot.reception import DEFAULT, House, workspace
from handlers.library import the_book
from language.sounds import name_keys
from scheduler import journey, scores
from scheduler.drawing import Draw
from storage import names
from storage.database import Database
from storage.migrate import migrate
from storage.models import Company, Contact
from tests.servers.telegram import TelegramServer
from tests.servers.telegram.chats import Chat
from tests.servers.telegram.people import User

CONTACTS, MESSAGES, ROUNDS = 100_000, 300, 3
PEOPLE = 40
PACE = 20.0
"""Messages a second where how long people wait is measured."""
MISSPELT = 0.3
WARM = 40
BATCH = 2000

GIVEN = tuple(
    "Ayesha Bilal Sara Omar Hina Farhan Nadia Usman Zainab Imran Fatima Hassan Maryam Tariq Saima "
    "Adnan Rabia Kamran Sana Waqas Bushra Shahid Amna Faisal Noreen Asad Uzma Junaid Ali".split()
)
BEGINNINGS = tuple("Ah Ba Cha Da Fa Gul Ha Ja Kha La Ma Na Par Qu Ra Sha Ta Us Wa Za".split())
MIDDLES = tuple("ba di fi ga hi ja ku li mo na pu ri so tu vi za".split())
ENDINGS = tuple("d f hir j k l m n q r sh t wal yar z".split())
FIRMS = tuple("Textiles Traders Mills Foods Dairy Motors Steel Pharma Paper Tiles".split())


def echo(base_url: str, token: str) -> None:
    """The peer: as its own documentation shows it."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    application = Application.builder().token(token).base_url(base_url).build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
    application.run_polling()


# --- a hundred thousand customers -----------------------------------------------------------------


def surname(dice: Random) -> str:
    middle = "".join(dice.choices(MIDDLES, k=dice.randint(0, 2)))
    return dice.choice(BEGINNINGS) + middle + dice.choice(ENDINGS)


def furnish(url: str, count: int) -> list[str]:
    """Customers in an empty database; some of their names, all different."""
    database, dice, now = Database(url), Random(5), datetime.now(UTC)
    draw = Draw(the_book(), with_tokens)
    migrate(database)
    with database.transaction() as session:
        space = workspace(session, House(open=True), DEFAULT, now)
        more = {"workspace_id": space.id, "owner_id": 1, "created_at": now}
        firms = [f"{surname(dice)} {dice.choice(FIRMS)}" for _ in range(count // 20)]
        people = [f"{dice.choice(GIVEN)} {surname(dice)} {surname(dice)}" for _ in range(count)]
        for kind, called in ((Company, firms), (Contact, people)):
            for first in range(0, len(called), BATCH):
                rows = [
                    {**name_keys(name), "id": number, **more}
                    for number, name in enumerate(called[first : first + BATCH], first + 1)
                ]
                session.execute(insert(kind), rows)
                names.keep(session, kind.__tablename__, rows)
    while database.run(lambda session: scores.tick(session, draw, datetime.now(UTC))):
        pass  # they have been there for a while
    while database.run(lambda session: journey.tick(session, draw, datetime.now(UTC))):
        pass
    database.close()
    return dice.sample(sorted(set(people)), 2000)


def typed(name: str, dice: Random) -> str:
    """A name as a thumb types it: three in ten with a letter left out, doubled or swapped."""
    if dice.random() > MISSPELT:
        return name
    at = dice.randrange(name.index(" ") + 2, len(name) - 2)
    slips = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    return dice.choice(slips)


# --- both in front of the same server -------------------------------------------------------------


@dataclass
class Bot:
    """A running program, its server, and what it cost."""

    name: str
    server: TelegramServer
    process: subprocess.Popen[bytes]
    people: list[tuple[User, Chat]]
    paced: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def spent(self) -> float:
        """Seconds of processor time so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def speak(bot: Bot, texts: list[str], pace: float) -> tuple[float, list[float]]:
    """Say these, so many a second (0: at once); processor seconds spent, and each one's wait."""
    waiting: dict[int, deque[float]] = {}
    seen: dict[int, int] = {}
    waits: list[float] = []
    chats = [chat for _, chat in bot.people]
    for chat in chats:
        seen[chat.id], waiting[chat.id] = chat.changes, deque()

    def look() -> None:
        now = time.perf_counter()
        for chat in chats:
            while seen[chat.id] < chat.changes and waiting[chat.id]:
                waits.append(now - waiting[chat.id].popleft())
                seen[chat.id] += 1

    before, begun = bot.spent(), time.perf_counter()
    for number, text in enumerate(texts):
        while pace and time.perf_counter() < begun + number / pace:
            look()
            time.sleep(0.0005)
        user, chat = bot.people[number % len(bot.people)]
        waiting[chat.id].append(time.perf_counter())
        user.says(chat, text)
    deadline = time.perf_counter() + 120
    while len(waits) < len(texts):
        look()
        time.sleep(0.001)
        assert time.perf_counter() < deadline, f"{bot.name} answered {len(waits)} of {len(texts)}"
    return bot.spent() - before, waits


@contextmanager
def running(name: str, command: list[str], settings: dict[str, str]) -> Iterator[Bot]:
    with TelegramServer() as server:
        if name == "echo":
            command = [*command, server.base_url, server.token]
        environment = {**os.environ, **settings, **server.settings}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
        users = [server.user(101 + number, f"Member {number}") for number in range(PEOPLE)]
        try:
            yield Bot(name, server, process, [(user, server.private(user)) for user in users])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def measure(bots: list[Bot], known: list[str], count: int) -> None:
    dice = Random(9)

    def texts(many: int) -> list[str]:
        return [f"called {typed(dice.choice(known), dice)}, wants new rates" for _ in range(many)]

    for bot in bots:
        speak(bot, texts(WARM), 0)
        speak(bot, texts(WARM), 0)
    for _ in range(ROUNDS):
        for bot in bots:
            before = bot.spent()
            time.sleep(4)
            bot.idle.append((bot.spent() - before) / 4)
            said = texts(count // ROUNDS)
            spent, waits = speak(bot, said, PACE)
            bot.paced.append(spent / len(said))
            bot.waits += waits
            spent, _ = speak(bot, texts(count // ROUNDS), 0)
            bot.burst.append(spent / len(said))


def main() -> None:
    gc.disable()  # the server here would hold up a bot's answer for a tenth of a second
    contacts, count = (int(each) for each in (*sys.argv[1:], CONTACTS, MESSAGES)[:2])
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/rabta.db"
        known = furnish(url, contacts)
        ours = [str(Path(sys.executable).with_name("rabta")), "run"]
        theirs = [sys.executable, __file__, "echo"]
        settings = {"RABTA_DATABASE_URL": url, "RABTA_JOIN": "open"}
        with running("echo", theirs, {}) as peer, running("rabta", ours, settings) as rabta:
            measure([peer, rabta], known, count)
    print(f"{contacts:,} contacts, {count} messages, Python {sys.version.split()[0]}")
    for name in ("paced", "burst"):
        echoed, told = (statistics.median(getattr(bot, name)) * 1e3 for bot in (peer, rabta))
        how = f"{PACE:g} a second" if name == "paced" else "all at once"
        print(f"  {how}: echo {echoed:.2f} ms, rabta {told:.2f} ms of processor time a message")
        print(f"    {echoed / told:.2f} messages of ours for one of theirs")
    late = [statistics.quantiles(bot.waits, n=100)[98] * 1e3 for bot in (peer, rabta)]
    half = [statistics.median(bot.waits) * 1e3 for bot in (peer, rabta)]
    print(f"  people waited p50 {half[0]:.1f} and {half[1]:.1f} ms, p99 {late[0]:.1f} and "
          f"{late[1]:.1f} ms: {late[1] / late[0]:.1f}x")  # fmt: skip
    idle = [statistics.median(bot.idle) * 1e3 for bot in (peer, rabta)]
    print(f"  idle: {idle[0]:.1f} and {idle[1]:.1f} ms of processor time a second")


if __name__ == "__main__":
    if sys.argv[1:2] == ["echo"]:
        echo(sys.argv[2], sys.argv[3])
    else:
        main()
