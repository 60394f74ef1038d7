"""What stands before the processes that a platform calls: it finds one that answers, and at times
cuts a call short, in the middle of what is said or of the answer."""

from __future__ import annotations

import random
import select
import socket
import socketserver
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

LARGEST_CALL, LARGEST_ANSWER = 2000, 150
"""Bytes within which a call or its answer is cut."""


class Proxy:
    """``cuts`` is the part of the calls that it cuts short."""

    def __init__(self, seed: str) -> None:
        self.cuts = 0.0
        self.ports: Sequence[int] = ()
        self.dice = random.Random(seed)
        self._turn = 0
        proxy = self

        class Met(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError), proxy.one_that_answers() as there:
                    _between(self.request, there, *proxy.cut())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Met)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=[0.05], daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def one_that_answers(self) -> socket.socket:
        """A line to the next process that is there. Raises OSError where none is."""
        self._turn += 1
        for number in range(len(self.ports)):
            with suppress(OSError):
                port = self.ports[(self._turn + number) % len(self.ports)]
                return socket.create_connection(("127.0.0.1", port))
        raise ConnectionRefusedError

    def cut(self) -> tuple[int, int]:
        """After how many bytes of a call and of its answer; far behind both where it is not."""
        never = 1 << 30
        if self.dice.random() >= self.cuts:
            return never, never
        if self.dice.random() < 0.5:
            return self.dice.randrange(LARGEST_CALL), never
        return never, self.dice.randrange(LARGEST_ANSWER)


def _between(here: socket.socket, there: socket.socket, ask: int, answer: int) -> None:
    """Carry bytes both ways until one side closes, or so many have passed."""
    other, left = {here: there, there: here}, {here: ask, there: answer}
    while True:
        for line in select.select([here, there], [], [])[0]:
            data = line.recv(65536)
            other[line].sendall(data[: left[line]])
            left[line] -= len(data)
            if not data or left[line] <= 0:
                return
