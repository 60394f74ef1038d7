"""Socket Mode: the app's sockets, envelopes waiting for their acknowledgement, redelivery."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.servers.slack.state import Json
from tests.servers.slack.world import Envelope, World

MOST_SOCKETS = 10
LIFE_OF_LINK = 30.0


@dataclass(eq=False)
class Link:
    """One open socket. A muted one carries nothing, though it stays open and answers pings."""

    socket: WebSocket
    peer: tuple[str, int]
    muted: bool = False
    retiring: bool = False
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    async def send(self, frame: Json) -> None:
        await self.socket.send_text(json.dumps(frame))


@dataclass
class Manners:
    """How the server treats deliveries; the tests bend it."""

    ack_seconds: float = 3.0
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)
    haste: float = 1.0  # divides the pauses before redelivery
    copies: int = 1  # how often each of the next events goes out
    delay: float = 0.0  # before each first delivery
    cut_after: int = 0  # so many deliveries are followed by a cut socket
    muted: bool = False  # new sockets are deaf from the start
    silent: bool = False  # pings are left unanswered


class Sockets:
    """Runs on the server's loop. `cut` aborts the connection of a peer."""

    def __init__(self, world: World, cut: Callable[[tuple[str, int]], None]) -> None:
        self.world, self.cut = world, cut
        self.manners = Manners()
        self.links: list[Link] = []
        self.tickets: dict[str, float] = {}
        self.opened = self.refused = 0  # ever
        self.strange_acks: list[Json] = []
        self.turn = 0
        self.came = asyncio.Event()

    def new_address(self) -> str:
        ticket = self.world.new_id("ticket")
        self.tickets[ticket] = self.world.clock()
        base = self.world.base.replace("http", "ws", 1)
        return f"{base}/link/?ticket={ticket}&app_id={self.world.app_id}"

    async def serve(self, socket: WebSocket) -> None:
        issued = self.tickets.pop(socket.query_params.get("ticket", ""), None)
        if issued is None or self.world.clock() - issued > LIFE_OF_LINK:
            await socket.close(4403)  # before accepting: an HTTP 403
            return
        await socket.accept()
        assert socket.client
        link = Link(socket, (socket.client.host, socket.client.port), muted=self.manners.muted)
        if len(self.links) >= MOST_SOCKETS:
            self.refused += 1
            await link.send(goodbye("too_many_websockets"))
            await socket.close()
            return
        with self.world.change():
            self.links.append(link)
            self.opened += 1
        try:
            await link.send(self._hello())
            self.came.set()
            while True:
                self._acknowledge(link, await socket.receive_text())
        except (WebSocketDisconnect, KeyError, RuntimeError):
            pass  # gone, in one of the ways a socket goes
        finally:
            self._forget(link)

    def _hello(self) -> Json:
        about = {"host": "applink-loopback", "build_number": 1}
        hello: Json = {"type": "hello", "num_connections": len(self.links)}
        hello["debug_info"] = about | {"approximate_connection_time": 18060}
        return hello | {"connection_info": {"app_id": self.world.app_id}}

    def _forget(self, link: Link) -> None:
        with self.world.change():
            if link in self.links:
                self.links.remove(link)
        for future in link.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the socket closed"))

    def _acknowledge(self, link: Link, frame: str) -> None:
        try:
            said = json.loads(frame)
        except ValueError:
            said = {"junk": frame}
        future = link.waiting.pop(str(said.get("envelope_id")), None)
        if future and not future.done():
            future.set_result(said.get("payload") or {})
        else:
            with self.world.change():
                self.strange_acks.append(said)

    async def carry(self, envelope: Envelope) -> None:
        """One delivery until it is acknowledged or given up."""
        retried = envelope.kind == "events_api"
        pauses = self.manners.retry_after if retried else ()
        if self.manners.delay:
            await asyncio.sleep(self.manners.delay)
        reason = ""
        for attempt, pause in enumerate((0.0, *pauses)):
            if pause:
                await asyncio.sleep(pause / self.manners.haste)
            reason = await self._attempt(envelope, attempt, reason)
            if not reason:
                return
        with self.world.change():
            envelope.lost = reason
            envelope.fail(reason)

    async def _attempt(self, envelope: Envelope, attempt: int, reason: str) -> str:
        """Empty when acknowledged, else why not."""
        try:
            link = await asyncio.wait_for(self._next_link(), self.manners.ack_seconds)
        except TimeoutError:
            return "connection_failed"
        name = str(UUID(int=self.world.count("envelope")))
        frame: Json = {"envelope_id": name, "type": envelope.kind, "payload": envelope.payload}
        frame["accepts_response_payload"] = envelope.kind != "events_api"
        if envelope.kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": reason}
        future = link.waiting[name] = asyncio.get_running_loop().create_future()
        with self.world.change():
            envelope.attempts.append(self.world.clock())
        try:
            if not link.muted:
                await link.send(frame)
            if self.manners.cut_after > 0:
                self.manners.cut_after -= 1
                link.retiring = True
                self.cut(link.peer)
            answer = await asyncio.wait_for(future, self.manners.ack_seconds)
        except TimeoutError:
            link.waiting.pop(name, None)
            return "timeout"
        except (ConnectionError, WebSocketDisconnect, RuntimeError):
            return "connection_failed"
        with self.world.change():
            envelope.taken(answer)
        return ""

    async def _next_link(self) -> Link:
        """The sockets take turns; a muted one swallows what it gets, as the real one does."""
        while True:
            ready = [link for link in self.links if not link.retiring]
            if ready:
                self.turn += 1
                return ready[self.turn % len(ready)]
            self.came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.came.wait(), 0.05)

    async def retire(self, link: Link, reason: str, after: float) -> None:
        """A disconnect frame, then, `after` seconds, the end; a warning alone ends nothing."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await link.send(goodbye(reason))
            if reason != "warning":
                link.retiring = True
                await asyncio.sleep(after)
                await link.socket.close()


def goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-loopback"}}
