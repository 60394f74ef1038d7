"""The Telegram door alone: keeping before confirming, and what becomes of letters."""

from __future__ import annotations

import asyncio
import logging
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from bot.door import Raw
from bot.incoming import Incoming
from bot.pictures import studio
from bot.telegram import IDLE, Telegram, TokenRefused
from handlers.reply import Button, Call, Chart, File, Line, Part, Point, Reply, Title
from scheduler.letters import Address, Ambiguous, Letter, Moved, Outcome, Refused, Sent, Wait
from tests.doors import waiting
from tests.doors.loop import LiveLoop
from tests.pictures.cast import charts
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
)
from tests.servers.telegram.faults import Fault
from tests.servers.telegram.people import PNG
from tests.servers.telegram.wire import Answer

until = partial(waiting.until, timeout=20.0)

NO_PAGE = Fault(done=False, answer=Answer(404, b"<html>404 Not Found</html>", "text/html"))
"""What a proxy says for Telegram."""

MENUS = {
    "en": [("won", "a deal is won"), ("today", "what is due today")],
    "ur": [("won", "ڈیل جیتی"), ("today", "آج کا کام")],
    "roman": [("won", "deal jeeti"), ("today", "aaj ka kaam")],
}


@dataclass
class Inbox:
    """What was kept; it can be out of order for a while."""

    raws: list[Raw] = field(default_factory=list)
    broken: int = 0

    async def keep(self, door: str, events: Sequence[Raw]) -> None:
        assert door == "telegram"
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        known = {raw.event for raw in self.raws}
        self.raws += [raw for raw in events if raw.event not in known]

    def texts(self) -> list[str]:
        return [raw.payload.get("message", {}).get("text", "") for raw in self.raws]

    def wait_for(self, count: int, timeout: float = 20.0) -> list[Raw]:
        deadline = time.monotonic() + timeout
        while len(self.raws) < count:
            assert time.monotonic() < deadline, f"kept only {self.texts()}"
            time.sleep(0.005)
        return self.raws


@dataclass
class Stage:
    """A server with Ayesha, a door on a loop of its own, and what the door kept."""

    server: TelegramServer
    loop: LiveLoop
    inbox: Inbox = field(default_factory=Inbox)
    slept: list[float] = field(default_factory=list)
    now: Callable[[], float] = time.time
    moment: Callable[[], float] | None = None

    def door(self, token: str = TOKEN, poll_seconds: int = 5) -> Telegram:
        async def made() -> Telegram:
            return Telegram(
                token,
                menus=MENUS,
                base_url=self.server.base_url,
                base_file_url=self.server.base_file_url,
                poll_seconds=poll_seconds,
                clock=self.now,
                moment=self.moment,
                sleep=self.pause,
            )

        return self.loop.do(made())

    async def pause(self, seconds: float) -> None:
        self.slept.append(seconds)

    def runs(self, door: Telegram) -> None:
        self.loop.start(door.run(self.inbox.keep))

    def read(self, door: Telegram, raw: Raw) -> Incoming | None:
        return self.loop.do(door.read(raw.payload))


@pytest.fixture
def stage() -> Iterator[Stage]:
    with TelegramServer() as server, LiveLoop() as loop:
        yield Stage(server, loop)


@pytest.fixture
def door(stage: Stage) -> Iterator[Telegram]:
    door = stage.door()
    yield door
    stage.loop.do(door.stop())


@pytest.fixture
def ayesha(stage: Stage) -> User:
    return stage.server.user(101, "Ayesha", language_code="ur")


@pytest.fixture
def chat(stage: Stage, ayesha: User) -> Chat:
    chat = stage.server.private(ayesha)
    ayesha.says(chat, "/start")
    return chat


# In


def test_row_01_updates_are_kept_and_only_then_confirmed(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.inbox.broken = 2  # the database is away for two tries
    stage.runs(door)
    stage.inbox.wait_for(1)
    assert stage.slept == [1.0, 2.0]
    offsets = [call.params["offset"] for call in stage.server.calls_of("getUpdates")]
    assert offsets[:3] == ["0", "0", "0"]  # nothing was confirmed while nothing was kept
    ayesha.says(chat, "bilal wali deal jeet gaye")
    raw = stage.inbox.wait_for(2)[1]
    incoming = stage.read(door, raw)
    assert incoming is not None
    assert incoming.text == "bilal wali deal jeet gaye"
    assert raw.chat == "101"


def test_row_01_a_door_that_dies_before_keeping_leaves_all_to_the_next(
    stage: Stage, ayesha: User, chat: Chat
) -> None:
    stage.inbox.broken = 1_000_000
    first = stage.door()
    stage.runs(first)
    until(lambda: stage.slept)
    stage.loop.do(first.stop())
    ayesha.says(chat, "two")
    stage.inbox.broken = 0
    second = stage.door()
    stage.runs(second)
    stage.inbox.wait_for(2)
    stage.loop.do(second.stop())
    assert stage.inbox.texts() == ["/start", "two"]


def test_row_03_repeats_are_recognised_and_restarted_numbers_are_not_lost(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.runs(door)
    stage.inbox.wait_for(1)
    stage.server.repeats(1)
    ayesha.says(chat, "two")
    stage.inbox.wait_for(2)
    until(lambda: not stage.server.world.queue.waiting)  # a quiet week has nothing on its way
    stage.server.restarts_update_ids(5)  # far below the door's offset
    ayesha.says(chat, "three")
    ayesha.says(chat, "four")
    stage.inbox.wait_for(4)
    assert stage.inbox.texts() == ["/start", "two", "three", "four"]
    until(lambda: not stage.server.world.queue.waiting)  # confirmed under their new numbers


def test_row_03_after_six_quiet_days_the_offset_is_forgotten(
    stage: Stage, ayesha: User, chat: Chat
) -> None:
    late = [0.0]
    stage.now = lambda: time.time() + late[0]
    door = stage.door(poll_seconds=1)
    stage.runs(door)
    stage.inbox.wait_for(1)
    until(lambda: len(stage.server.calls_of("getUpdates")) == 2)
    late[0] = IDLE + 1
    until(lambda: len(stage.server.calls_of("getUpdates")) == 3)
    ayesha.says(chat, "hello again")
    stage.inbox.wait_for(2)
    stage.loop.do(door.stop())
    offsets = [int(call.params["offset"]) for call in stage.server.calls_of("getUpdates")]
    assert (offsets[0], offsets[2]) == (0, 0)
    assert offsets[1] > 0


def test_an_update_that_nobody_can_read_does_not_stop_the_rest(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    with stage.server.world.lock:
        stage.server.world.tell("message", {"message_id": 1, "date": "not a date"})
    ayesha.says(chat, "after it")
    stage.runs(door)
    stage.inbox.wait_for(3)
    with pytest.raises((KeyError, TypeError)):
        stage.read(door, stage.inbox.raws[1])
    assert stage.read(door, stage.inbox.raws[2]) is not None


def test_row_05_a_tap_that_nobody_can_read_is_kept_and_does_not_stop_the_rest(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    for what in ({"from": {"id": 101}, "message": {}, "data": "x"}, None, "x"):
        with stage.server.world.lock:
            stage.server.world.tell("callback_query", what)  # type: ignore[arg-type]
    ayesha.says(chat, "after them")
    stage.runs(door)
    stage.inbox.wait_for(5)
    until(lambda: not stage.server.world.queue.waiting)  # all of them confirmed
    assert stage.slept == []


@pytest.mark.parametrize("junk", [[{"no": "number"}], ["x", None, {"update_id": "7"}], True, {}])
def test_row_05_what_is_no_update_is_waited_out_and_does_not_stop_the_rest(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat, junk: Any
) -> None:
    answer = Fault(done=False, answer=Answer.of({"ok": True, "result": junk}))
    stage.server.goes_wrong("getUpdates", answer, answer)
    stage.runs(door)
    stage.inbox.wait_for(1)
    if junk:
        assert stage.slept == [1.0, 2.0]


def test_row_05_what_has_no_number_is_dropped_and_what_came_with_it_is_kept(
    stage: Stage, door: Telegram
) -> None:
    salam = {"message_id": 1, "date": 1, "from": {"id": 101, "first_name": "Ayesha"}, "text": "hi"}
    told = {"update_id": 7, "message": salam | {"chat": {"id": 101, "type": "private"}}}
    answer = Answer.of({"ok": True, "result": ["x", told, {"message": {}}]})
    stage.server.goes_wrong("getUpdates", Fault(done=False, answer=answer))
    stage.runs(door)
    assert stage.inbox.wait_for(1)[0].payload["update_id"] == 7
    assert stage.slept == []


def test_row_17_menus_that_cannot_be_put_keep_nobody_waiting(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    failing = [fails(500)] * 3
    stage.server.goes_wrong("setMyCommands", flood(900), *failing, fails(404, "Not Found"))
    stage.runs(door)
    stage.inbox.wait_for(1)
    until(lambda: len(stage.server.calls_of("setMyCommands")) == 5)
    assert stage.slept == [900.0, 2.0, 5.0, 10.0]
    assert stage.loop.do(door.connected())


def test_a_bot_api_server_that_knows_few_methods_is_enough(
    stage: Stage, door: Telegram, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("deleteWebhook", "setMyCommands"):
        stage.server.goes_wrong(method, fails(404, "Not Found: method not found"))
    stage.runs(door)
    stage.inbox.wait_for(1)
    until(lambda: "the menu behind / could not be put" in caplog.text)
    assert stage.slept == []


def test_it_tells_whether_messages_can_come_in(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    assert not stage.loop.do(door.connected())
    stage.runs(door)
    stage.inbox.wait_for(1)
    until(lambda: stage.loop.do(door.connected()))
    stage.server.goes_wrong("getUpdates", *[fails(500)] * 1_000)
    ayesha.says(chat, "two")  # ends the poll that is under way
    until(lambda: not stage.loop.do(door.connected()))
    with stage.server.world.lock:
        stage.server._faults["getupdates"].clear()
    until(lambda: stage.loop.do(door.connected()))


def test_row_04_who_lost_the_lease_while_the_line_was_down_stands_by_and_is_well(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    over = asyncio.Event()

    async def lose_it() -> None:
        over.set()

    async def loses_it(poll: Callable[[], Awaitable[None]]) -> None:
        polling = asyncio.ensure_future(poll())
        await over.wait()
        polling.cancel()
        await asyncio.Event().wait()

    door._alone = loses_it
    stage.runs(door)
    stage.inbox.wait_for(1)
    stage.server.goes_wrong("getUpdates", *[fails(500)] * 100_000)
    ayesha.says(chat, "two")  # ends the poll that is under way
    until(lambda: not stage.loop.do(door.connected()))
    stage.loop.do(lose_it())
    until(lambda: stage.loop.do(door.connected()))


def test_what_a_group_says_among_itself_is_not_kept(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.server.world.privacy = False
    group = stage.server.group("Sales", [ayesha])
    ayesha.says(group, "the boss is a bore")
    ayesha.says(group, "@rabta_bot today")
    stage.runs(door)
    stage.inbox.wait_for(2)
    assert stage.inbox.texts() == ["/start", "@rabta_bot today"]
    ayesha.says(group, "only talk")
    until(lambda: not stage.server.world.queue.waiting)  # confirmed all the same


@pytest.mark.parametrize("fault", [BAD_GATEWAY, NO_PAGE, CUT_BEFORE, CUT_AFTER, fails(500)])
def test_trouble_on_the_line_is_sat_out(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat, fault: Any
) -> None:
    stage.server.goes_wrong("getMe", fault)
    stage.server.goes_wrong("getUpdates", fault, fault, fault)
    stage.runs(door)
    stage.inbox.wait_for(1)
    assert stage.inbox.texts() == ["/start"]  # even where the server believes it has answered
    assert stage.slept == [1.0, 1.0, 2.0, 5.0]


def test_a_flood_warning_is_obeyed(stage: Stage, door: Telegram, chat: Chat) -> None:
    stage.server.goes_wrong("getUpdates", flood(7))
    stage.runs(door)
    stage.inbox.wait_for(1)
    assert stage.slept == [7.0]


def test_row_04_a_second_poller_is_waited_for_and_said_once(
    stage: Stage, door: Telegram, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    conflict = fails(409, "Conflict: terminated by other getUpdates request")
    stage.server.goes_wrong("getUpdates", conflict, conflict, conflict)
    stage.runs(door)
    stage.inbox.wait_for(1)
    assert stage.slept == [10.0, 10.0, 10.0]
    assert sum("another poller" in record.getMessage() for record in caplog.records) == 1


def test_a_webhook_of_before_is_taken_away(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.server.updates.url = "https://old.example/hook"
    stage.runs(door)
    stage.inbox.wait_for(1)
    stage.server.updates.url = "https://again.example/hook"
    ayesha.says(chat, "two")  # the poll ends, and the next one meets the webhook
    ayesha.says(chat, "three")
    stage.inbox.wait_for(3)
    until(lambda: stage.slept)
    assert stage.server.updates.url == ""
    assert stage.slept == [10.0]


def test_row_48_a_refused_token_is_said_without_the_token(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    door = stage.door("123456789:wrong-secret")
    with pytest.raises(TokenRefused) as refused:
        stage.loop.do(door.run(stage.inbox.keep))
    stage.loop.do(door.stop())
    assert "secret" not in repr(refused.value) + str(refused.value.__cause__)
    assert refused.value.__suppress_context__
    assert "secret" not in "".join(r.getMessage() for r in caplog.records if r.levelno > 10)


def test_row_48_the_token_is_never_logged(
    stage: Stage, door: Telegram, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stage.server.goes_wrong("getUpdates", CUT_BEFORE, fails(500), BAD_GATEWAY)
    stage.runs(door)
    stage.inbox.wait_for(1)
    assert isinstance(pushed(stage, door, chat, Line("salam")), Sent)
    assert TOKEN not in caplog.text


def test_row_10_a_tap_is_acknowledged_at_once_and_only_once_kept(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.runs(door)
    stage.inbox.wait_for(1)
    pushed(stage, door, chat, Line("Won."), buttons=(undo(),))
    query = ayesha.presses(chat.last, "Undo")
    stage.inbox.wait_for(2)
    until(lambda: query.answer)
    stage.server.passes(60)
    stage.server.query_age = -1.0  # this one is too old before it can be answered
    ayesha.presses(chat.last, "Undo")
    assert len(stage.inbox.wait_for(3)) == 3


def test_a_tap_was_made_when_the_clock_of_the_house_says(stage: Stage) -> None:
    """Telegram does not tell when; with another clock a later word would seem an earlier one."""
    stage.moment = lambda: 1_700_000_000.0
    door, ayesha = stage.door(), stage.server.user(101, "Ayesha")
    chat = stage.server.private(ayesha)
    ayesha.says(chat, "hello")
    stage.runs(door)
    stage.inbox.wait_for(1)
    pushed(stage, door, chat, Line("Won."), buttons=(undo(),))
    ayesha.presses(chat.last, "Undo")
    got = stage.read(door, stage.inbox.wait_for(2)[1])
    assert got is not None
    stage.loop.do(door.stop())
    assert got.sent_at.timestamp() == 1_700_000_000


def test_the_menu_follows_the_phone_and_then_the_member(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    stage.runs(door)
    stage.inbox.wait_for(1)
    bilal = stage.server.user(102, "Bilal", language_code="de")
    urdu = {"won": "ڈیل جیتی", "today": "آج کا کام"}
    until(lambda: ayesha.menu(chat) == urdu)
    assert bilal.menu(stage.server.private(bilal))["won"] == "a deal is won"

    def shows(menu: str) -> bool:
        return ayesha.menu(chat)["won"] == menu

    def calls() -> int:
        names = {"setmycommands", "deletemycommands"}
        return sum(call.method.lower() in names for call in stage.server.calls)

    for number, (tongue, menu) in enumerate(
        [
            ("roman", "deal jeeti"),
            ("roman", "deal jeeti"),
            ("", "ڈیل جیتی"),
            ("en", "a deal is won"),
        ]
    ):
        pushed(stage, door, chat, Line("ok"), number=number, tongue=tongue)
        until(partial(shows, menu))
    assert calls() == 2 + 3  # at the start, and once a change
    stage.server.goes_wrong("setMyCommands", fails(400, "Bad Request: chat not found"))
    told = pushed(stage, door, chat, Line("ok"), number=9, tongue="roman")
    assert isinstance(told, Sent)
    assert door.link("abc") == "https://t.me/rabta_bot?start=abc"


def test_a_file_is_fetched(stage: Stage, door: Telegram, ayesha: User, chat: Chat) -> None:
    vcard = b"BEGIN:VCARD\nFN:Bilal Ahmed\nTEL:+923001234567\nEND:VCARD\n"
    ayesha.sends_document(chat, "Bilal.VCF", vcard)
    ayesha.sends_document(chat, "Bilal.vcf", vcard)
    ayesha.sends_document(chat, "list.csv", b"name")
    stage.server.goes_wrong("getFile", replace(CUT_AFTER, answer=None), fails(500))
    stage.runs(door)
    raws = stage.inbox.wait_for(4)
    read = [stage.read(door, raw) for raw in raws[1:]]
    files = [each.attachment for each in read if each and each.attachment]
    assert [each.data for each in files] == [vcard, None, b"name"]
    assert files[1].why_not == "gone"


# Out


def undo() -> Button:
    return Button("Undo", Call("undo"), token="tok-1")


def letter(chat: Chat, *parts: Part, number: int = 1, **more: Any) -> Letter:
    names = ("edits", "only_for", "user", "thread", "tongue")
    address = {name: more.pop(name) for name in names if name in more}
    return Letter(number, Address("telegram", "", str(chat.id), **address), Reply(parts, **more))


def pushed(stage: Stage, door: Telegram, chat: Chat, *parts: Part, **more: Any) -> Outcome:
    return stage.loop.do(door.push(letter(chat, *parts, **more)))


def test_a_letter_arrives_with_its_styles_and_buttons(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    outcome = pushed(stage, door, chat, Title("Bilal <b>"), Line("Won."), buttons=(undo(),))
    assert outcome == Sent(str(chat.last.id), "101")
    assert (chat.last.text, chat.last.rows) == ("Bilal <b>\nWon.", [["Undo"]])
    assert chat.last.raw["entities"] == [{"type": "bold", "offset": 0, "length": 9}]
    assert chat.last.data("Undo") == "tok-1"


def test_a_tapped_card_is_drawn_anew_in_place(stage: Stage, door: Telegram, chat: Chat) -> None:
    pushed(stage, door, chat, Line("Won."), buttons=(undo(),))
    number = str(chat.last.id)
    outcome = pushed(stage, door, chat, Line("Undone."), edits=number, number=2)
    assert outcome == Sent(number, "101")
    assert [message.text for message in chat.messages] == ["Undone."]
    assert chat.last.rows == []
    again = pushed(stage, door, chat, Line("Undone."), edits=number, number=3)
    assert again == Sent(number, "101")  # it looks so already
    assert stage.server.calls[-1].answer["ok"] is False


def test_a_card_that_is_gone_is_said_below(stage: Stage, door: Telegram, chat: Chat) -> None:
    outcome = pushed(stage, door, chat, Line("Undone."), edits="77")
    assert outcome == Sent(str(chat.last.id), "101")
    assert chat.last.text == "Undone."


def test_a_file_carries_a_short_text_as_its_caption(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    csv = File("contacts.csv", "text/csv", b64encode(b"name\nBilal\n").decode())
    outcome = pushed(stage, door, chat, Line("Your list"), csv, buttons=(undo(),))
    assert outcome == Sent(str(chat.last.id), "101")
    assert (chat.last.text, chat.last.rows) == ("Your list", [["Undo"]])
    assert chat.last.raw["document"]["file_name"] == "contacts.csv"
    picture = File("chart.png", "image/png", b64encode(PNG).decode(), picture=True)
    pushed(stage, door, chat, picture, number=2)
    assert chat.last.raw["photo"]
    pushed(stage, door, chat, Line("x" * 2000), picture, csv, number=3)
    kinds = [sorted(m.raw.keys() & {"text", "photo", "document"}) for m in chat.messages[2:]]
    assert kinds == [["text"], ["photo"], ["document"]]


PIPELINE = charts("en")["funnel"]
IN_WORDS = "Pipeline\nLead: Rs 48 lakh · 14 ▇▇▇▇▇▇▇▇▇▇▇▇\nQualified: Rs 31.5 lakh · 9 ▇▇▇▇▇▇▇▇"


def test_a_chart_is_a_photo_that_keeps_its_words_and_buttons(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    outcome = pushed(stage, door, chat, PIPELINE, buttons=(undo(),))
    assert outcome == Sent(str(chat.last.id), "101")
    (photo,) = chat.last.raw["photo"]
    assert photo["width"] == 900
    assert chat.last.rows == [["Undo"]]
    assert chat.last.text.startswith("Pipeline\nLead: Rs 48 lakh · 14\nQualified")
    assert "▇" not in chat.last.text
    bold, folded, quiet = chat.last.raw["caption_entities"]
    assert (bold["type"], folded["type"], quiet["type"]) == (
        "bold", "expandable_blockquote", "italic",
    )  # fmt: skip
    assert folded["offset"] + folded["length"] + 1 == quiet["offset"], "all values are in it"


def test_a_chart_beside_a_long_text_comes_below_it(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    pushed(stage, door, chat, Line("x" * 1020), PIPELINE, buttons=(undo(),))
    text, photo = chat.messages
    assert text.text == "x" * 1020 + "\nPipeline\n3 deals are without an amount"
    assert (text.rows, photo.rows) == ([["Undo"]], [])
    assert photo.raw["photo"]
    pushed(stage, door, chat, Line("Two"), PIPELINE, charts("ur")["trend"], number=2)
    assert [sorted(m.raw.keys() & {"text", "photo"}) for m in chat.messages[2:]] == [
        ["text"], ["photo"], ["photo"],
    ]  # fmt: skip


def test_a_card_that_becomes_a_chart_stays_in_its_place(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    pushed(stage, door, chat, Line("Pipeline?"), buttons=(undo(),))
    number = str(chat.last.id)
    outcome = pushed(stage, door, chat, PIPELINE, edits=number, number=2)
    assert outcome == Sent(number, "101")
    card, photo = chat.messages
    assert card.text.startswith("Pipeline\nLead")
    assert photo.raw["photo"]


@pytest.mark.parametrize(
    "refusal",
    [
        "Bad Request: not enough rights to send photos to the chat",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
    ],
)
def test_where_no_photo_may_be_sent_the_words_arrive(
    stage: Stage, door: Telegram, chat: Chat, refusal: str
) -> None:
    stage.server.goes_wrong("sendPhoto", fails(400, refusal))
    outcome = pushed(stage, door, chat, PIPELINE, buttons=(undo(),))
    assert outcome == Sent(str(chat.last.id), "101")
    assert chat.last.text.startswith(IN_WORDS)
    assert chat.last.rows == [["Undo"]]
    assert len(chat.messages) == 1


def test_what_cannot_be_drawn_is_said(
    stage: Stage, door: Telegram, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(chart: Chart, *, rtl: bool) -> bytes:
        raise MemoryError

    monkeypatch.setattr(studio, "png", broken)
    pushed(stage, door, chat, PIPELINE, buttons=(undo(),))
    assert chat.last.text.startswith(IN_WORDS)
    assert chat.last.rows == [["Undo"]]
    pushed(stage, door, chat, Line("x" * 1020), PIPELINE, number=2)
    assert chat.last.text.startswith(IN_WORDS)


def test_what_takes_too_long_to_draw_is_said(
    stage: Stage, door: Telegram, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(chart: Chart, *, rtl: bool) -> bytes:
        time.sleep(0.5)
        return PNG

    monkeypatch.setattr(studio, "png", slow)
    monkeypatch.setattr(studio, "PATIENCE", 0.05)
    pushed(stage, door, chat, PIPELINE)
    assert chat.last.text.startswith(IN_WORDS)


def test_a_chart_of_nothing_is_no_picture(stage: Stage, door: Telegram, chat: Chat) -> None:
    pushed(stage, door, chat, replace(PIPELINE, points=()))
    assert chat.last.raw["text"] == "Pipeline\n3 deals are without an amount"


def test_a_photo_that_may_have_arrived_is_not_sent_twice_unmarked(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    stage.server.goes_wrong("sendPhoto", CUT_AFTER)
    first = letter(chat, PIPELINE)
    assert isinstance(stage.loop.do(door.push(first)), Ambiguous)
    again = replace(first, attempt=2, marked=True, again="Sent again")
    assert isinstance(stage.loop.do(door.push(again)), Sent)
    assert chat.last.text.endswith("Sent again")
    stage.server.goes_wrong("sendPhoto", flood(3))
    held = stage.loop.do(door.push(letter(chat, PIPELINE, number=3)))
    assert isinstance(held, Wait)
    assert len(chat.messages) == 2


def test_a_hostile_name_does_no_harm_to_a_photo(stage: Stage, door: Telegram, chat: Chat) -> None:
    hostile = "\u202e$\\frac{1}{0}$ <b>_*\n" + "\U0001f600" * 200
    points = tuple(Point(f"{hostile}{n}", 10**n, hostile) for n in range(40))
    outcome = pushed(stage, door, chat, Chart("leaders", hostile, points, hostile))
    assert isinstance(outcome, Sent)
    assert chat.messages[-1].raw["photo"]


def test_a_long_letter_goes_on_where_it_broke(stage: Stage, door: Telegram, chat: Chat) -> None:
    long = letter(chat, Line("\n".join(f"{n} " + "x" * 90 for n in range(80))), buttons=(undo(),))
    stage.server.goes_wrong("sendMessage", *[replace(CUT_AFTER, answer=None), flood(3)])
    outcome = stage.loop.do(door.push(long))
    assert isinstance(outcome, Wait)
    assert (outcome, outcome.done) == (Wait(3.0, "too many messages"), (str(chat.last.id),))
    assert len(chat.messages) == 1
    rest = replace(long, attempt=2, done=outcome.done)  # as any process goes on with it
    assert isinstance(stage.loop.do(door.push(rest)), Sent)
    assert [message.text.split(" ")[0] for message in chat.messages] == ["0", "43"]
    assert chat.messages[0].rows == []
    assert chat.last.rows == [["Undo"]]


def test_nothing_to_say_sends_nothing(stage: Stage, door: Telegram, chat: Chat) -> None:
    assert pushed(stage, door, chat, Line("hm"), silent=True) == Sent()
    assert pushed(stage, door, chat) == Sent()
    nowhere = Letter(1, Address("telegram", ""), Reply((Line("x"),)))
    assert stage.loop.do(door.push(nowhere)) == Refused("nowhere to send it")
    assert chat.messages == []


def test_private_matters_never_reach_the_group(
    stage: Stage, door: Telegram, ayesha: User, chat: Chat
) -> None:
    group = stage.server.group("Sales", [ayesha])
    pushed(stage, door, group, Line("Your figures"), private=True, user="101")
    seen = str(chat.last.id)  # a number of the group's message may be one of hers too
    pushed(stage, door, group, Line("Only you"), only_for="101", edits=seen, number=2)
    assert group.messages == []
    assert [message.text for message in chat.messages] == ["Your figures", "Only you"]


def test_a_topic_that_is_closed_is_no_reason_to_be_silent(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    stage.server.goes_wrong("sendMessage", fails(400, "Bad Request: message thread not found"))
    assert isinstance(pushed(stage, door, chat, Line("salam"), thread="7"), Sent)
    first, second = stage.server.calls_of("sendMessage")
    assert first.params["message_thread_id"] == "7"
    assert "message_thread_id" not in second.params


def test_row_21_without_styles_if_telegram_refuses_them(
    stage: Stage, door: Telegram, chat: Chat
) -> None:
    stage.server.goes_wrong("sendMessage", fails(400, "Bad Request: entity begins in a middle"))
    assert isinstance(pushed(stage, door, chat, Title("salam")), Sent)
    assert "entities" not in chat.last.raw


def test_what_the_outbox_is_told(stage: Stage, door: Telegram, ayesha: User, chat: Chat) -> None:
    def tried(fault: Any = None, **more: Any) -> Outcome:
        if fault:
            stage.server.goes_wrong("sendMessage", fault)
            stage.server.goes_wrong("editMessageText", fault)
        return pushed(stage, door, chat, Line("salam"), **more)

    assert tried(flood(9)) == Wait(9.0, "too many messages")
    assert isinstance(tried(CUT_AFTER), Ambiguous)
    assert isinstance(tried(CUT_BEFORE), Ambiguous)  # from outside it looks the same
    assert isinstance(tried(fails(500)), Ambiguous)
    assert isinstance(tried(BAD_GATEWAY), Ambiguous)
    for fault in (CUT_AFTER, fails(500)):  # an edit can be made twice without harm
        stage.server.goes_wrong("editMessageText", fault)
        again = pushed(stage, door, chat, Line("salam!"), edits=str(chat.last.id))
        assert isinstance(again, Wait)
    unknown = tried(fails(400, "Bad Request: BUTTON_DATA_INVALID"))
    assert isinstance(unknown, Refused)
    assert not unknown.dead
    ayesha.blocks()
    blocked = tried()
    assert blocked == Refused("Forbidden: bot was blocked by the user", dead=True)
    nobody = Letter(9, Address("telegram", "", "555"), Reply((Line("x"),)))
    assert stage.loop.do(door.push(nobody)) == Refused("Chat not found", dead=True)


def test_row_19_a_group_that_moved_is_followed(stage: Stage, door: Telegram, ayesha: User) -> None:
    group = stage.server.group("Sales", [ayesha])
    moved = group.becomes_supergroup()
    assert pushed(stage, door, group, Line("salam")) == Moved(str(moved.id))
    stage.server.loses_chat(moved)
    gone = pushed(stage, door, moved, Line("salam"))
    assert isinstance(gone, Refused)
    assert gone.dead


def test_the_limits_of_telegram_are_waited_for(stage: Stage, door: Telegram, chat: Chat) -> None:
    stage.server.limits = Limits.real()
    assert isinstance(pushed(stage, door, chat, Line("one")), Sent)
    assert pushed(stage, door, chat, Line("two"), number=2) == Wait(1.0, "too many messages")


def test_a_line_that_is_down_is_certainly_nothing_sent(stage: Stage) -> None:
    async def made() -> Telegram:
        return Telegram(TOKEN, base_url="http://127.0.0.1:9/bot", base_file_url="http://x/")

    door = stage.loop.do(made())
    outcome = stage.loop.do(door.push(Letter(1, Address("telegram", "", "1"), Reply((Line("x"),)))))
    assert isinstance(outcome, Wait)
    stage.loop.do(door.stop())


def test_what_was_answered_leaves_after_the_door_stopped(
    stage: Stage, ayesha: User, chat: Chat
) -> None:
    door = stage.door()
    stage.runs(door)
    ayesha.sends_document(chat, "Bilal.vcf", b"BEGIN:VCARD\nFN:Bilal\nEND:VCARD\n")
    raw = stage.inbox.wait_for(2)[1]
    stage.loop.do(door.stop())
    incoming = stage.read(door, raw)
    assert incoming is not None
    assert incoming.attachment is not None
    assert incoming.attachment.data
    assert isinstance(pushed(stage, door, chat, Line("Added.")), Sent)
    assert chat.last.text == "Added."


def test_a_token_withdrawn_meanwhile_is_waited_for(stage: Stage, door: Telegram) -> None:
    stage.server.goes_wrong("sendMessage", fails(401, "Unauthorized"))
    ayesha = stage.server.user(101, "Ayesha")
    chat = stage.server.private(ayesha)
    outcome = pushed(stage, door, chat, Line("x"))
    assert outcome == Wait(60.0, "the token was refused")
