"""The loopback Slack delivers as the real one does: acks, redelivery, sockets, signed posts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Channel, Person, SlackServer, Workspace

Json = dict[str, Any]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(ack_seconds=0.25, haste=600) as server:
        yield server


@pytest.fixture
def team(slack: SlackServer) -> Workspace:
    return slack.team()


@pytest.fixture
def ayesha(team: Workspace) -> Person:
    return team.user("U1", "Ayesha")


@pytest.fixture
def sales(team: Workspace, ayesha: Person) -> Channel:
    return team.channel("sales", [ayesha])


class Bolt:
    """The real bolt on a loop of its own; every payload that reaches it is kept in `seen`.

    None is acknowledged before so many have come as are ``wanted``.
    """

    def __init__(self, slack: SlackServer, team: Workspace, ping_interval: float = 5) -> None:
        client = AsyncWebClient(token=team.bot_token, base_url=slack.api_url)
        self.app = AsyncApp(client=client, process_before_response=True)
        self.seen: list[Json] = []
        self.hold, self.wanted, self._came = 0.0, 0, asyncio.Event()
        self.app.use(self._keep)
        for kind in ("message", "app_mention", "file_shared"):
            self.app.event(kind)(self._take)
        self._settings = (slack, ping_interval)

    async def _take(self) -> None: ...

    async def _keep(self, body: Json, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002
        self.seen.append(body)
        if len(self.seen) >= self.wanted:
            self._came.set()
        await self._came.wait()
        await asyncio.sleep(self.hold)
        await next()

    @property
    def events(self) -> list[Json]:
        return [body["event"] for body in self.seen if "event" in body]

    @contextmanager
    def running(self) -> Iterator[None]:
        slack, ping_interval = self._settings
        stop = threading.Event()
        before = slack.sockets.opened

        async def run() -> None:
            handler = AsyncSocketModeHandler(self.app, slack.app_token, ping_interval=ping_interval)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt has no types here
            await asyncio.to_thread(stop.wait)
            await handler.close_async()  # type: ignore[no-untyped-call]  # nor here

        thread = threading.Thread(target=asyncio.run, args=(run(),))
        thread.start()
        try:
            slack.wait(lambda: slack.sockets.opened > before)
            yield
        finally:
            stop.set()
            thread.join()


@pytest.fixture
def bolt(slack: SlackServer, team: Workspace) -> Bolt:
    return Bolt(slack, team)


def test_a_mention_is_two_events(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel, team: Workspace
) -> None:
    with bolt.running():
        said = ayesha.says(sales, "@Rabta met Sara")
        slack.settle()
    message, mention = sorted(bolt.seen, key=lambda body: body["event"]["type"], reverse=True)
    assert (message["event"]["type"], mention["event"]["type"]) == ("message", "app_mention")
    assert message["event"]["channel_type"] == "channel"
    assert "channel_type" not in mention["event"]
    assert message["event"]["ts"] == mention["event"]["ts"] == said.ts
    assert message["event_id"] != mention["event_id"]
    assert message["event"]["client_msg_id"]
    assert message["authorizations"][0]["user_id"] == team.bot.id


def test_where_the_app_hears_nothing(
    slack: SlackServer, bolt: Bolt, team: Workspace, ayesha: Person
) -> None:
    away = team.channel("away", [ayesha], bot_in=False)
    with bolt.running():
        ayesha.says(away, "@Rabta hello?")
        ayesha.says(team.dm(ayesha), "@Rabta hello")
        slack.settle()
    assert [(e["type"], e["channel_type"]) for e in bolt.events] == [("message", "im")]


def test_edits_deletions_threads_and_files(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    with bolt.running():
        root = ayesha.says(sales, "one")
        slack.settle()
        ayesha.edits(root, "two")
        slack.settle()
        ayesha.says(sales, "reply", root)
        slack.settle()
        ayesha.uploads(sales, "leads.csv", b"a,b\n")
        slack.settle()
        ayesha.deletes(root)
        slack.settle()
    kinds = [event.get("subtype") for event in bolt.events]
    assert kinds == [None, "message_changed", None, "file_share", None, "message_deleted"]
    assert bolt.events[1]["message"]["text"] == "two"
    assert bolt.events[1]["previous_message"]["text"] == "one"
    assert bolt.events[2]["thread_ts"] == root.ts
    assert bolt.events[3]["files"][0]["name"] == "leads.csv"
    assert bolt.events[4]["type"] == "file_shared"


def test_files_need_the_token(
    slack: SlackServer, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    said = ayesha.uploads(sales, "leads.csv", b"a,b\n")
    address = said.files[0].as_json(slack.world.base)["url_private"]

    async def fetch(token: str) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as got:
            return await got.read()

    assert asyncio.run(fetch(team.bot_token)) == b"a,b\n"
    assert b"Sign in" in asyncio.run(fetch("xoxb-wrong"))


def test_what_is_not_acknowledged_comes_again(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    bolt.wanted, slack.manners.ack_seconds = 2, 1
    with bolt.running():
        ayesha.says(sales, "hello")
        slack.wait(lambda: bolt.seen)
        slack.manners.ack_seconds = 20
        slack.settle()
    first, second = bolt.seen
    assert first["event_id"] == second["event_id"]
    assert len(slack.deliveries[0].attempts) == 2


def test_what_nobody_ever_takes_is_lost(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    slack.manners.ack_seconds = 0.05
    ayesha.says(sales, "hello?")
    slack.settle()
    delivery = slack.deliveries[0]
    assert (delivery.lost, delivery.attempts) == ("connection_failed", [])


def test_a_socket_cut_after_delivery(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    slack.manners.cut_after, slack.manners.ack_seconds = 1, 2
    bolt.hold = 0.05
    with bolt.running():
        ayesha.says(sales, "hello")
        with Bolt(slack, slack.team()).running():
            slack.settle()
    assert slack.deliveries[0].acked
    assert len(slack.deliveries[0].attempts) == 2


def test_duplicates_on_demand(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    slack.manners.copies = 3
    with bolt.running():
        ayesha.says(sales, "hello")
        slack.wait(lambda: len(bolt.seen) == 3)
        slack.settle()
        slack.manners.copies = 1
        slack.redeliver(slack.deliveries[0])
        slack.wait(lambda: len(bolt.seen) == 4)
    assert len({body["event_id"] for body in bolt.seen}) == 1


def test_eleven_sockets_are_one_too_many(slack: SlackServer, team: Workspace) -> None:
    async def open_many() -> list[Json]:
        client = AsyncWebClient(base_url=slack.api_url)
        frames, sockets = [], []
        async with aiohttp.ClientSession() as session:
            for _ in range(11):
                url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
                sockets.append(await session.ws_connect(str(url)))
                frames.append(await sockets[-1].receive_json())
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(str(url))  # a link serves once
        return frames

    *good, last = asyncio.run(open_many())
    assert [frame["type"] for frame in good] == ["hello"] * 10
    assert good[9]["num_connections"] == 10
    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")
    assert slack.sockets.refused == 1


def test_a_goodbye_is_followed_by_a_new_socket(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    slack.manners.ack_seconds = 2
    with bolt.running():
        old = slack.sockets.links[0]
        slack.says_goodbye()
        slack.wait(lambda: slack.sockets.links and old not in slack.sockets.links)
        ayesha.says(sales, "still there?")
        slack.settle()
    assert len(bolt.seen) == 1


def test_a_deaf_socket_swallows_and_a_silent_one_is_noticed(
    slack: SlackServer, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    bolt = Bolt(slack, team, ping_interval=0.25)
    slack.manners.retry_after = (0.0,) * 100
    with bolt.running():
        old = slack.sockets.links[0]
        slack.mutes(silent=True)
        ayesha.says(sales, "anybody?")
        slack.wait(lambda: old not in slack.sockets.links, 10)
        slack.unmutes()
        slack.settle(10)
    assert len(bolt.seen) == 1
    assert slack.deliveries[0].acked
    assert len(slack.deliveries[0].attempts) > 1


def test_a_command_is_answered_or_times_out(
    slack: SlackServer, bolt: Bolt, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    @bolt.app.command("/rabta")
    async def answer(
        ack: Callable[..., Awaitable[None]], respond: Callable[..., Awaitable[None]], command: Json
    ) -> None:
        if command["text"] == "at once":
            await ack(text="with the ack")
        elif command["text"] != "never":
            await ack()
            await respond(text=command["text"])

    away = team.channel("away", [ayesha], bot_in=False)
    with bolt.running():
        ayesha.commands("/rabta", "at once", sales)
        sales.wait_for("with the ack")
        ayesha.commands("/rabta", "a & <b>", away)
        assert away.wait_for(1).text == "a &amp; &lt;b&gt;"
        assert away.answers[0].ephemeral_to is ayesha
        given_up = ayesha.commands("/rabta", "never", sales)
        slack.settle()
    assert given_up.notices == ["failed with the error operation_timeout"]
    assert len(given_up.envelope.attempts) == 1, "commands are not delivered again"


def test_buttons_and_modals(slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel) -> None:
    def plain(text: str) -> Json:
        return {"type": "plain_text", "text": text}

    name = {"type": "plain_text_input", "action_id": "name", "initial_value": "Sara"}
    inputs = [{"type": "input", "block_id": "name", "label": plain("Name"), "element": name}]
    form = {"type": "modal", "callback_id": "edit", "title": plain("Edit"), "blocks": inputs}
    form |= {"submit": plain("Save")}
    said: list[Json] = []

    @bolt.app.command("/rabta")
    async def command(ack: Callable[..., Awaitable[None]], say: Callable[..., Any]) -> None:
        button = {"type": "button", "text": plain("Edit"), "action_id": "edit", "value": "7"}
        await say(text="Sara", blocks=[{"type": "actions", "elements": [button]}])
        await ack()

    @bolt.app.action("edit")
    async def act(ack: Callable[..., Awaitable[None]], body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form)
        await ack()

    @bolt.app.view("edit")
    async def save(ack: Callable[..., Awaitable[None]], view: Json) -> None:
        said.append(view["state"]["values"])
        if len(said) == 1:
            await ack(response_action="errors", errors={"name": "Too short"})
        else:
            await ack()

    with bolt.running():
        ayesha.commands("/rabta", "edit", sales)
        card = sales.wait_for(1)
        with pytest.raises(AssertionError, match="nothing to press is called 'Delete'"):
            ayesha.presses(card, "Delete")
        ayesha.presses(card, "Edit").wait()
        shown = ayesha.sees_modal()
        with pytest.raises(AssertionError, match="required"):
            ayesha.submits(shown, {"Name": ""})
        with pytest.raises(AssertionError, match="no field for"):
            ayesha.submits(shown, {"Surname": "Khan"})
        ayesha.submits(shown, {"Name": "S"}).wait()
        assert (shown.errors, shown.open) == ({"name": "Too short"}, True)
        ayesha.submits(shown).wait()
        assert not shown.open
        slack.settle()
    assert [one["name"]["name"]["value"] for one in said] == ["S", "Sara"]
    pressed = next(body for body in bolt.seen if body.get("type") == "block_actions")
    assert pressed["container"]["message_ts"] == card.ts
    assert pressed["message"]["ts"] == card.ts
    assert (pressed["actions"][0]["value"], pressed["state"]) == ("7", {"values": {}})


def test_a_press_on_an_ephemeral_message_brings_no_message(
    slack: SlackServer, bolt: Bolt, ayesha: Person, sales: Channel
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "OK"}, "action_id": "ok"}

    @bolt.app.command("/rabta")
    async def command(ack: Callable[..., Awaitable[None]]) -> None:
        await ack(text="only you", blocks=[{"type": "actions", "elements": [button]}])

    @bolt.app.action("ok")
    async def act(ack: Callable[..., Awaitable[None]]) -> None:
        await ack()

    with bolt.running():
        ayesha.commands("/rabta", "x", sales)
        ayesha.presses(sales.wait_for(1), "OK").wait()
    pressed = bolt.seen[-1]
    assert pressed["container"]["is_ephemeral"]
    assert "message" not in pressed


# HTTP mode


class Endpoint:
    """A request URL that checks signatures with the real verifier."""

    def __init__(self, secret: str) -> None:
        self.seen: list[tuple[int, dict[str, str], bytes]] = []
        self.statuses = [200]
        endpoint, verifier = self, SignatureVerifier(secret)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {k.lower(): v for k, v in self.headers.items()}
                good = endpoint.statuses.pop(0) if len(endpoint.statuses) > 1 else 200
                try:
                    status = good if verifier.is_valid_request(body, headers) else 401
                except ValueError:
                    status = 401
                endpoint.seen.append((status, headers, body))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"c" if b"challenge" in body else b"")

            def log_message(self, *_args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"


@pytest.fixture
def endpoint(slack: SlackServer) -> Iterator[Endpoint]:
    made = Endpoint(slack.signing_secret)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    slack.request_url = made.url
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_http_deliveries_are_signed_and_repeated(
    slack: SlackServer, endpoint: Endpoint, ayesha: Person, sales: Channel
) -> None:
    endpoint.statuses = [500, 200, 200]
    ayesha.says(sales, "hello")
    slack.settle()
    ayesha.commands("/rabta", "x & y", sales)
    slack.settle()
    (first, _, _), (second, headers, _), (third, _, command) = endpoint.seen
    assert (first, second, third) == (500, 200, 200)
    assert headers["x-slack-retry-num"] == "1"
    assert headers["x-slack-retry-reason"] == "http_error"
    assert b"command=%2Frabta&text=x+%26amp%3B+y" in command
    assert slack.challenges()


@pytest.mark.parametrize(
    "forged",
    [
        {"timestamp": "junk"},
        {"timestamp": ""},
        {"timestamp": "1"},
        {"signed": "v0=00"},
        {"signed": ""},
        {"secret": "another"},
        {"body": b"\xff\xfe", "signed": "v0=00"},
    ],
)
def test_forged_deliveries(slack: SlackServer, endpoint: Endpoint, forged: Json) -> None:
    assert slack.forges({"type": "event_callback"}, **forged).status == 401
    assert slack.forges({"type": "event_callback"}).status == 200


def test_starting_and_stopping_is_quick() -> None:
    with SlackServer() as one, SlackServer() as two:
        assert one.port != two.port
    assert not [t for t in threading.enumerate() if t.name == "slack-server"]
