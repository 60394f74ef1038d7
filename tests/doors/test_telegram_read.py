"""Updates in Rabta's terms, as the loopback's people make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.incoming import Forwarded, Incoming, SharedContact
from bot.telegram_contact import read_contact
from bot.telegram_read import Me, chat_of, event_of, noted, read_update
from tests.servers.telegram import Chat, TelegramServer, User

ME = Me(123456789, "rabta_bot")


@pytest.fixture
def server() -> TelegramServer:
    """Its people; no socket is needed to read what they send."""
    return TelegramServer(privacy=False)


@pytest.fixture
def ayesha(server: TelegramServer) -> User:
    return server.user(101, "Ayesha", "ayesha_k", "ur", last_name="Khan")


@pytest.fixture
def chat(server: TelegramServer, ayesha: User) -> Chat:
    return server.private(ayesha)


@pytest.fixture
def group(server: TelegramServer, ayesha: User) -> Chat:
    return server.group("Sales", [ayesha])


def raw_of(server: TelegramServer) -> dict[str, Any]:
    return noted(server.world.queue.waiting[-1].body, ME, 1_900_000_000.0)


@pytest.fixture
def came(server: TelegramServer) -> Callable[[], Incoming]:
    """The last update, read."""

    def read() -> Incoming:
        incoming = read_update(raw_of(server))
        assert incoming is not None
        return incoming

    return read


Came = Callable[[], Incoming]


def test_a_text_says_who_where_and_when(ayesha: User, chat: Chat, came: Came) -> None:
    said = ayesha.says(chat, "bilal wali deal jeet gaye")
    got = came()
    assert (got.text, got.command, got.addressed) == ("bilal wali deal jeet gaye", "", True)
    assert (got.sender.id, got.sender.name, got.sender.language) == ("101", "Ayesha Khan", "ur")
    assert (got.place.chat, got.place.private, got.message) == ("101", True, str(said.id))
    assert got.sent_at.timestamp() == said.raw["date"]
    assert got.sent_at.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/won", "won", ""),
        ("/Won Bilal 5 lakh", "won", "Bilal 5 lakh"),
        ("/won@rabta_bot Bilal", "won", "Bilal"),
        ("/rabta met Sara, deal 5 lakh", "", "met Sara, deal 5 lakh"),
        ("/rabta", "help", ""),
        ("/start abc_123", "start", "abc_123"),
        ("see /won", "", "see /won"),
        ("/won\nBilal", "won", "Bilal"),
        ("@rabta_bot, aaj kya karna hai?", "", "aaj kya karna hai?"),
        ("salam @Rabta_Bot aaj", "", "salam aaj"),
        ("🙂 @rabta_bot آج", "", "🙂 آج"),
        ("@ali_raza ko call karna hai", "", "@ali_raza ko call karna hai"),
    ],
)
def test_commands_and_mentions_are_taken_off(
    ayesha: User, chat: Chat, came: Came, text: str, command: str, rest: str
) -> None:
    ayesha.says(chat, text)
    assert (came().command, came().text) == (command, rest)


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("deal ho gayi", False),
        ("@rabta_bot deal ho gayi", True),
        ("/today", True),
        ("/today@rabta_bot", True),
        ("@other_bot deal ho gayi", False),
    ],
)
def test_in_a_group_the_bot_knows_when_it_is_meant(
    ayesha: User, group: Chat, came: Came, text: str, addressed: bool
) -> None:
    ayesha.says(group, text)
    assert came().addressed is addressed
    assert (came().place.private, came().place.name) == (False, "Sales")


def test_a_reply_to_the_bot_is_meant_for_it(
    server: TelegramServer, ayesha: User, group: Chat, came: Came
) -> None:
    with server.world.lock:
        server.world.write(group.room, server.bot, text="Which Ali?")
    ayesha.says(group, "Acme wala", reply_to=group.last)
    assert came().addressed
    assert came().extra["reply_to"] == str(group.last.id)


def test_a_command_for_another_bot_is_not_ours(
    server: TelegramServer, ayesha: User, group: Chat
) -> None:
    ayesha.says(group, "/today@other_bot")
    assert read_update(raw_of(server)) is None


def test_a_tap_carries_its_token_and_the_moment_it_came(
    server: TelegramServer, ayesha: User, chat: Chat, came: Came
) -> None:
    ayesha.says(chat, "salam")
    markup = {"inline_keyboard": [[{"text": "Undo", "callback_data": "tok"}]]}
    with server.world.lock:
        server.world.write(chat.room, server.bot, text="Won.", reply_markup=markup)
    ayesha.presses(chat.last, "Undo")
    got = came()
    assert (got.tap, got.message, got.text) == ("tok", str(chat.last.id), "")
    assert got.sent_at.timestamp() == 1_900_000_000
    assert chat_of(raw_of(server)) == got.place.chat == "101"


@pytest.mark.parametrize(
    "odd",
    [{"message": None}, {"message": "words"}, {"callback_query": []}, {"message": {"chat": 7}}],
)
def test_an_update_of_no_known_shape_still_has_a_key(odd: dict[str, Any]) -> None:
    assert (event_of({"update_id": 5} | odd), chat_of({"update_id": 5} | odd)) == ("5-0", "")


def test_an_edit_says_that_it_is_one(ayesha: User, chat: Chat, came: Came) -> None:
    ayesha.edits(ayesha.says(chat, "deal 5 lakh"), "deal 6 lakh")
    assert came().edited
    assert came().text == "deal 6 lakh"


def test_what_is_no_text_has_a_name(ayesha: User, chat: Chat, came: Came) -> None:
    ayesha.sends_sticker(chat)
    assert came().other == "sticker"
    ayesha.sends_voice(chat)
    assert came().other == "voice"
    ayesha.sends_photo(chat, "his card")
    assert (came().other, came().extra["caption"]) == ("photo", "his card")
    assert came().extra["file"].startswith("photo-")
    ayesha.sends_document(chat, "list.csv", b"name\n", mime="text/csv")
    assert came().other == "file"
    assert came().extra == {"file": came().extra["file"], "name": "list.csv", "size": "5",
                            "media_type": "text/csv"}  # fmt: skip
    ayesha.sends(chat, location={"latitude": 24.8, "longitude": 67.0})
    assert came().other == "location"
    assert came().text == ""


def test_a_forward_says_whose_it_was(
    server: TelegramServer, ayesha: User, chat: Chat, came: Came
) -> None:
    ayesha.forwards(chat, "call me", server.user(103, "Sara", last_name="Iqbal"))
    assert came().forwarded == Forwarded("Sara Iqbal", "call me")
    assert came().text == ""
    ayesha.forwards(chat, "call me", "A hidden name")
    assert came().forwarded == Forwarded("A hidden name", "call me")


def test_what_one_forwards_of_oneself_is_ones_own(ayesha: User, chat: Chat, came: Came) -> None:
    ayesha.forwards(chat, "call me", ayesha)
    assert (came().text, came().forwarded) == ("call me", None)


def test_what_a_channel_or_bot_wrote_is_no_persons(ayesha: User, chat: Chat, came: Came) -> None:
    channel = {"id": -100, "type": "channel", "title": "Cotton rates", "username": "cotton"}
    origin = {"type": "channel", "chat": channel, "message_id": 3, "date": 1}
    ayesha.sends(chat, text="/won 5 lakh", forward_origin=origin)
    assert came().forwarded == Forwarded("Cotton rates", "/won 5 lakh", "@cotton", is_person=False)
    assert came().command == ""


def test_the_words_under_a_forwarded_photo_are_not_ones_own(
    ayesha: User, chat: Chat, came: Came
) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Sara", "date": 1}
    ayesha.sends(chat, photo=[{"file_id": "p1"}], caption="won it", forward_origin=origin)
    assert came().forwarded == Forwarded("Sara", "won it")
    assert (came().other, came().extra) == ("photo", {"file": "p1"})


VCARD = """BEGIN:VCARD
VERSION:3.0
FN:Bilal Ahmed
ORG:Bilal Traders\\, Karachi;Sales
item1.TEL;TYPE=CELL:+92 300 1234567
TEL;TYPE=WORK:021-345
 6789
EMAIL;TYPE=INTERNET:bilal@traders.pk
EMAIL:Bilal@traders.pk
END:VCARD
"""


def test_a_shared_contact_comes_with_its_vcard(ayesha: User, chat: Chat, came: Came) -> None:
    ayesha.shares_contact(chat, "Bilal", "Ahmed", "+923001234567", VCARD)
    assert came().card == SharedContact("Bilal Ahmed", ("+923001234567",), vcard=VCARD)


def test_an_accounts_own_number_gets_its_plus() -> None:
    card = read_contact({"first_name": "Ali", "phone_number": "923001234567", "user_id": 5})
    assert card.phones == ("+923001234567",)
    assert read_contact({"first_name": "Ali", "phone_number": "0300123"}).phones == ("0300123",)
    assert read_contact({"first_name": "Ali"}).phones == ()


def test_joins_bots_and_anonymous_admins_are_nobodys_business(
    server: TelegramServer, ayesha: User, group: Chat
) -> None:
    assert "new_chat_members" in raw_of(server)["message"]
    assert read_update(raw_of(server)) is None
    ayesha.sends(group, text="hi", sender_chat={"id": group.id, "type": "group", "title": "Sales"})
    assert read_update(raw_of(server)) is None
    bot = {"id": 5, "is_bot": True, "first_name": "Weather"}
    message = {**raw_of(server)["message"], "from": bot}
    del message["sender_chat"]
    assert read_update(noted({"update_id": 1, "message": message}, ME, 0.0)) is None
    assert read_update(noted({"update_id": 1, "my_chat_member": {}}, ME, 0.0)) is None
    assert chat_of({"update_id": 1, "my_chat_member": {}}) == ""


def test_a_topic_is_a_place_of_its_own(ayesha: User, group: Chat, came: Came) -> None:
    ayesha.sends(group, text="hi", message_thread_id=7, is_topic_message=True)
    assert came().place.thread == "7"
    ayesha.sends(group, text="hi", message_thread_id=7)
    assert came().place.thread == ""


def test_an_event_is_unique_even_when_numbers_start_anew(
    server: TelegramServer, ayesha: User, chat: Chat
) -> None:
    ayesha.says(chat, "one")
    first = raw_of(server)
    assert event_of(first) == event_of(dict(first))
    later = {**first, "message": {**first["message"], "date": first["message"]["date"] + 9}}
    assert event_of(first) != event_of(later)
