"""Calls to Telegram by aiohttp: they cost half of what python-telegram-bot's own by httpx do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import InputFile
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

CONNECTING = 5.0
"""Seconds in which Telegram must be reached."""
IDLE = 30.0
"""Seconds after which a connection nobody uses is closed: sooner than the other side does."""

NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Failures in which nothing had left yet."""


def said(values: Mapping[str, Any], **files: InputFile) -> RequestData:
    """What a call says, in plain values; what is None or empty is left out.

    PTB's objects for the same, and for what comes back, cost more than all else of a message.
    """
    plain = ((name, value) for name, value in values.items() if value not in (None, "", ()))
    parameters = [RequestParameter(name, value, None) for name, value in plain]
    parameters += [RequestParameter(name, None, [file]) for name, file in files.items()]
    return RequestData(parameters)


class AiohttpRequest(BaseRequest):
    """``connections`` at once at most; ``reading`` are the seconds an answer may take."""

    def __init__(self, connections: int, reading: float = 15.0) -> None:
        self._connections, self._reading = connections, reading
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._reading

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises TimedOut and NetworkError, with aiohttp's own error as the cause."""
        del write_timeout, connect_timeout, pool_timeout  # an answer's time covers them all
        if self._session is None or self._session.closed:
            raise RuntimeError("the request is not initialized")
        reading = self._reading if isinstance(read_timeout, DefaultValue) else read_timeout
        try:
            async with self._session.request(
                method,
                url,
                **_body(request_data),
                timeout=self._timeout(reading or self._reading),
                proxy=_proxy(url),
            ) as answer:
                said = await answer.read()
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise _too_many(said, answer.headers)
                return answer.status, said
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:  # its own words hold the address, and so the token
            raise NetworkError(type(error).__name__) from error

    def _timeout(self, reading: float) -> aiohttp.ClientTimeout:
        if reading not in self._timeouts:
            self._timeouts[reading] = aiohttp.ClientTimeout(
                total=None, sock_connect=CONNECTING, sock_read=reading
            )
        return self._timeouts[reading]


def _too_many(said: bytes, headers: Mapping[str, str]) -> RetryAfter:
    """How long to wait, Telegram tells in its answer, a proxy before it in a header, if at all;
    PTB knows the first only, and takes all else for a message that may have arrived."""
    try:
        told = json.loads(said)["parameters"]["retry_after"]
    except (ValueError, LookupError, TypeError):
        told = headers.get("Retry-After")
    return RetryAfter(max(1, int(told)) if str(told).isdecimal() else 1)


def _body(data: RequestData | None) -> dict[str, Any]:
    """JSON, or a form where files go along."""
    if data is None:
        return {}
    files = data.multipart_data
    if not files:
        return {"json": data.parameters}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in files.items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return {"data": form}


def _proxies() -> Callable[[str], str | None]:
    """What the environment says of proxies, read once."""
    proxies = getproxies()
    if not proxies.keys() & {"http", "https", "all"}:
        return lambda _url: None

    def proxy(url: str) -> str | None:
        place = urlsplit(url)
        if proxy_bypass(place.hostname or ""):
            return None
        return proxies.get(place.scheme) or proxies.get("all")

    return proxy


_proxy = _proxies()
