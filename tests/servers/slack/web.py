"""The server's addresses: which request goes where, and what a fault makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from tests.servers.slack import api, chat, files
from tests.servers.slack.faults import RESPONSE_URL, UPLOAD, Fault, Faults
from tests.servers.slack.lines import Lines
from tests.servers.slack.sockets import Sockets
from tests.servers.slack.world import Refused, World

NO_FAULT = Fault("")
Work = Callable[[], tuple[int, object]]


class Web:
    """The ASGI side. Every call is kept in `calls`, whatever comes of it."""

    def __init__(self, world: World, faults: Faults, lines: Lines, sockets: Sockets) -> None:
        self.world, self.faults, self.lines, self.sockets = world, faults, lines, sockets
        self.calls: list[api.Call] = []
        self.app = Starlette(
            routes=[
                Route("/api/{method}", self.method, methods=["GET", "POST"]),
                Route("/actions/{team}/{name}", self.response_url, methods=["POST"]),
                Route("/upload/v1/{file}", self.upload, methods=["POST"]),
                Route("/files-pri/{path:path}", self.file, methods=["GET"]),
                WebSocketRoute("/link/", sockets.serve),
            ]
        )

    async def method(self, request: Request) -> Response:
        call = api.Call(request.path_params["method"], {}, "")
        header = request.headers.get
        sent = api.Request(
            request.url.query,
            header("content-type", ""),
            header("authorization", ""),
            await request.body(),
        )

        def work() -> tuple[int, object]:
            call.answer = api.answer(self.world, call, sent)
            return 200, call.answer

        def channel() -> str:
            return str(_args(sent).get("channel", ""))

        token = header("authorization", "").removeprefix("Bearer ")
        fault = self.faults.next(call.method, token, channel()) or NO_FAULT
        return await self._run(request, call, fault, work)

    async def response_url(self, request: Request) -> Response:
        body, names = await request.body(), request.path_params
        call = api.Call(RESPONSE_URL, _args(api.Request("", "application/json", "", body)), "")
        call.team = names["team"]
        team = self.world.teams.get(call.team)

        def work() -> tuple[int, object]:
            if not team:
                return 404, {"ok": False, "error": "no_team"}
            ticket = self.world.response_urls.get(names["name"])
            status, call.answer = chat.respond(team, ticket, body)
            return status, call.answer

        fault = self.faults.next(RESPONSE_URL, call.team, "") or NO_FAULT
        return await self._run(request, call, fault, work)

    async def upload(self, request: Request) -> Response:
        body, file_id = await request.body(), request.path_params["file"]
        call = api.Call(UPLOAD, {"file": file_id, "size": len(body)}, "")
        fault = self.faults.next(UPLOAD, "", "") or NO_FAULT

        def work() -> tuple[int, object]:
            return files.take_upload(self.world, file_id, body)

        return await self._run(request, call, fault, work)

    async def file(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        path = request.path_params["path"].removeprefix("download/")
        status, kind, data = files.download(self.world, path, token)
        return Response(data, status, media_type=kind)

    async def _run(self, request: Request, call: api.Call, fault: Fault, work: Work) -> Response:
        """The work, unless the fault keeps it from happening; the reply, unless it is lost."""
        wrong = fault.status != 200 or bool(fault.error) or fault.cut
        if fault.delay and not fault.done:
            await asyncio.sleep(fault.delay)
        if not wrong or fault.done:
            call.status, answer = work()
        if fault.delay and fault.done:
            await asyncio.sleep(fault.delay)
        if wrong:
            answer = {"ok": False, "error": fault.error} if fault.error else "upstream error"
            call.status = fault.status
            call.answer = answer if isinstance(answer, dict) and not fault.done else call.answer
        with self.world.change():
            self.calls.append(call)
        if fault.cut and request.client:
            self.lines.cut((request.client.host, request.client.port))
        if isinstance(answer, str):
            return Response(answer, call.status, media_type="text/plain")
        waiting = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return JSONResponse(answer, call.status, waiting)


def _args(sent: api.Request) -> dict[str, object]:
    try:
        return sent.read()[1]
    except Refused:
        return {}
