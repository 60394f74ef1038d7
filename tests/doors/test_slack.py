"""The whole way on Slack: people, the strict loopback, the real bolt, the real desk and outbox."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.doors import doors_of
from bot.pump import Pump
from bot.reception import House
from bot.settings import Settings
from bot.slack import Slack
from bot.slack_manifest import manifest
from handlers.library import the_book
from handlers.reply import Line, Reply
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.letters import Address
from scheduler.outbox import Sender, post
from scheduler.reminding import worded
from storage.clock import SetClock, SystemClock
from storage.database import Database
from storage.models import Contact, Deal, Inbox, Member, Outbox
from tests.asked import ASKED, DRAWN, STORY
from tests.doors.loop import LiveLoop
from tests.doors.taps import EVERYTHING, HOUSE, LANGUAGE, QUALITY, TONGUES, Said, kept
from tests.doors.waiting import ended, until
from tests.exchange.pictures import CARD, MECARD, code, saved, table
from tests.nudged import OF_CUSTOMERS, raise_each, works_all_week
from tests.servers.slack import Channel, Message, Person, SlackServer, Workspace

SIGNS = re.compile("[\u200e\u200f\u2066-\u2069]")
DEAL = "deal for Bilal Traders: 20 looms, 5 lakh"
Table = type[Deal | Contact | Inbox | Outbox | Member]


class Rabta:
    """Door, pump and outbox on a live loop, put together as the program does it."""

    def __init__(self, slack: SlackServer, loop: LiveLoop, database: Database) -> None:
        self.loop, self.database, self.slack = loop, database, slack
        loop.do(self._start())
        slack.wait_for_sockets(2)

    async def _start(self) -> None:
        clock, team = SystemClock(), self.slack.team()
        house = House(owners=frozenset({("slack", team.id, "U1")}))
        desk = Desk(self.database, the_book(), clock, house)
        settings = Settings(
            slack_bot_token=SecretStr(team.bot_token),
            slack_app_token=SecretStr(self.slack.app_token),
            slack_base_url=self.slack.api_url,
        )
        doors = doors_of(settings, desk)
        door = doors["slack"]
        assert isinstance(door, Slack)
        self.door = door
        self.sender = Sender(
            self.database,
            clock,
            {"slack": door.push},
            words=partial(worded, Draw(the_book(), with_tokens)),
        )
        flies = self.sender if self.database.is_sqlite else None
        self.pump = Pump(desk, doors, after=self.sender.wake, sender=flies)
        self.receiving = asyncio.create_task(door.run(self.pump.keep))
        self.work = [
            asyncio.create_task(self.pump.run()),
            asyncio.create_task(self.sender.run()),
        ]

    def stop(self) -> None:
        """In the program's order: receive no more, finish, send what was answered."""
        self.loop.do(self._stop())

    async def _stop(self) -> None:
        await ended(self.receiving)
        await self.pump.drain()
        await self.sender.flush()
        await ended(*self.work)
        await self.door.stop()

    def dies(self) -> None:
        """Nothing is finished, nothing is said."""

        async def die() -> None:
            await ended(self.receiving, *self.work)
            await self.door.stop()

        self.loop.do(die())

    def rings(self, *ticks: str, days: int) -> None:
        """The clock, so many days from now at noon in Karachi."""
        then = (datetime.now(UTC) + timedelta(days=days)).replace(hour=7, minute=0)
        clockwork = Clockwork(self.database, SetClock(then), Draw(the_book(), with_tokens))
        for tick in ticks:
            clockwork.tick(tick)

    def count(self, table: Table) -> int:
        with self.database.transaction() as session:
            return session.scalars(select(func.count()).select_from(table)).one()


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(haste=120) as running:
        running.team()
        running.obeys(manifest(the_book()))
        yield running


@pytest.fixture
def loop(slack: SlackServer) -> Iterator[LiveLoop]:
    del slack  # it outlives the loop, whose connections lead to it
    with LiveLoop() as running:
        yield running


@pytest.fixture
def rabta(slack: SlackServer, loop: LiveLoop, database: Database) -> Iterator[Rabta]:
    running = Rabta(slack, loop, database)
    yield running
    running.stop()


@pytest.fixture
def team(slack: SlackServer) -> Workspace:
    return slack.team()


@pytest.fixture
def ayesha(team: Workspace) -> Person:
    return team.user("U1", "Ayesha")


@pytest.fixture
def bilal(team: Workspace) -> Person:
    return team.user("U2", "Bilal")


@pytest.fixture
def sales(team: Workspace, ayesha: Person, bilal: Person) -> Channel:
    return team.channel("sales", [ayesha, bilal])


@pytest.fixture
def dm(rabta: Rabta, team: Workspace, ayesha: Person) -> Channel:
    """Ayesha's direct conversation, past the first hello."""
    channel = team.dm(ayesha)
    asks(ayesha, channel, "hello")
    return channel


def asks(person: Person, channel: Channel, text: str, thread: Message | None = None) -> Message:
    """Say something and wait for the answer."""
    before = len(channel.answers)
    person.says(channel, text, thread)
    return channel.wait_for(before + 1, 20)


def commands(person: Person, channel: Channel, text: str) -> Message:
    before = len(channel.answers)
    person.commands("/rabta", text, channel)
    return channel.wait_for(before + 1, 20)


def plain(message: Message) -> str:
    return SIGNS.sub("", message.text_shown)


# Talking


def test_a_pipeline_is_seen_as_a_picture(dm: Channel, ayesha: Person) -> None:
    asks(ayesha, dm, DEAL)
    before = len(dm.answers)
    ayesha.says(dm, "pipeline chart dikhao")
    dm.wait_for(before + 2, 20)
    text, shared = dm.answers[before:]
    assert text.text_shown.startswith("Pipeline")
    assert shared.files[0].data.startswith(b"\x89PNG")
    assert "Rs 5 lakh" in shared.files[0].alike


@pytest.mark.parametrize("tongue", ASKED)
def test_numbers_are_asked_for_in_every_language(dm: Channel, ayesha: Person, tongue: str) -> None:
    for said in STORY:
        asks(ayesha, dm, said)
    for said, answer in ASKED[tongue]:
        assert answer in plain(asks(ayesha, dm, said)), said
    before = len(dm.answers)
    said, answer = DRAWN[tongue]
    ayesha.says(dm, said)
    dm.wait_for(before + 2, 20)
    assert answer in SIGNS.sub("", dm.answers[-1].files[0].alike)


def test_the_first_hello_teaches_by_doing(rabta: Rabta, team: Workspace, ayesha: Person) -> None:
    hello = asks(ayesha, team.dm(ayesha), "hi")
    assert "Ayesha" in plain(hello)
    assert hello.buttons


def test_a_deal_is_written_shown_and_taken_back_in_place(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    card = asks(ayesha, dm, DEAL)
    assert "Bilal Traders" in plain(card)
    assert "5 lakh" in plain(card)
    assert card.buttons[0] == "Undo"
    assert rabta.count(Deal) == 1
    before = card.text_shown
    ayesha.presses(card, "Undo").wait()
    until(lambda: card.text_shown != before)
    assert rabta.count(Deal) == 0
    assert len(dm.answers) == 2, "drawn anew where it was"


def test_contacts_asked_for_in_a_channel_arrive_where_nobody_else_reads(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    asks(ayesha, dm, "add Sara Malik, 0300 1234567")
    note = commands(ayesha, sales, "export contacts as csv")
    assert note.ephemeral_to is ayesha
    until(lambda: any(each.files for each in dm.answers))
    (file,) = dm.answers[-1].files
    assert file.name.endswith(".csv")
    assert "Sara Malik,,,+923001234567" in file.data.decode("utf-8-sig")
    assert not any(each.files for each in sales.answers)


def test_a_command_in_a_channel_is_answered_to_one_alone(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    card = commands(ayesha, sales, DEAL)
    assert card.ephemeral_to is ayesha
    assert "Bilal Traders" in plain(card)
    before = card.text_shown
    ayesha.presses(card, "Undo").wait()
    until(lambda: card.text_shown != before)
    assert rabta.count(Deal) == 0
    assert sales.answers == [card]


def test_a_command_works_where_the_app_is_not(
    dm: Channel, team: Workspace, ayesha: Person, bilal: Person
) -> None:
    away = team.channel("away", [ayesha], bot_in=False, private=True)
    between = team.dm(ayesha, bilal)
    for channel in (away, between):
        answer = commands(ayesha, channel, "pipeline")
        assert answer.ephemeral_to is ayesha


def test_the_root_word_alone_helps(dm: Channel, ayesha: Person) -> None:
    assert "/" in plain(commands(ayesha, dm, "")) or dm.answers[-1].buttons


def test_a_mention_is_answered_in_its_thread_where_no_more_mention_is_needed(
    dm: Channel, rabta: Rabta, ayesha: Person, bilal: Person, sales: Channel
) -> None:
    ayesha.says(sales, "chai pi lo sab")
    root = ayesha.says(sales, f"@Rabta {DEAL}")
    card = sales.wait_for("Bilal Traders", 20)
    assert card.thread_ts == root.ts
    answer = asks(ayesha, sales, "pipeline", root)
    assert answer.thread_ts == root.ts
    ayesha.says(sales, "@Bilal dekh lo", root)
    other = ayesha.says(sales, "lunch?")
    ayesha.says(sales, "haan chalo", other)
    rabta.slack.settle()
    answer = asks(ayesha, sales, "@Rabta today")
    assert len(sales.answers) == 3
    assert rabta.count(Deal) == 1
    assert rabta.count(Member) == 1


def test_row_06_a_mention_and_its_message_are_one_message(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    rabta.slack.manners.copies = 2
    asks(ayesha, sales, f"@Rabta {DEAL}")
    rabta.slack.settle()
    assert rabta.count(Deal) == 1
    assert rabta.count(Inbox) == 2
    assert len(sales.answers) == 1


def test_row_11_an_edited_message_does_not_run_again(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    said = ayesha.says(dm, DEAL)
    dm.wait_for(2, 20)
    ayesha.edits(said, DEAL.replace("5 lakh", "6 lakh"))
    dm.wait_for(3, 20)
    assert rabta.count(Deal) == 1
    ayesha.deletes(said)
    rabta.slack.settle()
    assert rabta.count(Deal) == 1


def test_row_12_other_bots_are_not_answered(
    dm: Channel, rabta: Rabta, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    other = team.user("U9", "Otherbot", bot=True)
    sales.members.add(other.id)
    other.says(sales, f"@Rabta {DEAL}")
    answer = asks(ayesha, sales, "@Rabta pipeline")
    assert sales.answers == [answer]
    assert rabta.count(Deal) == 0


def test_row_12_a_bot_that_answers_every_answer_is_not_answered(
    dm: Channel, rabta: Rabta, team: Workspace, ayesha: Person, sales: Channel
) -> None:
    """It names us in whatever it says, as another Rabta in that channel might."""
    other = team.user("U9", "Rabta too", bot=True)
    sales.members.add(other.id)
    for number in range(5):
        answer = asks(ayesha, sales, "@Rabta pipeline")
        other.says(sales, f"@Rabta deal for Nishat {number}, 5 lakh")
        other.says(sales, "@Rabta pipeline", answer)
        rabta.slack.settle()
    asks(ayesha, sales, "@Rabta pipeline")
    assert len(sales.answers) == 6
    assert rabta.count(Deal) == 0


@pytest.mark.parametrize("kind", ["guest", "stranger"])
def test_guests_and_strangers_are_refused(
    rabta: Rabta, team: Workspace, sales: Channel, kind: str
) -> None:
    gul = team.user("U4", "Gul", guest=kind == "guest", stranger=kind == "stranger")
    sales.members.add(gul.id)
    asks(gul, sales, f"@Rabta {DEAL}")
    assert rabta.count(Deal) == rabta.count(Member) == 0


def test_urdu_reads_from_the_right(dm: Channel, ayesha: Person) -> None:
    ayesha.presses(dm.answers[0], "اردو").wait()
    until(lambda: "\u200f" in dm.answers[-1].text_shown)
    before = len(dm.answers)
    ayesha.says(dm, DEAL)
    card = dm.wait_for(before + 1, 20)
    assert "نئی ڈیل" in card.text_shown
    assert "\u2068Bilal Traders\u2069" in card.text_shown
    *lines, buttons = card.text_shown.splitlines()
    assert len(lines) > 2
    assert all(line.startswith("\u200f") for line in lines)
    assert buttons.startswith("[")


def test_row_42_nobodys_words_ping_a_channel(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    answer = asks(ayesha, sales, "@Rabta met <!channel> & <http://evil.pk|bank> @here today")
    assert (answer.pings, answer.links) == ([], [])
    assert "<!channel>" not in answer.text


def test_what_is_no_text_is_answered_kindly(dm: Channel, ayesha: Person) -> None:
    before = len(dm.answers)
    ayesha.uploads(dm, "card.png", b"png")
    assert plain(dm.wait_for(before + 1, 20))


# Buttons and dialogs


def test_a_deal_is_edited_in_a_dialog(dm: Channel, rabta: Rabta, ayesha: Person) -> None:
    card = asks(ayesha, dm, DEAL)
    ayesha.presses(card, "Edit").wait()
    dialog = ayesha.sees_modal()
    assert rabta.count(Inbox) == 2, "opening a dialog is no event of its own"
    labels = {block["label"]["text"]: block for block in dialog.view["blocks"]}
    amount = next(label for label in labels if "mount" in label)
    ayesha.submits(dialog, {amount: "lots of rupees"}).wait()
    assert dialog.open
    assert list(dialog.errors) == [labels[amount]["block_id"]]
    assert not dialog.trouble
    before = len(dm.answers)
    ayesha.submits(dialog, {amount: "7 lakh"}).wait()
    assert not dialog.open
    assert "7 lakh" in plain(dm.wait_for(before + 1, 20)) or "700,000" in plain(dm.answers[-1])
    with rabta.database.transaction() as session:
        deal = session.scalars(select(Deal)).one()
        assert deal.amount
        assert deal.amount.amount == 700_000


def test_a_dialog_from_what_one_person_sees_is_answered_there(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    card = commands(ayesha, sales, DEAL)
    ayesha.presses(card, "Edit").wait()
    dialog = ayesha.sees_modal()
    label = next(b["label"]["text"] for b in dialog.view["blocks"] if "mount" in b["label"]["text"])
    ayesha.submits(dialog, {label: "7 lakh"}).wait()
    answer = sales.wait_for(2, 20)
    assert answer.ephemeral_to is ayesha


def test_row_09_a_dialog_that_came_too_late_is_drawn_in_the_chat(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    card = asks(ayesha, dm, DEAL)
    rabta.slack.refuses("views.open", "expired_trigger_id")
    before = len(dm.answers)
    ayesha.presses(card, "Edit").wait()
    form = dm.wait_for(before + 1, 20)
    assert form.buttons
    assert ayesha.modal is None


def test_row_10_a_second_tap_does_nothing_more(dm: Channel, rabta: Rabta, ayesha: Person) -> None:
    card = asks(ayesha, dm, DEAL)
    blocks = list(card.blocks)
    first = ayesha.presses(card, "Undo")
    second = ayesha.presses(card, "Undo")
    first.wait()
    second.wait()
    until(lambda: card.blocks != blocks)
    dm.wait_for(3, 20)
    assert rabta.count(Deal) == 0


def test_row_39_somebody_elses_button_changes_nothing(
    dm: Channel, rabta: Rabta, ayesha: Person, bilal: Person, sales: Channel
) -> None:
    root = ayesha.says(sales, f"@Rabta {DEAL}")
    card = sales.wait_for(1, 20)
    bilal.presses(card, "Undo").wait()
    answer = sales.wait_for(2, 20)
    assert "Ayesha" in plain(answer)
    assert answer.thread_ts == root.ts
    assert rabta.count(Deal) == 1
    bilal.presses(card, "Edit").wait()
    sales.wait_for(3, 20)
    assert bilal.modal is None


# When things go wrong


def test_row_07_what_was_kept_before_a_crash_is_answered_after_it(
    slack: SlackServer,
    loop: LiveLoop,
    database: Database,
    team: Workspace,
    ayesha: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dm = team.dm(ayesha)
    first = Rabta(slack, loop, database)
    asks(ayesha, dm, "hello")
    until(lambda: _states(first) == ["sent"])
    monkeypatch.setattr(first.pump, "_start", lambda _rows: 0)  # what comes is not handled any more
    ayesha.says(dm, DEAL)
    slack.settle()
    first.dies()
    assert first.count(Deal) == 0
    slack.wait(lambda: not slack.sockets.links)
    second = Rabta(slack, loop, database)
    assert "Bilal Traders" in plain(dm.wait_for(2, 20))
    assert second.count(Deal) == 1
    second.stop()


def test_row_07_what_was_not_kept_comes_again(
    slack: SlackServer, loop: LiveLoop, database: Database, team: Workspace, ayesha: Person
) -> None:
    dm = team.dm(ayesha)
    first = Rabta(slack, loop, database)
    asks(ayesha, dm, "hello")
    until(lambda: _states(first) == ["sent"])
    first.dies()
    slack.wait(lambda: not slack.sockets.links)
    ayesha.says(dm, DEAL)
    second = Rabta(slack, loop, database)
    assert "Bilal Traders" in plain(dm.wait_for(2, 20))
    second.stop()


def test_row_08_sockets_that_are_cut_replaced_and_mute_lose_and_double_nothing(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    """While somebody writes: Slack delivers again what a socket took along, and each acts once."""
    firms = ("Alpha Textiles", "Hilal Dairy", "Indus Motors", "Jubilee Foods")
    slack = rabta.slack
    troubles: list[Callable[[], Any]] = [slack.cuts, slack.says_goodbye, slack.mutes, slack.cuts]
    for firm, trouble in zip(firms, troubles, strict=True):
        trouble()
        ayesha.says(dm, f"deal for {firm}: 20 looms, 5 lakh")
        time.sleep(0.1)
        rabta.slack.unmutes()
    until(lambda: rabta.count(Deal) == len(firms), 40)
    rabta.slack.settle(40)
    until(lambda: set(_states(rabta)) == {"sent"})
    rabta.slack.wait_for_sockets(2)
    said = [plain(answer).partition("\n")[0] for answer in dm.answers[1:]]
    assert sorted(said) == [f"New deal: {firm}" for firm in firms]
    assert rabta.count(Inbox) == 1 + len(firms)


def test_row_16_an_answer_that_may_be_lost_is_found_again(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    rabta.slack.loses_reply("chat.postMessage")
    answer = asks(ayesha, dm, "pipeline")
    until(lambda: rabta.slack.called("conversations.history"))
    until(lambda: _states(rabta)[-1] == "sent")
    assert dm.answers[-1] is answer
    assert len(dm.answers) == 2


def test_row_16_an_answer_that_was_lost_is_sent_again(
    dm: Channel, rabta: Rabta, ayesha: Person
) -> None:
    rabta.slack.loses_reply("chat.postMessage", done=False)
    asks(ayesha, dm, "pipeline")
    until(lambda: _states(rabta)[-1] == "sent")
    assert len(dm.answers) == 2


def test_row_18_a_limit_puts_the_answer_off(dm: Channel, rabta: Rabta, ayesha: Person) -> None:
    rabta.slack.limits("chat.postMessage", retry_after=1)
    began = time.monotonic()
    asks(ayesha, dm, "pipeline")
    assert time.monotonic() - began >= 0.9


def test_row_20_an_archived_channel_is_tried_once(
    dm: Channel, rabta: Rabta, ayesha: Person, sales: Channel
) -> None:
    rabta.slack.refuses("chat.postMessage", "is_archived")
    ayesha.says(sales, "@Rabta pipeline")
    until(lambda: _states(rabta)[-1] == "refused")
    assert len(rabta.slack.called("chat.postMessage")) == 2


def _states(rabta: Rabta) -> list[str]:
    with rabta.database.transaction() as session:
        return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))


# Nudges


def test_a_nudge_comes_by_direct_message(dm: Channel, rabta: Rabta, team: Workspace) -> None:
    address = Address("slack", team.id, user="U1")
    with rabta.database.transaction() as session:
        now = SystemClock().now() - timedelta(seconds=1)
        post(session, address, Reply((Line("Call Bilal"),)), now, workspace_id=None, kind="nudge")
    dm.wait_for("Call Bilal", 20)
    until(lambda: _states(rabta)[-1] == "sent")


def test_row_33_a_dialog_that_was_open_while_somebody_else_changed_it(
    dm: Channel, rabta: Rabta, team: Workspace, ayesha: Person, bilal: Person
) -> None:
    his = team.dm(bilal)
    asks(bilal, his, "hello")
    card = asks(ayesha, dm, DEAL)
    ayesha.presses(card, "Edit").wait()
    dialog = ayesha.sees_modal()
    asks(bilal, his, "show Bilal Traders")
    asks(bilal, his, "move Bilal Traders to proposal")
    changed = asks(bilal, his, "raise the Bilal Traders deal to 6 lakh")
    assert "Deal changed" in plain(changed), "he had been shown what it was"
    labels = [block["label"]["text"] for block in dialog.view["blocks"]]
    amount = next(label for label in labels if "mount" in label)
    goods = next(label for label in labels if "What" in label)
    before = len(dm.answers)
    ayesha.submits(dialog, {amount: "7 lakh", goods: "power looms"}).wait()
    asked = dm.wait_for(before + 1, 20)
    assert "Bilal set Rs 6 lakh (600,000)" in plain(asked)
    assert the_deal(rabta) == ("power looms", 600_000, "proposal")
    ayesha.presses(asked, "Set Rs 7 lakh (700,000)").wait()
    until(lambda: the_deal(rabta) == ("power looms", 700_000, "proposal"))


def the_deal(rabta: Rabta) -> tuple[str | None, int, str]:
    with rabta.database.transaction() as session:
        deal = session.scalars(select(Deal)).one()
        return deal.title, (deal.amount_minor or 0) // 100, deal.stage


def test_a_table_of_people_is_shown_and_taken_in(rabta: Rabta, dm: Channel, ayesha: Person) -> None:
    before = len(dm.answers)
    table = "Name,Company,Phone\nSara Malik,Nishat Mills,0300 5550101\n"
    ayesha.uploads(dm, "google.csv", table.encode())
    shown = dm.wait_for(before + 1, 20)
    assert "1 contact" in str(shown.blocks)
    assert rabta.count(Contact) == 0
    ayesha.presses(shown, "Take it in").wait()
    until(lambda: rabta.count(Contact) == 1, 20)
    assert "Nishat Mills" in str(asks(ayesha, dm, "who is sara malik").blocks)


def test_a_photo_of_a_code_is_shown_and_saved(rabta: Rabta, dm: Channel, ayesha: Person) -> None:
    before = len(dm.answers)
    ayesha.uploads(dm, "card.jpg", saved(table(code(CARD)), "JPEG"))
    shown = dm.wait_for(before + 1, 20)
    assert "Head of Procurement" in str(shown.blocks)
    ayesha.presses(shown, "Fix Name").wait()
    dm.wait_for(before + 2, 20)
    ayesha.says(dm, "Sarah Malik")
    fixed = dm.wait_for(before + 3, 20)
    assert rabta.count(Contact) == 0
    ayesha.presses(fixed, "Save").wait()
    until(lambda: rabta.count(Contact) == 1, 20)
    assert "Nishat Mills" in str(asks(ayesha, dm, "who is sarah malik").blocks)


def test_two_codes_in_a_photo_are_two_people(rabta: Rabta, dm: Channel, ayesha: Person) -> None:
    before = len(dm.answers)
    ayesha.uploads(dm, "cards.png", saved(table(code(CARD, 4), code(MECARD, 4))))
    shown = dm.wait_for(before + 1, 20)
    assert "2 contacts" in str(shown.blocks)
    ayesha.presses(shown, "Take it in").wait()
    until(lambda: rabta.count(Contact) == 2, 20)


def test_every_file_of_a_message_is_answered_in_order(
    rabta: Rabta, dm: Channel, ayesha: Person
) -> None:
    before = len(dm.answers)
    mine = {
        "leads.csv": b"Name,Phone\nSara Malik,0300 5550101\n",
        "minutes.pdf": b"%PDF-1.4",
        "card.png": saved(table(code(MECARD))),
        "empty.vcf": b"",
    }
    ayesha.uploads_all(dm, mine, "deal for Bilal Traders: 20 looms, 5 lakh")
    dm.wait_for(before + len(mine), 20)
    first, second, third, fourth = dm.answers[before:]
    assert "leads.csv" in str(first.blocks)
    assert "Bilal Traders" in str(first.blocks)
    assert rabta.count(Deal) == 1, "what was said is said once"
    assert "words" in str(second.blocks), "a file that nobody reads is told so"
    assert "Save" in third.buttons
    assert "empty.vcf" in str(fourth.blocks)
    for shown, label in ((first, "Take it in"), (third, "Save")):
        ayesha.presses(shown, label).wait()
    until(lambda: rabta.count(Contact) == 2, 20)


def test_a_message_that_is_shared_is_its_writers(
    rabta: Rabta, team: Workspace, dm: Channel, sales: Channel, ayesha: Person, bilal: Person
) -> None:
    rates = bilal.says(sales, "Need rates for 20 looms, deal 5 lakh")
    before = len(dm.answers)
    ayesha.shares(dm, rates)
    shown = dm.wait_for(before + 1, 20)
    assert "Forwarded from Bilal" in str(shown.blocks)
    assert "20 looms" in str(shown.blocks)
    assert rabta.count(Contact) == rabta.count(Deal) == 0
    ayesha.presses(shown, "Add Bilal").wait()
    card = dm.wait_for(before + 2, 20)
    ayesha.presses(card, "Save").wait()
    until(lambda: rabta.count(Contact) == 1, 20)


def test_a_deal_without_a_next_step_is_told_and_gets_one_by_tap(
    rabta: Rabta, dm: Channel, ayesha: Person
) -> None:
    asks(ayesha, dm, "our week is Monday to Sunday")
    asks(ayesha, dm, DEAL)
    rabta.rings("deals", "nudges", days=4)
    nudge = dm.wait_for("No next step", 20)
    assert nudge.buttons == ["Add next step", "Log call", "Useful", "Not now", "Stop these"]
    ayesha.presses(nudge, "Log call").wait()
    dm.wait_for("Call with Bilal Traders", 20)


def test_nudges_of_each_kind_come_as_cards_whose_buttons_work(
    rabta: Rabta, dm: Channel, ayesha: Person
) -> None:
    asks(ayesha, dm, "hello")
    with rabta.database.transaction() as session:
        works_all_week(session, datetime.now(UTC))
        raise_each(session, datetime.now(UTC))
    rabta.rings("nudges", days=1)
    cards = {kind: dm.wait_for(name, 20) for kind, name in OF_CUSTOMERS.items()}
    for card in cards.values():
        assert card.buttons == ["Log call", "Useful", "Not now", "Stop these"]
    ayesha.presses(cards["at_risk"], "Useful").wait()
    dm.wait_for("come first: Customer at risk", 20)
    ayesha.presses(cards["next_order"], "Not now").wait()
    dm.wait_for("I come back to it on", 20)
    ayesha.presses(cards["birthday"], "Stop these").wait()
    dm.wait_for("I stopped these nudges: Birthdays", 20)


def test_a_channel_gets_the_report_and_the_wins_that_it_was_chosen_for(
    rabta: Rabta, dm: Channel, sales: Channel, ayesha: Person
) -> None:
    asks(ayesha, sales, "@Rabta weekly report here every monday 9am")
    assert "every Monday at 9 am" in plain(sales.answers[-1])
    asks(ayesha, sales, "@Rabta post wins here")
    asks(ayesha, dm, DEAL)
    asks(ayesha, dm, "won Bilal Traders")
    rabta.rings("wins", days=1)
    sales.wait_for("Won: Bilal Traders, 20 looms, Rs 5 lakh", 20)
    rabta.rings("weekly", days=7)
    report = sales.wait_for("Won Rs 5 lakh from one deal.", 20)
    assert not report.buttons


def labels(message: Message) -> list[str]:
    return [SIGNS.sub("", label) for label in message.buttons]


def shown(dm: Channel, label: str) -> Message:
    """The newest answer that has such a button."""

    def found() -> list[Message]:
        return [each for each in dm.answers if label in labels(each)]

    until(lambda: bool(found()), 20)
    return found()[-1]


def tap(person: Person, dm: Channel, label: str) -> None:
    """A button by its label, whichever way it runs, on the newest answer that has it."""
    on = shown(dm, label)
    person.presses(on, on.buttons[labels(on).index(label)]).wait()


@pytest.mark.parametrize("tongue", TONGUES)
def test_data_is_tidied_by_taps(rabta: Rabta, dm: Channel, ayesha: Person, tongue: str) -> None:
    say = Said(tongue)
    asks(ayesha, dm, LANGUAGE[tongue])
    asks(ayesha, dm, "add Sara Malik at Nishat Mills, 0300 5550101")
    asks(ayesha, dm, "add Omar Farooq, 0300 5550101")
    tap(ayesha, dm, say("different_button"))
    until(lambda: say("different_button") not in labels(dm.answers[-1]), 20)
    asks(ayesha, dm, "add Sarah Malik at Nishat Mills")
    tap(ayesha, dm, say("same_button"))
    tap(ayesha, dm, say("merge_button"))
    until(lambda: rabta.count(Contact) == 2, 20)
    asks(ayesha, dm, QUALITY[tongue])
    tap(ayesha, dm, say.numbered(1, "add_email"))
    dm.wait_for("Omar Farooq", 20)
    asks(ayesha, dm, "omar@farooq.example")
    tap(ayesha, dm, say("tidy_on_button"))
    tap(ayesha, dm, say("not_now_button"))
    dm.wait_for(say("all_tidy").split(":")[0], 20)


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_weekly_tidy_up_is_done_by_taps(
    rabta: Rabta, dm: Channel, ayesha: Person, tongue: str
) -> None:
    say = Said(tongue)
    asks(ayesha, dm, LANGUAGE[tongue])
    asks(ayesha, dm, "our week is Monday to Sunday")
    for one in ("Sara Malik", "Umar Tariq"):
        asks(ayesha, dm, f"add {one} at Nishat Mills")
        asks(ayesha, dm, f"add {one.replace('a', 'aa', 1)} at Nishat Mills")
    rabta.rings("tidy", "nudges", days=8)
    tap(ayesha, dm, say.numbered(2, "different"))
    until(lambda: say.numbered(2, "different") not in labels(dm.answers[-1]), 20)
    tap(ayesha, dm, say.numbered(1, "same"))
    tap(ayesha, dm, say("merge_button"))
    until(lambda: rabta.count(Contact) == 3, 20)


@pytest.mark.parametrize("tongue", TONGUES)
def test_everything_leaves_as_a_file_and_comes_into_an_empty_house(
    rabta: Rabta, slack: SlackServer, loop: LiveLoop, dm: Channel, ayesha: Person,
    empty: Database, tongue: str,
) -> None:  # fmt: skip
    for said in HOUSE:
        asks(ayesha, dm, said)
    asks(ayesha, dm, LANGUAGE[tongue])
    ayesha.says(dm, EVERYTHING[tongue])
    until(lambda: any(each.files for each in dm.answers), 20)
    (file,) = dm.answers[-1].files
    rabta.stop()
    other = Rabta(slack, loop, empty)
    try:
        asks(ayesha, dm, "hello")
        asks(ayesha, dm, LANGUAGE[tongue])
        ayesha.uploads(dm, file.name, file.data)
        tap(ayesha, dm, Said(tongue)("import_button"))
        until(lambda: kept(empty) == kept(rabta.database), 20)
    finally:
        other.stop()
