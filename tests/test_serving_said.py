"""What is said of texts, consent, goals, sequences, scores, tickets and segments, in words that
stand in no help: each is read for what it is, and answered in its own language."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from storage.models import Activity, Contact, Task
from tests.conversation import Conversation, labels, words

PEOPLE = (
    "Sara Malik from Nishat Mills, sara@nishat.example, 0300 1234567, Lahore",
    "Ali Raza from Sapphire, ali@sapphire.example, Karachi",
)
OFFER = "template Offer: Dear {first_name|friend}, 10% off this week"


@pytest.fixture
def shop(chat: Conversation) -> Conversation:
    for said in (*PEOPLE, OFFER):
        chat.says(said)
    return chat


def kept(chat: Conversation) -> list[int]:
    """How many people, tasks and things that happened there are."""
    with chat.database.transaction() as session:
        every = (Contact, Task, Activity)
        return [session.scalar(select(func.count()).select_from(each)) or 0 for each in every]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("what templates do I have", "Texts for customers"),
        ("mere templates dikhao", "Gahakon ke templates"),
        ("konse templates hain mere paas", "Gahakon ke templates"),
        ("میرے پاس کون سے ٹیمپلیٹ ہیں", "گاہکوں کے ٹیمپلیٹ"),
        ("preview offer for Ali", "As Ali Raza would get it"),
        ("how would the offer message look for sara", "Dear Sara, 10% off"),
        ("offer template ali ko kaisa lagega", "Ali Raza ko yun mile ga"),
        ("offer ٹیمپلیٹ سارہ کو کیسا لگے گا", "Dear Sara, 10% off"),
        ("which fields can I use in a template", "filled for each customer"),
        ("template mein kya kya likh sakte hain", "khud bhare jate hain"),
        ("ٹیمپلیٹ میں کیا کیا لکھ سکتے ہیں", "خود بھرے جاتے ہیں"),
        ("change the subject of offer to Only this week", "Subject: Only this week"),
        ("make a template for eid wishes", "What shall eid wishes say?"),
        ("eid mubarak ka template banao", "eid mubarak mein kya likha ho?"),
    ],
)
def test_texts_are_asked_for_and_seen_before_they_go(
    shop: Conversation, said: str, told: str
) -> None:
    before = kept(shop)
    assert told in words(shop.says(said))
    assert kept(shop) == before


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("make a template called Thank you: Dear {first_name|friend}, thanks", "Thank you"),
        ("save this as a template called Thanks: Dear {first_name|friend}, thanks", "Thanks"),
        ("Shukriya naam ka template banao: Salam {first_name|dost}", "Shukriya"),
        ("شکریہ کے نام سے ٹیمپلیٹ بناؤ: سلام {نام|دوست}", "شکریہ"),
    ],
)
def test_a_text_has_the_name_that_was_said(chat: Conversation, said: str, name: str) -> None:
    chat.says(said)
    assert name in labels(chat.says("templates"))


def test_who_lacks_what_a_text_needs_is_told_before_it_goes(shop: Conversation) -> None:
    shop.says("template Visit: Dear {first_name}, I come to {city}")
    shop.says("new contact Usman Ghani")
    assert "{city}" in words(shop.says("preview Visit for Usman"))
    assert "I come to Lahore" in words(shop.says("preview Visit for Sara"))


def test_a_name_of_a_text_is_no_text_with_blanks(shop: Conversation) -> None:
    shop.says("template Half { price: Dear {first_name|friend}, half price")
    assert "Dear Sara, half price" in words(shop.says("preview Half { price for Sara"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("sara gave permission to email her", "Sara Malik agreed to e-mail"),
        ("sara ne kaha mail mat bhejo", "Sara Malik ko ab message nahi jayenge: email"),
        ("سارہ نے کہا میل مت بھیجو", "اب میسج نہیں جائیں گے: ای میل"),
        ("sara boli email na bhejo", "Sara Malik ko ab message nahi jayenge: email"),
        ("sara told me not to email her", "gets no more messages by e-mail"),
        ("sara asked us to stop sending emails", "gets no more messages by e-mail"),
        ("nishat walon ne mana kar diya hai messages se", "ab message nahi jayenge: email, "),
        ("نشاط والوں نے میسج سے منع کر دیا ہے", "اب میسج نہیں جائیں گے: ای میل، "),
        ("ali ko email nahi karni", "Ali Raza ko ab message nahi jayenge: email"),
        ("علی کو ای میل نہیں کرنی", "اب میسج نہیں جائیں گے: ای میل"),
        ("ali ne unsubscribe kar diya", "Ali Raza ko ab message nahi jayenge"),
        ("Ali ne ijazat de di", "Ali Raza ne kis ki ijazat di?"),
        ("علی نے اجازت دے دی", "نے کس کی اجازت دی؟"),
        ("Ali gave us permission", "What did Ali Raza agree to?"),
        ("when did ali give consent", "How Ali Raza may be written to"),
        ("ali ne kab ijazat di thi", "Ali Raza ko kaise likh sakte hain"),
        ("sara ko mail kar sakte hain?", "Sara Malik ko kaise likh sakte hain"),
        ("علی نے کب اجازت دی تھی", "کو کیسے لکھ سکتے ہیں"),
    ],
)
def test_what_they_agreed_to_is_consent_and_no_message_or_task(
    shop: Conversation, said: str, told: str
) -> None:
    before = kept(shop)
    assert told in words(shop.says(said))
    assert kept(shop) == before


@pytest.mark.parametrize(
    ("agreed", "refused"),
    [
        ("who can I email", "who has opted out"),
        ("kis kis ne ijazat di hui hai", "kis kis ne mana kiya hai"),
        ("کس کس نے اجازت دی ہوئی ہے", "کس کس نے منع کیا ہے"),
    ],
)
def test_who_agreed_and_who_did_not_is_a_list(
    shop: Conversation, agreed: str, refused: str
) -> None:
    shop.says("Sara agreed to emails")
    shop.says("Ali unsubscribed")
    told = words(shop.says(agreed))
    assert "Sara Malik" in told
    assert "Ali Raza" not in told
    told = words(shop.says(refused))
    assert "Ali Raza" in told
    assert "Sara Malik" not in told


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("how much more do I need to sell", "To go: Rs 20 lakh"),
        ("abhi kitna aur bechna hai", "Baqi: Rs 20 lakh"),
        ("ابھی کتنا اور بیچنا ہے", "باقی: 20 لاکھ روپے"),
    ],
)
def test_what_is_left_of_a_goal(chat: Conversation, said: str, left: str) -> None:
    chat.says("my goal this month is 20 lakh")
    assert left in words(chat.says(said))


def test_a_goal_is_raised_to_a_sum_without_its_currency(chat: Conversation) -> None:
    chat.says("my goal for december is 20 lakh")
    assert "Rs 25 lakh, Dec 2026" in words(chat.says("target barha ke 25 lakh kar do"))
    chat.taps("haan")
    assert "Rs 25 lakh, Dec 2026" in words(chat.says("target kitna hua"))


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (
            "sequence welcome banao: pehle Offer mail se, 2 din baad task call karo",
            ("welcome ke steps dikhao", "welcome kaisa chal raha hai"),
        ),
        (
            "سیکوئنس welcome بناؤ: پہلے Offer میل سے، 2 دن بعد کام کال کرو",
            ("welcome کیسا چل رہا ہے",),
        ),
        (
            "make a sequence welcome: Offer by mail, 2 days later task call them",
            ("what are the steps of welcome",),
        ),
    ],
)
def test_a_sequence_is_called_what_stands_beside_made(
    shop: Conversation, made: str, asked: tuple[str, ...]
) -> None:
    shop.says(made)
    for said in asked:
        told = words(shop.says(said))
        assert told.startswith("welcome: "), told
        assert "Offer" in told


@pytest.mark.parametrize(
    ("pause", "go_on"),
    [
        ("pause welcome for a week", "carry on with welcome"),
        ("welcome ko thori der rok do", "welcome phir chala do"),
        ("welcome کو تھوڑی دیر روک دو", "welcome دوبارہ چلا دو"),
    ],
)
def test_a_sequence_is_paused_for_a_while_and_goes_on(
    shop: Conversation, pause: str, go_on: str
) -> None:
    shop.says("make a sequence welcome: Offer by mail, 2 days later task call them")
    shop.says(pause)
    assert "paused" in words(shop.says("show the welcome sequence"))
    shop.says(go_on)
    assert "running" in words(shop.says("show the welcome sequence"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("who should I call first among my leads", "best leads"),
        ("mujhe lahore ki 3 behtareen leads do", "Sara Malik @ Nishat Mills: "),
        ("sab se achay leads konse hain", "sab se achi leads"),
        ("why does ali have such a low score", "Ali Raza @ Sapphire: "),
        ("source referral should count 20", "source referral +20"),
        ("leads from lahore are worth 10 points more", "lahore +10"),
        ("lahore ke 10 number zyada do", "lahore +10"),
        ("لاہور کے 10 نمبر زیادہ دو", "+10"),
        ("who gets the karachi leads", "no assignment rule yet"),
        ("leads kaise bant rahi hain", "taqseem ka koi usool nahi"),
        ("new leads take turns between ayesha and me", "Ayesha"),
    ],
)
def test_leads_are_scored_and_given_as_a_rep_says_it(
    shop: Conversation, said: str, told: str
) -> None:
    before = kept(shop)
    assert told in words(shop.says(said))
    assert kept(shop) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("bilal ki shikayat ka kya bana", "Ticket #1: Bilal Traders"),
        ("بلال کی شکایت کا کیا بنا", "ٹکٹ #1: Bilal Traders"),
        ("whats happening with bilal's complaint", "Ticket #1: Bilal Traders"),
        ("bilal ki koi shikayat hai?", "Aik khula ticket, Bilal Traders"),
        ("بلال کی کوئی شکایت ہے؟", "Bilal Traders"),
        ("who has the most tickets", "Owner"),
        ("sab se zyada ticket kis ke paas hain", "Zimmedar"),
        ("سب سے زیادہ ٹکٹ کس کے پاس ہیں", "ذمہ دار"),
        ("which customer has the most complaints", "Customer"),
        ("average time to solve complaints this month", "Time to resolve"),
        ("ticket 1 kiske paas hai", "Zimmedar: Ayesha"),
        ("who has ticket 1", "Owner: Ayesha"),
        ("ticket 1 zaroori nahi", "Kitna zaroori: kam"),
        ("rating 4 for bilal", "Bilal Traders: 4 of 5"),
        ("bilal is not happy, 2 out of 5", "Bilal Traders: 2 of 5"),
        ("meray late tickets", "Koi ticket late nahi"),
        ("mere late tickets", "Koi ticket late nahi"),
    ],
)
def test_tickets_are_asked_for_as_a_rep_says_it(chat: Conversation, said: str, told: str) -> None:
    chat.says("add company Bilal Traders")
    chat.says("Bilal Traders complained that 3 rolls were torn")
    assert told in words(chat.says(said))


@pytest.mark.parametrize(
    ("asked", "saved", "name"),
    [
        ("contacts in Lahore", "save this as Lahoris", "Lahoris"),
        ("lahore ke log", "isko Lahori ke naam se save karo", "Lahori"),
        ("لاہور کے لوگ", "اس کو لاہوری کے نام سے محفوظ کرو", "لاہوری"),
    ],
)
def test_those_who_were_found_are_kept_as_a_segment(
    shop: Conversation, asked: str, saved: str, name: str
) -> None:
    shop.says(asked)
    shop.says(saved)
    told = words(shop.says("segments"))
    assert name in told
    assert "ahore" in told or "لاہور میں" in told


def test_a_segment_is_not_called_make_it(shop: Conversation) -> None:
    shop.says("segment banao: lahore ke log")
    assert "banao" not in words(shop.says("segments"))


def test_saved_and_watched_in_one_message(shop: Conversation) -> None:
    shop.says("contacts who have not bought for 2 months")
    told = words(shop.says("save it as Sleepers and tell me when someone joins"))
    assert "enters Sleepers" in told
    assert labels(shop.says("segments"))[0] == "Sleepers"


@pytest.mark.parametrize(
    "said",
    [
        "save this as Lahoris",
        "isko Lahori ke naam se save karo",
        "اس کو لاہوری کے نام سے محفوظ کرو",
    ],
)
def test_where_nobody_was_asked_for_nothing_is_saved(chat: Conversation, said: str) -> None:
    chat.says("hello")
    before = kept(chat)
    chat.says(said)
    assert kept(chat) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("how many new customers did we get this month", "added: this month: 2"),
        ("how many customers came this month", "added: this month: 2"),
        ("is mahine kitne gahak aaye", "shamil hue: is mahine: 2"),
        ("is mahine kitne naye log aaye", "shamil hue: is mahine: 2"),
        ("pichle mahine kitne gahak aaye the", "shamil hue: pichle mahine: 0"),
        ("اس مہینے کتنے گاہک آئے", "شامل ہوئے: اس مہینے: 2"),
    ],
)
def test_how_many_came_counts_people_and_no_deals(shop: Conversation, said: str, told: str) -> None:
    assert told in words(shop.says(said))


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("i have a suggestion", "What would you like to tell us?"),
        ("i want to complain about this bot", "What would you like to tell us?"),
        ("mujhe shikayat karni hai is bot ki", "Kya kehna chahte hain?"),
        ("مجھے اس بوٹ کی شکایت کرنی ہے", "کیا کہنا چاہتے ہیں؟"),
    ],
)
def test_what_is_to_be_told_us_is_asked(chat: Conversation, said: str, asks: str) -> None:
    assert asks in words(chat.says(said))
    chat.says("buttons bohat chotay hain")
    assert "buttons bohat chotay hain" in words(chat.says("show me the feedback"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("tour for support people", "A tour for service"),
        ("i am a salesman, show me around", "A tour for selling"),
        ("support walon ke liye tour", "Service walon ka tour"),
        ("میں مینیجر ہوں مجھے سکھاؤ", "ٹیم چلانے والوں کا ٹور"),
    ],
)
def test_the_tour_of_whoever_is_named(chat: Conversation, said: str, told: str) -> None:
    assert told in words(chat.says(said))


def test_a_tag_of_a_company_goes_to_its_people(shop: Conversation) -> None:
    assert "Sara Malik" in words(shop.says("tag Nishat Mills as textile"))
    assert "Sara Malik" in words(shop.says("who is tagged textile"))
    assert "already" in words(shop.says("tag Nishat Mills as textile"))
    shop.says("undo")
    shop.says("add company Gul Ahmed")
    told = words(shop.says("Gul Ahmed ko vip tag karo"))
    assert "main kisi ko nahi jaanta" in told


@pytest.mark.parametrize(
    "said",
    [
        "Ali gave permission for the night shift work", "sara said no to the price",
        "Bilal said no calls after 8", "ali agreed to 5 lakh", "save the date for Sara's visit",
        "a mere formality with Sara", "Sara ko kal offer bhejna hai",
    ],
)  # fmt: skip
def test_other_things_are_not_taken_for_these(shop: Conversation, said: str) -> None:
    told = words(shop.says(said))
    assert "may be written to" not in told
    assert "no more messages" not in told
    assert "segment" not in told.lower()
