"""Messages to customers: consent, texts with blanks, and what goes to one customer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.reply import Line, Title
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent, Wait
from storage.models import Activity, BadAddress, Consent, Message
from tests.conversation import Conversation, labels, words
from tests.scenes import scene

TEXT = "Dear {first_name|friend}, our Eid offer for {company|you} ends on Friday."
NOON = datetime(2026, 11, 24, 7, tzinfo=UTC)  # in Lahore


@scene
def known(chat: Conversation) -> None:
    chat.clock.set(NOON)
    chat.says("new contact Sara Malik, Nishat Mills, 0321 5550101, sara@nishat.pk, Lahore")
    chat.says("new contact Bilal Khan, 0333 5550102, bilal@khan.pk, Karachi")
    chat.says(f"template Eid offer: {TEXT}")


class Post:
    """A mail door that notes what it is handed, and says what it is told to."""

    def __init__(self, chat: Conversation, *outcomes: Outcome) -> None:
        self.letters: list[Letter] = []
        self.outcomes = list(outcomes)
        chat.sender.doors = {**chat.sender.doors, "email": self.push}
        chat.sender.claims.platforms = [*chat.sender.doors]

    async def push(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        return self.outcomes.pop(0) if self.outcomes else Sent()

    @property
    def texts(self) -> list[str]:
        return [
            next(p.text for p in each.reply.parts if isinstance(p, Line)) for each in self.letters
        ]


def passes(chat: Conversation, **time: float) -> None:
    chat.clock.skip(timedelta(**time))
    chat.rings()


def rows(chat: Conversation, kind: Any) -> list[Any]:
    with chat.database.transaction() as session:
        found = list(session.scalars(select(kind).order_by(kind.id)))
        session.expunge_all()
    return found


# --- consent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "granted", "channels"),
    [
        ("Bilal agreed to e-mails", True, {"email"}),
        ("Bilal Khan opted in to whatsapp and sms", True, {"whatsapp", "sms"}),
        ("we can text Bilal", True, {"sms"}),
        ("Bilal said yes to our newsletter", True, {"email"}),
        ("got permission from Bilal for whatsapp", True, {"whatsapp"}),
        ("bilal email ke liye raazi hai", True, {"email"}),
        ("bilal ne whatsapp ki ijazat de di", True, {"whatsapp"}),
        ("bilal ko whatsapp kar sakte hain", True, {"whatsapp"}),
        ("بلال نے ای میل کی اجازت دے دی", True, {"email"}),
        ("بلال واٹس ایپ پر راضی ہے", True, {"whatsapp"}),
        ("don't mail Bilal any more", False, {"email"}),
        ("please don't message Bilal Khan", False, {"email", "telegram", "whatsapp", "sms"}),
        ("stop emailing Bilal", False, {"email"}),
        ("no more emails to Bilal", False, {"email"}),
        ("Bilal doesn't want texts any more", False, {"sms"}),
        ("Bilal unsubscribed", False, {"email", "telegram", "whatsapp", "sms"}),
        ("bilal ko email na bhejo", False, {"email"}),
        ("bilal ko ab message mat bhejna", False, {"email", "telegram", "whatsapp", "sms"}),
        ("bilal whatsapp nahi chahta", False, {"whatsapp"}),
        ("بلال کو میسج نہ بھیجیں", False, {"email", "telegram", "whatsapp", "sms"}),
        ("بلال کو واٹس ایپ نہ کریں", False, {"whatsapp"}),
    ],
)
def test_consent_is_kept_as_it_is_said(
    known: Conversation, said: str, granted: bool, channels: set[str]
) -> None:
    known.says(said)
    kept = rows(known, Consent)
    assert {row.channel for row in kept} == channels
    assert all(row.granted is granted and row.words == said for row in kept)


@pytest.mark.parametrize(
    "said",
    [
        "don't call Bilal", "Bilal wants 40 looms", "email Bilal tomorrow",
        "send the quote to Bilal",
        "Bilal agreed to the price", "Bilal agreed to a meeting on friday", "whatsapp Bilal at 5pm",
        "call Bilal about the emails", "bilal ko email karna hai", "بلال کو میسج کرنا ہے",
        "no answer from Bilal", "Bilal se email par baat hui",
    ],
)  # fmt: skip
def test_what_is_no_consent_changes_none(known: Conversation, said: str) -> None:
    known.says(said)
    assert rows(known, Consent) == []


def test_consent_stands_on_the_card_with_its_history_and_is_undone(known: Conversation) -> None:
    known.says("Sara agreed to e-mails")
    assert "May be written to: e-mail yes" in words(known.says("show Sara"))
    known.clock.skip(timedelta(minutes=1))
    known.says("don't mail Sara any more")
    told = words(known.says("can we email Sara?"))
    assert "e-mail: no, since today" in told
    assert told.index("e-mail no, told by Ayesha") < told.index("e-mail yes, told by Ayesha")
    known.says("undo")
    assert "e-mail: yes" in words(known.says("consent of Sara"))
    assert "agreed to e-mail" in words(known.says("Sara agreed to emails"))


def test_consent_is_a_persons(known: Conversation) -> None:
    assert "Sara Malik agreed to e-mail" in words(known.says("Nishat Mills agreed to emails"))
    known.says("new contact Umar Farooq, Nishat Mills")
    assert "Who at Nishat Mills?" in words(known.says("Nishat Mills agreed to whatsapp"))
    assert "Umar Farooq agreed to WhatsApp" in words(known.taps("Umar Farooq"))


def test_the_way_is_asked_where_none_was_said(known: Conversation) -> None:
    told = known.says("Sara opted in")
    assert "What did Sara Malik agree to?" in words(told)
    assert "agreed to SMS" in words(known.taps("SMS"))


# --- texts ----------------------------------------------------------------------------------------


def test_a_template_is_made_shown_changed_and_removed(known: Conversation) -> None:
    told = words(known.says(f"template Eid sale: {TEXT}"))
    assert "Template Eid sale (English)" in told
    assert "As Bilal Khan would get it:" in told
    assert "Dear Bilal, our Eid offer for you ends on Friday." in told
    told = words(known.says("Eid sale template in Urdu: محترم {نام|دوست}، عید مبارک"))
    assert "محترم {first_name|دوست}، عید مبارک" in told
    assert "Eid sale: English, اردو" in words(known.says("templates"))
    known.says("subject of Eid sale in English: Eid Mubarak {first_name|}")
    assert "Subject: Eid Mubarak {first_name|}" in words(known.says("show template Eid sale"))
    known.taps("Change English")
    known.says("Salam {first_name|friend}!")
    assert "Salam {first_name|friend}!" in words(known.says("eid sale template"))
    known.says("remove template Eid sale")
    assert "no template eid sale" in words(known.says("show template eid sale"))
    known.says("undo")
    assert "Salam" in words(known.says("show template eid sale"))


def test_one_language_of_a_text_is_changed_and_taken_out(known: Conversation) -> None:
    known.says(f"template Eid sale: {TEXT}")
    known.says("Eid sale template in Urdu: محترم {نام|دوست}، عید مبارک")
    told = words(known.says("change the Urdu text of template Eid sale: {نام|دوست}، بس دو دن"))
    assert told.startswith("Template Eid sale (اردو)")
    known.says("Eid sale ke template ka naya matn roman mein: Salam {first_name|dost}, do din baqi")
    known.says("update the English version of Eid sale: Hey {first_name|friend}")
    told = words(known.says("show template Eid sale"))
    for line in ("Hey {first_name|friend}", "{first_name|دوست}، بس دو دن", "do din baqi"):
        assert line in told
    assert "Template Eid sale (اردو)" not in words(known.says("templates"))
    told = words(known.says("Eid sale ki urdu wali version hata do"))
    assert "Eid sale ka اردو matn hata diya" in told
    assert "Eid sale: English, Roman Urdu" in words(known.says("templates"))
    known.says("undo")
    assert "بس دو دن" in words(known.says("show template Eid sale"))
    known.says("remove the Urdu text of Eid sale")
    told = words(known.says("remove the Urdu text of Eid sale"))
    assert "has no text in اردو yet" in told, "the others stay"
    assert "Eid sale: English, Roman Urdu" in words(known.says("templates"))


def test_a_text_is_renamed(known: Conversation) -> None:
    known.says(f"template Eid sale: {TEXT}")
    assert words(known.says("rename template Eid sale to Big sale")).startswith(
        "Eid sale is now called Big sale"
    )
    told = known.says("Big sale template ka naam Chand raat rakh do")
    assert "Big sale ka naam ab Chand raat hai" in words(told)
    told = known.says("rename template Chand raat to Eid offer")
    assert "Eid offer naam ka template pehle se hai." in words(told)
    known.says("ٹیمپلیٹ Chand raat کا نام عید رکھو")
    known.says("show template عید")
    known.taps("Rename")
    known.says("Eid two")
    known.says("undo")
    assert "عید" in words(known.says("templates"))
    assert "Eid two" not in words(known.says("templates"))


def test_half_a_name_writes_over_nothing(known: Conversation) -> None:
    known.says("template Offer: An offer, {first_name|friend}.")
    told = words(known.says("templates"))
    assert "Eid offer: English" in told
    assert "\nOffer: English" in told
    assert "our Eid offer" in words(known.says("show template Eid offer"))
    known.says("template Eid ofer: Dear {first_name|friend}, it is over.")
    assert "it is over" in words(known.says("show template Eid offer"))


def test_lines_of_a_text_are_kept(known: Conversation) -> None:
    known.says("template Hello\nSubject: Good news\nDear {first_name|friend},\n\nIt is here.")
    told = words(known.says("show template hello"))
    assert "Subject: Good news" in told
    assert "Dear {first_name|friend},\n\nIt is here." in told


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("template X: Hi {frist_name|you}", "I know no {frist_name}. Did you mean {first_name}?"),
        ("template X: Hi {zzz}", "I know no {zzz}. There are {first_name}, {name}"),
        ("template X: Hi {first_name", "A brace is not closed here"),
        ("template X: Hi first_name}", "closed that was never opened"),
        ("template X: Hi {|you}", "There is no name in"),
        ("template X: Hi {a{b}}", "A brace is not closed here"),
        ("subject of Eid offer: One\nBcc: all@x.y", "A subject is one line"),
        ("template X: " + "a" * 3501, "too long"),
    ],
)
def test_what_is_no_text_is_refused(known: Conversation, said: str, answer: str) -> None:
    assert answer in words(known.says(said))
    assert "X" not in words(known.says("templates"))


def test_a_field_with_a_slip_is_mended_at_a_tap(known: Conversation) -> None:
    known.says("template X: Hi {frist_name|you}")
    assert "Hi {first_name|you}" in words(known.taps("Write {first_name}"))


def test_a_teams_own_field_is_a_blank(known: Conversation) -> None:
    known.says("add field NTN for contacts")
    known.says("Sara's NTN is 1234567-8")
    known.says("Sara agreed to emails")
    known.says("template Tax: Your NTN {ntn} is on file, {name}.")
    told = words(known.says("send Tax to Sara"))
    assert "Your NTN 1234567-8 is on file, Sara Malik." in told
    known.says("Bilal agreed to emails")
    assert "Bilal Khan has no value for {ntn}" in words(known.says("send Tax to Bilal"))


def test_a_value_is_never_a_text_with_blanks(known: Conversation) -> None:
    post = Post(known)
    known.says("new contact Mo {company}, mo@x.pk")
    known.says("Mo agreed to emails")
    known.says("send Eid offer to Mo")
    passes(known, minutes=1)
    assert post.texts == ["Dear Mo, our Eid offer for you ends on Friday."]


# --- one message ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "send the Eid offer to Sara by email", "email Sara the Eid offer", "send eid offer to sara",
        "sara ko eid offer bhejo", "sara ko eid offer email se bhej do",
        "سارہ کو Eid offer بھیجو", "سارہ کو Eid offer ای میل سے بھیج دیں",
    ],
)  # fmt: skip
def test_a_text_goes_to_a_customer_who_agreed(known: Conversation, said: str) -> None:
    post = Post(known)
    known.says("Sara agreed to emails")
    assert "Dear Sara, our Eid offer for Nishat Mills ends on Friday." in words(known.says(said))
    assert post.letters == []
    passes(known, minutes=1)
    assert post.texts == ["Dear Sara, our Eid offer for Nishat Mills ends on Friday."]
    (letter,) = post.letters
    assert letter.address.user == "sara@nishat.pk"
    assert next(p.text for p in letter.reply.parts if isinstance(p, Title)) == "Eid offer"
    (message,) = rows(known, Message)
    assert (message.state, message.channel, message.language) == ("sent", "email", "en")
    (done,) = rows(known, Activity)
    assert (done.kind, done.text) == ("email", "Eid offer")
    passes(known, days=1)
    assert len(post.letters) == 1


@pytest.mark.parametrize(
    "said",
    [
        "emailed Sara the Eid offer",
        "mailed Sara our Eid offer",
        "e-mailed Sara the Eid offer just now",
        "messaged Sara the Eid offer",
    ],
)
def test_what_was_done_is_not_done_again(known: Conversation, said: str) -> None:
    post = Post(known)
    known.says("template Eid offer: Dear {first_name}, our Eid offer ends on Friday.")
    known.says("Sara agreed to emails")
    assert "with Sara Malik" in words(known.says(said))
    passes(known, minutes=2)
    assert (post.letters, rows(known, Message)) == ([], [])


def test_who_agreed_to_nothing_gets_nothing(known: Conversation) -> None:
    post = Post(known)
    told = known.says("send the Eid offer to Sara by email")
    assert "has not agreed to e-mail, so nothing goes" in words(told)
    assert labels(told) == ["Agreed to e-mail"]
    passes(known, minutes=1)
    assert (post.letters, rows(known, Message)) == ([], [])


def test_who_opts_out_meanwhile_gets_nothing(known: Conversation) -> None:
    post = Post(known)
    known.says("Sara agreed to emails")
    known.says("send the Eid offer to Sara")
    known.says("don't mail Sara")
    passes(known, minutes=1)
    assert post.letters == []
    (message,) = rows(known, Message)
    assert (message.state, message.reason) == ("dropped", "opted_out")


def test_what_is_undone_in_time_does_not_go(known: Conversation) -> None:
    post = Post(known)
    known.says("Sara agreed to emails")
    known.says("send the Eid offer to Sara")
    known.taps("Undo")
    passes(known, minutes=1)
    assert post.letters == []


def test_it_is_in_the_customers_language(known: Conversation) -> None:
    post = Post(known)
    known.says("Eid offer template in Urdu: محترم {نام|دوست}، عید مبارک")
    known.says("Sara agreed to emails")
    assert "written to in اردو" in words(known.says("Sara speaks Urdu"))
    known.says("send the Eid offer to Sara")
    passes(known, minutes=1)
    assert post.texts == ["محترم Sara، عید مبارک"]
    assert post.letters[0].reply.rtl


def test_at_night_it_waits_for_the_morning_there(known: Conversation) -> None:
    post = Post(known)
    known.says("new contact Tom Hill, tom@hill.co.uk, Manchester")
    known.says("Tom agreed to emails")
    known.clock.set(datetime(2026, 11, 24, 5, tzinfo=UTC))  # five in Manchester, ten in Karachi
    assert "it goes today, Tuesday 24 Nov, 2 pm" in words(known.says("send Eid offer to Tom"))
    passes(known, hours=3, minutes=59)
    assert post.letters == []
    passes(known, minutes=2)
    assert len(post.letters) == 1


def test_nobody_gets_more_in_a_week_than_the_team_allows(known: Conversation) -> None:
    post = Post(known)
    known.says("Sara agreed to emails")
    for name in ("One", "Two", "Three"):
        known.says(f"template {name}: {name} for {{name}}")
        told = words(known.says(f"send {name} to Sara"))
        passes(known, minutes=1)
    assert "as many messages this week" in told
    assert post.texts == ["One for Sara Malik", "Two for Sara Malik"]
    passes(known, days=6, hours=23)
    assert len(post.letters) == 2
    passes(known, hours=2)
    assert post.texts[2:] == ["Three for Sara Malik"]


def test_managers_change_the_rules(known: Conversation) -> None:
    assert "At most in a week, each: 2" in words(known.says("message rules"))
    assert "each: 3" in words(known.says("at most 3 messages a week per customer"))
    assert "None between: 9 pm to 10 am" in words(known.says("customers' quiet hours 9pm to 10am"))
    known.says("speak english", by="Bilal")
    told = words(known.says("at most 50 messages a week per customer", by="Bilal"))
    assert "each" not in told


@pytest.mark.parametrize(
    ("outcome", "state", "bad"),
    [
        (Refused("550 5.1.1 no such user", dead=True), "failed", True),
        (Refused("554 5.6.0 spam"), "failed", False),
        (Ambiguous("SMTPServerDisconnected"), "unknown", False),
    ],
)
def test_what_failed_or_may_have_arrived_is_not_sent_again(
    known: Conversation, outcome: Outcome, state: str, bad: bool
) -> None:
    post = Post(known, outcome)
    known.says("Sara agreed to emails")
    known.says("send the Eid offer to Sara")
    for _ in range(3):
        passes(known, hours=2)
    assert len(post.letters) == 1
    assert [row.state for row in rows(known, Message)] == [state]
    assert bool(rows(known, BadAddress)) is bad
    told = words(known.says("send the Eid offer to Sara"))
    assert ("come back" in told) is bad


def test_not_now_is_tried_again_but_not_after_an_opt_out(known: Conversation) -> None:
    post = Post(known, Wait(300, "450"), Wait(300, "450"))
    known.says("Sara agreed to emails")
    known.says("send the Eid offer to Sara")
    passes(known, minutes=1)
    passes(known, minutes=6)
    assert len(post.letters) == 2
    known.says("Sara unsubscribed")
    passes(known, minutes=6)
    passes(known, hours=6)
    assert len(post.letters) == 2
    assert [row.state for row in rows(known, Message)] == ["dropped"]


def test_what_waits_over_an_evening_goes_in_the_morning(known: Conversation) -> None:
    post = Post(known, Wait(300, "450"))
    known.says("Sara agreed to emails")
    known.clock.set(datetime(2026, 11, 24, 14, 55, tzinfo=UTC))  # five to eight in Lahore
    known.says("send the Eid offer to Sara")
    passes(known, minutes=1)
    passes(known, minutes=6)
    passes(known, hours=6)
    assert len(post.letters) == 1
    known.clock.set(datetime(2026, 11, 25, 4, 1, tzinfo=UTC))
    known.rings()
    assert len(post.letters) == 2
    assert [row.state for row in rows(known, Message)] == ["sent"]


def test_a_killed_sender_leaves_a_message_that_is_not_sent_again(known: Conversation) -> None:
    post = Post(known)

    async def dies(_letter: Letter) -> Outcome:
        raise asyncio.CancelledError

    known.sender.doors = {**known.sender.doors, "email": dies}
    known.says("Sara agreed to emails")
    known.says("send the Eid offer to Sara")
    with pytest.raises(asyncio.CancelledError):
        passes(known, minutes=1)
    known.sender = type(known.sender)(known.database, known.clock, {"email": post.push})
    for _ in range(3):
        passes(known, minutes=5)
    assert post.letters == []
    assert [row.state for row in rows(known, Message)] == ["unknown"]


def test_a_message_by_hand_is_prepared_and_confirmed(known: Conversation) -> None:
    known.says("we can whatsapp Sara")
    told = known.says("send the Eid offer to Sara by whatsapp")
    assert "https://wa.me/923215550101?text=Dear%20Sara%2C%20our%20Eid" in words(told)
    assert [row.state for row in rows(known, Message)] == ["prepared"]
    assert "Kept: sent to Sara Malik" in words(known.taps("Sent"))
    assert [row.state for row in rows(known, Message)] == ["sent"]
    assert [row.kind for row in rows(known, Activity)] == ["message"]
    known.says("Sara agreed to sms")
    told = known.says("send the Eid offer to Sara by sms")
    assert "sms:+923215550101?body=Dear" in words(told)
    known.taps("Not sent")
    assert [row.state for row in rows(known, Message)] == ["sent", "dropped"]
