"""The whole way on Telegram: people, the strict loopback, the real Bot, the real desk."""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import openpyxl
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.door import Door
from bot.doors import doors_of
from bot.pump import Pump
from bot.reception import House
from bot.settings import Settings
from handlers.library import the_book
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from scheduler.reminding import worded
from storage.clock import SetClock, SystemClock
from storage.database import Database
from storage.models import Contact, Deal, Inbox, Member, Outbox
from tests.asked import ASKED, DRAWN, STORY
from tests.doors.loop import LiveLoop
from tests.doors.taps import EVERYTHING, HOUSE, LANGUAGE, QUALITY, TONGUES, Said, kept
from tests.doors.waiting import until
from tests.exchange.pictures import CARD, code, promised, saved, table
from tests.nudged import OF_CUSTOMERS, raise_each, works_all_week
from tests.servers.telegram import (
    CUT_AFTER,
    TOKEN,
    Chat,
    Limits,
    Message,
    Talk,
    TelegramServer,
    User,
    fails,
    flood,
)

SIGNS = re.compile("[\u200e\u200f\u2066-\u2069]")


class Rabta:
    """Door, pump and outbox on a live loop, put together as the program does it."""

    def __init__(self, server: TelegramServer, loop: LiveLoop, database: Database) -> None:
        self.loop, self.database = loop, database
        self.door = loop.do(self._start(server))

    async def _start(self, server: TelegramServer) -> Door:
        clock = SystemClock()
        house = House(owners=frozenset({("telegram", "", "101")}), open=True)
        desk = self.desk = Desk(self.database, the_book(), clock, house)
        settings = Settings(
            telegram_token=SecretStr(TOKEN),
            telegram_base_url=server.base_url,
            telegram_base_file_url=server.base_file_url,
        )
        door = doors_of(settings, desk)["telegram"]
        self.sender = Sender(
            self.database,
            clock,
            {door.name: door.push},
            words=partial(worded, Draw(the_book(), with_tokens)),
        )
        flies = self.sender if self.database.is_sqlite else None
        self.pump = Pump(desk, {door.name: door}, after=self.sender.wake, sender=flies)
        self.work = [
            asyncio.create_task(door.run(self.pump.keep)),
            asyncio.create_task(self.pump.run()),
            asyncio.create_task(self.sender.run()),
        ]
        return door

    def stop(self) -> None:
        """In the program's order: receive no more, finish, send what was answered."""
        self.loop.do(self._stop())

    async def _stop(self) -> None:
        await self.door.stop()
        await self.pump.drain()
        await self.sender.flush()
        self.dies()
        await asyncio.gather(*self.work, return_exceptions=True)

    def dies(self) -> None:
        for task in self.work:
            task.cancel()

    def rings(self, *ticks: str, days: int) -> None:
        """The clock, so many days from now at noon in Karachi."""
        then = (datetime.now(UTC) + timedelta(days=days)).replace(hour=7, minute=0)
        clockwork = Clockwork(self.database, SetClock(then), Draw(the_book(), with_tokens))
        for tick in ticks:
            clockwork.tick(tick)

    def count(self, table: type[Contact | Deal | Inbox | Member | Outbox]) -> int:
        with self.database.transaction() as session:
            return session.scalars(select(func.count()).select_from(table)).one()


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture
def loop(server: TelegramServer) -> Iterator[LiveLoop]:
    del server  # it outlives the loop, whose connections lead to it
    with LiveLoop() as running:
        yield running


@pytest.fixture
def rabta(server: TelegramServer, loop: LiveLoop, database: Database) -> Iterator[Rabta]:
    running = Rabta(server, loop, database)
    yield running
    running.stop()


@pytest.fixture
def ayesha(server: TelegramServer) -> User:
    return server.user(101, "Ayesha", language_code="en")


@pytest.fixture
def chat(server: TelegramServer, ayesha: User) -> Chat:
    return server.private(ayesha)


@pytest.fixture
def talk(rabta: Rabta, ayesha: User, chat: Chat) -> Talk:
    """Ayesha's private chat, past the first hello."""
    talk = Talk(ayesha, chat)
    talk.says("/start")
    return talk


def plain(message: Message) -> str:
    return SIGNS.sub("", message.text)


DEAL = "deal for Bilal Traders: 20 looms, 5 lakh"


def test_the_first_hello_teaches_by_doing(rabta: Rabta, ayesha: User, chat: Chat) -> None:
    hello = Talk(ayesha, chat).says("/start")
    assert "Ayesha" in plain(hello)
    assert hello.buttons


def test_a_deal_is_written_shown_and_taken_back_in_place(talk: Talk, rabta: Rabta) -> None:
    card = talk.says(DEAL)
    assert "Bilal Traders" in plain(card)
    assert "5 lakh" in plain(card)
    assert card.raw["entities"][0]["type"] == "bold"
    assert card.buttons[0] == "Undo"
    assert rabta.count(Deal) == 1
    undone = talk.taps("Undo", card)
    assert undone.id == card.id  # drawn anew where it was
    assert len(talk.chat.messages) == 2
    assert rabta.count(Deal) == 0
    assert talk.chat.wait_for(lambda each: each.id == card.id).text != card.text


def test_a_slash_is_for_thumbs(talk: Talk) -> None:
    talk.says(DEAL)
    assert "Bilal Traders" in plain(talk.says("/won Bilal Traders"))
    assert "No open deals" in plain(talk.says("/pipeline"))
    assert "nonsense" in plain(talk.says("/nonsense"))


def test_urdu_reads_from_the_right(talk: Talk) -> None:
    talk.taps("اردو")
    card = talk.says("/deal for Bilal Traders: 20 looms, 5 lakh")
    assert "نئی ڈیل" in card.text
    assert "\u2068Bilal Traders\u2069" in card.text
    lines = [line for line in card.text.split("\n") if line]
    assert len(lines) > 2
    assert all(line.startswith("\u200f") for line in lines)


def test_contacts_arrive_as_a_file(talk: Talk, server: TelegramServer) -> None:
    talk.says("add Sara Malik, 0300 1234567")
    sent = talk.says("گاہکوں کی فہرست ایکسل میں بھیجو")
    document = sent.raw["document"]
    assert document["file_name"].endswith(".xlsx")
    _, data = server.world.files[document["file_id"]]
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert (sheet["A2"].value, sheet["D2"].value) == ("Sara Malik", "+923001234567")
    assert sheet.sheet_view.rightToLeft


def test_a_pipeline_is_seen_as_a_photo(talk: Talk) -> None:
    talk.says("deal for Bilal Traders: 20 looms, 5 lakh")
    photo = talk.says("pipeline chart dikhao")
    assert photo.raw["photo"][0]["width"] == 900
    assert "Rs 5 lakh" in photo.text, "for who cannot see it"
    assert talk.says("pipeline").raw["text"], "nobody asked for a picture"


@pytest.mark.parametrize("tongue", ASKED)
def test_numbers_are_asked_for_in_every_language(talk: Talk, tongue: str) -> None:
    for said in STORY:
        talk.says(said)
    for said, answer in ASKED[tongue]:
        assert answer in plain(talk.says(said)), said
    said, answer = DRAWN[tongue]
    photo = talk.says(said)
    assert photo.raw["photo"]
    assert answer in plain(photo)


def test_a_shared_contact_becomes_a_customer(talk: Talk, rabta: Rabta) -> None:
    vcard = "BEGIN:VCARD\nORG:Nishat Mills\nEMAIL:sara@nishat.pk\nEND:VCARD"
    since = talk.chat.changes
    talk.user.shares_contact(talk.chat, "Sara", "Malik", "+923215550101", vcard)
    card = plain(talk.chat.wait_for_change(since))
    assert "Sara Malik" in card
    assert "Nishat Mills" in card
    assert rabta.count(Contact) == 0
    assert "New contact: Sara Malik" in plain(talk.taps("Save", talk.chat.last))
    assert rabta.count(Contact) == 1


def test_a_photo_of_a_code_is_put_right_and_saved(talk: Talk, rabta: Rabta) -> None:
    talk.user.sends_photo(talk.chat, data=saved(table(code(CARD)).rotate(25), "JPEG"))
    shown = talk.chat.wait_for(lambda each: "Sara Malik" in each.text, timeout=20)
    talk.taps("Fix Phone", shown)
    assert "+923005550109" in plain(talk.says("0300 5550109"))
    assert rabta.count(Contact) == 0
    assert "New contact: Sara Malik" in plain(talk.taps("Save", shown))
    assert "+923005550109" in plain(talk.says("who is sara malik"))


def test_a_picture_that_is_sent_as_a_file_is_a_photo_too(talk: Talk) -> None:
    talk.user.sends_document(talk.chat, "card.png", saved(code(CARD)), "", "image/png")
    talk.chat.wait_for(lambda each: "Sara Malik" in each.text, timeout=20)
    talk.user.sends_document(talk.chat, "huge.png", promised(20_000, 10_000), "", "image/png")
    talk.chat.wait_for(lambda each: "25 megapixels" in each.text, timeout=20)


def test_a_forwarded_message_is_its_writers(
    talk: Talk, rabta: Rabta, server: TelegramServer
) -> None:
    talk.user.forwards(talk.chat, DEAL, server.user(103, "Sara", last_name="Iqbal"))
    shown = talk.chat.wait_for(lambda each: "Forwarded from Sara Iqbal" in each.text, timeout=20)
    assert "20 looms" in plain(shown)
    assert rabta.count(Contact) == rabta.count(Deal) == 0
    card = talk.taps("Add Sara Iqbal", shown)
    talk.taps("Save", card)
    until(lambda: rabta.count(Contact) == 1, 20)


def test_what_is_no_text_is_answered_kindly(talk: Talk) -> None:
    since = talk.chat.changes
    talk.user.sends_sticker(talk.chat)
    assert plain(talk.chat.wait_for_change(since))


def test_row_11_an_edited_message_does_not_run_again(talk: Talk, rabta: Rabta) -> None:
    said = talk.user.says(talk.chat, DEAL)
    talk.chat.wait_for(2)
    since = talk.chat.changes
    talk.user.edits(said, DEAL.replace("5 lakh", "6 lakh"))
    talk.chat.wait_for_change(since)
    assert rabta.count(Deal) == 1


def test_row_10_a_second_tap_does_nothing_more(talk: Talk, rabta: Rabta) -> None:
    card = talk.says(DEAL)
    token = card.data("Undo")
    talk.taps("Undo", card)
    since = talk.chat.changes
    talk.user.presses_data(card, token)  # an old phone still shows the button
    talk.chat.wait_for_change(since)
    assert rabta.count(Deal) == 0


def test_row_39_somebody_elses_button_changes_nothing(
    server: TelegramServer, rabta: Rabta, talk: Talk, ayesha: User
) -> None:
    bilal = server.user(102, "Bilal")
    group = server.group("Sales", [ayesha, bilal])
    hers = Talk(ayesha, group)
    card = hers.says(f"/rabta {DEAL}")
    answer = Talk(bilal, group).taps("Undo", card)
    assert "Ayesha" in plain(answer)
    assert rabta.count(Deal) == 1


def test_in_a_group_it_speaks_only_when_it_is_meant(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    server.world.privacy = False  # the bot is told everything
    group = server.group("Sales", [talk.user])
    kept = rabta.count(Inbox)
    talk.user.says(group, "met Sara Malik from Nishat Mills, chai pi li")
    talk.user.says(group, "@rabta_bot pipeline")
    answer = group.wait_for(1)
    assert "No open deals" in plain(answer)
    again = Talk(talk.user, group).says("pipeline", reply_to=answer)
    assert "No open deals" in plain(again)
    assert len(group.messages) == 2
    assert rabta.count(Inbox) == kept + 2  # what was not for the bot was not even kept


def test_the_menu_speaks_the_members_language(talk: Talk) -> None:
    assert talk.user.menu(talk.chat)["won"] == "Close a deal as won"
    talk.taps("اردو")
    until(lambda: talk.user.menu(talk.chat)["won"] == "ڈیل جیت گئے")


# When things go wrong


def test_row_02_updates_that_come_again_are_acted_on_once(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    talk.says(DEAL)
    server.repeats(2)
    talk.says("pipeline")
    assert rabta.count(Deal) == 1
    assert rabta.count(Inbox) == 3


def test_row_07_what_was_kept_before_a_crash_is_answered_after_it(
    server: TelegramServer,
    loop: LiveLoop,
    database: Database,
    ayesha: User,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = Rabta(server, loop, database)
    Talk(ayesha, chat).says("/start")
    monkeypatch.setattr(first.pump, "_start", lambda *_: 0)  # what comes is not handled any more
    monkeypatch.setattr(first.pump, "_alone", lambda _some: None)
    ayesha.says(chat, DEAL)
    until(lambda: first.count(Inbox) == 2)
    first.dies()
    loop.do(first.door.stop())
    assert first.count(Deal) == 0
    second = Rabta(server, loop, database)
    assert "Bilal Traders" in plain(chat.wait_for(2))
    assert second.count(Deal) == 1
    second.stop()


def test_row_20_a_blocked_bot_falls_silent_and_comes_back(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    server.goes_wrong("sendMessage", fails(403, "Forbidden: bot was blocked by the user"))
    talk.user.says(talk.chat, "pipeline")
    until(lambda: "refused" in _states(rabta.database))
    assert "No open deals" in plain(talk.says("pipeline"))
    assert len(server.calls_of("sendMessage")) == 3  # the refused one was not tried again


def test_row_14_an_answer_that_may_be_lost_is_sent_at_most_twice(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    server.goes_wrong("sendMessage", CUT_AFTER, CUT_AFTER)
    talk.user.says(talk.chat, "pipeline")
    until(lambda: len(server.calls_of("sendMessage")) == 3)
    time.sleep(1.2)
    assert len(server.calls_of("sendMessage")) == 3
    assert _states(rabta.database) == ["sent", "unknown"]


def _states(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))


def test_row_17_telegrams_pace_is_kept(server: TelegramServer, rabta: Rabta, talk: Talk) -> None:
    server.limits = Limits(per_chat=(1, 0.5))
    talk.user.says(talk.chat, "pipeline")
    talk.user.says(talk.chat, "today")
    assert len(talk.chat.wait_for(3).text) > 0
    assert [call.answer["ok"] for call in server.calls_of("sendMessage")].count(True) == 3


def test_an_invitation_opens_the_bot_and_lets_a_colleague_in(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    rabta.desk.house = replace(rabta.desk.house, open=False)
    bilal = server.user(102, "Bilal")
    his = Talk(bilal, server.private(bilal))
    his.says("/start")
    assert rabta.count(Member) == 1
    link = re.search(r"t\.me/rabta_bot\?start=([\w-]+)", talk.says("/invite").text)
    assert link
    assert "Bilal" in plain(his.says(f"/start {link[1]}"))
    assert rabta.count(Member) == 2


def test_row_17_a_flood_warning_puts_the_answer_off(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    server.goes_wrong("sendMessage", flood(1))
    began = time.monotonic()
    assert "No open deals" in plain(talk.says("pipeline"))
    assert time.monotonic() - began >= 0.9


def test_row_19_a_group_that_became_a_supergroup_still_gets_its_answer(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    group = server.group("Sales", [talk.user])
    server.goes_wrong("sendMessage", flood(1))
    talk.user.says(group, "/pipeline")
    until(lambda: len(server.calls_of("sendMessage")) == 2)
    moved = group.becomes_supergroup()
    assert "No open deals" in plain(moved.wait_for(1))


def test_a_message_from_before_says_when_it_was(talk: Talk) -> None:
    old = int(datetime.now(UTC).timestamp()) - 2 * 3600
    since = talk.chat.changes
    talk.user.sends(talk.chat, text="pipeline", date=old)
    late = talk.chat.wait_for_change(since)
    assert late.raw["entities"][-1]["type"] == "italic"  # a quiet line below says so


def test_row_33_two_members_with_one_deal(
    server: TelegramServer, rabta: Rabta, talk: Talk, ayesha: User
) -> None:
    del ayesha
    bilal = server.user(102, "Bilal", language_code="en")
    his = Talk(bilal, server.private(bilal))
    his.says("/start")
    talk.says(DEAL)
    his.says("show Bilal Traders")
    talk.says("raise the Bilal Traders deal to 6 lakh")
    asked = his.says("raise the Bilal Traders deal to 7 lakh")
    assert "Ayesha set Rs 6 lakh (600,000)" in plain(asked)
    assert "Rs 7 lakh (700,000)" in plain(asked)
    assert sums(rabta) == [600_000]
    talk.says("raise the Bilal Traders deal to 8 lakh")
    again = his.taps("Set Rs 7 lakh (700,000)", asked)
    assert "Ayesha set Rs 8 lakh (800,000)" in plain(again)
    assert sums(rabta) == [800_000]
    his.taps("Set Rs 7 lakh (700,000)", again)
    assert sums(rabta) == [700_000]


def sums(rabta: Rabta) -> list[int]:
    with rabta.database.transaction() as session:
        return [
            deal.amount_minor // 100 for deal in session.scalars(select(Deal)) if deal.amount_minor
        ]


PEOPLE = """\
Name,Company,Phone,City
Sara Malik,Nishat Mills,0300 5550101,Lahore
عمر فاروق,Halal Dairy,0300 5550102,Karachi
,,,Multan
"""


def test_a_table_of_people_is_shown_taken_in_and_taken_back(talk: Talk, rabta: Rabta) -> None:
    talk.user.sends_document(talk.chat, "google.csv", PEOPLE.encode(), "", "text/csv")
    shown = talk.chat.wait_for(lambda each: "google.csv" in each.text, timeout=20)
    assert "3 contacts" in plain(shown)
    assert "Sara Malik" in plain(shown)
    assert "2 new" in plain(shown)
    assert rabta.count(Contact) == 0
    taken = talk.taps("Take it in", shown)
    assert "google.csv is in" in plain(taken)
    assert rabta.count(Contact) == 2
    assert "No name" in plain(taken)
    left_out = talk.chat.wait_for(lambda each: "document" in each.raw, timeout=20)
    assert left_out.raw["document"]["file_name"].endswith(".csv")
    assert "Nishat Mills" in plain(talk.says("who is sara malik"))
    talk.taps("Undo", taken)
    assert rabta.count(Contact) == 0


def test_a_file_that_cannot_be_read_is_refused_with_a_next_step(talk: Talk) -> None:
    talk.user.sends_document(talk.chat, "people.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600))
    told = talk.chat.wait_for(lambda each: "people.xlsx" in each.text, timeout=20)
    assert "Save it as one of these" in plain(told)


def test_a_file_is_taken_in_once(talk: Talk, rabta: Rabta) -> None:
    for _ in range(2):
        talk.user.sends_document(talk.chat, "google.csv", PEOPLE.encode(), "", "text/csv")

    def shown() -> list[Message]:
        return [each for each in talk.chat.messages if "google.csv" in each.text]

    until(lambda: len(shown()) == 2, 20)
    first, second = shown()
    talk.taps("Take it in", first)
    talk.taps("Take it in", second)
    talk.chat.wait_for(lambda each: "All of google.csv was here" in SIGNS.sub("", each.text), 20)
    assert rabta.count(Contact) == 2


def test_a_deal_without_a_next_step_is_told_and_gets_one_by_tap(talk: Talk, rabta: Rabta) -> None:
    talk.says("our week is Monday to Sunday")
    talk.says(DEAL)
    rabta.rings("deals", "nudges", days=4)
    nudge = talk.chat.wait_for(lambda each: "No next step" in plain(each))
    assert "Bilal Traders, 20 looms, Rs 5 lakh" in plain(nudge)
    assert nudge.buttons == ["Add next step", "Log call", "Useful", "Not now", "Stop these"]
    asked = talk.taps("Add next step", nudge)
    assert "What comes next with Bilal Traders?" in plain(asked)
    assert "send the rates" in plain(talk.says("send the rates on friday"))
    stopped = talk.taps("Stop these", nudge)
    assert "I stopped these nudges: No next step" in plain(stopped)


def test_nudges_of_each_kind_come_as_cards_whose_buttons_work(talk: Talk, rabta: Rabta) -> None:
    talk.says("hello")
    with rabta.database.transaction() as session:
        works_all_week(session, datetime.now(UTC))
        raise_each(session, datetime.now(UTC))
    rabta.rings("nudges", days=1)
    talk.chat.wait_for(lambda each: "Nudge 6 of 6 today" in plain(each))
    cards = {
        kind: next(each for each in talk.chat.messages if name in plain(each))
        for kind, name in OF_CUSTOMERS.items()
    }
    for card in cards.values():
        assert "of 6 today" in plain(card)
        assert card.buttons == ["Log call", "Useful", "Not now", "Stop these"]
    assert "come first: Customer at risk" in plain(talk.taps("Useful", cards["at_risk"]))
    assert "I come back to it on" in plain(talk.taps("Not now", cards["next_order"]))
    assert "I stopped these nudges: Birthdays" in plain(talk.taps("Stop these", cards["birthday"]))
    assert "Metro Cash" in plain(talk.taps("Log call", cards["check_in"]))


def test_a_group_gets_the_report_and_the_wins_that_it_was_chosen_for(
    server: TelegramServer, rabta: Rabta, talk: Talk
) -> None:
    server.world.privacy = False
    group = server.group("Sales", [talk.user])
    talk.user.says(group, "@rabta_bot weekly report here every monday 9am")
    assert "every Monday at 9 am" in plain(group.wait_for(1))
    talk.user.says(group, "@rabta_bot post wins here")
    group.wait_for(2)
    talk.says(DEAL)
    talk.says("won Bilal Traders")
    rabta.rings("wins", days=1)
    assert "Won: Bilal Traders, 20 looms, Rs 5 lakh" in plain(group.wait_for(3))
    rabta.rings("weekly", days=7)
    report = group.wait_for(lambda each: "Report, " in plain(each))
    assert "Won Rs 5 lakh from one deal." in plain(report)
    assert not report.buttons
    rabta.rings("weekly", days=7)
    asked = Talk(talk.user, group).says("report as excel", reply_to=report)
    assert "Excel" not in plain(asked)
    talk.chat.wait_for(lambda each: "document" in each.raw)


def spoken(talk: Talk, tongue: str) -> Said:
    talk.says(LANGUAGE[tongue])
    return Said(tongue)


def labels(message: Message) -> list[str]:
    return [SIGNS.sub("", label) for label in message.buttons]


def tap(talk: Talk, label: str, on: Message) -> Message:
    """A button by its label, whichever way it runs."""
    return talk.taps(on.buttons[labels(on).index(label)], on)


@pytest.mark.parametrize("tongue", TONGUES)
def test_who_is_perhaps_in_twice_is_told_by_a_tap(talk: Talk, rabta: Rabta, tongue: str) -> None:
    say = spoken(talk, tongue)
    talk.says("add Sara Malik at Nishat Mills, 0300 5550101")
    asked = talk.says("add Omar Farooq, 0300 5550101")
    assert labels(asked)[-2:] == [say("same_button"), say("different_button")]
    tap(talk, say("different_button"), asked)
    assert "Omar Farooq" not in plain(talk.says("/duplicates"))
    asked = talk.says("add Sarah Malik at Nishat Mills")
    chosen = tap(talk, say("same_button"), asked)
    tap(talk, say("merge_button"), chosen)
    assert rabta.count(Contact) == 2


@pytest.mark.parametrize("tongue", TONGUES)
def test_data_is_tidied_by_taps(talk: Talk, rabta: Rabta, tongue: str) -> None:
    say = spoken(talk, tongue)
    talk.says("add Bilal Ahmed, Lahore")
    listed = talk.says(QUALITY[tongue])
    assert "15%" in plain(listed)
    tap(talk, say.numbered(1, "add_phone"), listed)
    assert "+923331112223" in plain(talk.says("0333 1112223"))
    again = tap(talk, say("tidy_on_button"), talk.chat.last)
    assert "Bilal Ahmed" in plain(again)
    assert say("all_tidy") in plain(tap(talk, say("not_now_button"), again))
    assert "15%" not in plain(talk.says(QUALITY[tongue]))
    until(lambda: rabta.count(Contact) == 1)


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_weekly_tidy_up_is_done_by_taps(talk: Talk, rabta: Rabta, tongue: str) -> None:
    say = spoken(talk, tongue)
    talk.says("our week is Monday to Sunday")
    for one in ("Sara Malik", "Umar Tariq"):
        talk.says(f"add {one} at Nishat Mills")
        talk.says(f"add {one.replace('a', 'aa', 1)} at Nishat Mills")
    rabta.rings("tidy", "nudges", days=8)
    weekly = talk.chat.wait_for(lambda each: say.numbered(2, "different") in labels(each), 20)
    tap(talk, say.numbered(2, "different"), weekly)
    chosen = tap(talk, say.numbered(1, "same"), weekly)
    tap(talk, say("merge_button"), chosen)
    until(lambda: rabta.count(Contact) == 3, 20)


@pytest.mark.parametrize("tongue", TONGUES)
def test_everything_leaves_as_a_file_and_comes_into_an_empty_house(
    talk: Talk, rabta: Rabta, server: TelegramServer, loop: LiveLoop, empty: Database, tongue: str
) -> None:
    for said in HOUSE:
        talk.says(said)
    spoken(talk, tongue)
    document = talk.says(EVERYTHING[tongue]).raw["document"]
    _, data = server.world.files[document["file_id"]]
    rabta.stop()
    other = Rabta(server, loop, empty)
    try:
        talk.says("/start")
        say = spoken(talk, tongue)
        talk.user.sends_document(talk.chat, document["file_name"], data)
        shown = talk.chat.wait_for(lambda each: say("import_button") in labels(each), 20)
        tap(talk, say("import_button"), shown)
        until(lambda: kept(empty) == kept(rabta.database), 20)
    finally:
        other.stop()
