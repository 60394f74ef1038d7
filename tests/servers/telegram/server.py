"""Telegram on loopback: what answers the bot, and where the tests meet its people."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Self

from tests.servers.telegram.api import METHODS, PACED, Api, called
from tests.servers.telegram.chats import Chat
from tests.servers.telegram.faults import Fault, Limits, too_many
from tests.servers.telegram.people import User
from tests.servers.telegram.state import Call, Person, Room, World
from tests.servers.telegram.updates import Updates
from tests.servers.telegram.wire import Answer, Request, Wire

TOKEN = "123456789:AAExampleOfATokenThatIsForTestsOnly"


class TelegramServer:
    """Start it, point a Bot at `base_url` and `base_file_url`, and let people speak.

    Its own thread runs the sockets; people and assertions belong to the test's thread."""

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "rabta_bot",
        *,
        first_id: int = 1000,
        first_update: int = 700_000_000,
        clock: Callable[[], float] = time.time,
        privacy: bool = True,
        mentions_reach: bool = False,
        query_age: float = 30.0,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "Rabta", username=username, is_bot=True)
        self.token, self.bot, self.port = token, bot, 0
        self.world = World(bot, first_id, first_update, clock, privacy, mentions_reach)
        self.limits, self.query_age = Limits(), query_age
        self.updates = Updates(self.world)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._ids = iter(range(5_000_001, 9_000_000))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)
        self._ready, self._end = threading.Event(), asyncio.Event()

    # Life

    def start(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        wire = Wire(self._answer)
        self.port = await wire.open("127.0.0.1", 0)

        def news() -> None:
            loop.call_soon_threadsafe(self.updates.wake)

        self.world.wake = news
        pushing = asyncio.create_task(self.updates.push())
        self._ready.set()
        await self._end.wait()
        self.world.wake = lambda: None
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)
        await wire.close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def settings(self) -> dict[str, str]:
        """What leads a Rabta of its own here."""
        return {
            "RABTA_TELEGRAM_TOKEN": self.token,
            "RABTA_TELEGRAM_BASE_URL": self.base_url,
            "RABTA_TELEGRAM_BASE_FILE_URL": self.base_file_url,
        }

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    # People

    def user(
        self,
        user_id: int | None,
        first_name: str,
        username: str | None = None,
        language_code: str | None = None,
        last_name: str | None = None,
        is_bot: bool = False,
    ) -> User:
        number = next(self._ids) if user_id is None else user_id
        person = Person(number, first_name, last_name, username, language_code, is_bot)
        with self.world.lock:
            self.world.people[number] = person
        return User(self.world, person)

    def private(self, user: User) -> Chat:
        """The person's chat with the bot; it begins when the person writes."""
        with self.world.lock:
            room = self.world.rooms.get(user.id)
            if room is None:
                room = Room(user.id, "private", person=user.person, started=False)
                self.world.rooms[user.id] = room
            return Chat(self.world, room)

    def group(
        self, title: str, members: list[User], *, supergroup: bool = False, admin: bool = False
    ) -> Chat:
        """A group to which its first member has added the bot, as an admin or not."""
        with self.world.lock:
            number = -next(self._ids) - (1_000_000_000_000 if supergroup else 0)
            room = Room(number, "supergroup" if supergroup else "group", title)
            room.members = {member.id: member.person for member in members}
            room.admins = {members[0].id} | ({self.bot.id} if admin else set())
            self.world.rooms[number] = room
            members[0].sends(Chat(self.world, room), new_chat_members=[self.bot.body])
            return Chat(self.world, room)

    # Time, trouble and what was called

    def passes(self, seconds: float) -> None:
        """Let the server's clock go on."""
        with self.world.lock:
            self.world.skew += seconds

    def goes_wrong(self, method: str, *faults: Fault) -> None:
        """The next calls of that method, one fault each."""
        with self.world.lock:
            self._faults[method.lower()].extend(faults)

    def is_well(self) -> None:
        """No call goes wrong any more."""
        with self.world.lock:
            self._faults.clear()

    @property
    def is_troubled(self) -> bool:
        """Whether a call is still to go wrong."""
        with self.world.lock:
            return any(self._faults.values())

    def repeats(self, last: int) -> None:
        """Hand out the last updates once more, though the bot has confirmed them."""
        with self.world.lock:
            done = [update for update in self.world.queue.given if update.confirmed]
            self.world.queue.again = done[-last:]
            self.world.wake()

    def restarts_update_ids(self, at: int) -> None:
        with self.world.lock:
            self.world.queue.next_id = at

    def loses_chat(self, chat: Chat, standing: str = "kicked") -> None:
        """The bot is thrown out of a group, or has left it."""
        with self.world.lock:
            chat.room.standing = standing

    @property
    def calls(self) -> list[Call]:
        with self.world.lock:
            return [*self.world.calls]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    # Answers

    async def _answer(self, request: Request) -> Answer:
        head, _, rest = request.path.lstrip("/").partition("/")
        if head == "file":
            return self._download(rest)
        token, method = head.removeprefix("bot"), rest.lower()
        if not head.startswith("bot") or ":" not in token:
            return Answer.of(_error(404, "Not Found"), 404)
        if token != self.token:
            return Answer.of(_error(401, "Unauthorized"), 401)
        if method not in METHODS and method not in self.updates.methods:
            return Answer.of(_error(404, "Not Found: method not found"), 404)
        return await self._called(rest, request)

    async def _called(self, method: str, request: Request) -> Answer:
        name = method.lower()
        with self.world.lock:
            call = Call(method, {**request.params}, self.world.now)
            self.world.calls.append(call)
            fault = self._faults[name].popleft() if self._faults[name] else Fault()
        await asyncio.sleep(fault.delay)
        if fault.done and name in self.updates.methods:
            call.answer = await self.updates.methods[name](request.params)
        elif fault.done:
            call.answer = self._done(name, request)
        if fault.late:
            await asyncio.sleep(fault.late)
        if fault.answer:
            return fault.answer
        return Answer.of(call.answer, int(call.answer.get("error_code", 200)))

    def _done(self, name: str, request: Request) -> dict[str, Any]:
        with self.world.lock:
            if name in PACED:
                chat_id = request.params.get("chat_id", "")
                if wait := self.limits.retry_after(chat_id, self.world.now):
                    return too_many(wait)
            api = Api(self.world, request.params, request.files)
            api.query_age = self.query_age
            return called(api, name)

    def _download(self, path: str) -> Answer:
        token, _, path = path.removeprefix("bot").partition("/")
        with self.world.lock:
            found = [data for name, data in self.world.files.values() if name == path]
        if token != self.token or not found:
            return Answer.of(_error(404, "Not Found"), 404)
        return Answer(200, found[0], "application/octet-stream")


def _error(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}
