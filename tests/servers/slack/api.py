"""The Web API's door: tokens, scopes, arguments, and the table of methods."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.servers.slack.state import Channel, Json, Message, Team, User
from tests.servers.slack.wire import SUBSCRIPTION
from tests.servers.slack.world import Refused, World

APP_TOKEN = "xapp-1-A0RABTA-1-loopback"


@dataclass
class Call:
    """One request to the Web API and what became of it."""

    method: str
    args: Json
    token: str
    team: str = ""
    answer: Json = field(default_factory=dict)
    status: int = 200

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass
class Ask:
    """What a method gets: who asks for what. Its getters refuse as Slack does."""

    world: World
    team: Team
    args: Json

    def word(self, name: str, default: str | None = None) -> str:
        value = self.args.get(name, default)
        if value is None or value == "":
            if default is not None:
                return default
            msg = "invalid_arguments"
            raise Refused(msg, f"[ERROR] missing required field: {name}")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def amount(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            msg = "invalid_arguments"
            raise Refused(msg, f"[ERROR] {name} must be an integer") from None

    def user(self, name: str = "user") -> User:
        found = self.team.users.get(self.word(name))
        if not found:
            msg = "user_not_found"
            raise Refused(msg)
        return found

    def channel(self, name: str = "channel", *, to_write: bool = False) -> Channel:
        """The channel, if the app may see it and, `to_write`, may write in it."""
        wanted = self.word(name)
        found = self.team.channels.get(wanted)
        if not found and wanted in self.team.users:
            found = self.dm(self.team.users[wanted])
        inside = found is not None and self.team.bot.id in found.members
        if not found or (not inside and found.kind != "channel"):
            msg = "channel_not_found"
            raise Refused(msg)
        if not inside and to_write:
            msg = "not_in_channel"
            raise Refused(msg)
        if found.archived and to_write:
            msg = "is_archived"
            raise Refused(msg)
        return found

    def dm(self, user: User) -> Channel:
        """The direct conversation with a person, opened if need be."""
        if user.bot_id:
            msg = "cannot_dm_bot"
            raise Refused(msg)
        if user.deleted:
            msg = "user_disabled"
            raise Refused(msg)
        members = {user.id, self.team.bot.id}
        for channel in self.team.channels.values():
            if channel.kind == "im" and channel.members == members:
                return channel
        opened = Channel(self.team, self.world.new_id("D"), user.name, "im", members)
        self.team.channels[opened.id] = opened
        return opened

    def require_for(self, channel: Channel, right: str) -> None:
        """Reading needs the scope of the channel's kind: channels:history, im:history ..."""
        require(self.team, f"{SUBSCRIPTION[channel.kind]}:{right}")

    def message(self, name: str = "ts") -> Message:
        found = self.channel().find(self.word(name))
        if not found:
            msg = "message_not_found"
            raise Refused(msg)
        return found


Answer = Callable[[Ask], Json]


@dataclass(frozen=True)
class Method:
    answer: Answer
    scope: str = ""
    takes_json: bool = True
    app_level: bool = False


METHODS: dict[str, Method] = {}


def method(
    name: str, scope: str = "", *, takes_json: bool = True, app_level: bool = False
) -> Callable[[Answer], Answer]:
    def keep(answer: Answer) -> Answer:
        METHODS[name] = Method(answer, scope, takes_json, app_level)
        return answer

    return keep


@dataclass(frozen=True)
class Request:
    """An HTTP request, as far as the Web API looks at it."""

    query: str
    content_type: str
    authorization: str
    body: bytes

    def read(self) -> tuple[str, Json, bool]:
        """The token, the arguments, and whether they came as JSON."""
        args: Json = dict(parse_qsl(self.query))
        as_json = self.content_type.startswith("application/json")
        if as_json and self.body:
            try:
                sent: Any = json.loads(self.body)
            except ValueError:
                msg = "invalid_json"
                raise Refused(msg) from None
            if not isinstance(sent, dict):
                msg = "json_not_object"
                raise Refused(msg)
            args |= sent
        elif self.content_type.startswith("application/x-www-form-urlencoded"):
            args |= dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        elif self.body:
            msg = "invalid_post_type"
            raise Refused(msg)
        token = self.authorization.removeprefix("Bearer ").strip() or str(args.get("token", ""))
        return token, {k: v for k, v in args.items() if k != "token"}, as_json


def find_method(name: str) -> Method:
    if name not in METHODS:
        msg = "unknown_method"
        raise Refused(msg, req_method=name)
    return METHODS[name]


def find_team(world: World, token: str, wanted: Method) -> Team:
    """Whose token it is. Raises not_authed, invalid_auth, not_allowed_token_type and so on."""
    if not token:
        msg = "not_authed"
        raise Refused(msg)
    if token == APP_TOKEN:
        if not wanted.app_level:
            msg = "not_allowed_token_type"
            raise Refused(msg)
        return next(iter(world.teams.values()))
    team = next((team for team in world.teams.values() if team.bot_token == token), None)
    if not team:
        msg = "invalid_auth"
        raise Refused(msg)
    if team.revoked:
        msg = "token_revoked"
        raise Refused(msg)
    if wanted.app_level:
        msg = "not_allowed_token_type"
        raise Refused(msg)
    if wanted.scope:
        require(team, wanted.scope)
    return team


def require(team: Team, scope: str) -> None:
    if team.scopes is not None and scope not in team.scopes:
        msg = "missing_scope"
        raise Refused(msg, needed=scope, provided=",".join(sorted(team.scopes)))


def answer(world: World, call: Call, request: Request) -> Json:
    """Runs one method; fills in the call."""
    try:
        call.token, call.args, as_json = request.read()
        wanted = find_method(call.method)
        team = find_team(world, call.token, wanted)
        call.team = team.id
        args = {} if as_json and not wanted.takes_json else call.args
        with world.change():
            return {"ok": True} | wanted.answer(Ask(world, team, args))
    except Refused as refused:
        return refused.answer()
