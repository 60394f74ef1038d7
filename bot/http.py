"""HTTP: what platforms call, and how the house is; uvicorn beside the pump, in the same loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator, Mapping, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.health import Health
from bot.hook import Forged, Hook, OuterDoor
from bot.setting_checks import HTTP_PATHS
from bot.settings import PREFIX, WrongSetting

LARGEST = 1_000_000
"""Bytes of a call; the longest that a platform sends are a tenth of it."""
SLOWEST = 10.0
"""Seconds in which a call must have come in whole."""
GRACE = 3
"""Seconds that calls under way have when the program is told to stop."""

HEALTHZ, READYZ = HTTP_PATHS

log = logging.getLogger("rabta.http")


class Http:
    """The port. It is open once this is made, and answers while ``run`` runs."""

    def __init__(
        self,
        where: tuple[str, int],
        doors: Mapping[str, OuterDoor],
        health: Health,
        more: Sequence[Route] = (),
    ) -> None:
        """``more``: what else is answered. Raises WrongSetting where the port cannot be had."""
        self._where = where
        self._socket = _listening(*where)
        app = Starlette(routes=[*_health(health), *_calls(doors), *more])
        self._server = _Served(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE,
            )
        )

    async def run(self) -> None:
        """Answer until cancelled, and then answer what is under way."""
        log.info("HTTP at %s:%d", *self._where)
        serving = asyncio.create_task(self._server.serve([self._socket]))
        try:
            await asyncio.shield(serving)
        finally:
            self._server.should_exit = True
            await serving


class _Served(uvicorn.Server):
    """Leaves signals to the program, which stops the doors and the rest in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WrongSetting(f"{PREFIX}HTTP_PORT {port} at {host} cannot be had: {why}.") from None


def _calls(doors: Mapping[str, OuterDoor]) -> Iterator[Route]:
    for door in doors.values():
        for path, hook in door.hooks.items():
            yield Route(path, _Call(hook).answer, methods=["POST"])


class _Call:
    """One address that a platform calls. What goes wrong here is answered with no word of why."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    async def answer(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(SLOWEST):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            told = await self._hook(request.headers, body)
        except Forged:
            log.warning("a call to %s was refused", request.url.path)
            return Response(status_code=401)
        except Exception as problem:  # not kept: the platform calls again
            log.warning("a call could not be kept: %s", type(problem).__name__)
            return Response(status_code=503)
        return JSONResponse(told) if isinstance(told, dict) else PlainTextResponse(told)


async def _body(request: Request) -> bytes | None:
    """None where it is too large, in which case no more of it is held than that."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _health(health: Health) -> Iterator[Route]:
    async def lives(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def is_ready(_request: Request) -> Response:
        state = await health.look()
        good = all(how == "ok" for how in state.values())
        return JSONResponse(state, status_code=200 if good else 503)

    yield Route(HEALTHZ, lives)
    yield Route(READYZ, is_ready)
