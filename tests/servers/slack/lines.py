"""The connections beneath HTTP and WebSocket, so that a test can cut or silence them."""

from __future__ import annotations

import asyncio
import socket
from asyncio import BaseTransport, Transport
from typing import cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

Peer = tuple[str, int]


class Lines:
    """All open connections of one server, by peer."""

    def __init__(self) -> None:
        self.open: dict[Peer, Transport] = {}
        self.silent = False  # pings are left unanswered
        lines = self

        class Http(H11Protocol):
            def connection_made(self, transport: BaseTransport) -> None:
                super().connection_made(cast("Transport", transport))
                lines.open[transport.get_extra_info("peername")] = cast("Transport", transport)

        class Ws(WebSocketsSansIOProtocol):
            def handle_ping(self) -> None:
                if lines.silent:
                    self.conn.data_to_send()  # the pong is made, and thrown away
                else:
                    super().handle_ping()

        self.http, self.ws = Http, Ws

    def cut(self, peer: Peer) -> None:
        """As if a cable were pulled: no close frame, no answer."""
        line = self.open.pop(peer, None)
        if line:
            line.abort()


class Prompt(uvicorn.Server):
    """Says when it is up and stops when told to, without looking ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up, self.over = asyncio.Event(), asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.up.set()
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=1)
