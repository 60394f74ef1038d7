"""Slack deliveries in our terms. The payloads are the ones that the loopback Slack sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.incoming import Incoming
from bot.slack_acts import AT, noted, opens_form
from bot.slack_read import each_file, keeping, read_event
from bot.slack_text import hear
from tests.servers.slack import Channel, Envelope, Message, Person, SlackServer, Workspace

NOW = 1_800_000_000.0


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(clock=lambda: NOW, ack_seconds=0.05, haste=1e6) as server:
        yield server


@pytest.fixture
def team(slack: SlackServer) -> Workspace:
    return slack.team()


@pytest.fixture
def ayesha(team: Workspace) -> Person:
    return team.user("U1", "Ayesha")


@pytest.fixture
def sales(team: Workspace, ayesha: Person) -> Channel:
    return team.channel("sales", [ayesha, team.user("U2", "Bilal")])


def told(slack: SlackServer) -> list[dict[str, Any]]:
    return [envelope.payload for envelope in slack.deliveries]


def read(payload: dict[str, Any]) -> Incoming:
    raw = keeping(payload, NOW)
    assert raw, "nothing was kept"
    incoming = read_event(raw.payload)
    assert incoming
    assert incoming.event == raw.event
    return incoming


def test_a_mention_and_its_message_are_one(
    slack: SlackServer, ayesha: Person, sales: Channel
) -> None:
    said = ayesha.says(sales, "@Rabta met Sara, deal 5 lakh")
    message, mention = (keeping(payload, NOW) for payload in told(slack))
    assert message
    assert mention
    assert message.event == mention.event == f"T0BAZAAR/{sales.id}/{said.ts}"
    assert message.chat == mention.chat == f"T0BAZAAR/{sales.id}"
    for raw in (message, mention):
        incoming = read_event(raw.payload)
        assert incoming
        assert incoming.text == "met Sara, deal 5 lakh"
        assert incoming.addressed
        assert not incoming.overheard
        assert incoming.place.thread == said.ts
        assert not incoming.place.private
        assert (incoming.sender.team, incoming.sender.id) == ("T0BAZAAR", "U1")


@pytest.mark.parametrize("authorizations", [None, []])
def test_a_mention_is_heard_where_slack_does_not_say_who_the_bot_is(
    slack: SlackServer, ayesha: Person, sales: Channel, authorizations: list[Any] | None
) -> None:
    ayesha.says(sales, "@Rabta met Sara")
    for payload in told(slack):
        me = payload["authorizations"][0]["user_id"]
        raw = keeping(payload | {"authorizations": authorizations}, NOW, me)
        assert raw
        incoming = read_event(raw.payload)
        assert incoming
        assert (incoming.addressed, incoming.text) == (True, "met Sara")


def test_what_people_say_to_each_other_is_not_kept(
    slack: SlackServer, ayesha: Person, sales: Channel
) -> None:
    root = ayesha.says(sales, "lunch?")
    ayesha.says(sales, "in a thread", root)
    chatter, reply = (keeping(payload, NOW) for payload in told(slack))
    assert chatter is None
    assert reply, "whether a thread is ours is found out later"
    incoming = read_event(reply.payload)
    assert incoming
    assert not incoming.addressed
    assert incoming.overheard
    assert incoming.place.thread == root.ts


def test_a_direct_message(slack: SlackServer, team: Workspace, ayesha: Person) -> None:
    said = ayesha.says(team.dm(ayesha), "a < b & c > d, write to ali@x.pk")
    incoming = read(told(slack)[0])
    assert incoming.text == "a < b & c > d, write to ali@x.pk"
    assert (incoming.place.private, incoming.place.thread) == (True, "")
    assert incoming.addressed
    assert not incoming.overheard
    assert incoming.message == said.ts
    assert incoming.sent_at.timestamp() == pytest.approx(NOW, abs=1)


def test_edits_are_marked_and_unfurls_ignored(
    slack: SlackServer, team: Workspace, ayesha: Person
) -> None:
    said = ayesha.says(team.dm(ayesha), "won 5 lakh")
    ayesha.edits(said, "won 50 lakh")
    ayesha.edits(said, "won 50 lakh")
    ayesha.deletes(said)
    first, edit, unfurl, deletion = told(slack)
    incoming = read(edit)
    assert (incoming.edited, incoming.text, incoming.message) == (True, "won 50 lakh", said.ts)
    assert incoming.event != read(first).event
    assert keeping(unfurl, NOW) is None
    assert keeping(deletion, NOW) is None


def test_bots_are_not_heard(slack: SlackServer, team: Workspace, sales: Channel) -> None:
    other = team.user("U9", "Otherbot", bot=True)
    sales.members.add(other.id)
    other.says(sales, "@Rabta met Sara")
    assert [keeping(payload, NOW) for payload in told(slack)] == [None, None]


@pytest.mark.parametrize(
    "subtype", ["channel_join", "channel_topic", "bot_message", "reminder_add"]
)
def test_what_is_nobodys_business(
    slack: SlackServer, team: Workspace, ayesha: Person, subtype: str
) -> None:
    said = ayesha.says(team.dm(ayesha), "x")
    payload = told(slack)[0]
    payload["event"]["subtype"] = subtype
    assert keeping(payload, NOW) is None
    assert keeping(payload | {"event": {"type": "reaction_added"}}, NOW) is None
    assert said.text == "x"


@pytest.mark.parametrize(
    ("name", "kind"), [("card.png", "photo"), ("leads.csv", "file"), ("x.unknown", "file")]
)
def test_files(slack: SlackServer, team: Workspace, ayesha: Person, name: str, kind: str) -> None:
    ayesha.uploads(team.dm(ayesha), name, b"data", "import <this>")
    incoming = read(told(slack)[0])
    assert (incoming.other, incoming.text) == (kind, "")
    assert incoming.extra["caption"] == "import <this>"
    assert incoming.extra["name"] == name
    assert incoming.extra["url"].startswith(slack.world.base)
    assert keeping(told(slack)[1], NOW) is None, "file_shared says the same once more"


def test_each_file_of_a_message_is_kept_for_itself(
    slack: SlackServer, team: Workspace, ayesha: Person
) -> None:
    named = {"leads.csv": b"Name", "card.png": b"png"}
    shared = ayesha.uploads_all(team.dm(ayesha), named, "from the fair")
    ayesha.edits(shared, "from the trade fair")
    new, *_, edit = told(slack)
    raw = keeping(new, NOW)
    assert raw
    one, other = each_file(raw)
    assert one == raw
    assert (other.chat, other.sender) == (raw.chat, raw.sender)
    assert other.event != raw.event
    read_again = read_event(other.payload)
    assert read_again
    assert (read_again.other, read_again.extra["name"]) == ("photo", "card.png")
    assert "caption" not in read_again.extra
    edited = keeping(edit, NOW)
    assert edited
    assert each_file(edited) == [edited], "an edit is answered once"
    payload = {**raw.payload, "event": {**raw.payload["event"], "files": [{"id": "F1"}, "F2"]}}
    assert each_file(replace(raw, payload=payload)) == [replace(raw, payload=payload)]


def test_a_stranger_of_a_shared_channel(
    slack: SlackServer, team: Workspace, sales: Channel
) -> None:
    omar = team.user("U5", "Omar", stranger=True)
    sales.members.add(omar.id)
    omar.says(sales, "@Rabta pipeline")
    assert read(told(slack)[0]).sender.outsider


@pytest.mark.parametrize(
    ("typed", "command", "text"),
    [
        ("met Sara & <Bilal>", "", "met Sara & <Bilal>"),
        ("", "help", ""),
        ("  ", "help", ""),
    ],
)
def test_commands(
    slack: SlackServer, ayesha: Person, sales: Channel, typed: str, command: str, text: str
) -> None:
    sent = ayesha.commands("/rabta", typed, sales)
    incoming = read(told(slack)[0])
    assert (incoming.command, incoming.text) == (command, text)
    assert incoming.answer_to == sent.response_url
    assert (incoming.place.chat, incoming.place.private) == (sales.id, False)
    assert incoming.sent_at.timestamp() == NOW


def test_another_slash_word_is_its_own_command(
    slack: SlackServer, ayesha: Person, sales: Channel
) -> None:
    ayesha.commands("/Won", "Nishat", sales)
    incoming = read(told(slack)[0])
    assert (incoming.command, incoming.text) == ("won", "Nishat")


def card(channel: Channel, **more: Any) -> Message:
    """A message of the app with two buttons."""
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": label}}
        | {"action_id": action, "value": f"token-{label}"}
        for label, action in (("Undo", "tap-0"), ("Edit", "form-1"))
    ]
    blocks = [{"type": "actions", "block_id": "b", "elements": buttons}]
    team = channel.team
    message = Message(channel, team.world.new_ts(), team.bot, "x", blocks, **more)
    channel.messages.append(message)
    return message


def test_taps(slack: SlackServer, ayesha: Person, sales: Channel) -> None:
    root = ayesha.says(sales, "root")
    drawn = card(sales, thread_ts=root.ts)
    tap = ayesha.presses(drawn, "Undo").payload
    incoming = read(tap)
    assert incoming.tap == "token-Undo"
    assert (incoming.message, incoming.place.thread) == (drawn.ts, root.ts)
    assert incoming.answer_to == ""
    assert not opens_form(tap)
    assert opens_form(ayesha.presses(drawn, "Edit").payload)
    assert read(ayesha.presses(drawn, "Undo").payload).event != incoming.event


def test_a_tap_on_what_one_person_sees_is_answered_there(
    slack: SlackServer, ayesha: Person, sales: Channel
) -> None:
    tap = ayesha.presses(card(sales, ephemeral_to=ayesha), "Undo").payload
    assert read(tap).answer_to == tap["response_url"]


def test_a_form_finds_back_to_where_it_was_opened(
    slack: SlackServer, ayesha: Person, sales: Channel
) -> None:
    tapped = read(ayesha.presses(card(sales, ephemeral_to=ayesha), "Edit").payload)
    note = noted(tapped, "form-token")
    values: dict[str, Any] = {
        "deal:7:amount": {"deal:7:amount": {"type": "plain_text_input", "value": "5 lakh"}},
        "deal:7:stage": {"x": {"type": "static_select", "selected_option": {"value": "won"}}},
        "task:1:due": {"x": {"type": "datepicker", "selected_date": "2026-12-01"}},
        "deal:7:title": {"x": {"type": "plain_text_input", "value": None}},
    }
    view = {"id": "V1", "callback_id": "form", "private_metadata": note}
    payload = {"type": "view_submission", "team": {"id": "T0BAZAAR"}, "trigger_id": "t"}
    payload |= {"user": {"id": "U1", "team_id": "T0BAZAAR"}, "token": "t"}
    payload |= {"view": view | {"state": {"values": values}}}
    incoming = read(payload)
    assert incoming.form
    assert incoming.form.token == "form-token"
    assert incoming.form.values == {
        "deal:7:amount": "5 lakh",
        "deal:7:stage": "won",
        "task:1:due": "2026-12-01",
        "deal:7:title": "",
    }
    assert incoming.place == tapped.place
    assert (incoming.message, incoming.answer_to) == (tapped.message, tapped.answer_to)
    again = payload | {"trigger_id": "t2"}
    assert read(again).event == incoming.event, "sent once more because an ack was lost"
    values["deal:7:title"]["x"]["value"] = "Cotton"
    assert read(payload).event != incoming.event, "sent with other values"
    other = view | {"callback_id": "other", "state": {"values": {}}}
    assert keeping(payload | {"view": other}, NOW) is None


def test_row_48_secrets_are_not_stored(slack: SlackServer, ayesha: Person, sales: Channel) -> None:
    ayesha.commands("/rabta", "hello", sales)
    ayesha.says(sales, "@Rabta hello")
    for payload in told(slack):
        raw = keeping(payload, NOW)
        assert raw
        assert not {"token", "trigger_id"} & raw.payload.keys()
        assert raw.payload[AT] == NOW
        assert len(raw.event) <= 120
        assert len(raw.chat) <= 160


@pytest.mark.parametrize(
    ("wire", "typed"),
    [
        ("<@UBOT> met Sara", "met Sara"),
        ("hey <@UBOT|rabta>, met Sara", "hey , met Sara"),
        ("<@UBOT>: pipeline", "pipeline"),
        ("<@UBOT>", ""),
        ("met <@U2|bilal> today", "met @U2 today"),
        ("in <#C1|sales> and <#C2>", "in #sales and #C2"),
        ("<!here> and <!subteam^S1|@closers>", "@here and @closers"),
        ("<!date^1^{date}|yesterday>", "yesterday"),
        ("<http://bilal.pk|bilal.pk>", "bilal.pk"),
        ("<https://bilal.pk/a?b=1&amp;c=2>", "https://bilal.pk/a?b=1&c=2"),
        ("<mailto:a@b.pk|a@b.pk>", "a@b.pk"),
        ("<mailto:a@b.pk>", "a@b.pk"),
        ("<tel:+923001234567|0300 1234567>", "0300 1234567"),
        ("<http://evil.pk|bank>", "bank (http://evil.pk)"),
        ("a &lt; b &amp;amp; c", "a < b &amp; c"),
        ("نشاط ملز سے ملے <@UBOT>", "نشاط ملز سے ملے"),
    ],
)
def test_text_as_it_was_typed(wire: str, typed: str) -> None:
    assert hear(wire, "UBOT").text == typed


def test_no_delivery_of_the_server_is_misread(
    slack: SlackServer, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    ayesha.opens_home()
    team.uninstalls()
    sent: list[Envelope] = slack.deliveries
    assert [keeping(envelope.payload, NOW) for envelope in sent] == [None, None, None]
