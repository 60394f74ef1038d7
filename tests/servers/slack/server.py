"""The loopback Slack as a test holds it: started, bent, watched and stopped."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Self

import uvicorn

from tests.servers.slack import lists, posts, views
from tests.servers.slack.api import APP_TOKEN, Ask, Call, method
from tests.servers.slack.faults import Fault, Faults
from tests.servers.slack.lines import Lines, Prompt
from tests.servers.slack.sockets import Sockets
from tests.servers.slack.state import Json, View
from tests.servers.slack.web import Web
from tests.servers.slack.workspaces import Workspace
from tests.servers.slack.world import Envelope, World

__all__ = ["SlackServer", "lists", "views"]  # imported for the methods that they declare


class SlackServer:
    """`with SlackServer() as slack:` gives a Slack on loopback; point the app at `api_url`.

    `clock` is what triggers, response URLs, tickets and limits go by. The pauses before
    redelivery are divided by `haste`.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        ack_seconds: float = 3.0,
        haste: float = 1.0,
    ) -> None:
        self.world = World(clock)
        self.lines = Lines()
        self.sockets = Sockets(self.world, self.lines.cut)
        self.faults = Faults(self.world)
        self.web = Web(self.world, self.faults, self.lines, self.sockets)
        self.manners = self.sockets.manners
        self.manners.ack_seconds, self.manners.haste = ack_seconds, haste
        self.app_token, self.signing_secret = APP_TOKEN, posts.SIGNING_SECRET
        self.request_url = ""  # set: deliveries go there by HTTP instead of by socket
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.world.base = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.world.base}/api/"
        self.world.send = self._send
        self.world.new_link = self.sockets.new_address

    def __enter__(self) -> Self:
        config = uvicorn.Config(
            self.web.app,
            http=self.lines.http,
            ws=self.lines.ws,
            ws_ping_interval=None,
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = Prompt(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-server", daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the server did not start"
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._uvicorn.over.set)
        self._thread.join(10)
        self._listener.close()
        assert not self._thread.is_alive(), "the server did not stop"

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        serving = asyncio.create_task(self._uvicorn.serve([self._listener]))
        up = asyncio.create_task(self._uvicorn.up.wait())
        await asyncio.wait([up, serving], return_when=asyncio.FIRST_COMPLETED)
        self._ready.set()
        await self._uvicorn.over.wait()
        for peer in list(self.lines.open):
            self.lines.cut(peer)
        await serving
        for task in self._tasks:
            task.cancel()

    # What happens in the world

    def team(self, team_id: str = "T0BAZAAR", name: str = "Bazaar") -> Workspace:
        """A team with the app installed. Its token is `bot_token`, its bot `bot`."""
        if team_id in self.world.teams:
            found = self.world.teams[team_id]
            assert isinstance(found, Workspace)
            return found
        team = Workspace(self.world, team_id, name, f"xoxb-{team_id}-loopback")
        team.bot = team.user(f"U{team_id[1:]}BOT", "Rabta", bot=True)
        with self.world.change():
            self.world.teams[team_id] = team
        return team

    def obeys(self, manifest: Json) -> None:
        """The app is set up as its manifest says: scopes, events, commands, where to, no more."""
        settings, features = manifest["settings"], manifest["features"]
        called = settings["event_subscriptions"].get("request_url", "")
        assert settings["socket_mode_enabled"] == (not called)
        assert settings["interactivity"].get("request_url", "") == called
        assert settings["interactivity"]["is_enabled"]
        self.request_url = called
        self.world.subscriptions = set(settings["event_subscriptions"]["bot_events"])
        for command in features["slash_commands"]:
            assert command.get("url", "") == called
            self.world.should_escape = command["should_escape"]
        for team in self.world.teams.values():
            assert isinstance(team, Workspace)
            team.scopes = set(manifest["oauth_config"]["scopes"]["bot"])
            team.commands = {command["command"] for command in features["slash_commands"]}
            team.shortcuts = {
                each["name"]: each["callback_id"]
                for each in features.get("shortcuts", ())
                if each["type"] == "message"
            }

    @property
    def calls(self) -> list[Call]:
        with self.world.changed:
            return list(self.web.calls)

    def called(self, name: str) -> list[Call]:
        return [call for call in self.calls if call.method == name]

    @property
    def modals(self) -> list[View]:
        with self.world.changed:
            return [view for view in self.world.views.values() if views.is_modal(view)]

    @property
    def deliveries(self) -> list[Envelope]:
        with self.world.changed:
            return list(self.world.sent)

    def wait(self, look: Callable[[], object], timeout: float = 20.0) -> None:
        """Until `look` gives something true."""
        assert self.world.wait(lambda: look() or None, timeout), f"nothing after {timeout} s"

    def settle(self, timeout: float = 20.0) -> None:
        """Until every delivery is acknowledged or given up."""
        self.wait(lambda: all(envelope.settled for envelope in self.world.sent), timeout)

    def wait_for_sockets(self, count: int = 1, timeout: float = 10.0) -> None:
        self.wait(lambda: len(self.sockets.links) >= count, timeout)

    # Misbehaviour

    def fails(self, method_name: str, *, times: int = 1, status: int = 500) -> None:
        self.faults.add(Fault(method_name, times, status))

    def refuses(self, method_name: str, error: str, *, times: int = 1) -> None:
        self.faults.add(Fault(method_name, times, error=error))

    def limits(self, method_name: str, *, retry_after: int = 1, times: int = 1) -> None:
        limited = Fault(method_name, times, 429, "ratelimited", retry_after)
        self.faults.add(limited)

    def loses_reply(self, method_name: str, *, times: int = 1, done: bool = True) -> None:
        """The call takes effect (unless not `done`), and the line is cut instead of a reply."""
        self.faults.add(Fault(method_name, times, done=done, cut=True))

    def delays(
        self, method_name: str, seconds: float, *, times: int = 1, after: bool = False
    ) -> None:
        """Slow before the call takes effect, or, `after`, in replying."""
        self.faults.add(Fault(method_name, times, delay=seconds, done=after))

    def mutes(self, *, silent: bool = False) -> None:
        """Open sockets go deaf: nothing arrives. `silent`: pings are not answered either."""
        for link in self.sockets.links:
            link.muted = True
        self.lines.silent = silent

    def unmutes(self) -> None:
        for link in self.sockets.links:
            link.muted = False
        self.lines.silent = False

    def cuts(self) -> None:
        """Every socket breaks without a word."""
        for link in list(self.sockets.links):
            self._loop.call_soon_threadsafe(self.lines.cut, link.peer)

    def says_goodbye(self, reason: str = "refresh_requested", *, after: float = 0.0) -> None:
        """A disconnect frame to every socket: warning, refresh_requested or link_disabled."""
        for link in list(self.sockets.links):
            retiring = self.sockets.retire(link, reason, after)
            asyncio.run_coroutine_threadsafe(retiring, self._loop)

    # Deliveries

    def redeliver(self, envelope: Envelope, **changes: object) -> Envelope:
        """The same delivery once more, with the same event_id, as Slack does at times."""
        again = replace(envelope, attempts=[], acked=False, answer={}, lost="")
        again.payload = envelope.payload | changes
        self._send(again)
        return again

    def _send(self, envelope: Envelope) -> None:
        with self.world.change():
            self.world.sent.append(envelope)
        self._loop.call_soon_threadsafe(self._start, envelope)

    def _start(self, envelope: Envelope) -> None:
        copies = self.manners.copies if envelope.kind == "events_api" else 1
        for _ in range(copies):
            carry = self._post if self.request_url else self.sockets.carry
            task = asyncio.get_running_loop().create_task(carry(envelope))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, envelope: Envelope) -> None:
        await posts.carry(envelope, self.request_url, self.manners)

    def forges(
        self,
        payload: Json,
        *,
        timestamp: str | None = None,
        signed: str | None = None,
        secret: str = posts.SIGNING_SECRET,
        body: bytes | None = None,
    ) -> posts.Reply:
        """One HTTP delivery with a timestamp, signature, secret or body of the test's choosing."""
        when = str(int(self.world.clock())) if timestamp is None else timestamp
        raw = json.dumps(payload).encode() if body is None else body
        kind = "application/json"
        return posts.post(self.request_url, kind, raw, when, secret=secret, signed=signed)

    def challenges(self) -> bool:
        """Slack's check of a new request URL: the app must answer with the challenge."""
        asked = {"type": "url_verification", "challenge": "c", "token": "verification-token"}
        answer = self.forges(asked)
        return answer.status == 200 and answer.body.strip() in (b"c", b'{"challenge": "c"}')


@method("apps.connections.open", app_level=True)
def connections_open(ask: Ask) -> Json:
    return {"url": ask.world.new_link()}
