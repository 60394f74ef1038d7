"""The connections beneath HTTP and WebSocket, so that a test can cut or silence them."""

from __future__ import annotations

from asyncio import BaseTransport, Transport
from typing import cast

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
