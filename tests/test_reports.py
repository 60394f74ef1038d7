"""Reports and wins: asked for, told in the channel and to the owner; each once, nothing private."""

from __future__ import annotations

import io
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from threading import Barrier
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select

from bot.buttons import with_tokens
from bot.incoming import Incoming
from handlers.reply import File
from language.reader import read
from rules.periods import before, month_before, so_far, week_told
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from storage.models import Bond, Contact, Deal, Member, News, Workspace
from tests.conversation import AYESHA, Conversation, Heard, labels, part, user_id, words
from tests.scenes import scene

KARACHI = ZoneInfo("Asia/Karachi")
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def go(chat: Conversation, to: date, hour: str = "10:00") -> None:
    chat.clock.set(datetime.combine(to, time.fromisoformat(hour), KARACHI))


# --- stretches of days ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "earlier"),
    [
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31")),
        ("2026-11-01", "2026-11-26", ("2026-10-01", "2026-10-26")),
        ("2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28")),
        ("2024-03-01", "2024-03-31", ("2024-02-01", "2024-02-29")),
        ("2026-10-01", "2026-12-31", ("2026-07-01", "2026-09-30")),
        ("2026-10-01", "2026-11-26", ("2026-07-01", "2026-08-26")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-01-01", "2026-01-09", ("2025-12-01", "2025-12-09")),
        ("2026-12-28", "2027-01-03", ("2026-12-21", "2026-12-27")),
        ("2026-11-26", "2026-11-26", ("2026-11-25", "2026-11-25")),
    ],
)
def test_what_a_stretch_is_held_against(first: str, last: str, earlier: tuple[str, str]) -> None:
    assert before((day(first), day(last))) == tuple(map(day, earlier))


def test_a_stretch_that_runs_ends_today_and_one_to_come_stays() -> None:
    november = (day("2026-11-01"), day("2026-11-30"))
    assert so_far(november, day("2026-11-26")) == (day("2026-11-01"), day("2026-11-26"))
    assert so_far(november, day("2026-12-05")) == november


def test_which_week_and_month_come_by_themselves() -> None:
    assert week_told(MONDAY, 9) == (day("2026-11-16"), day("2026-11-22"))
    assert week_told(day("2026-11-27"), 17) == (day("2026-11-21"), day("2026-11-27"))
    assert month_before(day("2027-01-01")) == (day("2026-12-01"), day("2026-12-31"))


# --- what is said ---------------------------------------------------------------------------------

NOW = datetime(2026, 11, 26, 10, tzinfo=KARACHI)
WEEK = {"first": "2026-11-20", "last": "2026-11-26"}
OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
ASKED = [
    ("weekly report", "report.show", WEEK),
    ("show me the weekly report please", "report.show", WEEK),
    ("is hafte ki report", "report.show", {"first": "2026-11-23", "last": "2026-11-29"}),
    ("pichle hafte ki report do", "report.show", {"first": "2026-11-16", "last": "2026-11-22"}),
    ("اس مہینے کی رپورٹ", "report.show", {"first": "2026-11-01", "last": "2026-11-30"}),
    ("اکتوبر کی رپورٹ دکھاؤ", "report.show", OCTOBER),
    ("report for October", "report.show", OCTOBER),
    ("october ki report excel mein bhejo", "report.show", {**OCTOBER, "form": "xlsx"}),
    ("رپورٹ ایکسل میں بھیجو", "report.show", {**WEEK, "form": "xlsx"}),
    ("sales report for Q3", "report.show", {"first": "2026-07-01", "last": "2026-09-30"}),
    ("my report", "report.show", {**WEEK, "owner": "me"}),
    ("weekly report here every monday 9am", "report.weekly", ("on", "mon", "09:00")),
    ("weekly report here", "report.weekly", ("on", None, None)),
    ("report har jumme ko sham 5 baje yahan bheja karo", "report.weekly", ("on", "fri", "17:00")),
    ("ہر پیر صبح ۹ بجے رپورٹ یہاں بھیجا کرو", "report.weekly", ("on", "mon", "09:00")),
    ("weekly report band karo", "report.weekly", ("off", None, None)),
    ("don't send the weekly report", "report.weekly", ("off", None, None)),
    ("post wins here", "news.wins", {"value": "on"}),
    ("tell us here when we win a deal", "news.wins", {"value": "on"}),
    ("jeet ki khabar yahan do", "news.wins", {"value": "on"}),
    ("jab koi deal jeetein to yahan batao", "news.wins", {"value": "on"}),
    ("جیت کی خبر یہاں دیا کرو", "news.wins", {"value": "on"}),
    ("stop posting wins", "news.wins", {"value": "off"}),
    ("جیت کی خبر بند کرو", "news.wins", {"value": "off"}),
    ("monthly report band kar do", "report.monthly", {"value": "off"}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), ASKED)
def test_reports_and_news_are_asked_for_in_words(
    text: str, intent: str, slots: dict[str, str] | tuple[str | None, ...]
) -> None:
    (action,) = read(text, NOW)
    if isinstance(slots, tuple):
        named = zip(("value", "weekday", "at"), slots, strict=True)
        slots = {name: value for name, value in named if value}
    assert (action.intent, action.slots) == (intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        "stock report banani hai", "send report to bilal", "call bilal about the report",
        "how many wins this month", "wins this month", "won here", "report bhejni hai kal",
        "prepare the sales report for monday", "met sara, she wants a weekly report",
        "har somwar 10 baje stock report banani hai Metro Cash & Carry ki",
    ],
)  # fmt: skip
def test_what_only_speaks_of_a_report_is_no_wish_for_one(text: str) -> None:
    intents = {action.intent for action in read(text, NOW)}
    assert not any(each.startswith(("report.", "news.")) for each in intents)


# --- asked for ------------------------------------------------------------------------------------


@scene
def sold(chat: Conversation) -> None:
    """Two weeks of three sellers, told on Monday the 23rd."""
    go(chat, day("2026-11-11"))
    chat.runs("check_in.days", days=0)
    chat.runs("deal.add", company="Bata", amount=200_000, won=True)
    chat.runs("deal.add", "Bilal", company="Khaadi", amount=300_000)
    go(chat, day("2026-11-17"))
    chat.runs("deal.add", company="Gul Ahmed", amount=500_000, won=True)
    chat.runs("deal.add", "Sara", company="Alkaram", amount=100_000, won=True)
    chat.runs("deal.add", "Sara", company="Sapphire", amount=400_000, close="2026-11-20")
    chat.says("lost Khaadi, price too high", by="Bilal")
    go(chat, MONDAY)


def test_a_report_tells_the_takeaway_first_and_what_was_before(sold: Conversation) -> None:
    told = words(sold.says("report for last week"))
    assert told.splitlines()[:8] == [
        "Report, 16 Nov 2026 to 22 Nov 2026",
        "Won Rs 6 lakh from 2 deals, 200% more than before.",
        "Won: 2, Rs 6 lakh (was 1, Rs 2 lakh)",
        "Lost: 1, Rs 3 lakh (was 0)",
        "New deals: 3, Rs 10 lakh (was 2, Rs 5 lakh)",
        "Pipeline: 1, Rs 4 lakh (was 1, Rs 3 lakh)",
        "Win rate: 67% (was 100%)",
        "Before: 9 Nov 2026 to 15 Nov 2026",
    ]
    assert "Ayesha: Rs 5 lakh\nSara: Rs 1 lakh" in told
    assert "Sapphire, Rs 4 lakh, closing date Friday 20 Nov" in told
    assert labels(sold.last().reply) == ["As Excel", "How is this counted?"]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("pichle hafte ki report", "2 deals jeetein: Rs 6 lakh, pehle se 200% zyada."),
        ("پچھلے ہفتے کی رپورٹ", "2 ڈیلز جیتیں: 6 لاکھ روپے، پہلے سے 200% زیادہ۔"),
    ],
)
def test_a_report_speaks_the_readers_language(sold: Conversation, said: str, line: str) -> None:
    sold.says("roman urdu mein bolo" if said.isascii() else "اردو میں بات کرو")
    assert line in words(sold.says(said))


def test_its_figures_are_those_of_the_questions(sold: Conversation) -> None:
    sold.says("report for last week")
    told = words(sold.last().reply)
    for question, figure in (
        ("how much did we sell last week", "Rs 6 lakh"),
        ("how many deals did we lose last week", "1"),
        ("win rate last week", "67%"),
    ):
        assert figure in words(sold.says(question)).replace("66.7%", "67%"), question
        assert figure in told


def test_of_a_time_without_anything_it_says_so(sold: Conversation) -> None:
    told = words(sold.says("report for October"))
    assert "No deal was begun, won or lost in that time." in told
    assert "Won:" not in told
    assert "is still to come" in words(sold.says("report for next month"))


def test_a_seller_gets_a_report_of_their_own(sold: Conversation) -> None:
    told = words(sold.says("my report for last week", by="Sara"))
    assert told.splitlines()[0].endswith(": Sara")
    assert "Won Rs 1 lakh from one deal." in told


def book_of(reply_file: File) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b64decode(reply_file.data)))


def test_as_a_workbook_it_has_real_days_and_numbers_and_no_formula(sold: Conversation) -> None:
    sold.runs("deal.add", company="=2+5", text="@SUM(A1)", amount=700_000, won=True)
    sold.says("weekly report")
    book = book_of(part(sold.taps("As Excel"), File))
    assert book.sheetnames == ["Summary", "Won and lost", "Pipeline", "Team"]
    closed = list(book["Won and lost"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in closed] == ["Khaadi", "Gul Ahmed", "Alkaram", "=2+5"]
    assert {row[4] for row in closed} == {"won", "lost"}
    assert sum(Decimal(row[5]) for row in closed) == Decimal(1_600_000)
    began, ended, days, reason = closed[0][7:11]
    assert (began.date(), ended.date()) == (day("2026-11-11"), day("2026-11-17"))
    assert (days, reason) == (6, "price too high")
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    summary = {row[0]: row[1:] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Won"] == (3, 1)
    assert summary["Won, amount"] == (1_300_000, 200_000)
    assert summary["Win rate"] == (0.75, 1)
    team = {row[0]: row[1:] for row in book["Team"].iter_rows(min_row=2, values_only=True)}
    assert team["Bilal"] == (0, 0, 1, 0, 0, 0, 0)
    assert team["Ayesha"][:2] == (2, 1_200_000)


def test_for_urdu_the_sheets_run_from_right_to_left(sold: Conversation) -> None:
    sold.says("اردو میں بات کرو")
    book = book_of(part(sold.says("رپورٹ ایکسل میں بھیجو"), File))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.sheetnames[0] == "خلاصہ"


def test_in_a_group_a_workbook_goes_to_whoever_asked_alone(sold: Conversation) -> None:
    sold.says("report as excel", place="Sales")
    assert [type(each) for each in sold.last(place="Sales").reply.parts].count(File) == 0
    assert part(sold.last().reply, File).name == "report-2026-11-17-2026-11-23.xlsx"


# --- wins -----------------------------------------------------------------------------------------


def in_group(heard: list[Heard]) -> list[str]:
    return [words(each.reply) for each in heard if not each.place.private]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("post wins here", "🎉 Won: Bilal Traders, Rs 5 lakh\nWell done, Ayesha!"),
        ("jeet ki khabar yahan do", "🎉 Jeet: Bilal Traders, Rs 5 lakh\nShabash, Ayesha!"),
        ("جیت کی خبر یہاں دیا کرو", "🎉 جیت: Bilal Traders، 5 لاکھ روپے\nشاباش، Ayesha!"),
    ],
)
def test_a_win_is_told_in_the_channel_in_its_language(
    chat: Conversation, said: str, told: str
) -> None:
    chat.says(said, place="Sales")
    chat.says("speak english")
    chat.says("deal for Bilal Traders 5 lakh")
    chat.says("won Bilal Traders")
    assert in_group(chat.rings()) == [told]
    assert in_group(chat.rings()) == []


@scene
def posting(chat: Conversation) -> None:
    chat.says("speak english")
    chat.says("post wins here", place="Sales")
    chat.says("deal for Bilal Traders 5 lakh")


def test_a_win_that_was_taken_back_and_won_again_is_told_once(posting: Conversation) -> None:
    posting.says("won Bilal Traders")
    assert len(in_group(posting.rings())) == 1
    posting.says("undo")
    posting.says("won Bilal Traders 6 lakh")
    assert in_group(posting.rings()) == []


def test_a_win_that_was_taken_back_before_it_was_told_is_told_when_it_stands(
    posting: Conversation,
) -> None:
    posting.says("won Bilal Traders")
    posting.says("undo")
    assert in_group(posting.rings()) == []
    posting.says("won Bilal Traders")
    assert len(in_group(posting.rings())) == 1


def test_a_deal_that_is_told_only_as_won_is_news_as_well(posting: Conversation) -> None:
    posting.runs("deal.add", "Sara", company="Khaadi", amount=300_000, won=True)
    (told,) = in_group(posting.rings())
    assert "Khaadi" in told
    assert "Sara" in told


def test_of_a_private_contact_nothing_is_told(posting: Conversation) -> None:
    posting.says("deal with Zarmina Durrani 9 lakh")
    posting.says("keep Zarmina Durrani private")
    posting.says("won Zarmina Durrani")
    assert in_group(posting.rings()) == []
    posting.says("add Umar Farooq, Karachi")
    posting.says("won Bilal Traders")
    with posting.database.transaction() as session:
        session.scalars(select(Workspace)).one().keeps_private = True
        umar = session.scalars(select(Contact).where(Contact.name == "Umar Farooq")).one()
        umar.private, umar.owner_id = True, session.scalars(select(Member.id)).first()
        session.scalars(
            select(Deal).where(Deal.amount_minor == 50_000_000)
        ).one().contact_id = umar.id
    assert in_group(posting.rings()) == [], "it became private before it was told"


def test_wins_are_off_again_and_only_a_manager_says_where(posting: Conversation) -> None:
    assert "Only a team" in words(posting.says("post wins here", by="Sara", place="Sales"))
    assert "Wins are not told any more" in words(posting.says("stop posting wins", place="Sales"))
    posting.says("won Bilal Traders")
    assert in_group(posting.rings()) == []
    assert "Wins are told nowhere" in words(posting.says("stop posting wins"))


def test_where_outsiders_read_along_nothing_is_posted(posting: Conversation) -> None:
    place = replace(posting.place(posting.person(AYESHA), "Partners"), external=True)
    posting.receives(
        Incoming("x1", posting.person(AYESHA), place, posting.clock.now(), text="post wins here")
    )
    assert "another organisation" in words(posting.last().reply)
    where = posting.place(posting.person(AYESHA), "Sales")
    with posting.database.transaction() as session:
        session.get_one(Bond, (where.platform, where.team, where.chat)).external = True
    posting.says("won Bilal Traders")
    assert in_group(posting.rings()) == []


# --- every week -----------------------------------------------------------------------------------


@pytest.fixture
def weekly(sold: Conversation) -> Conversation:
    """Every Monday at nine in the channel; asked for on a Monday at ten."""
    sold.says("weekly report here every monday 9am", place="Sales")
    return sold


def test_the_weekly_report_comes_to_the_channel_once(weekly: Conversation) -> None:
    assert in_group(weekly.rings()) == []
    go(weekly, MONDAY + 7 * DAY, "08:59")
    assert in_group(weekly.rings()) == []
    go(weekly, MONDAY + 7 * DAY, "09:00")
    (told,) = in_group(weekly.rings())
    assert told.startswith("Report, 23 Nov 2026 to 29 Nov 2026")
    assert "report as excel" in told
    assert "[" not in told, "a button is somebody's"
    assert in_group(weekly.rings()) == []
    go(weekly, MONDAY + 14 * DAY, "09:00")
    assert len(in_group(weekly.rings())) == 1


def test_after_a_time_without_a_clock_the_latest_one_comes_once(weekly: Conversation) -> None:
    go(weekly, MONDAY + 16 * DAY, "15:00")
    (told,) = in_group(weekly.rings())
    assert "30 Nov 2026 to 6 Dec 2026" in told
    assert in_group(weekly.rings()) == []
    go(weekly, MONDAY + 21 * DAY, "09:00")
    assert len(in_group(weekly.rings())) == 1


def test_two_clocks_at_once_tell_one_report(weekly: Conversation) -> None:
    go(weekly, MONDAY + 7 * DAY, "09:00")
    together = Barrier(4)

    def ring(_: int) -> int:
        mine = Clockwork(weekly.database, weekly.clock, Draw(weekly.book, with_tokens))
        together.wait()
        return mine.tick("weekly") + mine.tick("weekly")

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(ring, range(4))) == 1


def test_it_is_the_workspaces_nine_oclock(weekly: Conversation) -> None:
    weekly.says("my time zone is London")
    weekly.says("weekly report here every monday 9am", place="Sales")
    go(weekly, MONDAY + 7 * DAY, "09:00")
    assert len(in_group(weekly.rings())) == 1


def test_said_again_elsewhere_it_moves_and_off_it_ends(weekly: Conversation) -> None:
    weekly.says("har jumme ko sham 5 baje report yahan bhejo", place="Bosses")
    with weekly.database.transaction() as session:
        assert len(session.scalars(select(News)).all()) == 1
    go(weekly, day("2026-11-27"), "17:00")
    assert [each.place.chat for each in weekly.rings() if not each.place.private] == [
        f"-{user_id('Bosses')}"
    ]
    assert "Haftawar report band kar di" in words(weekly.says("weekly report band karo"))
    weekly.says("undo")
    go(weekly, day("2026-12-04"), "17:00")
    assert len(in_group(weekly.rings())) == 1, "undo brought it back"


def test_nothing_private_is_in_the_report_of_a_channel(weekly: Conversation) -> None:
    go(weekly, MONDAY + 3 * DAY)
    weekly.says("deal with Zarmina Durrani 900 lakh, closing 27 Nov")
    weekly.says("keep Zarmina Durrani private")
    weekly.says("deal with Hina Sheikh 70 lakh")
    weekly.says("won Hina Sheikh")
    weekly.says("keep Hina Sheikh private")
    go(weekly, MONDAY + 7 * DAY, "09:00")
    (told,) = in_group(weekly.rings())
    assert "Zarmina" not in told
    assert "crore" not in told
    assert "70 lakh" not in told
    assert "Sapphire" in told
    alone = words(weekly.says("report for last week"))
    assert "70 lakh" in alone, "in her own chat the owner sees it"
    assert "70 lakh" not in words(weekly.says("report for last week", by="Sara"))


# --- every month ----------------------------------------------------------------------------------


def mine(heard: list[Heard], name: str, start: str = "Report") -> list[str]:
    told = [words(each.reply) for each in heard if each.to == user_id(name)]
    return [each for each in told if each.startswith(start)]


def test_the_owner_hears_on_the_first_how_the_month_went(sold: Conversation) -> None:
    assert mine(sold.rings(), AYESHA) == []
    go(sold, day("2026-11-30"), "23:00")
    assert mine(sold.rings(), AYESHA) == []
    go(sold, day("2026-12-01"), "09:00")
    heard = sold.rings()
    (told,) = mine(heard, AYESHA)
    assert told.startswith("Report, Nov 2026\nWon Rs 8 lakh from 3 deals.")
    assert "[As Excel]\n[How is this counted?]\n[Stop these]" in told
    assert mine(heard, "Sara") == [], "who is no owner gets none"
    assert mine(sold.rings(), AYESHA) == []
    assert part(sold.taps("As Excel"), File).name == "report-2026-11-01-2026-11-30.xlsx"


def test_after_a_long_time_without_a_clock_the_month_before_comes_once(sold: Conversation) -> None:
    go(sold, day("2027-01-12"))
    (told,) = mine(sold.rings(), AYESHA)
    assert told.startswith("Report, Dec 2026\nNo deal was begun, won or lost in that time.")
    assert mine(sold.rings(), AYESHA) == []


def test_in_quiet_hours_the_monthly_report_waits(sold: Conversation) -> None:
    sold.says("quiet hours 8am to 11am")
    go(sold, day("2026-12-01"), "09:00")
    assert mine(sold.rings(), AYESHA) == []
    go(sold, day("2026-12-01"), "11:00")
    assert len(mine(sold.rings(), AYESHA)) == 1


def test_the_monthly_report_is_stopped_and_begun_again(sold: Conversation) -> None:
    go(sold, day("2026-12-01"), "09:00")
    sold.rings()
    while "Report, Nov 2026" not in words(sold.last().reply):
        sold.heard.pop()
    assert "No monthly report any more" in words(sold.taps("Stop these"))
    go(sold, day("2027-01-01"), "09:00")
    assert mine(sold.rings(), AYESHA) == []
    sold.says("start the monthly report")
    go(sold, day("2027-02-01"), "09:00")
    assert len(mine(sold.rings(), AYESHA)) == 1
