"""Nudges: the worthiest interrupt, seldom, at good moments, and what comes of them is learned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from language.folding import letters as folded
from rules.calendar import QuietHours
from rules.day_keys import age_on, day_key, day_keys
from rules.money import Money
from rules.nudging import KINDS, KNOWN, Answer, Case, Offer, Told, good_moment, is_enough, learned
from rules.workdays import WorkDays
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.kinds import WAYS
from storage.models import Company, Contact, CustomField, Member, Nudge
from storage.nudges import unwanted
from storage.raising import case_of, put_case, raise_nudge
from tests.conversation import AYESHA, Conversation, Heard, button, labels, words

KARACHI = ZoneInfo("Asia/Karachi")
MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)


# --- a good moment --------------------------------------------------------------------------------


def moment(said: str, zone: str = "Asia/Karachi") -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone))


WEEK = WorkDays().works


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-30T10:00", "2026-11-30T10:00"),
        ("2026-11-30T07:00", "2026-11-30T09:00"),
        ("2026-11-30T20:00", "2026-12-01T09:00"),
        ("2026-12-04T20:00", "2026-12-07T09:00"),
        ("2026-12-05T12:00", "2026-12-07T09:00"),
        ("2026-11-30T13:30", "2026-11-30T14:00"),
    ],
)
def test_a_moment_is_by_day_on_a_working_day_outside_of_quiet_hours(now: str, then: str) -> None:
    noon = QuietHours(time(13), time(14))
    found = good_moment(moment(now), "Asia/Karachi", time(9), noon, WEEK)
    assert found == moment(then)


def test_who_works_at_night_is_told_at_night() -> None:
    found = good_moment(moment("2026-11-30T21:00"), "Asia/Karachi", time(20, 30), None, WEEK)
    assert found == moment("2026-11-30T21:00")


def test_who_is_always_quiet_has_no_moment() -> None:
    all_day = QuietHours(time(8), time(21))
    assert good_moment(moment("2026-11-30T10:00"), "Asia/Karachi", time(9), all_day, WEEK) is None


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_moment_is_good_and_never_earlier_all_over_a_year_with_its_changes_of_the_clock(
    zone: str,
) -> None:
    quiet = QuietHours(time(22), time(7, 30))
    hour = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    while hour.year == 2026:
        found = good_moment(hour, zone, time(8), quiet, WEEK)
        assert found is not None
        local = found.astimezone(ZoneInfo(zone))
        assert found >= hour
        assert time(8) <= local.time() < time(20), local
        assert local.weekday() < 5
        assert found - hour <= timedelta(days=2, hours=13)
        hour += timedelta(hours=7)


# --- what it is worth -----------------------------------------------------------------------------


def test_a_kind_is_worth_what_is_documented_until_answers_teach_better() -> None:
    assert learned("at_risk", {}) == KINDS["at_risk"].helps
    kept_up: dict[Answer | None, int] = {"useful": 10}
    dismissed: dict[Answer | None, int] = {"later": 10}
    assert learned("at_risk", kept_up) == pytest.approx((KNOWN * 0.2 + 10) / (KNOWN + 10))
    assert learned("at_risk", dismissed) == pytest.approx(KNOWN * 0.2 / (KNOWN + 10))
    assert learned("at_risk", {None: 10}) > learned("at_risk", dismissed)


def test_four_times_not_now_in_a_row_is_enough() -> None:
    assert is_enough(["later"] * 4)
    assert not is_enough(["later"] * 3)
    assert not is_enough(["later", "later", "useful", "later"])


def test_every_kind_is_looked_up_again_when_it_is_told() -> None:
    assert WAYS.keys() == KINDS.keys()


def test_birthdays_are_found_by_their_day() -> None:
    assert day_key("1990-02-07") == day_key("--02-07") == "0207"
    assert day_key("in spring") is None
    assert day_keys(date(2026, 2, 28)) == ["0228", "0229"]
    assert day_keys(date(2028, 2, 28)) == ["0228"]
    assert age_on("1990-02-07", date(2026, 2, 7)) == 36
    assert age_on("--02-07", date(2026, 2, 7)) is None


def test_a_case_is_kept_as_it_is() -> None:
    told = Told("k", {"day": MONDAY, "sum": Money(5, "PKR"), "n": 3, "name": "Sara"})
    case = Case((told,), (Offer("won_button", "deal.win", {"deal": 7}),), 1000, 0.5)
    row = Nudge(workspace_id=1)
    put_case(row, case)
    assert case_of(row).evidence == case.evidence
    assert case_of(row).offers == case.offers
    assert row.worth == 500


# --- raised and brought ---------------------------------------------------------------------------


def begin(chat: Conversation, *names: str) -> None:
    for name in names:
        chat.says(f"add company {name}")


def member(session: Session, name: str = AYESHA) -> Member:
    return session.scalars(select(Member).where(Member.name == name)).one()


def raises(
    chat: Conversation,
    name: str,
    *,
    kind: str = "at_risk",
    lakh: int = 1,
    occasion: str = "2026-10-01",
    by: str = AYESHA,
) -> None:
    """A customer of hers is at risk, and so much is at stake."""
    with chat.database.transaction() as session:
        company = session.scalars(select(Company).where(Company.name == name)).one()
        offer = Offer("log_call_button", "activity.log", {"kind": "call", "company": company.id})
        case = Case((Told("because_birthday", {"day": MONDAY}),), (offer,), lakh * 10_000_000, 0.5)
        raise_nudge(
            session, member(session, by), chat.clock.now(),
            kind=kind, subject=f"company:{company.id}", occasion=occasion, case=case,
        )  # fmt: skip


def at(chat: Conversation, day: date, hour: str = "10:00") -> list[Heard]:
    chat.clock.set(datetime.combine(day, time.fromisoformat(hour), KARACHI))
    return letters(chat.rings())


def letters(heard: Iterable[Heard]) -> list[Heard]:
    return [each for each in heard if words(each.reply)[0] in "👉👈"]


def state(chat: Conversation) -> list[str]:
    with chat.database.transaction() as session:
        return sorted(session.scalars(select(Nudge.state).where(Nudge.kind.in_(KINDS))))


def test_it_is_told_once_with_its_reason_and_what_helps(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    raises(chat, "Nishat Mills")
    (heard,) = at(chat, MONDAY)
    assert labels(heard.reply) == ["Log call", "Useful", "Not now", "Stop these"]
    assert "Nishat Mills" in words(heard.reply)
    assert "Nudge 1 of 5 today" in words(heard.reply)
    raises(chat, "Nishat Mills")
    assert [at(chat, MONDAY + n * DAY) for n in range(1, 5)] == [[]] * 4


def test_not_on_a_weekend_nor_on_a_holiday(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    chat.says("30 November is a holiday")
    chat.clock.set(datetime.combine(date(2026, 11, 28), time(8), KARACHI))
    raises(chat, "Nishat Mills")
    assert [at(chat, date(2026, 11, 28) + n * DAY) for n in range(3)] == [[]] * 3
    assert len(at(chat, MONDAY + DAY)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "called Nishat Mills, they order next week",
        "met Umar Farooq of Nishat Mills",
        "نشاط ملز سے بات ہو گئی",
    ],
)
def test_what_was_done_meanwhile_is_not_told(chat: Conversation, said: str) -> None:
    begin(chat, "Nishat Mills")
    chat.clock.set(datetime.combine(date(2026, 11, 28), time(12), KARACHI))
    raises(chat, "Nishat Mills")
    chat.clock.skip(timedelta(hours=1))
    chat.says(said)
    assert at(chat, MONDAY) == []
    assert state(chat) == ["over"]


def test_a_customer_who_is_somebody_elses_by_now_is_not_told(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    chat.says("hello", by="Sara")
    chat.clock.set(datetime.combine(date(2026, 11, 28), time(12), KARACHI))
    raises(chat, "Nishat Mills")
    with chat.database.transaction() as session:
        company = session.scalars(select(Company)).one()
        company.owner_id = member(session, "Sara").id
    assert at(chat, MONDAY) == []


def test_a_letter_that_waits_is_not_sent_when_it_was_stopped(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    raises(chat, "Nishat Mills")
    chat.clock.set(datetime.combine(MONDAY, time(10), KARACHI))
    clockwork = Clockwork(chat.database, chat.clock, Draw(chat.book, with_tokens))
    assert clockwork.tick("nudges") == 1
    with chat.database.transaction() as session:
        session.scalars(select(Company)).one().owner_id = 1
    assert letters(chat.delivers()) == []


SHOPS = ("Bata", "Servis", "Metro", "Alkaram", "Khaadi", "Sapphire", "Chenone", "Stylo")


def test_the_worthiest_interrupt_and_the_agenda_has_the_rest(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    for n, shop in enumerate(SHOPS, 1):
        raises(chat, shop, lakh=n)
    chat.clock.set(datetime.combine(MONDAY, time(9), KARACHI))
    heard = chat.rings()
    told = [words(each.reply) for each in letters(heard)]
    assert [shop in text for shop, text in zip(SHOPS[:2:-1], told, strict=True)] == [True] * 5
    (agenda,) = (words(each.reply) for each in heard if "more need you" in words(each.reply))
    assert "3 more need you:" in agenda
    assert agenda.index(SHOPS[2]) < agenda.index(SHOPS[1]) < agenda.index(SHOPS[0])
    assert state(chat) == ["agenda"] * 3 + ["sent"] * 5


BUDGETS = {
    "en": ("nudge me at most 2 times a day", "At most 2 nudges a day."),
    "ur": ("دن میں زیادہ سے زیادہ 2 یاد دہانیاں بھیجو", "دن میں زیادہ سے زیادہ 2"),
    "roman": ("din mein zyada se zyada 2 nudges bhejo", "Din mein zyada se zyada 2"),
}


@pytest.mark.parametrize("tongue", BUDGETS)
def test_a_member_says_how_many_may_come(chat: Conversation, tongue: str) -> None:
    begin(chat, *SHOPS[:4])
    said, answer = BUDGETS[tongue]
    assert answer in words(chat.says(said))
    for shop in SHOPS[:4]:
        raises(chat, shop)
    assert len(at(chat, MONDAY)) == 2
    assert [at(chat, MONDAY, hour) for hour in ("12:00", "15:00", "19:00")] == [[]] * 3


def test_kinds_share_one_budget(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    kinds = ("at_risk", "next_order", "renewal", "check_in", "at_risk", "renewal", "next_order")
    for shop, kind in zip(SHOPS, kinds, strict=False):
        raises(chat, shop, kind=kind)
    assert len(at(chat, MONDAY)) == 5


# --- what members make of them --------------------------------------------------------------------


def test_a_kind_that_is_put_off_again_and_again_stops_openly(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    for n, shop in enumerate(SHOPS[:4]):
        raises(chat, shop)
        assert at(chat, MONDAY + n * DAY)
        answer = words(chat.taps("Not now"))
    assert "You put these off 4 times in a row, so I stopped them: Customer at risk." in answer
    assert "/nudges to change" in answer
    raises(chat, SHOPS[4])
    assert at(chat, MONDAY + 4 * DAY) == []
    assert "off (I stopped them" in words(chat.commands("/nudges"))
    chat.taps("Customer at risk: on")
    raises(chat, SHOPS[5])
    assert len(at(chat, MONDAY + 8 * DAY)) >= 1


def test_kept_after_that_they_are_counted_anew(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    for n, shop in enumerate(SHOPS[:4]):
        raises(chat, shop)
        assert at(chat, MONDAY + n * DAY)
        chat.taps("Not now")
    chat.taps("Keep")
    raises(chat, SHOPS[4])
    assert at(chat, MONDAY + 7 * DAY)
    assert "I come back to it" in words(chat.taps("Not now"))


def test_that_they_were_stopped_is_said_once(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    for shop in SHOPS[:5]:
        raises(chat, shop)
    letters = at(chat, MONDAY)
    taps = [button(each.reply, "Not now").token for each in letters]
    told = [words(chat.does(AYESHA, "", tap=each)) for each in taps]
    assert ["in a row" in each for each in told] == [False, False, False, True, False]


def test_one_useful_keeps_it_coming(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    for n, shop in enumerate(SHOPS[:5]):
        raises(chat, shop)
        at(chat, MONDAY + (n if n < 5 else n + 2) * DAY)
        answer = words(chat.taps("Useful" if n == 2 else "Not now"))
    assert "I come back to it" in answer


def test_a_useful_kind_comes_before_a_dismissed_one(chat: Conversation) -> None:
    begin(chat, *SHOPS)
    raises(chat, SHOPS[0], kind="renewal")
    at(chat, MONDAY)
    chat.taps("Not now")
    for n in (1, 2):
        raises(chat, SHOPS[n], kind="next_order")
        at(chat, MONDAY + n * DAY)
        chat.taps("Useful")
    raises(chat, SHOPS[4], kind="renewal")
    raises(chat, SHOPS[5], kind="next_order")
    chat.runs("nudge.budget", most=1)
    (heard,) = at(chat, MONDAY + 3 * DAY)
    assert SHOPS[5] in words(heard.reply)


def test_not_now_is_once_more_in_some_days_and_then_no_more(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    raises(chat, "Nishat Mills")
    at(chat, MONDAY)
    assert "I come back to it on Thursday 3 Dec" in words(chat.taps("Not now"))
    assert [at(chat, MONDAY + n * DAY) for n in (1, 2)] == [[]] * 2
    assert len(at(chat, MONDAY + 3 * DAY)) == 1
    assert at(chat, MONDAY + 4 * DAY) == []


KIND_OFF = {
    "en": ("stop birthday nudges", "Birthdays"),
    "ur": ("سالگرہ کی یاد دہانیاں بند کرو", "سالگرہ"),
    "roman": ("salgirah ki yaad dehaniyan band karo", "Salgirah"),
}


@pytest.mark.parametrize("tongue", KIND_OFF)
def test_a_kind_is_stopped_by_word(chat: Conversation, tongue: str) -> None:
    said, name = KIND_OFF[tongue]
    assert name in words(chat.says(said))
    with chat.database.transaction() as session:
        stopped = session.scalars(select(Member)).one()
        assert unwanted(session, stopped) == {"birthday"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("stop check-ins", "check_in"),
        ("stop the check-ins pls", "check_in"),
        ("khairiyat poochna band karo", "check_in"),
        ("خیریت پوچھنا بند کرو", "check_in"),
        ("no more birthdays", "birthday"),
        ("birthdays bnd kr do", "birthday"),
    ],
)
def test_some_kinds_are_stopped_by_their_bare_name(
    chat: Conversation, said: str, kind: str
) -> None:
    chat.says("hello")
    chat.says(said)
    with chat.database.transaction() as session:
        assert unwanted(session, session.scalars(select(Member)).one()) == {kind}


def test_all_kinds_are_shown_with_the_budget_and_the_quiet_hours(chat: Conversation) -> None:
    begin(chat, "Nishat Mills")
    raises(chat, "Nishat Mills")
    at(chat, MONDAY)
    shown = words(chat.commands("/nudges"))
    assert "Customer at risk: on, 1 in 30 days" in shown
    assert shown.count(": on, 0 in 30 days") == len(KINDS) - 1
    assert "1 of 5 today" in shown
    assert "Quiet hours: off" in shown
    asked = chat.taps("How many a day")
    assert "How many nudges" in words(asked)
    assert "At most 3 nudges a day." in words(chat.says("3"))
    chat.commands("/nudges")
    chat.taps("Quiet hours")
    assert "Quiet hours: 9 pm to 8 am" in words(chat.says("9pm to 8am"))


# --- birthdays ------------------------------------------------------------------------------------


def test_a_birthday_is_told_in_its_morning(chat: Conversation) -> None:
    chat.says("met Sara Malik of Nishat Mills")
    give_birthday(chat, "1990-12-01")
    assert at(chat, MONDAY, "09:00") == []
    (heard,) = at(chat, MONDAY + DAY, "09:00")
    assert "Sara Malik" in words(heard.reply)
    assert "Turns 36: today, Tuesday 1 Dec" in words(heard.reply)
    assert [at(chat, MONDAY + n * DAY, "09:00") for n in (2, 3)] == [[]] * 2


def test_a_birthday_of_a_weekend_is_told_on_friday(chat: Conversation) -> None:
    chat.says("met Sara Malik of Nishat Mills")
    give_birthday(chat, "--12-06")
    (heard,) = at(chat, date(2026, 12, 4), "09:00")
    assert "Birthday: Sunday 6 Dec" in words(heard.reply)


def give_birthday(chat: Conversation, day: str) -> None:
    with chat.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        field = CustomField(
            workspace_id=contact.workspace_id, key="birthday", name="Birthday", kind="date"
        )
        session.add(field)
        session.flush()
        contact.keep(field, day, folded(day))
