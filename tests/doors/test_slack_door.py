"""The Slack door alone: keeping before acknowledging, and what becomes of letters."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.door import Raw
from bot.incoming import Incoming
from bot.pictures import studio
from bot.slack import Slack, TokenRefused
from handlers.reply import (
    Button,
    Call,
    Chart,
    File,
    Form,
    FormField,
    Line,
    Part,
    Point,
    Reply,
    Title,
)
from scheduler.letters import Address, Ambiguous, Letter, Outcome, Refused, Sent, Wait
from tests.doors.loop import LiveLoop
from tests.pictures.cast import charts
from tests.servers.slack import Channel, Person, SlackServer, Workspace
from tests.servers.slack.wire import emit

CALL = Call("x")
FORM = Form("Edit deal", "Save", "Cancel", (FormField("amount", "Amount", "5"),), CALL, token="f1")


@dataclass
class Stage:
    """A Slack with Ayesha in #sales, a door on a loop of its own, and what the door kept."""

    slack: SlackServer
    loop: LiveLoop
    team: Workspace
    ayesha: Person
    sales: Channel
    kept: list[Raw] = field(default_factory=list)
    broken: int = 0
    form: Form | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    slept: list[float] = field(default_factory=list)
    _numbers: int = 0

    async def keep(self, door: str, events: Sequence[Raw]) -> None:
        assert door == "slack"
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        known = {raw.event for raw in self.kept}
        self.kept += [raw for raw in events if raw.event not in known]

    def door(self, **more: Any) -> Slack:
        async def forms(_incoming: Incoming) -> Form | None:
            return self.form

        async def check(_incoming: Incoming) -> Mapping[str, str]:
            return self.wrong

        async def known(_team: str, _chat: str, thread: str) -> bool:
            return thread in self.threads

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async def made() -> Slack:
            settings: dict[str, Any] = {"base_url": self.slack.api_url, "sleep": sleep}
            settings |= {"forms": forms, "check": check, "known_thread": known, "ping": 0.3}
            tokens = {"bot_token": self.team.bot_token, "app_token": self.slack.app_token}
            return Slack(**tokens | settings | more)

        return self.loop.do(made())

    def runs(self, door: Slack) -> Slack:
        self.loop.start(door.run(self.keep))
        self.slack.wait_for_sockets(2)
        return door

    def reads(self, door: Slack, raw: Raw) -> Incoming | None:
        return self.loop.do(door.read(raw.payload))

    def wait_for(self, count: int, timeout: float = 20.0) -> list[Raw]:
        deadline = time.monotonic() + timeout
        while len(self.kept) < count:
            assert time.monotonic() < deadline, f"kept only {[raw.event for raw in self.kept]}"
            time.sleep(0.005)
        return self.kept

    def letter(self, *parts: Part, marked: bool = False, number: int = 0, **more: Any) -> Letter:
        address = {"chat": self.sales.id, "user": "U1"}
        of_reply = {k: more.pop(k) for k in ("buttons", "private", "replaces") if k in more}
        self._numbers += not number
        reply = Reply(parts, **of_reply)
        where = Address("slack", self.team.id, **address | more)
        return Letter(
            number or self._numbers,
            where,
            reply,
            1 + marked,
            marked=marked,
            again="Sent again",
            written_at=datetime.now(UTC),
        )

    def push(self, door: Slack, *parts: Part, **more: Any) -> Outcome:
        return self.loop.do(door.push(self.letter(*parts, **more)))


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def stage(clock: list[float]) -> Iterator[Stage]:
    def now() -> float:
        return time.time() + clock[0]

    with SlackServer(clock=now, ack_seconds=1.0, haste=300) as slack, LiveLoop() as loop:
        team = slack.team()
        ayesha = team.user("U1", "Ayesha", tz="Asia/Karachi", locale="ur-PK")
        yield Stage(slack, loop, team, ayesha, team.channel("sales", [ayesha]))


@pytest.fixture
def door(stage: Stage) -> Iterator[Slack]:
    made = stage.door()
    yield made
    stage.loop.do(made.stop())


# In


def test_row_07_what_is_kept_is_acknowledged(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.ayesha.says(stage.sales, "@Rabta met Sara")
    stage.ayesha.commands("/rabta", "pipeline", stage.sales)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "hello")
    stage.slack.settle()
    assert len(stage.kept) == 3, "message and app_mention are one"
    assert all(len(delivery.attempts) == 1 for delivery in stage.slack.deliveries)


def test_row_07_what_cannot_be_kept_is_not_acknowledged(stage: Stage, door: Slack) -> None:
    stage.broken = 1
    stage.slack.manners.ack_seconds = 0.2
    stage.runs(door)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "hello")
    stage.slack.settle()
    assert len(stage.kept) == 1
    assert len(stage.slack.deliveries[0].attempts) == 2


def test_row_06_repeats_are_one(stage: Stage, door: Slack) -> None:
    stage.slack.manners.copies = 3
    stage.runs(door)
    stage.ayesha.says(stage.sales, "@Rabta met Sara")
    stage.slack.settle()
    stage.slack.redeliver(stage.slack.deliveries[0])
    stage.slack.settle()
    assert len(stage.kept) == 1


def test_row_08_a_cut_socket_loses_nothing(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.slack.manners.cut_after = 1
    stage.ayesha.says(stage.team.dm(stage.ayesha), "one")
    stage.slack.settle()
    stage.slack.wait_for_sockets(2)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "two")
    stage.slack.settle()
    assert [raw.payload["event"]["text"] for raw in stage.kept] == ["one", "two"]


def test_row_08_sockets_are_replaced_when_slack_says_so(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    old = list(stage.slack.sockets.links)
    stage.slack.says_goodbye()
    stage.slack.wait(lambda: not set(old) & set(stage.slack.sockets.links))
    stage.slack.wait_for_sockets(2)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "still there?")
    stage.slack.settle()
    assert len(stage.kept) == 1


def test_row_08_silent_sockets_are_replaced(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    old = list(stage.slack.sockets.links)
    stage.slack.mutes(silent=True)
    stage.slack.wait(lambda: not set(old) & set(stage.slack.sockets.links), 10)
    stage.slack.unmutes()


def test_it_tells_whether_messages_can_come_in(stage: Stage) -> None:
    door = stage.door()
    assert not stage.loop.do(door.connected())
    stage.runs(door)
    assert stage.loop.do(door.connected())
    stage.slack.mutes(silent=True)
    stage.slack.manners.muted = True
    deadline = time.monotonic() + 10
    while stage.loop.do(door.connected()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stage.slack.unmutes()
    stage.loop.do(door.stop())


def kill(stage: Stage, door: Slack) -> None:
    """Both sockets, and what would open them again."""
    assert door._sockets
    clients = [handler.client for handler in door._sockets._handlers]
    stage.slack.wait(lambda: all(client.message_receiver for client in clients))

    async def killed() -> None:
        for client in clients:
            client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
            assert client.current_session_monitor
            assert client.message_receiver
            client.current_session_monitor.cancel()
            client.message_receiver.cancel()
            assert client.current_session
            await client.current_session.close()

    stage.loop.do(killed())


def test_row_08_a_dead_client_is_revived(stage: Stage) -> None:
    door = stage.runs(stage.door(watch=0.05))
    opened = stage.slack.sockets.opened
    kill(stage, door)
    stage.slack.wait(lambda: stage.slack.sockets.opened >= opened + 2)
    stage.loop.do(door.stop())


def test_row_08_a_socket_that_slack_does_not_give_is_asked_for_again(stage: Stage) -> None:
    door = stage.door(watch=0.05)
    running = stage.loop.start(door.run(stage.keep))
    stage.slack.wait_for_sockets(2)
    opened = stage.slack.sockets.opened
    stage.slack.refuses("apps.connections.open", "internal_error", times=2)
    stage.slack.fails("apps.connections.open", times=2)
    stage.slack.loses_reply("apps.connections.open", times=2)
    kill(stage, door)
    stage.slack.wait(lambda: running.done() or stage.slack.sockets.opened >= opened + 2)
    assert not running.done(), "the door goes on"
    stage.loop.do(door.stop())


def test_row_08_an_address_that_is_too_old_is_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack_socket.CONNECTING", 0.3)
    sockets, good = stage.slack.sockets, stage.slack.sockets.new_address
    given: list[str] = []

    def address() -> str:
        given.append(good() if len(given) > 4 else good() + "0")
        return given[-1]

    monkeypatch.setattr(sockets, "new_address", address)
    door = stage.door(watch=0.05)
    stage.loop.start(door.run(stage.keep))
    stage.slack.wait(lambda: sockets.opened >= 2)
    stage.loop.do(door.stop())


@pytest.mark.parametrize(
    "tokens", [{"bot_token": "xoxb-wrong"}, {"app_token": "xapp-wrong"}, {"bot_token": "xapp-1"}]
)
def test_row_48_wrong_tokens_are_refused_without_being_shown(
    stage: Stage, tokens: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    door = stage.door(**tokens)
    with pytest.raises(TokenRefused) as refused:
        stage.loop.do(door.run(stage.keep))
    assert next(iter(tokens.values())) not in str(refused.value) + caplog.text
    stage.loop.do(door.stop())


def test_a_slack_that_is_down_is_waited_for(stage: Stage, door: Slack) -> None:
    stage.slack.fails("auth.test", times=2)
    stage.slack.limits("auth.test", retry_after=7)
    stage.slack.refuses("auth.test", "internal_error")
    stage.runs(door)
    assert stage.slept[:4] == [1.0, 2.0, 7.0, 10.0]


def test_stopping_is_quick_at_any_time(stage: Stage) -> None:
    idle = stage.door()
    stage.loop.do(idle.stop())
    running = stage.door()
    end = stage.loop.start(running.run(stage.keep))
    stage.slack.wait_for_sockets(2)
    begin = time.monotonic()
    stage.loop.do(running.stop())
    end.result(5)
    assert time.monotonic() - begin < 5
    stage.slack.wait(lambda: not stage.slack.sockets.links)


# Reading


def test_who_wrote(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    bilal = stage.team.user("U2", "Bilal Traders")
    stage.ayesha.says(stage.sales, f"@Rabta give it to @{bilal.name.replace(' ', '')}")
    incoming = stage.reads(door, stage.wait_for(1)[0])
    assert incoming
    assert incoming.text == "give it to @Bilal Traders"
    sender = incoming.sender
    assert (sender.name, sender.timezone, sender.language) == ("Ayesha", "Asia/Karachi", "ur-PK")
    assert not sender.outsider
    stage.reads(door, stage.kept[0])
    asked = [call.args["user"] for call in stage.slack.called("users.info")]
    assert sorted(asked) == ["U1", "U2"], "answers are remembered"


@pytest.mark.parametrize("kind", ["guest", "single_channel", "stranger"])
def test_guests_and_strangers_are_outsiders(stage: Stage, door: Slack, kind: str) -> None:
    stage.runs(door)
    about: dict[str, Any] = {kind: True}
    gul = stage.team.user("U4", "Gul", **about)
    stage.sales.members.add(gul.id)
    gul.says(stage.sales, "@Rabta pipeline")
    incoming = stage.reads(door, stage.wait_for(1)[0])
    assert incoming
    assert incoming.sender.outsider


def test_nobody_is_let_in_whom_slack_does_not_tell_about(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "hello")
    stage.slack.refuses("users.info", "user_not_found")
    incoming = stage.reads(door, stage.wait_for(1)[0])
    assert incoming
    assert incoming.sender.outsider


def test_asking_who_somebody_is_goes_on_until_it_is_known(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.ayesha.says(stage.team.dm(stage.ayesha), "hello")
    stage.slack.fails("users.info")
    stage.slack.limits("users.info", retry_after=9)
    stage.slack.loses_reply("users.info")
    incoming = stage.reads(door, stage.wait_for(1)[0])
    assert incoming
    assert incoming.sender.name == "Ayesha"
    assert stage.slept[-3:] == [1.0, 9.0, 5.0]


def test_threads_of_ours_need_no_mention(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    root = stage.ayesha.says(stage.sales, "@Rabta met Sara")
    stage.wait_for(1)
    stage.ayesha.says(stage.sales, "and Bilal", root)
    stage.wait_for(2)
    assert stage.reads(door, stage.kept[1]) is None
    stage.threads = {root.ts}
    follow_up = stage.reads(door, stage.kept[1])
    assert follow_up
    assert follow_up.addressed
    usman = stage.team.user("U6", "Usman")
    stage.ayesha.says(stage.sales, f"@{usman.name} you too?", root)
    assert stage.reads(door, stage.wait_for(3)[2]) is None, "that was for Usman"


def test_a_command_in_ones_own_direct_message_is_private(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    bilal = stage.team.user("U2", "Bilal")
    stage.ayesha.commands("/rabta", "pipeline", stage.team.dm(stage.ayesha))
    stage.wait_for(1)
    stage.ayesha.commands("/rabta", "pipeline", stage.team.dm(stage.ayesha, bilal))
    own, theirs = (stage.reads(door, raw) for raw in stage.wait_for(2))
    card = edit_card(stage, door, answer_to=stage.ayesha.response_url(stage.sales))
    card.channel = stage.team.dm(stage.ayesha, bilal)
    stage.ayesha.presses(card, "Undo").wait()
    tapped = stage.reads(door, stage.wait_for(3)[2])
    assert tapped
    assert not tapped.place.private
    assert own
    assert own.place.private
    assert theirs
    assert not theirs.place.private


# Dialogs


def edit_card(stage: Stage, door: Slack, **more: Any) -> Any:
    buttons = (Button("Edit", CALL, opens_form=True, token="b1"), Button("Undo", CALL, token="b2"))
    outcome = stage.push(door, Title("Deal"), buttons=buttons, **more)
    assert isinstance(outcome, Sent)
    return stage.sales.answers[-1]


def test_row_09_a_tap_opens_the_dialog_at_once(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.form = FORM
    stage.ayesha.presses(edit_card(stage, door), "Edit").wait()
    dialog = stage.ayesha.sees_modal()
    assert stage.kept == []
    stage.ayesha.submits(dialog, {"Amount": "6"}).wait()
    assert not dialog.open
    incoming = stage.reads(door, stage.kept[0])
    assert incoming
    assert incoming.form
    assert (incoming.form.token, incoming.form.values) == ("f1", {"amount": "6"})
    assert incoming.place.chat == stage.sales.id


def test_what_is_wrong_stands_beside_its_field(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.form, stage.wrong = FORM, {"amount": "That is no amount"}
    stage.ayesha.presses(edit_card(stage, door), "Edit").wait()
    dialog = stage.ayesha.sees_modal()
    stage.ayesha.submits(dialog, {"Amount": "x"}).wait()
    assert (dialog.open, dialog.errors) == (True, {"amount": "That is no amount"})
    assert stage.kept == []
    stage.wrong = {}
    stage.ayesha.submits(dialog, {"Amount": "6"}).wait()
    assert len(stage.kept) == 1


@pytest.mark.parametrize("why", ["no form", "expired", "down"])
def test_row_09_a_tap_whose_dialog_does_not_open_is_kept(
    stage: Stage, door: Slack, clock: list[float], why: str
) -> None:
    stage.runs(door)
    stage.form = None if why == "no form" else FORM
    card = edit_card(stage, door)
    if why == "expired":
        stage.slack.refuses("views.open", "expired_trigger_id")
    elif why == "down":
        stage.slack.fails("views.open")
    stage.ayesha.presses(card, "Edit").wait()
    incoming = stage.reads(door, stage.kept[0])
    assert incoming
    assert incoming.tap == "b1"


def test_a_submission_that_cannot_be_kept_stays_open(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    stage.form = FORM
    stage.ayesha.presses(edit_card(stage, door), "Edit").wait()
    dialog = stage.ayesha.sees_modal()
    stage.broken = 1
    stage.slack.manners.ack_seconds = 0.2
    stage.ayesha.submits(dialog, {"Amount": "6"})
    stage.slack.settle()
    assert (dialog.open, dialog.trouble) == (True, "We had some trouble connecting")
    stage.ayesha.submits(dialog, {"Amount": "6"}).wait()
    assert len(stage.kept) == 1


# Out


def test_a_letter_arrives_in_its_thread(stage: Stage, door: Slack) -> None:
    root = stage.ayesha.says(stage.sales, "@Rabta x")
    outcome = stage.push(door, Line("It's <done> & dusted"), thread=root.ts)
    message = stage.sales.answers[0]
    assert outcome == Sent(message.ts, stage.sales.id)
    assert (message.text_shown, message.thread_ts) == ("It's <done> & dusted", root.ts)
    assert not message.unfurl
    assert message.pings == []


def test_a_letter_to_a_person_goes_to_their_direct_message(stage: Stage, door: Slack) -> None:
    outcome = stage.push(door, Line("Good morning"), chat="")
    dm = stage.team.dm(stage.ayesha)
    assert outcome == Sent(dm.answers[0].ts, dm.id)


def test_what_is_for_one_person_is_seen_by_one(stage: Stage, door: Slack) -> None:
    stage.push(door, Line("only you"), only_for="U1")
    stage.push(door, Line("private"), private=True)
    assert [m.ephemeral_to for m in stage.sales.answers] == [stage.ayesha] * 2
    away = stage.team.channel("away", [stage.ayesha], bot_in=False)
    assert isinstance(stage.push(door, Line("secret"), chat=away.id, only_for="U1"), Sent)
    assert away.answers == []
    assert stage.team.dm(stage.ayesha).answers[0].text_shown == "secret"


def test_a_command_is_answered_where_it_was_typed(stage: Stage, door: Slack) -> None:
    away = stage.team.channel("away", [stage.ayesha], bot_in=False)
    url = stage.ayesha.response_url(away)
    assert isinstance(stage.push(door, Line("here"), chat=away.id, answer_to=url), Sent)
    assert away.answers[0].ephemeral_to is stage.ayesha


def test_row_09_when_the_response_url_is_gone_the_answer_comes_directly(
    stage: Stage, door: Slack, clock: list[float]
) -> None:
    url = stage.ayesha.response_url(stage.sales)
    clock[0] += 31 * 60
    assert isinstance(stage.push(door, Line("late"), answer_to=url), Sent)
    assert stage.sales.answers == [], "only she saw the question"
    assert stage.team.dm(stage.ayesha).answers[0].text_shown == "late"


def test_a_tapped_card_is_drawn_anew(stage: Stage, door: Slack) -> None:
    card = edit_card(stage, door)
    outcome = stage.push(door, Line("Undone"), edits=card.ts, replaces=True)
    assert outcome == Sent(card.ts, stage.sales.id)
    assert (card.text_shown, card.buttons) == ("Undone", [])
    assert stage.sales.answers == [card]
    stage.slack.refuses("chat.update", "message_not_found")
    stage.push(door, Line("Undone again"), edits=card.ts)
    assert stage.sales.answers[1].text_shown == "Undone again"


def test_a_tapped_card_that_one_person_sees_is_drawn_anew(stage: Stage, door: Slack) -> None:
    url = stage.ayesha.response_url(stage.sales)
    stage.push(door, Line("Sure?"), answer_to=url)
    card = stage.sales.answers[0]
    url = stage.ayesha.response_url(stage.sales, card)
    stage.push(door, Line("Done"), answer_to=url, edits=card.ts)
    assert (card.text_shown, len(stage.sales.answers)) == ("Done", 1)


def test_files_arrive(stage: Stage, door: Slack) -> None:
    file = File("deals.csv", "text/csv", b64encode(b"a,b\n").decode())
    assert isinstance(stage.push(door, Line("Your deals"), file), Sent)
    text, shared = stage.sales.answers
    assert (text.text_shown, shared.files[0].data) == ("Your deals", b"a,b\n")
    stage.push(door, file, answer_to=stage.ayesha.response_url(stage.sales))
    assert len(stage.sales.answers) == 2, "what was asked alone is answered alone"
    assert stage.team.dm(stage.ayesha).answers[0].files[0].name == "deals.csv"


PIPELINE = charts("en")["funnel"]
UNDO = Button("Undo", CALL, token="t1")
BAR = "Qualified: Rs 31.5 lakh · 9 ▇▇▇▇▇▇▇▇"


def test_a_chart_is_a_picture_below_its_words_and_buttons(stage: Stage, door: Slack) -> None:
    outcome = stage.push(door, PIPELINE, buttons=(UNDO,))
    text, shared = stage.sales.answers
    assert outcome == Sent(text.ts, stage.sales.id)
    assert text.text_shown == "Pipeline\n3 deals are without an amount\n[Undo]"
    assert text.buttons == ["Undo"]
    (picture,) = shared.files
    assert picture.data.startswith(b"\x89PNG")
    assert picture.alike.startswith("Pipeline\nLead: Rs 48 lakh · 14\nQualified"), "for the blind"


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("refusal", ["missing_scope", "file_uploads_disabled", "restricted_action"])
def test_where_no_picture_may_be_shared_the_words_arrive(
    stage: Stage, door: Slack, method: str, refusal: str
) -> None:
    stage.slack.refuses(method, refusal)
    assert isinstance(stage.push(door, PIPELINE, buttons=(UNDO,)), Sent)
    text, words = stage.sales.answers
    assert text.buttons == ["Undo"]
    assert BAR in words.text_shown


def test_what_cannot_be_drawn_is_said(
    stage: Stage, door: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(chart: Chart, *, rtl: bool) -> bytes:
        raise MemoryError

    monkeypatch.setattr(studio, "png", broken)
    assert isinstance(stage.push(door, PIPELINE), Sent)
    assert BAR in stage.sales.answers[-1].text_shown


@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
def test_of_a_chart_that_broke_off_only_the_rest_is_sent(
    stage: Stage, door: Slack, method: str
) -> None:
    """Row 15: each of its messages is looked for before it is said again."""
    stage.slack.loses_reply(method)
    first = stage.letter(PIPELINE, buttons=(UNDO,))
    broken = stage.loop.do(door.push(first))
    assert isinstance(broken, Ambiguous)
    again = replace(first, attempt=2, marked=True, done=broken.done)
    assert isinstance(stage.loop.do(door.push(again)), Sent)
    text, shared = stage.sales.answers
    assert (len(shared.files), text.text_shown.count("Sent again")) == (1, 0)


def test_a_picture_of_another_letter_is_not_taken_for_this_one(stage: Stage, door: Slack) -> None:
    stage.push(door, PIPELINE)
    stage.slack.loses_reply("chat.postMessage", done=False)
    second = stage.letter(PIPELINE)
    broken = stage.loop.do(door.push(second))
    assert isinstance(broken, Ambiguous)
    again = replace(second, attempt=2, marked=True, done=broken.done)
    assert isinstance(stage.loop.do(door.push(again)), Sent)
    assert sum(len(message.files) for message in stage.sales.answers) == 2


def test_a_limit_holds_a_picture_back_and_not_its_words_again(stage: Stage, door: Slack) -> None:
    stage.slack.limits("files.completeUploadExternal", retry_after=7)
    first = stage.letter(PIPELINE)
    held = stage.loop.do(door.push(first))
    assert isinstance(held, Wait)
    assert (held.seconds, len(held.done)) == (7.0, 1)
    rest = replace(first, attempt=2, done=held.done)
    assert isinstance(stage.loop.do(door.push(rest)), Sent)
    assert len(stage.sales.answers) == 2


def test_a_hostile_name_does_no_harm_to_a_picture(stage: Stage, door: Slack) -> None:
    hostile = "\u202e$\\frac{1}{0}$ <!channel>\n" + "\U0001f600" * 200
    points = tuple(Point(f"{hostile}{n}", 10**n, hostile) for n in range(40))
    assert isinstance(stage.push(door, Chart("leaders", hostile, points, hostile)), Sent)
    assert stage.sales.answers[-1].files[0].data.startswith(b"\x89PNG")


def test_long_letters_go_on_where_they_stopped(stage: Stage, door: Slack) -> None:
    letter = stage.letter(*[Line(f"line {n}. " + "word " * 300) for n in range(15)])
    stage.slack.faults.limits["chat.postMessage"] = (1, 30)
    outcome = stage.loop.do(door.push(letter))
    assert isinstance(outcome, Wait)
    assert (outcome, len(outcome.done)) == (Wait(30.0, "too many messages"), 1)
    stage.slack.faults.limits.clear()
    rest = replace(letter, attempt=2, done=outcome.done)  # as any process goes on with it
    assert isinstance(stage.loop.do(door.push(rest)), Sent)
    shown = "\n".join(m.text_shown for m in stage.sales.answers)
    assert [shown.count(f"line {n}.") for n in range(15)] == [1] * 15
    assert len(stage.sales.answers) == 3


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        ("channel_not_found", Refused("channel_not_found", dead=True)),
        ("is_archived", Refused("is_archived", dead=True)),
        ("not_in_channel", Refused("not_in_channel", dead=True)),
        ("restricted_action", Refused("restricted_action")),
        ("ratelimited", Wait(1.0, "too many messages")),
        ("token_revoked", Wait(60.0, "token_revoked")),
        ("missing_scope", Wait(60.0, "missing_scope")),
        ("fatal_error", Ambiguous("fatal_error")),
    ],
)
def test_what_a_refusal_means(stage: Stage, door: Slack, refusal: str, outcome: Outcome) -> None:
    stage.slack.refuses("chat.postMessage", refusal)
    assert stage.push(door, Line("x")) == outcome


def test_what_a_failure_means(stage: Stage, door: Slack) -> None:
    stage.slack.limits("chat.postMessage", retry_after=7)
    assert stage.push(door, Line("x")) == Wait(7.0, "too many messages")
    stage.slack.fails("chat.postMessage", status=503)
    assert stage.push(door, Line("x")) == Ambiguous("status 503")
    stage.slack.loses_reply("chat.postMessage")
    assert isinstance(stage.push(door, Line("x")), Ambiguous)
    card = edit_card(stage, door)
    stage.slack.loses_reply("chat.update")
    assert isinstance(stage.push(door, Line("x"), edits=card.ts), Wait), "twice is no harm"
    nowhere = stage.door(base_url="http://127.0.0.1:9/api/")
    assert isinstance(stage.push(nowhere, Line("x")), Wait)
    stage.loop.do(nowhere.stop())
    assert stage.push(door, Line("x"), chat="", user="") == Refused("nowhere to send it")


def test_what_a_response_url_fails_with(stage: Stage, door: Slack) -> None:
    def outcome() -> Outcome:
        return stage.push(door, Line("x"), answer_to=stage.ayesha.response_url(stage.sales))

    stage.slack.limits("response_url", retry_after=5)
    assert outcome() == Wait(5.0, "too many messages")
    stage.slack.fails("response_url")
    assert isinstance(outcome(), Ambiguous)
    stage.slack.loses_reply("response_url")
    assert isinstance(outcome(), Ambiguous)


@pytest.mark.parametrize("thread", [True, False])
@pytest.mark.parametrize("chat", ["sales", "", "dm"])
def test_row_16_what_may_have_arrived_is_looked_for_before_it_is_sent_again(
    stage: Stage, door: Slack, thread: bool, chat: str
) -> None:
    dm = stage.team.dm(stage.ayesha)
    channel = stage.sales if chat == "sales" else dm
    where = {"chat": {"sales": stage.sales.id, "": "", "dm": dm.id}[chat]}
    where |= {"thread": stage.ayesha.says(channel, "x").ts} if thread and chat else {}
    for done in (True, False):
        stage.slack.loses_reply("chat.postMessage", done=done)
        number = 100 + done
        assert isinstance(stage.push(door, Line("x"), number=number, **where), Ambiguous)
        outcome = stage.push(door, Line("x"), number=number, marked=True, **where)
        assert isinstance(outcome, Sent)
        assert outcome.message == channel.answers[-1].ts
    assert len(channel.answers) == 2


def test_row_16_where_history_is_closed_it_is_sent_once_more(stage: Stage, door: Slack) -> None:
    stage.slack.refuses("conversations.history", "missing_scope")
    assert isinstance(stage.push(door, Line("x"), number=7, marked=True), Sent)
    assert stage.sales.answers[0].text_shown == "x\nSent again"


def test_row_16_where_history_must_wait_nothing_is_sent_before_it_was_looked_for(
    stage: Stage, door: Slack
) -> None:
    stage.slack.limits("conversations.history", retry_after=9)
    outcome = stage.push(door, Line("x"), number=7, marked=True)
    assert isinstance(outcome, Wait)
    assert outcome == Wait(9.0, "too many messages")
    assert [held.name for held in outcome.holds] == [f"slack:{stage.team.id}:conversations.history"]
    assert stage.sales.answers == []


def test_what_slack_cannot_draw_comes_as_text(stage: Stage, door: Slack) -> None:
    stage.slack.refuses("chat.postMessage", "invalid_blocks")
    assert isinstance(stage.push(door, Title("a < b"), Line("c")), Sent)
    assert stage.sales.answers[0].blocks == []
    assert stage.sales.answers[0].text_shown == "a < b\nc"


def test_a_thread_that_is_gone_does_not_swallow_the_letter(stage: Stage, door: Slack) -> None:
    assert isinstance(stage.push(door, Line("x"), thread="1.000001"), Sent)
    assert stage.sales.answers[0].thread_ts is None


def test_nothing_is_sent_for_nothing(stage: Stage, door: Slack) -> None:
    assert stage.push(door) == Sent()
    assert stage.slack.calls == []


def test_an_app_that_was_removed_falls_silent(stage: Stage, door: Slack) -> None:
    stage.runs(door)
    of_somebody = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    emit(stage.team, of_somebody)
    stage.slack.settle()
    assert isinstance(stage.push(door, Line("x")), Sent)
    stage.team.uninstalls()
    stage.slack.settle()
    assert stage.push(door, Line("x")) == Refused("the app was removed", dead=True)
