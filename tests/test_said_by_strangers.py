"""The whole life of a customer in the words of people who have read no guide: what they ask is
answered at first, in their own tongue; what is ordinary stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.reply import Table
from language.agreed import read_aim
from language.sheet import lay_out
from language.tongue import tongue_of
from tests.conversation import Conversation, labels, words
from tests.test_day import kept

TODAY = date(2026, 11, 24)

KNOWN = (
    "new contact Sara Malik, Nishat Mills, 0300 5550102, Lahore, source referral",
    "new contact Usman Ali, Acme Foods, Lahore, source expo",
    "new deal with Sara Malik 5 lakh",
    "Sara agreed to e-mails",
    "ticket for Nishat Mills: invoice is wrong",
    "template Eid offer: Dear friend, our offer ends on Friday.",
    "new sequence welcome: Eid offer by mail, 3 days later task call them",
    "start welcome for Usman",
    "take Usman out of welcome",
    "save segment Lahore folks: contacts in Lahore",
)

# What is said, and a piece of the answer, in the language in which it was said.
SAID = {
    "en": [
        ("why is usman scored so low", "Usman Ali @ Acme Foods: 30 of 100"),
        ("top 5 leads pls", "best lead"),
        ("make the city count more in the score", "What makes a score"),
        ("reset scoring to default", "usual rules hold already"),
        ("turn off auto assign", "There is no assignment rule yet"),
        ("split new leads evenly across the team", "new leads go to Ayesha"),
        ("which tickets are due today", "open ticket"),
        ("avg first response time this month", "First answer"),
        ("sla numbers", "Tickets, this month"),
        ("how happy are customers with support", "Satisfaction"),
        ("how many in Lahore folks", "Lahore folks: 2"),
        ("sara doesnt want any more mails", "gets no more messages by e-mail"),
        ("dont message customers after 9pm", "None between: 9 pm to 9 am"),
        ("why did welcome stop for usman", "Usman Ali: taken out by hand"),
        ("where do we lose people", "Journey: 2 people"),
        ("next best step for nishat", "Next for Sara Malik"),
        ("how did the eid offer do", "There was no campaign yet"),
        ("which source brings the best leads", "Win rate"),
        ("what did you fail to understand this month", "What I did not understand"),
        ("which reminders actually helped", "Which nudges were worth it"),
        ("give me people to call", "Nobody has to be called today"),
        ("how do our cohorts hold up", "cohort"),
        ("customers who make payments late", "I keep no payments"),
        ("who owes us money", "I keep no payments"),
        ("sales by month", "Nothing to count"),
    ],
    "roman": [
        ("kon se leads pe time lagaon", "sab se achi lead"),
        ("sheher ka wazan barhao", "Score kin cheezon se banta hai"),
        ("naye leads kis ko milte hain", "Abhi taqseem ka koi usool nahi"),
        ("naye leads bari bari sab ko do", "nayi leads Ayesha ko jayengi"),
        ("late tickets konse hain", "Koi ticket late nahi"),
        ("#1 kal shaam 5 baje tak ho jana chahiye", "24 Nov, shaam 5 baje"),
        ("pehla jawab kitni der mein dete hain", "Pehla jawab"),
        ("grahak support se khush hain?", "Itminan"),
        ("Lahore folks mein kitnay log hain", "Lahore folks: 2"),
        ("jin ka phone number nahi hai", "phone number nahi: 1"),
        ("kin logon ne email ki ijazat di", "email ki ijazat: 1"),
        ("hafte mein ek se zyada msg na jaye", "zyada se zyada: 1"),
        ("raat 9 ke baad customers ko msg na bhejo", "raat 9 baje se subah 9 baje tak"),
        ("welcome rok do", "Rok diya: welcome"),
        ("welcome usman ke liye kyun ruk gaya", "Usman Ali: haath se nikale gaye"),
        ("hum log kahan kho dete hain", "Safar: 2 log"),
        ("eid offer ka kya nateeja nikla", "Abhi koi campaign nahi hui"),
        ("kon si yaad dihani kaam ki thi", "Kaun si nudges kaam aayin"),
        ("mujhe call karne ke liye log do", "Aaj kisi ko call karna zaroori nahi"),
        ("nishat ko kya dikhaun", "mashware ki koi bunyad nahi"),
        ("jo log paisay der se detay hain", "Adaigiyon ka hisab mere paas nahi"),
        ("mahine ke hisab se sale", "Ginne ko kuch nahi"),
    ],
    "ur": [
        ("کن لیڈز پر وقت لگاؤں", "سب سے اچھی لیڈ"),
        ("شہر کا وزن بڑھا دو", "اسکور کن چیزوں سے بنتا ہے"),
        ("نئی لیڈز کس کو ملتی ہیں", "ابھی تقسیم کا کوئی اصول نہیں"),
        ("#1 کل شام 5 بجے تک ہو جانا چاہیے", "24 نومبر، شام 5 بجے"),
        ("پہلا جواب کتنی دیر میں دیتے ہیں", "پہلا جواب"),
        ("گاہک سپورٹ سے خوش ہیں؟", "اطمینان"),
        ("جن کا فون نمبر نہیں ہے", "فون نمبر نہیں: 1"),
        ("ہفتے میں ایک سے زیادہ میسج نہ جائے", "زیادہ سے زیادہ: 1"),
        ("رات 9 بجے کے بعد گاہکوں کو میسج نہ بھیجو", "رات 9 بجے سے صبح 9 بجے تک"),
        ("عثمان کے لیے welcome کیوں رک گیا", "Usman Ali: ہاتھ سے نکالے گئے"),
        ("عید آفر کا کیا نتیجہ نکلا", "ابھی کوئی مہم نہیں ہوئی"),
        ("ایک لاکھ اشتہاروں پر کیسے خرچ کروں", "1 لاکھ روپے"),
        ("سب سے اچھی لیڈ کہاں سے آتی ہے", "جیت کی شرح"),
        ("کون سی یاد دہانی کام کی تھی", "کون سی یاد دہانیاں کام آئیں"),
        ("مجھے کال کرنے کے لیے لوگ دو", "آج کسی کو کال کرنا ضروری نہیں"),
        ("پرانے گاہک کتنے ٹکتے ہیں", "گاہک"),
        ("جو گاہک پیسے دیر سے دیتے ہیں", "ادائیگیوں کا حساب میرے پاس نہیں"),
    ],
}


@pytest.mark.parametrize("tongue", SAID)
def test_what_strangers_ask_is_answered_at_once(chat: Conversation, tongue: str) -> None:
    for said in KNOWN:
        chat.says(said)
    wrong = {
        said: words(answer)
        for said, told in SAID[tongue]
        if told not in words(answer := chat.says(said))
    }
    assert wrong == {}


# --- a goal that is not called one ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "goal", "question"),
    [
        ("20 new customers this month", "20 new customers", "contacts added this month"),
        ("is mahine 20 naye customer", "20 naye gahak", "is mahine kitne naye customer"),
        ("اس مہینے 20 نئے گاہک", "20 نئے گاہک", "اس مہینے کتنے نئے گاہک"),
    ],
)
def test_so_many_new_customers_are_a_goal_or_a_question(
    chat: Conversation, said: str, goal: str, question: str
) -> None:
    offered = labels(chat.says(said))
    assert goal in offered[0]
    assert question in offered[1]
    assert kept(chat, "goal") == []
    chat.taps(offered[0])
    assert [row["measure"] for row in kept(chat, "goal")] == ["newcomers"]


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("we need 15 new customers this quarter", 15),
        ("is mahine 20 naye gahak banane hain", 20),
        ("is mahine 50 lakh ki sale karni hai", 5_000_000),
        ("اس مہینے 20 نئے گاہک بنانے ہیں", 20),
        ("is hafte 30 call karni hain", 30),
    ],
)
def test_what_must_be_reached_is_a_goal(said: str, target: int) -> None:
    aim = read_aim(lay_out(said), TODAY)
    assert aim is not None
    assert aim.sure
    assert float(aim.goal.slots["target"]) == target


@pytest.mark.parametrize(
    "said",
    [
        "we got 20 new customers this month",
        "is mahine 20 naye gahak aaye",
        "call 3 customers this week",
        "meeting with Ali this week",
        "is hafte 2 meetings karni hain",
        "20 rolls for Nishat this month",
        "20 new customers last month",
        "Usman wants 10 cartons this week",
        "how many new customers this month",
        "5 calls today",
        "اس مہینے سارہ نے 20 رول لیے",
    ],
)
def test_what_was_done_or_is_ordered_is_no_goal(said: str) -> None:
    assert read_aim(lay_out(said), TODAY) is None


def test_a_question_mark_asks_for_the_figure(chat: Conversation) -> None:
    chat.says("new contact Usman Ali, Acme Foods")
    assert "added: this month: 1" in words(chat.says("20 new customers this month?"))


# --- the tongue of an answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "tongue"),
    [
        ("call سارہ ملک tomorrow 3pm", "en"),
        ("meeting with بلال ٹریڈرز", "en"),
        ("note for احمد: sent the quote", "en"),
        ("call doodh dairy tomorrow", "en"),
        ("show apna dairy", "en"),
        ("welcome rok do", "roman"),
        ("doodh dairy ko call karo", "roman"),
        ("nayi dairy", "roman"),
        ("سارہ کو call کرو", "ur"),
        ("ڈیل 5 lakh", "ur"),
        ("سارہ کو کل فون کرنا ہے", "ur"),
    ],
)
def test_the_words_of_a_command_tell_its_tongue_and_names_do_not(said: str, tongue: str) -> None:
    assert tongue_of(said) == tongue


# --- and what was mended on the way ---------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["call Usman this week", "is hafte Usman ko call karni hai", "اس ہفتے عثمان کو کال کرنی ہے"],
)
def test_what_is_to_be_done_this_week_is_not_late_by_then(chat: Conversation, said: str) -> None:
    chat.says("new contact Usman Ali, Acme Foods")
    chat.says(said)
    assert [str(row["due"])[:10] for row in kept(chat, "task")] == ["2026-11-27"]


@pytest.mark.parametrize(
    "said",
    [
        "we work mon to sat 10 to 7",
        "hum peer se hafta 10 se 7 kaam karte hain",
        "ہم پیر سے ہفتہ 10 سے 7 بجے تک کام کرتے ہیں",
    ],
)
def test_a_team_tells_its_days_with_its_hours(chat: Conversation, said: str) -> None:
    chat.says(said)
    told = words(chat.says("show working days"))
    assert "Monday to Saturday" in told
    assert "10 am to 7 pm" in told
    chat.says(said)
    chat.says("undo")
    assert kept(chat, "work_week") == [] or "10 am" in words(chat.says("show working days"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("save customers in Karachi as Khi folks", "Khi folks"),
        ("karachi ke gahakon ko Khi log ke naam se save karo", "Khi log"),
        ("کراچی کے گاہکوں کو کراچی والے کے نام سے محفوظ کرو", "کراچی والے"),
    ],
)
def test_a_segment_is_saved_in_one_message(chat: Conversation, said: str, name: str) -> None:
    chat.says(said)
    assert [row["name"] for row in kept(chat, "segment")] == [name]


def test_sales_by_month_are_a_table(chat: Conversation) -> None:
    chat.says("new contact Usman Ali, Acme Foods")
    chat.says("new deal with Usman Ali 3 lakh")
    chat.says("won the deal with Usman Ali")
    for said in ("sales by month", "monthly sales", "mahana sale", "ماہانہ سیل"):
        assert any(isinstance(each, Table) for each in chat.says(said).parts), said


@pytest.mark.parametrize(
    "said",
    [
        "jinhon ne order diya un ko call karo",
        "make this deal more important",
        "dont call Usman after 9pm",
        "split the order between Lahore and Karachi",
        "Usman owes us 2 lakh",
    ],
)
def test_ordinary_words_are_not_taken_for_any_of_it(chat: Conversation, said: str) -> None:
    chat.says("new contact Usman Ali, Acme Foods")
    told = words(chat.says(said))
    for never in ("What makes a score", "keep no payments", "None between", "Contacts ·", "Log ·"):
        assert never not in told


@pytest.mark.parametrize(
    "said", ["tickets closed this week", "is hafte kitne tickets band hue", "oldest open ticket"]
)
def test_what_is_asked_of_tickets_sets_no_holiday_and_opens_none(
    chat: Conversation, said: str
) -> None:
    chat.says("new contact Usman Ali, Acme Foods")
    chat.says(said)
    assert "2026: " not in words(chat.says("show working days"))
    assert kept(chat, "ticket") == []


def test_a_goal_of_another_month_is_not_taken_away(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")
    chat.says("remove the december goal")
    assert [row["active"] for row in kept(chat, "goal")] == [True]
