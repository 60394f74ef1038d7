"""The loopback Telegram is as strict as the real one: the real Bot runs into every refusal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
    error,
)
from telegram.request import HTTPXRequest

from tests.exchange.pictures import saved
from tests.servers.telegram import (
    BAD_GATEWAY,
    CUT_AFTER,
    CUT_BEFORE,
    TOKEN,
    Chat,
    Limits,
    TelegramServer,
    User,
    fails,
    flood,
    slow,
)

T = TypeVar("T")
Run = Callable[[Awaitable[T]], T]


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it every duration warns


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture
def run() -> Iterator[Callable[[Awaitable[Any]], Any]]:
    """Run a Bot's coroutine from a plain test, on one loop, as the Bot's connections want it."""
    with asyncio.Runner() as runner:

        async def awaited(what: Awaitable[Any]) -> Any:
            return await what

        yield lambda what: runner.run(awaited(what))


def real_bot(server: TelegramServer, token: str = TOKEN, read_timeout: float = 5.0) -> Bot:
    return Bot(
        token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(read_timeout=read_timeout),
        get_updates_request=HTTPXRequest(read_timeout=read_timeout),
    )


@pytest.fixture
def bot(server: TelegramServer, run: Run[Any]) -> Iterator[Bot]:
    client = real_bot(server)
    run(client.initialize())
    yield client
    run(client.shutdown())


@pytest.fixture
def ayesha(server: TelegramServer) -> User:
    return server.user(101, "Ayesha", username="ayesha_k", language_code="ur")


@pytest.fixture
def chat(server: TelegramServer, ayesha: User) -> Chat:
    """Ayesha's chat with the bot, which she has begun."""
    chat = server.private(ayesha)
    ayesha.says(chat, "/start")
    return chat


def refused(run: Run[Any], what: Awaitable[Any], words: str, kind: type[Exception]) -> Exception:
    with pytest.raises(kind) as caught:
        run(what)
    assert words.lower() in str(caught.value).lower()
    return caught.value


# Starting, tokens, names of methods


def test_it_starts_and_stops_fast() -> None:
    took: list[float] = []
    while not took or (min(took) >= 0.3 and len(took) < 20):  # the machine may be busy
        began = time.perf_counter()
        with TelegramServer() as server:
            assert server.port
        took.append(time.perf_counter() - began)
    assert min(took) < 0.3


def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    assert (bot.username, bot.id) == ("rabta_bot", 123456789)
    assert bot.bot.can_read_all_group_messages is False


@pytest.mark.parametrize(("token", "status"), [("123456789:wrong", 401), ("nonsense", 404)])
def test_a_wrong_token_is_turned_away(
    server: TelegramServer, run: Run[Any], token: str, status: int
) -> None:
    stranger = real_bot(server, token)
    refused(run, stranger.initialize(), "rejected by the server", error.InvalidToken)
    run(stranger.shutdown())
    with httpx.Client() as client:
        assert client.get(f"{server.base_url}{token}/getMe").status_code == status


def test_an_unknown_method_is_not_found(bot: Bot, run: Run[Any]) -> None:
    refused(run, bot.do_api_request("sendMoney"), "not found", error.EndPointNotFound)


# Updates


def ids(updates: tuple[Any, ...]) -> list[int]:
    return [update.update_id for update in updates]


def test_an_offset_confirms_all_below_it_for_good(
    bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    for text in ("one", "two"):
        ayesha.says(chat, text)
    first, second, third = ids(run(bot.get_updates()))
    assert ids(run(bot.get_updates())) == [first, second, third]  # not confirmed: given again
    assert ids(run(bot.get_updates(offset=second, limit=1))) == [second]
    assert ids(run(bot.get_updates(offset=first))) == [second, third]  # the first is gone
    assert ids(run(bot.get_updates(offset=-1))) == [third]
    assert ids(run(bot.get_updates())) == [third]


def test_a_long_poll_waits_and_is_woken(bot: Bot, run: Run[Any], ayesha: User, chat: Chat) -> None:
    (began,) = run(bot.get_updates())

    async def poll_and_speak() -> tuple[Any, ...]:
        poll = asyncio.create_task(bot.get_updates(offset=began.update_id + 1, timeout=30))
        await asyncio.sleep(0.05)
        ayesha.says(chat, "met Bilal")
        return await poll

    start = time.perf_counter()
    (update,) = run(poll_and_speak())
    assert update.message.text == "met Bilal"
    assert time.perf_counter() - start < 20


def test_a_long_poll_ends_empty_after_its_timeout(bot: Bot, run: Run[Any]) -> None:
    start = time.perf_counter()
    assert run(bot.get_updates(timeout=1)) == ()
    assert time.perf_counter() - start > 0.9


def test_two_pollers_are_a_conflict_for_the_first(bot: Bot, run: Run[Any]) -> None:
    async def overlap() -> None:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(bot.get_updates(timeout=1))
        with pytest.raises(error.Conflict, match="terminated by other getUpdates"):
            await first
        assert await second == ()

    run(overlap())


def test_a_webhook_and_polling_exclude_each_other(
    server: TelegramServer, bot: Bot, run: Run[Any]
) -> None:
    async def overlap() -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        await bot.set_webhook("https://rabta.example/hook", secret_token="s3cret_-")
        with pytest.raises(error.Conflict, match="setWebhook"):
            await poll

    run(overlap())
    refused(run, bot.get_updates(), "webhook is active", error.Conflict)
    assert run(bot.get_webhook_info()).url == "https://rabta.example/hook"
    run(bot.delete_webhook())
    assert run(bot.get_webhook_info()).url == ""
    assert run(bot.get_updates()) == ()


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://rabta.example/hook", None, "https"),
        ("https://rabta.example/hook", "no spaces", "unallowed characters"),
    ],
)
def test_a_webhook_must_be_https_and_its_secret_plain(
    bot: Bot, run: Run[Any], url: str, secret: str | None, words: str
) -> None:
    refused(run, bot.set_webhook(url, secret_token=secret), words, error.BadRequest)


def test_a_webhook_is_posted_until_it_answers_200(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    heard: list[bytes] = []

    async def listener(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:")[1].split()[0])
        heard.append(head + await reader.readexactly(size))
        status = b"500 No" if len(heard) == 1 else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def hear() -> None:
        listening = await asyncio.start_server(listener, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        server.updates.plain_webhooks = True
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
        while len(heard) < 2 or (await bot.get_webhook_info()).pending_update_count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await bot.delete_webhook()
        listening.close()
        await listening.wait_closed()

    run(hear())
    assert len(heard) == 2
    assert all(b"X-Telegram-Bot-Api-Secret-Token: s3cret" in each for each in heard)
    assert b'"/start"' in heard[1]


def test_only_the_allowed_kinds_are_kept(bot: Bot, run: Run[Any], ayesha: User, chat: Chat) -> None:
    (began,) = run(bot.get_updates(allowed_updates=["message"]))
    message = ayesha.says(chat, "Bilal")
    ayesha.edits(message, "Bilal Traders")
    updates = run(bot.get_updates(offset=began.update_id + 1))
    assert [update.message.text for update in updates] == ["Bilal"]
    run(bot.get_updates(offset=-1, allowed_updates=[]))  # an empty list: the usual kinds again
    ayesha.edits(message, "Bilal & Sons")
    assert run(bot.get_updates())[-1].edited_message.text == "Bilal & Sons"


def test_updates_older_than_a_day_are_dropped(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    server.passes(24 * 60 * 60)
    ayesha.says(chat, "today")
    assert [update.message.text for update in run(bot.get_updates())] == ["today"]


def test_updates_can_be_repeated_and_their_ids_restart(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    (began,) = run(bot.get_updates())
    assert run(bot.get_updates(offset=began.update_id + 1)) == ()
    server.repeats(1)
    assert ids(run(bot.get_updates(offset=began.update_id + 1))) == [began.update_id]
    server.restarts_update_ids(17)
    ayesha.says(chat, "back after a week")
    # An offset from before means nothing now: the queue is given from its head.
    assert ids(run(bot.get_updates(offset=began.update_id + 1))) == [17]
    assert run(bot.get_updates(offset=18)) == ()


# Texts and entities


def bold(offset: int, length: int) -> list[MessageEntity]:
    return [MessageEntity("bold", offset, length)]


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("", {}, "message text is empty"),
        (" \n ", {}, "text must be non-empty"),
        ("x" * 4097, {}, "message is too long"),
        ("🙂" * 2049, {}, "message is too long"),
        ("Bilal", {"entities": bold(0, 6)}, "ends after the end of the text at UTF-16 offset 6"),
        ("Bilal", {"entities": bold(-1, 2)}, "incorrect offset -1"),
        ("Bilal", {"entities": bold(2, -1)}, "incorrect length -1"),
        ("🙂 ok", {"entities": bold(1, 2)}, "begins in a middle of a UTF-16 symbol"),
        ("🙂 ok", {"entities": bold(0, 1)}, "ends in a middle of a UTF-16 symbol"),
        ("ok", {"entities": [MessageEntity("loud", 0, 2)]}, "unsupported type"),
        ("ok", {"entities": [MessageEntity("text_link", 0, 2)]}, 'can\'t find field "url"'),
        ("ok", {"entities": [MessageEntity("text_link", 0, 2, url="nowhere")]}, "wrong http url"),
        ("<b>Bilal", {"parse_mode": "HTML"}, "can't find end tag corresponding to start tag"),
        ("Ali <ali@x.pk>", {"parse_mode": "HTML"}, "can't parse entities: unsupported start tag"),
        ("a</b>", {"parse_mode": "HTML"}, "unexpected end tag"),
        ("<b><i>a</b></i>", {"parse_mode": "HTML"}, "unmatched end tag"),
        ("snake_case", {"parse_mode": "Markdown"}, "can't find end of the entity"),
        ("5.5 lakh", {"parse_mode": "MarkdownV2"}, "character '.' is reserved"),
        ("*won", {"parse_mode": "MarkdownV2"}, "can't find end of the entity"),
        ("hi", {"parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("hi", {"reply_parameters": ReplyParameters(4)}, "message to be replied not found"),
    ],
)
def test_a_text_is_refused(
    bot: Bot, run: Run[Any], chat: Chat, text: str, more: dict[str, Any], words: str
) -> None:
    refused(run, bot.send_message(chat.id, text, **more), words, error.BadRequest)
    assert chat.messages == []


@pytest.mark.parametrize("text", ["x" * 4096, "🙂" * 2048])
def test_the_longest_text_is_sent(bot: Bot, run: Run[Any], chat: Chat, text: str) -> None:
    assert run(bot.send_message(chat.id, text)).text == text


@pytest.mark.parametrize(
    ("text", "mode", "plain", "found"),
    [
        ("🙂 <b>Bilal &amp; Co</b>", "HTML", "🙂 Bilal & Co", [("bold", 3, 10)]),
        ("*won* _5_", "Markdown", "won 5", [("bold", 0, 3), ("italic", 4, 1)]),
        ("*5\\.5* `a.b`", "MarkdownV2", "5.5 a.b", [("bold", 0, 3), ("code", 4, 3)]),
        ("[Ali](https://a.pk)", "MarkdownV2", "Ali", [("text_link", 0, 3)]),
        ('<a href="https://a.pk">Ali</a>', "HTML", "Ali", [("text_link", 0, 3)]),
    ],
)
def test_markup_becomes_entities(
    bot: Bot,
    run: Run[Any],
    chat: Chat,
    text: str,
    mode: str,
    plain: str,
    found: list[tuple[str, int, int]],
) -> None:
    message = run(bot.send_message(chat.id, text, parse_mode=mode))
    assert message.text == plain
    assert [(each.type, each.offset, each.length) for each in message.entities] == found


def test_the_ends_are_trimmed_and_the_entities_move(bot: Bot, run: Run[Any], chat: Chat) -> None:
    message = run(bot.send_message(chat.id, "  Bilal  ", entities=bold(2, 7)))
    assert message.text == "Bilal"
    assert [(each.offset, each.length) for each in message.entities] == [(0, 5)]


def test_what_turns_the_direction_is_left_out(bot: Bot, run: Run[Any], chat: Chat) -> None:
    message = run(bot.send_message(chat.id, "a\u202e\r\x00Bilal\u2069", entities=bold(4, 5)))
    assert message.text == "a Bilal\u2069"
    assert [(each.offset, each.length) for each in message.entities] == [(2, 5)]


# Keyboards


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def button(text: str = "Undo", data: str | None = "u1", **more: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data, **more)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([button(data="x" * 65)]), "button_data_invalid"),
        (keyboard([button(data="ب" * 33)]), "button_data_invalid"),
        (keyboard([button(data="")]), "button_data_invalid"),
        (keyboard([button(text=" ")]), "text must be non-empty"),
        (keyboard([button(data=None)]), "text buttons are unallowed"),
        (keyboard([button(data="a", url="https://a.pk")]), "only one of the optional fields"),
        (keyboard([button(data=None, url="nowhere")]), "wrong http url"),
        (keyboard(*[[button(data=str(n))] for n in range(101)]), "reply markup is too long"),
        ("{broken", "can't parse reply keyboard markup"),
        ('{"inline_keyboard": [{"text": "a"}]}', "array of arrays"),
        ('{"inline_keyboard": "a"}', "must be of type array"),
        ('{"inline_keyboard": [["a"]]}', "expected an object"),
        ('["a"]', "object expected as reply markup"),
        ('{"surprise": 1}', "unknown kind"),
    ],
)
def test_a_keyboard_is_refused(
    bot: Bot, run: Run[Any], chat: Chat, markup: Any, words: str
) -> None:
    call = bot.send_message(chat.id, "ok", api_kwargs={"reply_markup": markup})
    refused(run, call, words, error.BadRequest)


def test_sixty_four_bytes_fit_and_are_pressed(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    data = "ب" * 32
    run(bot.send_message(chat.id, "Won.", reply_markup=keyboard([button(data=data)])))
    assert chat.last.rows == [["Undo"]]
    query = ayesha.presses(chat.last, "Undo")
    update = run(bot.get_updates())[-1]
    assert update.callback_query.data == data
    assert update.callback_query.message.text == "Won."
    assert update.callback_query.from_user.id == ayesha.id
    run(bot.answer_callback_query(query.id, "Undone"))
    assert query.answer == {"text": "Undone", "show_alert": False}
    refused(run, bot.answer_callback_query(query.id), "query is too old", error.BadRequest)
    late = ayesha.presses(chat.last, "Undo")
    server.passes(server.query_age + 1)
    refused(run, bot.answer_callback_query(late.id), "query is too old", error.BadRequest)
    again = ayesha.presses(chat.last, "Undo")
    too_long = bot.answer_callback_query(again.id, "x" * 201)
    refused(run, too_long, "message_too_long", error.BadRequest)


# Editing and deleting


def test_editing_changes_the_message_in_place(bot: Bot, run: Run[Any], chat: Chat) -> None:
    message = run(bot.send_message(chat.id, "Won.", reply_markup=keyboard([button()])))
    run(bot.edit_message_text("Undone.", chat.id, message.message_id))
    assert (chat.last.text, chat.last.rows) == ("Undone.", [])  # no keyboard given: it is gone
    assert len(chat.messages) == 1
    markup = keyboard([button("Again")])
    run(bot.edit_message_reply_markup(chat.id, message.message_id, reply_markup=markup))
    assert chat.last.rows == [["Again"]]


def test_edits_are_refused(bot: Bot, run: Run[Any], ayesha: User, chat: Chat) -> None:
    sent = run(bot.send_message(chat.id, "Won.", reply_markup=keyboard([button()])))
    theirs = ayesha.says(chat, "thanks")
    number = sent.message_id
    edits: list[tuple[Awaitable[Any], str]] = [
        (
            bot.edit_message_text("Won.", chat.id, number, reply_markup=keyboard([button()])),
            "message is not modified",
        ),
        (bot.edit_message_text("Lost.", chat.id, 1), "message to edit not found"),
        (bot.edit_message_text("Lost.", chat.id, theirs.id), "message can't be edited"),
        (bot.edit_message_text("", chat.id, number), "message text is empty"),
        (bot.edit_message_text("Lost.", chat.id), "message identifier is not specified"),
        (bot.delete_message(chat.id, 1), "message to delete not found"),
    ]
    for edit, words in edits:
        refused(run, edit, words, error.BadRequest)
    assert chat.last.text == "Won."
    run(bot.delete_message(chat.id, number))
    assert chat.messages == []
    refused(
        run,
        bot.edit_message_text("Lost.", chat.id, number),
        "message to edit not found",
        error.BadRequest,
    )


def test_an_old_message_stays(server: TelegramServer, bot: Bot, run: Run[Any], chat: Chat) -> None:
    sent = run(bot.send_message(chat.id, "Won."))
    server.passes(49 * 60 * 60)
    refused(run, bot.delete_message(chat.id, sent.message_id), "can't be deleted", error.BadRequest)


# Who can be written to


def test_a_bot_cannot_begin_a_conversation(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User
) -> None:
    chat = server.private(ayesha)
    refused(run, bot.send_message(ayesha.id, "hello"), "chat not found", error.BadRequest)
    refused(run, bot.send_message("", "hello"), "chat_id is empty", error.BadRequest)
    bilal = server.user(None, "Bilal")
    server.group("Sales", [bilal])
    refused(run, bot.send_message(bilal.id, "hello"), "initiate conversation", error.Forbidden)
    ayesha.says(chat, "hello")
    assert run(bot.send_message(ayesha.id, "hello")).chat.id == ayesha.id


def test_a_blocked_bot_is_told_and_heard_again_after(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    ayesha.blocks()
    update = run(bot.get_updates())[-1]
    assert update.my_chat_member.new_chat_member.status == "kicked"
    refused(run, bot.send_message(chat.id, "hi"), "bot was blocked by the user", error.Forbidden)
    ayesha.unblocks()
    assert run(bot.get_updates())[-1].my_chat_member.new_chat_member.status == "member"
    run(bot.send_message(chat.id, "hi"))


def test_a_group_can_lose_the_bot_and_move(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User
) -> None:
    group = server.group("Sales", [ayesha])
    server.loses_chat(group)
    refused(run, bot.send_message(group.id, "hi"), "kicked from the group", error.Forbidden)
    server.loses_chat(group, "member")
    moved = group.becomes_supergroup()
    gone = refused(run, bot.send_message(group.id, "hi"), "migrated", error.ChatMigrated)
    assert isinstance(gone, error.ChatMigrated)
    assert gone.new_chat_id == moved.id
    updates = run(bot.get_updates())
    assert updates[-2].message.migrate_to_chat_id == moved.id
    run(bot.send_message(moved.id, "hi"))
    assert moved.last.text == "hi"
    run(bot.leave_chat(moved.id))
    refused(run, bot.send_message(moved.id, "hi"), "not a member", error.Forbidden)


def test_limits_are_kept_when_they_are_on(
    server: TelegramServer, bot: Bot, run: Run[Any], chat: Chat
) -> None:
    for _ in range(3):
        run(bot.send_message(chat.id, "as fast as it likes"))
    server.limits = Limits.real()
    run(bot.send_message(chat.id, "one"))
    again = refused(run, bot.send_message(chat.id, "two"), "flood control", error.RetryAfter)
    assert isinstance(again, error.RetryAfter)
    assert server.calls[-1].answer["parameters"] == {"retry_after": 1}
    server.passes(1)
    run(bot.send_message(chat.id, "two"))


# Files and the rest


def test_files_go_and_come(bot: Bot, run: Run[Any], ayesha: User, chat: Chat) -> None:
    csv = b"name,phone\nBilal,0300\n"
    sent = run(bot.send_document(chat.id, csv, filename="contacts.csv", caption="Your list"))
    assert sent.document.file_name == "contacts.csv"
    file = run(bot.get_file(sent.document.file_id))
    assert bytes(run(file.download_as_bytearray())) == csv
    again = run(bot.send_document(chat.id, sent.document.file_id))
    assert again.document.file_id == sent.document.file_id
    ayesha.sends_document(chat, "card.vcf", b"BEGIN:VCARD", caption="Bilal")
    received = run(bot.get_updates())[-1].message
    assert received.caption == "Bilal"
    file = run(bot.get_file(received.document.file_id))
    assert bytes(run(file.download_as_bytearray())) == b"BEGIN:VCARD"


def test_files_are_refused(bot: Bot, run: Run[Any], chat: Chat) -> None:
    png = saved(Image.new("L", (40, 30)))
    (sized,) = run(bot.send_photo(chat.id, png)).photo
    assert (sized.width, sized.height) == (40, 30)
    refusals: list[tuple[Awaitable[Any], str]] = [
        (bot.send_photo(chat.id, b"not a picture"), "image_process_failed"),
        (bot.send_photo(chat.id, png[:50]), "image_process_failed"),
        (bot.send_photo(chat.id, saved(Image.new("L", (9, 181)))), "photo_invalid_dimensions"),
        (bot.send_photo(chat.id, saved(Image.new("1", (9000, 1001)))), "photo_invalid_dimensions"),
        (bot.send_photo(chat.id, png, caption="x" * 1025), "message caption is too long"),
        (bot.send_photo(chat.id, "nothing"), "wrong file identifier"),
        (bot.get_file("nothing"), "invalid file_id"),
        (bot.send_document(chat.id, ""), "no document in the request"),
        (bot.send_chat_action(chat.id, "dancing"), "wrong parameter action"),
    ]
    for call, words in refusals:
        refused(run, call, words, error.BadRequest)
    assert run(bot.send_chat_action(chat.id, "typing"))


def command(name: str, description: str = "what it does") -> BotCommand:
    return BotCommand(name, description)


@pytest.mark.parametrize(
    ("commands", "more", "words"),
    [
        ([command("Won")], {}, "bot_command_invalid"),
        ([command("x" * 33)], {}, "bot_command_invalid"),
        ([command("جیت")], {}, "bot_command_invalid"),
        ([command("won", "")], {}, "bot_command_description_invalid"),
        ([command("won", "x" * 257)], {}, "bot_command_description_invalid"),
        ([command(f"c{n}") for n in range(101)], {}, "bot_commands_too_much"),
        ([command("won")], {"language_code": "urdu"}, "invalid language code"),
        ([command("won")], {"scope": BotCommandScopeChat(999)}, "chat not found"),
    ],
)
def test_a_menu_is_refused(
    bot: Bot, run: Run[Any], commands: list[BotCommand], more: dict[str, Any], words: str
) -> None:
    refused(run, bot.set_my_commands(commands, **more), words, error.BadRequest)


def test_the_narrowest_menu_is_seen(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    bilal = server.user(102, "Bilal", language_code="en")
    his = server.private(bilal)
    bilal.says(his, "/start")
    run(bot.set_my_commands([command("won", "a deal is won")]))
    run(bot.set_my_commands([command("won", "ڈیل جیتی")], language_code="ur"))
    assert ayesha.menu(chat) == {"won": "ڈیل جیتی"}
    assert bilal.menu(his) == {"won": "a deal is won"}
    scope = BotCommandScopeChat(chat.id)
    run(bot.set_my_commands([command("won", "deal jeeti")], scope=scope))
    assert ayesha.menu(chat) == {"won": "deal jeeti"}
    assert [each.description for each in run(bot.get_my_commands(scope))] == ["deal jeeti"]
    run(bot.delete_my_commands(scope))
    assert ayesha.menu(chat) == {"won": "ڈیل جیتی"}


def test_chats_and_members_can_be_looked_up(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User
) -> None:
    bilal = server.user(102, "Bilal")
    group = server.group("Sales", [ayesha], admin=True)
    assert run(bot.get_chat(group.id)).title == "Sales"
    assert run(bot.get_chat_member(group.id, ayesha.id)).status == "administrator"
    assert run(bot.get_chat_member(group.id, bilal.id)).status == "left"
    refused(run, bot.get_chat_member(group.id, 9), "user not found", error.BadRequest)
    refused(run, bot.get_chat(9), "chat not found", error.BadRequest)


# People


def test_people_do_what_people_do(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User, chat: Chat
) -> None:
    sara = server.user(103, "Sara")
    ayesha.says(chat, "mail ali@acme.pk or ask @sara_b #vip /won")
    ayesha.shares_contact(chat, "Bilal", "Ahmed", "+923001234567", "BEGIN:VCARD\nEND:VCARD")
    ayesha.sends_sticker(chat)
    ayesha.sends_voice(chat)
    ayesha.sends_photo(chat, "his card")
    ayesha.forwards(chat, "call me", sara)
    ayesha.forwards(chat, "call me", "A hidden name")
    messages = [update.message for update in run(bot.get_updates())][1:]
    kinds = [entity.type for entity in messages[0].entities]
    assert kinds == ["email", "mention", "hashtag", "bot_command"]
    assert messages[1].contact.last_name == "Ahmed"
    assert messages[2].sticker.emoji == "👍"
    assert messages[3].voice.duration == timedelta(seconds=3)
    assert (messages[4].caption, len(messages[4].photo)) == ("his card", 1)
    assert messages[5].forward_origin.sender_user.first_name == "Sara"
    assert messages[6].forward_origin.sender_user_name == "A hidden name"
    assert all(message.from_user.language_code == "ur" for message in messages)


@pytest.mark.parametrize(
    ("text", "mode", "comes"),
    [
        ("bilal wali deal jeet gaye", {}, False),
        ("/today", {}, True),
        ("/today@rabta_bot", {}, True),
        ("/today@Rabta_Bot", {}, True),
        ("/today@other_bot", {}, False),
        ("try /today", {}, False),
        ("@rabta_bot today", {}, False),  # with privacy mode on, a mention alone does not come
        ("@rabta_bot today", {"mentions_reach": True}, True),
        ("@other_bot today", {"mentions_reach": True}, False),
        ("bilal wali deal jeet gaye", {"privacy": False}, True),
    ],
)
def test_privacy_mode_in_groups(
    run: Run[Any], text: str, mode: dict[str, bool], comes: bool
) -> None:
    with TelegramServer(**mode) as server:  # type: ignore[arg-type]  # only its bool arguments
        bot, ayesha = real_bot(server), server.user(101, "Ayesha")
        run(bot.initialize())
        group = server.group("Sales", [ayesha])
        (joined,) = run(bot.get_updates())
        assert joined.message.new_chat_members[0].id == bot.id
        ayesha.says(group, text)
        assert bool(run(bot.get_updates(offset=joined.update_id + 1))) is comes
        run(bot.shutdown())


def test_replies_to_the_bot_come_and_other_bots_do_not(
    server: TelegramServer, bot: Bot, run: Run[Any], ayesha: User
) -> None:
    other = server.user(900, "Weather", username="weather_bot", is_bot=True)
    group = server.group("Sales", [ayesha, other])
    (joined,) = run(bot.get_updates())
    asked = run(bot.send_message(group.id, "Which Ali?"))
    ayesha.says(group, "the one at Acme", reply_to=group.last)
    (answer,) = run(bot.get_updates(offset=joined.update_id + 1))
    assert answer.message.reply_to_message.message_id == asked.message_id
    other.says(group, "/today")
    ayesha.says(group, "/today")  # the other bot spoke last: a bare command is for it
    assert run(bot.get_updates(offset=answer.update_id + 1)) == ()


def test_waiting_says_what_was_said_instead(bot: Bot, run: Run[Any], chat: Chat) -> None:
    run(bot.send_message(chat.id, "Won."))
    assert chat.wait_for(1).text == "Won."
    assert chat.wait_for(lambda message: "Won" in message.text).text == "Won."
    with pytest.raises(AssertionError, match=r"said: \['Won.'\]"):
        chat.wait_for(2, timeout=0.01)


# Trouble on demand


def test_a_call_is_done_and_its_answer_lost(
    server: TelegramServer, bot: Bot, run: Run[Any], chat: Chat
) -> None:
    server.goes_wrong("sendMessage", CUT_AFTER, CUT_BEFORE, fails(500), BAD_GATEWAY, flood(7))
    with pytest.raises(error.NetworkError):
        run(bot.send_message(chat.id, "once"))
    assert [message.text for message in chat.messages] == ["once"]
    for _ in range(3):
        with pytest.raises(error.NetworkError):
            run(bot.send_message(chat.id, "twice"))
    with pytest.raises(error.RetryAfter):
        run(bot.send_message(chat.id, "twice"))
    assert len(chat.messages) == 1
    run(bot.send_message(chat.id, "three"))
    assert chat.last.text == "three"
    assert len(server.calls_of("sendMessage")) == 6


def test_a_slow_answer_times_out_though_it_was_done(
    server: TelegramServer, run: Run[Any], chat: Chat
) -> None:
    hurried = real_bot(server, read_timeout=0.5)
    run(hurried.initialize())
    server.goes_wrong("sendMessage", slow(1.0))
    with pytest.raises(error.TimedOut):
        run(hurried.send_message(chat.id, "slowly"))
    assert chat.wait_for(1).text == "slowly"
    run(hurried.shutdown())


def test_ids_are_the_same_in_every_run() -> None:
    def story() -> list[int]:
        with TelegramServer(first_id=50, first_update=9) as server:
            ayesha = server.user(None, "Ayesha")
            said = ayesha.says(server.private(ayesha), "salam")
            return [ayesha.id, said.id, server.world.queue.waiting[0].id]

    assert story() == story() == [5_000_001, 50, 9]
