"""What the platforms really send, for the fuzzer to bend: taken from the loopback servers."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

VCARD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Malik;=53=61ra;;;\r\n"
    "FN:Sara Malik\r\nitem1.TEL;CELL:+92 300 5550101\r\nEMAIL;TYPE=work:sara@nishat.example\r\n"
    "ORG:Nishat Mills;Looms\r\nNOTE:one=\r\n two\r\nEND:VCARD\r\n"
)


@cache
def updates() -> list[dict[str, Any]]:
    """Telegram updates of every kind that Rabta reads, and some that it does not."""
    server = TelegramServer()  # never started: nobody listens, but its world turns
    server.world.wake = lambda: None
    ayesha, bilal = server.user(101, "Ayesha", "ayesha", "ur"), server.user(102, "Bilal")
    chat = server.private(ayesha)
    group = server.group("Sales", [ayesha, bilal], admin=True)
    said = ayesha.says(chat, "/won@rabta_bot nishat https://x.y/z")
    ayesha.says(chat, "and 5 lakh more", said)
    ayesha.says(group, "@rabta_bot deal for Nishat")
    ayesha.edits(said, "/won orient")
    ayesha.forwards(chat, "met Sara", bilal)
    ayesha.shares_contact(chat, "Sara", "Malik", "+923005550101", VCARD)
    ayesha.sends_document(chat, "sara.vcf", VCARD.encode(), "from the fair", "text/vcard")
    ayesha.sends_photo(chat, "a card")
    ayesha.sends_voice(chat)
    ayesha.sends_sticker(chat)
    ayesha.presses_data(said, "token")
    ayesha.blocks()
    return [update.body for update in server.world.queue.waiting]


@cache
def deliveries() -> list[dict[str, Any]]:
    """Slack's events, commands, taps and dialogs."""
    slack = SlackServer()
    sent: list[dict[str, Any]] = []
    slack.world.send = lambda envelope: sent.append(envelope.payload)
    team = slack.team()
    ayesha, bilal = team.user("U1", "Ayesha"), team.user("U2", "Bilal", stranger=True)
    dm, channel = team.dm(ayesha), team.channel("sales", [ayesha, bilal])
    said = ayesha.says(dm, "met Sara & Ali, deal 5 lakh")
    ayesha.says(channel, f"<@{team.bot.id}> win <@U2|bilal> <#C1|x> <https://x.y|z>", raw=True)
    bilal.says(channel, "hello", said.ts)
    ayesha.edits(said, "met Sara")
    ayesha.deletes(said)
    ayesha.commands("/rabta", "met Sara", channel)
    ayesha.opens_home()
    team.uninstalls()
    user = {"id": "U1", "team_id": team.id}
    shared = {"team": {"id": team.id}, "user": user}
    action = {"action_id": "tap-1", "value": "token", "action_ts": "1795000000.000100"}
    container = {"type": "message", "channel_id": dm.id, "message_ts": "1795000000.000001"}
    sent.append({"type": "block_actions", "actions": [action], "container": container, **shared})
    note = (
        '{"token": "t", "chat": "D1", "private": true, "thread": "", "message": "1.2",'
        ' "answer_to": ""}'
    )
    state = {"values": {"name": {"a": {"type": "plain_text_input", "value": "Sara"}},
                        "kind": {"b": {"selected_option": {"value": "call"}}}}}  # fmt: skip
    view = {"id": "V1", "callback_id": "form", "private_metadata": note, "state": state}
    sent.append({"type": "view_submission", "view": view, **shared})
    sent.append({"type": "url_verification", "challenge": "c"})
    slack._listener.close()
    return sent
