"""Whom Slack tells about: asked again after growing pauses, remembered for a while."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.incoming import Sender
from bot.slack_people import People

AYESHA = Sender("slack", "T1", "U1", "U1")


class Client:
    """Slack's client at the end of a bad line: what it answers, one after the other."""

    def __init__(self, *answers: Exception | dict[str, Any]) -> None:
        self.answers = list(answers)
        self.calls = list[str]()

    async def api_call(self, method: str, params: dict[str, Any]) -> SlackResponse:
        self.calls.append(f"{method} {sorted(params)}")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return _response(answer)


def _response(data: dict[str, Any], status: int = 200, **headers: str) -> SlackResponse:
    return SlackResponse(
        client=AsyncWebClient(), http_verb="GET", api_url="", req_args={}, data=data,
        headers=headers, status_code=status,
    )  # fmt: skip


def _refusal(data: dict[str, Any], status: int = 200, **headers: str) -> SlackApiError:
    return SlackApiError("", _response(data, status, **headers))  # type: ignore[no-untyped-call]  # theirs


class Moments:
    """A clock that goes by the pauses that are made."""

    def __init__(self) -> None:
        self.now, self.pauses = 0.0, list[float]()

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def people(self, client: Client) -> People:
        return People(client, self.sleep, lambda: self.now)  # type: ignore[arg-type]


def told(**user: Any) -> dict[str, Any]:
    return {"user": {"real_name": "Ayesha Khan", "team_id": "T1", **user}}


@pytest.mark.parametrize("failures", [1, 4, 8])
def test_a_bad_line_is_tried_again_after_ever_longer_up_to_half_a_minute(failures: int) -> None:
    moments, client = Moments(), Client(*[OSError("cut")] * failures, told())
    assert asyncio.run(moments.people(client).complete(AYESHA)).name == "Ayesha Khan"
    assert moments.pauses == [1, 2, 5, 10, 30, 30, 30, 30][:failures]


def test_slack_says_itself_how_long_it_wants_to_be_left_alone() -> None:
    busy = _refusal({"error": "ratelimited"}, 429, **{"Retry-After": "7"})
    ill = _refusal({"error": "user_not_found"}, 500)  # what a server says that is ill is not final
    moments, client = Moments(), Client(busy, ill, told())
    assert asyncio.run(moments.people(client).complete(AYESHA)).name == "Ayesha Khan"
    assert moments.pauses == [7, 2]


def test_whom_slack_does_not_know_is_an_outsider_and_not_asked_about_again() -> None:
    moments, client = Moments(), Client(_refusal({"error": "user_not_found"}))
    people = moments.people(client)
    assert asyncio.run(people.complete(AYESHA)).outsider
    assert asyncio.run(people.complete(AYESHA)).outsider
    assert (len(client.calls), moments.pauses) == (1, [])


@pytest.mark.parametrize("refusal", ["unknown_method", "ekm_access_denied", "invalid_arguments"])
def test_what_slack_refuses_for_good_is_not_asked_for_ever(refusal: str) -> None:
    moments, client = Moments(), Client(_refusal({"error": refusal}), told())
    people = moments.people(client)
    assert asyncio.run(people.external("T1", "C1")) is None
    assert (len(client.calls), moments.pauses) == (1, [])


@pytest.mark.parametrize("refusal", ["internal_error", "ratelimited", "team_added_to_org"])
def test_what_slack_cannot_tell_just_now_is_asked_again(refusal: str) -> None:
    moments, client = Moments(), Client(_refusal({"error": refusal}), told())
    assert not asyncio.run(moments.people(client).complete(AYESHA)).outsider
    assert moments.pauses == [1]


def test_who_became_a_guest_is_known_for_one_after_ten_minutes() -> None:
    moments, client = Moments(), Client(told(), told(is_restricted=True))
    people = moments.people(client)
    assert not asyncio.run(people.complete(AYESHA)).outsider
    moments.now = 600.0
    assert not asyncio.run(people.complete(AYESHA)).outsider
    moments.now = 600.5
    assert asyncio.run(people.complete(AYESHA)).outsider
    assert len(client.calls) == 2


@pytest.mark.parametrize(
    ("channel", "external"),
    [
        ({"is_ext_shared": True}, True), ({"is_pending_ext_shared": True}, True),
        ({"is_ext_shared": False}, False), ({}, None),
    ],
)  # fmt: skip
def test_a_channel_that_others_read_is_known_for_one_and_looked_at_again(
    channel: dict[str, bool], external: bool | None
) -> None:
    moments, client = Moments(), Client({"channel": channel}, {"channel": {"is_ext_shared": True}})
    people = moments.people(client)
    for moments.now, is_so in ((0.0, external), (600.0, external), (600.5, True)):
        assert asyncio.run(people.external("T1", "C1")) is is_so
    assert len(client.calls) == 2


@pytest.mark.parametrize(
    ("user", "name", "outsider"),
    [
        ({"profile": {"display_name": "Aysh", "real_name": "A. Khan"}}, "Aysh", False),
        ({"real_name": "", "profile": {"real_name": "A. Khan"}}, "A. Khan", False),
        ({"real_name": ""}, "U1", False), ({"is_ultra_restricted": True}, "Ayesha Khan", True),
        ({"deleted": True}, "Ayesha Khan", True), ({"is_stranger": True}, "Ayesha Khan", True),
        ({"team_id": "T2"}, "Ayesha Khan", True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1"]}}, "Ayesha Khan", False),
    ],
)  # fmt: skip
def test_who_somebody_is(user: dict[str, Any], name: str, outsider: bool) -> None:
    found = asyncio.run(Moments().people(Client(told(**user))).complete(AYESHA))
    assert (found.name, found.outsider) == (name, outsider)
