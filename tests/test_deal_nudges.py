"""Deals that need their seller: found by rules, told once for each cause, and answered by a tap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from rules import attention
from rules.attention import Finding, Habits, Standing, findings, next_look, usual_days, usual_size
from rules.nudging import A_DAY
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.models import Contact, Deal, Member, Nudge, Workspace
from tests.conversation import AYESHA, Conversation, Heard, labels, user_id, words
from tests.scenes import scene
from tests.test_day import kept

TODAY = date(2026, 11, 23)
KARACHI = ZoneInfo("Asia/Karachi")
NEW = Habits()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def standing(**more: object) -> Standing:
    """A deal in its first days, with a next step: nothing is amiss."""
    usual: dict[str, object] = {"began": ago(1), "touched": ago(1), "steps": (TODAY,)}
    return Standing(**{"stage": "proposal", **usual, **more})  # type: ignore[arg-type]


def kinds(deal: Standing, habits: Habits = NEW, today: date = TODAY) -> list[str]:
    return [each.kind for each in findings(deal, habits, today)]


# --- the rules ------------------------------------------------------------------------------------


def test_a_deal_that_goes_its_way_needs_nobody() -> None:
    assert kinds(standing()) == []


def test_a_day_after_its_closing_date_a_deal_is_told() -> None:
    assert kinds(standing(close_day=TODAY)) == []
    assert next_look(standing(close_day=TODAY), Habits(), TODAY) == ago(-1)
    assert kinds(standing(close_day=ago(1))) == ["close_past"]
    assert kinds(standing(close_day=ago(1), close_set=TODAY)) == [], "it was said just now"


def test_silence_is_longer_than_the_stage_usually_takes() -> None:
    habits = Habits({"proposal": 10}, frozenset({"proposal"}))
    assert kinds(standing(began=ago(40), touched=ago(10), steps=(None,)), habits) == []
    (found,) = findings(standing(began=ago(40), touched=ago(11), steps=(None,)), habits, TODAY)
    assert found.told == {"n": 11, "usual": 10, "stage": "proposal", "own": True}
    assert kinds(standing(touched=ago(11), steps=(ago(-2),)), habits) == [], "somebody calls soon"
    assert kinds(standing(touched=ago(11), steps=(ago(-30),)), habits) == ["silent"]


def test_of_a_stage_that_nobody_knows_silence_is_two_weeks() -> None:
    assert kinds(standing(touched=ago(14), steps=(None,), stage="site_visit")) == []
    assert kinds(standing(touched=ago(15), steps=(None,), stage="site_visit")) == ["silent"]


def test_a_teams_own_history_counts_the_more_there_is_of_it() -> None:
    assert usual_days([2.0] * 7, 14) == (14, False)
    assert usual_days([2.0] * 8, 14) == (8, True)
    assert usual_days([2.0] * 80, 14) == (3, True)
    quick_and_slow = [1.0] * 30 + [40.0] * 10
    assert usual_days(quick_and_slow, 14)[0] == round((40 * 10.75 + 8 * 14) / 48)
    assert usual_days([0.0] * 1000, 14)[0] == attention.LEAST_DAYS


def test_a_closing_date_that_went_back_twice_is_told_again_when_it_goes_back_again() -> None:
    once = (ago(9), ago(20), ago(-1))
    again = (ago(1), ago(-1), ago(-9))
    assert kinds(standing(close_day=ago(-9), slips=(once,))) == []
    two = standing(close_day=ago(-9), slips=(once, again))
    (found,) = findings(two, Habits(), TODAY)
    assert (found.kind, found.cause) == ("slipped", "2")
    three = standing(close_day=ago(-19), slips=(once, again, (ago(1), ago(-9), ago(-19))))
    assert findings(three, Habits(), TODAY)[0].cause == "3"


def test_a_big_deal_wants_more_than_one_who_is_known() -> None:
    assert usual_size([1, 2, 3, 4]) is None
    assert usual_size([1, 2, 3, 4, 100]) == 3
    habits = Habits(usual_minor={"PKR": 100})
    big = {"began": ago(2), "minor": 200, "currency": "PKR"}
    assert kinds(standing(**big), habits) == ["one_contact"]
    assert kinds(standing(**big | {"people": 2}), habits) == []
    assert kinds(standing(**big | {"minor": 199}), habits) == []
    assert kinds(standing(**big | {"currency": "USD"}), habits) == [], "no size of dollars is known"
    assert kinds(standing(**big), Habits()) == []


def test_what_was_said_leads_to_a_next_step_within_days() -> None:
    assert kinds(standing(touched=ago(2), steps=())) == []
    assert next_look(standing(touched=ago(2), steps=()), Habits(), TODAY) == ago(-1)
    assert kinds(standing(touched=ago(3), steps=())) == ["no_step"]


def test_the_most_urgent_comes_first() -> None:
    deal = standing(
        began=ago(50),
        touched=ago(50),
        steps=(),
        close_day=ago(2),
        slips=((ago(40), ago(60), ago(20)), (ago(30), ago(20), ago(2))),
        minor=900,
        currency="PKR",
    )
    assert kinds(deal, Habits(usual_minor={"PKR": 100})) == list(attention.KINDS)


def test_a_day_is_looked_at_when_something_may_be_due_and_not_before() -> None:
    deal = standing(touched=TODAY, began=TODAY, steps=(None,), close_day=ago(-40))
    habits = Habits({"proposal": 10})
    day = TODAY
    looked: list[tuple[date, list[Finding]]] = []
    while (after := next_look(deal, habits, day)) is not None:
        day = after
        looked.append((day, findings(deal, habits, day)))
    assert [(day, len(found)) for day, found in looked] == [(ago(-11), 1), (ago(-41), 2)]


# --- told -----------------------------------------------------------------------------------------


@pytest.fixture
def chat(chat: Conversation, request: pytest.FixtureRequest) -> Conversation:
    """A team that works on every day of the week; a scene says so itself."""
    if not {"begun", "many"} & set(request.fixturenames):
        works_always(chat)
    return chat


def works_always(chat: Conversation) -> None:
    chat.runs("workdays.set", days=[*range(7)])


SHOPS = (
    "Bata", "Servis Shoes", "Metro Cash", "Alkaram Textile", "Gul Ahmed", "Khaadi", "Sapphire",
    "Nishat Linen", "Chenone",
)  # fmt: skip


def begins(chat: Conversation, shop: str, lakh: int, close: str | None = None) -> None:
    """A deal, with a call next month."""
    when = {"close": close} if close else {}
    chat.runs("deal.add", company=shop, amount=lakh * 100_000, **when)
    chat.runs("task.add", company=shop, text="call", due="2026-12-25")


def at(chat: Conversation, day: date, hour: str = "09:00") -> list[Heard]:
    """Set the clock (Karachi) and let it ring; what came about deals, without the agenda."""
    chat.clock.set(datetime.combine(day, time.fromisoformat(hour), KARACHI))
    return [each for each in chat.rings() if words(each.reply)[0] in "👉👈"]


def told(heard: list[Heard]) -> list[str]:
    return [words(each.reply) for each in heard]


BEGIN = {
    "en": "deal for Bilal Traders: 20 looms, 5 lakh, closing 27 Nov",
    "ur": "بلال ٹریڈرز کے ساتھ پانچ لاکھ کی نئی ڈیل ڈالو، 27 نومبر تک",
    "roman": "Bilal Traders ke sath 5 lakh ki deal banao 27 nov tak",
}
SPEAK = {"en": "speak english", "ur": "اردو میں بات کرو", "roman": "roman urdu mein bolo"}
PASSED = {
    "en": "Its closing date passed 2 days ago: Friday 27 Nov.",
    "ur": "اس کی تاریخ گزرے 2 دن ہو گئے: جمعہ 27 نومبر۔",
    "roman": "Is ki tareekh guzre 2 din ho gaye: Jumma 27 Nov.",
}
FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.mark.parametrize("tongue", BEGIN)
def test_a_closing_date_that_passed_is_told_once_in_every_language(
    chat: Conversation, tongue: str
) -> None:
    chat.says(SPEAK[tongue])
    chat.says(BEGIN[tongue])
    chat.runs("deal.move", deal=kept(chat, "deal")[0]["id"], stage="proposal")
    (heard,) = at(chat, FRIDAY + 2 * DAY)
    assert PASSED[tongue] in words(heard.reply)
    assert len(labels(heard.reply)) == 6
    assert [told(at(chat, FRIDAY + n * DAY)) for n in range(3, 8)] == [[]] * 5


@scene
def begun(chat: Conversation) -> None:
    """A deal of Monday, with a call next month, that is to close on Friday."""
    works_always(chat)
    chat.says("met Umar Farooq of Bilal Traders")
    chat.says("deal for Bilal Traders: 20 looms, 5 lakh, closing 27 Nov")
    chat.says("call Bilal Traders on 25 Dec")


def test_it_comes_in_the_morning_of_its_day_and_not_before(begun: Conversation) -> None:
    assert at(begun, FRIDAY, "23:00") == []
    assert at(begun, FRIDAY + DAY, "08:59") == []
    assert len(at(begun, FRIDAY + DAY, "09:00")) == 1


def test_in_quiet_hours_it_waits_for_their_end(begun: Conversation) -> None:
    begun.says("quiet hours 8am to 11am")
    assert at(begun, FRIDAY + DAY, "09:00") == []
    assert at(begun, FRIDAY + DAY, "10:59") == []
    assert len(at(begun, FRIDAY + DAY, "11:00")) == 1


def test_it_is_the_members_own_morning(begun: Conversation) -> None:
    begun.says("my time zone is Dubai")
    assert at(begun, FRIDAY + DAY, "09:59") == []
    assert len(at(begun, FRIDAY + DAY, "10:00")) == 1


@pytest.mark.parametrize(
    "said",
    [
        "won Bilal Traders",
        "lost Bilal Traders, price",
        "Bilal Traders deal will close on 20 dec",
        "undo",
    ],
)
def test_what_was_done_meanwhile_is_not_told(chat: Conversation, said: str) -> None:
    chat.says("deal for Bilal Traders: 20 looms, 5 lakh, closing 27 Nov")
    chat.clock.set(datetime.combine(FRIDAY, time(18), KARACHI))
    chat.says(said)
    assert not any("closing date" in each for each in told(at(chat, FRIDAY + DAY)))


def test_a_letter_that_waits_is_not_sent_for_a_deal_that_is_closed(begun: Conversation) -> None:
    begun.clock.set(datetime.combine(FRIDAY + DAY, time(9), KARACHI))
    clockwork = Clockwork(begun.database, begun.clock, Draw(begun.book, with_tokens))
    assert clockwork.tick("deals") == 1
    assert clockwork.tick("nudges") == 1
    with begun.database.transaction() as session:
        session.scalars(select(Deal)).one().status = "won"
    assert begun.delivers() == []


def test_nobody_hears_of_somebody_elses_deal(begun: Conversation) -> None:
    begun.says("hello", by="Sara")
    assert {each.to for each in at(begun, FRIDAY + DAY)} == {user_id(AYESHA)}


def test_a_deal_with_somebodys_private_contact_is_told_to_nobody_else(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("deal with Sara Malik 5 lakh, closing 27 Nov", by="Bilal")
    with chat.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        contact.private, contact.owner_id = True, member(session, AYESHA).id
        session.scalars(select(Workspace)).one().keeps_private = True
    assert at(chat, FRIDAY + DAY) == []


# --- silence and the next step --------------------------------------------------------------------


def test_silence_ends_with_a_touch_and_is_told_anew_after_the_next(begun: Conversation) -> None:
    begun.says("Bilal Traders deal will close on 20 dec")
    monday = date(2026, 11, 30)
    assert at(begun, monday) == [], "a lead has seven days"
    (silent,) = told(at(begun, monday + DAY))
    assert "Nothing heard for 8 days; a deal in lead usually moves on within 7." in silent
    assert at(begun, monday + 2 * DAY) == []
    begun.says("called Bilal Traders, they compare")
    assert [at(begun, monday + n * DAY) for n in range(3, 10)] == [[]] * 7
    (again,) = told(at(begun, monday + 10 * DAY))
    assert "Nothing heard for 8 days" in again


def test_a_call_that_comes_just_in_time_keeps_it_quiet(begun: Conversation) -> None:
    begun.says("Bilal Traders deal will close on 20 dec")
    at(begun, date(2026, 11, 30), "18:00")
    begun.says("called Umar Farooq, they compare")
    assert at(begun, date(2026, 12, 1)) == []


def test_the_teams_own_history_says_how_long_a_stage_takes(chat: Conversation) -> None:
    """Nine deals that left the first stage after a day each draw its seven days to four."""
    for n in range(9):
        begins(chat, SHOPS[n], 1)
    chat.clock.skip(DAY)
    for n in range(9):
        chat.says(f"{SHOPS[n]} moved to qualified")
        chat.says(f"won {SHOPS[n]}")
    chat.says("deal for Bilal Traders 1 lakh")
    chat.says("call Bilal Traders on 25 Dec")
    tuesday = date(2026, 11, 24)
    assert at(chat, tuesday + 4 * DAY) == []
    (silent,) = told(at(chat, tuesday + 5 * DAY))
    assert (
        "Nothing heard for 5 days; your team's deals usually move on from lead within 4." in silent
    )


def test_without_a_next_step_it_is_asked_for_and_given_by_tap(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders 5 lakh")
    assert at(chat, date(2026, 11, 25)) == []
    (heard,) = at(chat, date(2026, 11, 26))
    assert "No next step is planned since Monday 23 Nov." in words(heard.reply)
    assert labels(heard.reply)[0] == "Add next step"
    asked = chat.taps("Add next step")
    assert "What comes next with Bilal Traders?" in words(asked)
    answer = chat.says("send the rates on friday")
    assert "Due: tomorrow, Friday 27 Nov" in words(answer)
    assert kept(chat, "task")[0]["company"] == "Bilal Traders"
    assert at(chat, date(2026, 11, 27)) == []


def test_a_step_that_was_done_or_taken_back_leaves_none(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders 5 lakh")
    chat.says("call Bilal Traders on 25 Dec")
    assert at(chat, date(2026, 11, 26)) == []
    chat.says("undo")
    assert "No next step" in told(at(chat, date(2026, 11, 26), "09:01"))[0]


# --- more of what is told -------------------------------------------------------------------------


def test_a_date_that_slips_twice_is_told_with_what_it_was(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders: 20 looms, 5 lakh, closing 27 Nov")
    chat.says("call Bilal Traders on 25 Dec")
    chat.says("Bilal Traders deal will close on 4 dec")
    chat.says("Bilal Traders deal will close on 11 dec")
    assert at(chat, TODAY) == []
    (slipped,) = told(at(chat, TODAY + DAY))
    assert "put off 2 times, from Friday 27 Nov to Friday 11 Dec." in slipped
    assert at(chat, TODAY + 2 * DAY) == []


def test_a_date_that_was_put_off_by_mistake_has_not_slipped(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders: 20 looms, 5 lakh, closing 27 Nov")
    chat.says("call Bilal Traders on 25 Dec")
    chat.says("Bilal Traders deal will close on 4 dec")
    chat.says("Bilal Traders deal will close on 11 dec")
    chat.says("undo")
    assert at(chat, TODAY + DAY) == []


def test_a_big_deal_with_one_contact_wants_another(chat: Conversation) -> None:
    for n in range(6):
        begins(chat, SHOPS[n], 1)
    chat.says("met Umar Farooq of Bilal Traders")
    chat.says("deal for Bilal Traders, 20 lakh")
    chat.says("call Bilal Traders on 25 Dec")
    (heard,) = at(chat, TODAY + 2 * DAY)
    assert "Rs 20 lakh (your usual deal is Rs 1 lakh), and only one person is known" in words(
        heard.reply
    )
    assert "What is the name?" in words(chat.taps("Add a contact"))
    chat.says("Hina Sheikh")
    added = next(each for each in kept(chat, "contact") if each["name"] == "Hina Sheikh")
    assert added["company"] == "Bilal Traders"


# --- what a tap does ------------------------------------------------------------------------------


def test_the_closing_date_is_moved_by_tap(begun: Conversation) -> None:
    at(begun, FRIDAY + DAY)
    asked = begun.taps("Move closing date")
    assert "When will the deal with Bilal Traders close?" in words(asked)
    assert labels(asked) == [
        "Monday 30 Nov", "Saturday 5 Dec", "Monday 28 Dec", "Never mind",
    ]  # fmt: skip
    assert "Closes: Saturday 5 Dec" in words(begun.taps("Saturday 5 Dec"))
    assert at(begun, FRIDAY + 3 * DAY) == []


@pytest.mark.parametrize(("label", "status"), [("Won", "won"), ("Lost", "lost")])
def test_it_is_won_or_lost_by_tap(begun: Conversation, label: str, status: str) -> None:
    at(begun, FRIDAY + DAY)
    begun.taps(label)
    assert kept(begun, "deal")[0]["status"] == status


def test_not_now_means_some_days_and_then_once_more(begun: Conversation) -> None:
    at(begun, FRIDAY + DAY)
    assert "I come back to it on Tuesday 1 Dec" in words(begun.taps("Not now"))
    assert [at(begun, FRIDAY + n * DAY) for n in (2, 3)] == [[]] * 2
    (again,) = told(at(begun, date(2026, 12, 1)))
    assert "closing date" in again
    assert [at(begun, date(2026, 12, n)) for n in range(2, 9)] == [[]] * 7


def test_stop_these_stops_the_kind_openly_and_undo_brings_it_back(begun: Conversation) -> None:
    begun.says("deal for Nishat Mills 2 lakh, closing 29 Nov")
    begun.says("call Nishat Mills on 25 Dec")
    at(begun, FRIDAY + DAY)
    stopped = begun.taps("Stop these")
    assert "I stopped these nudges: Closing date passed." in words(stopped)
    assert at(begun, date(2026, 11, 30)) == []
    assert "Closing date passed: off" in words(begun.commands("/nudges"))
    begun.taps("Closing date passed: on")
    back = [each for each in told(at(begun, date(2026, 12, 1))) if "Nishat Mills" in each]
    assert "closing date" in back[0]


def test_what_needs_somebody_is_told_when_asked(begun: Conversation) -> None:
    assert "None of your deals" in words(begun.says("which deals need me?"))
    begun.clock.set(datetime.combine(FRIDAY + DAY, time(12), KARACHI))
    for said in ("which deals need me?", "kin deals pe tawajjo chahiye?", "کن ڈیلز پر توجہ چاہیے؟"):
        assert "Rs 5 lakh" in words(begun.says(said)) or "5 لاکھ" in words(begun.says(said))


# --- a budget -------------------------------------------------------------------------------------


@scene
def many(chat: Conversation) -> None:
    """Eight deals that are to close on Friday, of one to eight lakh."""
    works_always(chat)
    for n in range(1, 9):
        begins(chat, SHOPS[n], n, "2026-11-27")


@pytest.fixture
def late(many: Conversation) -> Conversation:
    """Nobody rang the clock until Saturday evening; the next agenda is Sunday's."""
    sunday = datetime.combine(FRIDAY + 2 * DAY, time(9), KARACHI)
    with many.database.transaction() as session:
        member(session, AYESHA).agenda_at = sunday
    assert at(many, FRIDAY + DAY, "21:00") == []
    return many


def test_five_a_day_interrupt_the_worthiest_and_the_agenda_has_the_rest(many: Conversation) -> None:
    many.clock.set(datetime.combine(FRIDAY + DAY, time(9), KARACHI))
    heard = many.rings()
    letters = [words(each.reply) for each in heard if words(each.reply).startswith("👉")]
    assert [f"Rs {n} lakh" in text for n, text in zip((8, 7, 6, 5, 4), letters, strict=True)] == [
        True
    ] * A_DAY
    assert [f"Nudge {n} of 5 today" in text for n, text in enumerate(letters, 1)] == [True] * 5
    (agenda,) = (words(each.reply) for each in heard if "need you" in words(each.reply))
    assert "3 deals need you:" in agenda
    assert agenda.index(SHOPS[3]) < agenda.index(SHOPS[2]) < agenda.index(SHOPS[1])
    with many.database.transaction() as session:
        states = sorted(session.scalars(select(Nudge.state).where(Nudge.kind == "close_past")))
    assert states == ["agenda"] * 3 + ["sent"] * 5
    many.clock.set(datetime.combine(FRIDAY + 2 * DAY, time(9), KARACHI))
    assert many.rings() == [], "neither again, nor on the next agenda"


def test_in_the_evening_nobody_is_interrupted_and_the_morning_tells(late: Conversation) -> None:
    late.clock.set(datetime.combine(FRIDAY + 2 * DAY, time(9), KARACHI))
    *letters, agenda = (words(each.reply) for each in late.rings())
    assert len(letters) == A_DAY
    assert "3 deals need you:" in agenda


def test_what_was_done_before_the_agenda_is_not_on_it(late: Conversation) -> None:
    late.runs("nudge.budget", most=0)
    for n in range(2, 9):
        late.says(f"won {SHOPS[n]}")
    late.clock.set(datetime.combine(FRIDAY + 2 * DAY, time(9), KARACHI))
    (agenda,) = (words(each.reply) for each in late.rings())
    assert "One deal needs you:" in agenda
    assert SHOPS[1] in agenda


def test_what_was_written_down_just_now_is_not_told_at_once(chat: Conversation) -> None:
    begins(chat, "Bilal Traders", 5, "2026-11-20")
    assert at(chat, TODAY, "12:00") == []
    assert "closing date" in told(at(chat, TODAY + DAY))[0]


# --- restarts, several clocks, cost ---------------------------------------------------------------


def test_after_two_weeks_of_silence_all_comes_once(begun: Conversation) -> None:
    (once,) = told(at(begun, date(2026, 12, 11), "12:00"))
    assert "closing date" in once
    assert "Nothing heard for 18 days" in once
    assert [at(begun, date(2026, 12, 12) + n * DAY) for n in range(5)] == [[]] * 5


def test_two_clocks_at_once_tell_once(many: Conversation) -> None:
    many.clock.set(datetime.combine(FRIDAY + DAY, time(9), KARACHI))
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = Clockwork(many.database, many.clock, Draw(many.book, with_tokens))
        together.wait()
        mine.tick("deals")
        return mine.tick("nudges") + mine.tick("nudges")

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == A_DAY
    assert len(many.delivers()) == A_DAY


def test_a_tick_looks_at_what_is_due_alone(many: Conversation) -> None:
    many.rings()
    with many.database.transaction() as session:
        closed = session.scalars(select(Deal).order_by(Deal.id)).first()
        assert closed is not None
        closed.status, closed.closed_at = "lost", many.clock.now()
    many.rings()
    with many.database.transaction() as session:
        moments = session.scalars(select(Deal.next_check_at).order_by(Deal.id)).all()
    assert moments[0] is None, "it is closed"
    assert {each for each in moments[1:] if each} == {
        datetime.combine(FRIDAY + DAY, time(9), KARACHI)
    }


def test_whoever_is_not_reached_holds_up_nobody(many: Conversation) -> None:
    with many.database.transaction() as session:
        member(session, AYESHA).active = False
    many.says("deal for Nishat Mills 2 lakh, closing 27 Nov", by="Sara")
    assert [each.to for each in at(many, FRIDAY + DAY)] == [user_id("Sara")]


def member(session: Session, name: str) -> Member:
    return session.scalars(select(Member).where(Member.name == name)).one()
