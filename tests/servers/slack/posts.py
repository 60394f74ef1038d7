"""HTTP deliveries: signed posts of events, commands and interactions, and forged ones."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.servers.slack.sockets import Manners
from tests.servers.slack.state import Json
from tests.servers.slack.world import Envelope

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # of the loopback server; guards nothing


def signature(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes

    @property
    def json(self) -> Json:
        try:
            said = json.loads(self.body)
        except ValueError:
            return {"text": self.body.decode()} if self.body else {}
        return said if isinstance(said, dict) else {}


def body_of(envelope: Envelope) -> tuple[str, bytes]:
    """The content type and body, which differ from kind to kind."""
    form = "application/x-www-form-urlencoded"
    match envelope.kind:
        case "events_api":
            return "application/json", json.dumps(envelope.payload).encode()
        case "slash_commands":
            return form, urlencode(envelope.payload).encode()
        case _:
            return form, urlencode({"payload": json.dumps(envelope.payload)}).encode()


def post(
    url: str,
    content_type: str,
    body: bytes,
    timestamp: str,
    *,
    secret: str = SIGNING_SECRET,
    signed: str | None = None,
    more: dict[str, str] | None = None,
    timeout: float = 3.0,
) -> Reply:
    """One signed POST, blocking. `signed` puts another signature in ("" for none)."""
    right = signature(secret, timestamp, body) if signed is None else signed
    headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"} | (more or {})
    headers |= {"X-Slack-Request-Timestamp": timestamp} if timestamp else {}
    headers |= {"X-Slack-Signature": right} if right else {}
    there = urlsplit(url)
    line = http.client.HTTPConnection(there.hostname or "", there.port, timeout=timeout)
    try:
        line.request("POST", there.path or "/", body, headers)
        answer = line.getresponse()
        return Reply(answer.status, answer.read())
    finally:
        line.close()


def retry_headers(attempt: int, reason: str) -> dict[str, str]:
    if not attempt:
        return {}
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}


async def carry(envelope: Envelope, url: str, manners: Manners) -> None:
    """One delivery by HTTP until it is answered with 200 or given up."""
    pauses = manners.retry_after if envelope.kind == "events_api" else ()
    if manners.delay:
        await asyncio.sleep(manners.delay)
    reason = ""
    for attempt, pause in enumerate((0.0, *pauses)):
        if pause:
            await asyncio.sleep(pause / manners.haste)
        reply = await asyncio.to_thread(_once, envelope, url, manners, attempt, reason)
        if isinstance(reply, Reply):
            with envelope.world.change():
                envelope.taken(reply.json)
            return
        reason = reply
    with envelope.world.change():
        envelope.lost = reason
        envelope.fail("timeout" if reason == "http_timeout" else "connection_failed")


def _once(envelope: Envelope, url: str, manners: Manners, attempt: int, reason: str) -> Reply | str:
    """The reply, or why there is none."""
    world = envelope.world
    with world.change():
        envelope.attempts.append(world.clock())
    kind, body = body_of(envelope)
    more = retry_headers(attempt, reason) if envelope.kind == "events_api" else {}
    now, patience = str(int(world.clock())), manners.ack_seconds
    try:
        reply = post(url, kind, body, now, more=more, timeout=patience)
    except TimeoutError:
        return "http_timeout"
    except (OSError, http.client.HTTPException):
        return "connection_failed"
    return reply if reply.status == 200 else "http_error"
