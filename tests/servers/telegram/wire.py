"""HTTP on loopback, small enough to misbehave on purpose: an answer, or a socket cut short."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

HEAD_LIMIT, BODY_LIMIT = 64_000, 60_000_000


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    files: dict[str, Upload]


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    cut: bool = False  # close the socket without a word instead

    @classmethod
    def of(cls, body: object, status: int = 200) -> Answer:
        return cls(status, json.dumps(body, ensure_ascii=False).encode())


Handler = Callable[[Request], Awaitable[Answer]]


class Wire:
    """A server for one handler; it closes every socket before it says that it has stopped."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.talks: set[asyncio.Task[None]] = set()
        self.server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        self.server = await asyncio.start_server(self._met, host, port, limit=HEAD_LIMIT)
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self.server:
            self.server.close()
        for talk in self.talks:
            talk.cancel()
        await asyncio.gather(*self.talks, return_exceptions=True)
        if self.server:
            await self.server.wait_closed()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.talks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._turn(reader, writer):
                    pass
        except asyncio.CancelledError:
            pass  # the server stops: the socket closes below and nobody waits for this task
        finally:
            self.talks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _turn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        size = int(headers.get("content-length", "0"))
        if size > BODY_LIMIT or "transfer-encoding" in headers:
            await _say(writer, Answer(413, b"Request Entity Too Large", "text/html"))
            return False
        body = await reader.readexactly(size)
        answer = await self.handler(_request(method, target, headers, body))
        if answer.cut:
            writer.transport.abort()
            return False
        await _say(writer, answer)
        return headers.get("connection", "").lower() != "close"


async def _say(writer: asyncio.StreamWriter, answer: Answer) -> None:
    phrase = HTTPStatus(answer.status).phrase
    head = (
        f"HTTP/1.1 {answer.status} {phrase}\r\nContent-Type: {answer.kind}\r\n"
        f"Content-Length: {len(answer.body)}\r\n\r\n"
    )
    writer.write(head.encode() + answer.body)
    await writer.drain()


def _request(method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    """The parameters may come in the address, as a form, as JSON, or beside uploaded files."""
    url = urlsplit(target)
    params = dict(parse_qsl(url.query, keep_blank_values=True))
    files: dict[str, Upload] = {}
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("application/json") and body:
        said = json.loads(body)
        params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in said.items()}
    elif kind.startswith("multipart/form-data"):
        head = b"Content-Type: " + kind.encode() + b"\r\n\r\n"
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            if (filename := part.get_filename()) is not None:
                files[name] = Upload(filename, data)
            else:
                params[name] = data.decode()
    return Request(method, unquote(url.path), params, files)


async def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a webhook call to a loopback listener and give the status it answered with."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port or 80)
    try:
        lines = [f"POST {where.path or '/'} HTTP/1.1", f"Host: {where.netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        await writer.drain()
        status = int((await reader.readuntil(b"\r\n")).split()[1])
        await reader.read()
        return status
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
