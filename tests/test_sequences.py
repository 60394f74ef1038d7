"""Sequences: steps with waits and conditions, and what ends them for a customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.sequencing import read_steps
from rules.sequences import Step, as_steps, changed, kept, next_step, put_in, there
from storage.merging import fold_into
from storage.models import Contact, Message, SequenceRun, SequenceStart, Task
from storage.scope import within
from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_messages import NOON, Post, passes, rows

WELCOME = (
    "new sequence welcome: Hello by mail, 3 days later Offer by mail if no answer, "
    "2 days later task call and ask how it goes"
)


@scene
def town(chat: Conversation) -> None:
    """Sara and Bilal, who agreed to mails, and a sequence of two mails and a task."""
    chat.clock.set(NOON)
    chat.says("new contact Sara Malik, Nishat Mills, 0321 5550101, sara@nishat.pk, Lahore")
    chat.says("new contact Bilal Khan, 0333 5550102, bilal@khan.pk, Karachi")
    chat.says("Bilal agreed to e-mails")
    chat.says("Sara agreed to e-mails")
    chat.says("template Hello: Dear {first_name|friend}, welcome.")
    chat.says("template Offer: Dear {first_name|friend}, an offer.")
    chat.says("template Quote follow-up: Dear {first_name|friend}, about the quote.")
    chat.says(WELCOME)


def begun(chat: Conversation, said: str = "start welcome for Bilal") -> Post:
    post = Post(chat)
    chat.says(said)
    passes(chat, minutes=1)
    passes(chat, minutes=1)
    return post


def run_of(chat: Conversation) -> SequenceRun:
    return rows(chat, SequenceRun)[-1]  # type: ignore[no-any-return]


def test_the_steps_come_one_after_the_other(town: Conversation) -> None:
    post = begun(town)
    assert post.texts == ["Dear Bilal, welcome."]
    passes(town, days=2, hours=23)
    assert len(post.letters) == 1
    passes(town, hours=2)
    passes(town, minutes=1)
    assert post.texts[1:] == ["Dear Bilal, an offer."]
    assert rows(town, Task) == []
    passes(town, days=2, hours=1)
    task = rows(town, Task)[0]
    assert (task.text, task.status) == ("call and ask how it goes", "open")
    passes(town, days=30)
    assert (len(post.letters), len(rows(town, Task))) == (2, 1)
    assert (run_of(town).state, run_of(town).reason) == ("finished", None)
    told = words(town.says("show the welcome sequence"))
    assert "1 started" in told
    assert "1 went through to the end" in told
    assert "2 messages sent" in told
    assert "email, Offer" in words(town.says("show Bilal"))


@pytest.mark.parametrize(
    ("said", "reason", "told"),
    [
        ("Bilal answered: yes please", "answered", "answered"),
        ("Bilal ordered goods worth 50000", "bought", "bought"),
        ("deal 5 lakh with Bilal Khan|won bilal deal", "bought", "bought"),
        ("Bilal unsubscribed", "opted_out", "opted out"),
        ("stop emailing Bilal", "opted_out", "opted out"),
        ("met Bilal", "taken_over", "a colleague took over"),
        ("called Bilal, he likes tea", "taken_over", "a colleague took over"),
        ("i take over Bilal", "taken_over", "a colleague took over"),
        ("stop welcome for Bilal", "by_hand", "taken out by hand"),
    ],
)
def test_it_ends_for_a_reason_that_is_shown(
    town: Conversation, said: str, reason: str, told: str
) -> None:
    post = begun(town)
    for each in said.split("|"):
        town.says(each)
    passes(town, minutes=1)
    assert (run_of(town).state, run_of(town).reason) == ("stopped", reason)
    passes(town, days=9)
    passes(town, days=9)
    assert len(post.letters) == 1
    assert told in words(town.says("who is in welcome?"))


@pytest.mark.parametrize("said", ["note Bilal: likes tea", "remind me to call Bilal tomorrow"])
def test_what_is_no_word_with_them_ends_nothing(town: Conversation, said: str) -> None:
    begun(town)
    town.says(said)
    passes(town, minutes=1)
    assert run_of(town).state == "running"


def test_a_message_that_waits_does_not_go_after_an_answer(town: Conversation) -> None:
    post = Post(town)
    town.clock.set(NOON.replace(hour=17))  # ten in the evening in Karachi
    town.says("start welcome for Bilal")
    passes(town, minutes=2)
    assert [row.state for row in rows(town, Message)] == ["planned"]
    town.says("Bilal answered")
    passes(town, hours=12)
    assert post.letters == []
    row = rows(town, Message)[0]
    assert (row.state, row.reason) == ("dropped", "answered")


def test_what_was_a_mistake_is_taken_back(town: Conversation) -> None:
    post = begun(town)
    town.says("Bilal answered")
    passes(town, minutes=1)
    assert run_of(town).state == "stopped"
    town.says("undo")
    passes(town, minutes=1)
    assert run_of(town).state == "running"
    passes(town, days=3)
    passes(town, minutes=1)
    assert len(post.letters) == 2


def test_a_task_of_its_own_is_no_take_over(town: Conversation) -> None:
    town.says("new sequence care: task call them, 3 days later Offer by mail")
    post = begun(town, "start care for Bilal")
    assert [task.text for task in rows(town, Task)] == ["call them"]
    town.says("called Bilal")
    passes(town, days=3)
    passes(town, minutes=1)
    assert len(post.letters) == 1


def test_paused_it_waits_and_nobody_is_lost(town: Conversation) -> None:
    post = begun(town)
    assert "Paused: welcome" in words(town.says("pause welcome"))
    passes(town, days=20)
    assert len(post.letters) == 1
    assert "paused" in words(town.says("who is in welcome?"))
    assert "Goes on: welcome" in words(town.says("resume welcome"))
    for _ in range(4):
        passes(town, days=2)
        passes(town, minutes=1)
    assert post.texts == ["Dear Bilal, welcome.", "Dear Bilal, an offer."]
    assert len(rows(town, Task)) == 1


def test_undo_of_a_pause_lets_it_go_on(town: Conversation) -> None:
    post = begun(town)
    town.says("pause welcome")
    passes(town, days=4)
    assert len(post.letters) == 1
    town.says("undo")
    passes(town, minutes=1)
    passes(town, minutes=1)
    assert len(post.letters) == 2


def test_an_edited_one_sends_nothing_twice(town: Conversation) -> None:
    post = begun(town)
    told = words(town.says("step 1 of welcome: Quote follow-up by mail"))
    assert "Changed: welcome" in told
    assert "It holds for the one who is in it" in told
    town.says("add a step to welcome after step 1: a day later task write a card")
    town.says("remove step 3 from welcome")
    passes(town, days=1)
    passes(town, minutes=1)
    assert [task.text for task in rows(town, Task)] == ["write a card"]
    for _ in range(9):
        passes(town, days=2)
        passes(town, minutes=1)
    assert post.texts == ["Dear Bilal, welcome."]
    assert [t.text for t in rows(town, Task)] == ["write a card", "call and ask how it goes"]
    assert run_of(town).state == "finished"


def test_a_wait_is_changed_for_whoever_waits(town: Conversation) -> None:
    post = begun(town)
    assert "After 5 days, if no answer" in words(town.says("change step 2 of welcome to 5 days"))
    passes(town, days=4)
    assert len(post.letters) == 1
    passes(town, days=1)
    passes(town, minutes=1)
    assert len(post.letters) == 2


def test_a_stage_starts_it_and_ends_it(town: Conversation) -> None:
    town.says("new sequence quote follow-up: 3 days after the quote, if no answer, "
              "Quote follow-up by mail")  # fmt: skip
    told = words(town.says("whenever a deal moves to Proposal start 'quote follow-up'"))
    assert "A deal that comes to proposal starts quote follow-up" in told
    post = Post(town)
    town.says("deal 5 lakh with Bilal Khan")
    passes(town, minutes=1)
    assert rows(town, SequenceRun) == []
    town.says("bilal deal moved to proposal")
    passes(town, minutes=1)
    assert (run_of(town).how, run_of(town).state) == ("stage", "running")
    passes(town, days=3)
    passes(town, minutes=1)
    assert post.texts == ["Dear Bilal, about the quote."]
    town.says("deal 2 lakh with Sara Malik in proposal stage")
    passes(town, minutes=1)
    if run_of(town).contact_id == rows(town, SequenceRun)[0].contact_id:
        town.says("sara deal moved to proposal")
        passes(town, minutes=1)
    assert run_of(town).state == "running"
    town.says("sara deal moved to negotiation")
    passes(town, minutes=1)
    assert run_of(town).reason == "moved_on"
    assert "Starts when a deal comes to proposal" in words(town.says("show quote follow-up"))
    town.says("stop starting quote follow-up when a deal moves to proposal")
    assert rows(town, SequenceStart) == []


def test_whoever_enters_a_segment_comes_in_once(town: Conversation) -> None:
    post = Post(town)
    town.says("segment Lahoris: contacts in Lahore")
    told = town.says("start welcome when somebody enters the segment Lahoris")
    assert "Whoever enters Lahoris starts welcome" in words(told)
    assert "Start it for those in it: 1" in labels(told)
    passes(town, minutes=20)
    assert rows(town, SequenceRun) == [], "who is there by now has not entered"
    town.says("Bilal's city is Lahore")
    town.says("new contact Hina Shah, 0333 5550103, Multan")
    passes(town, minutes=11)
    assert [(run_of(town).how, run_of(town).state)] == [("segment", "running")]
    passes(town, minutes=1)
    assert post.texts == ["Dear Bilal, welcome."]
    assert "Starts for whoever enters Lahoris" in words(town.says("show welcome"))
    town.says("Bilal answered: yes please")
    passes(town, minutes=1)
    assert run_of(town).reason == "answered"
    town.says("Bilal's city is Karachi")
    passes(town, minutes=11)
    town.says("Bilal's city is Lahore")
    passes(town, minutes=11)
    assert len(rows(town, SequenceRun)) == 1, "whoever comes back has been in it"
    told = town.says("جب کوئی Lahoris سیگمنٹ میں آئے تو welcome شروع کرو")
    assert "پہلے ہی شروع ہوتا ہے" in words(told)
    town.says("jab koi Lahoris segment mein aaye to welcome shuru na karo")
    assert rows(town, SequenceStart) == []
    town.says("Hina's city is Lahore")
    passes(town, minutes=11)
    assert len(rows(town, SequenceRun)) == 1


def test_a_segment_that_goes_starts_nothing(town: Conversation) -> None:
    town.says("segment Lahoris: contacts in Lahore")
    town.says("start welcome when somebody enters the segment Lahoris")
    town.says("watch Lahoris")
    town.says("stop watching Lahoris")
    town.says("Bilal's city is Lahore")
    passes(town, minutes=11)
    assert len(rows(town, SequenceRun)) == 1, "nobody watches it, and it starts a sequence"
    town.says("delete segment Lahoris")
    assert rows(town, SequenceStart) == []
    town.says("undo")
    assert [row.segment_id is not None for row in rows(town, SequenceStart)] == [True]


def test_a_move_that_is_taken_back_starts_nothing(town: Conversation) -> None:
    town.says("whenever a deal moves to proposal start welcome")
    town.says("deal 5 lakh with Bilal Khan")
    post = Post(town)
    town.says("bilal deal moved to proposal")
    town.says("undo")
    passes(town, minutes=2)
    assert (rows(town, SequenceRun), post.letters) == ([], [])


def test_many_come_in_once_they_are_confirmed(town: Conversation) -> None:
    told = town.says("start welcome for customers in Lahore")
    assert "One customer would come in" in words(told)
    assert rows(town, SequenceRun) == []
    post = Post(town)
    town.taps("Start for")
    passes(town, minutes=1)
    assert post.texts == ["Dear Sara, welcome."]
    assert "all are in welcome" in words(town.says("start welcome for customers in Lahore"))
    assert "Start for one" in labels(town.says("start welcome for all customers"))


def test_several_are_named_and_a_segment_is_described(town: Conversation) -> None:
    town.says("start welcome for Sara and Bilal")
    assert len(rows(town, SequenceRun)) == 2
    town.says("undo")
    assert rows(town, SequenceRun) == []
    town.says("Bilal ordered goods worth 50000")
    told = words(town.says("start welcome for customers who bought in the last 90 days"))
    assert "One customer would come in" in told
    town.says("start welcome for Bilal")
    assert "Start for one" in labels(town.says("start welcome for all customers"))


def test_many_are_taken_back_with_one_undo(town: Conversation) -> None:
    town.says("start welcome for all customers")
    town.taps("Start for")
    assert len(rows(town, SequenceRun)) == 2
    town.says("undo")
    assert rows(town, SequenceRun) == []


def test_nobody_is_in_it_twice_at_once_and_may_come_again(town: Conversation) -> None:
    post = begun(town)
    assert "is in welcome already" in words(town.says("start welcome for Bilal"))
    town.says("stop welcome for Bilal")
    town.says("start welcome for Bilal")
    passes(town, minutes=1)
    passes(town, minutes=1)
    assert run_of(town).round == 2
    assert len(post.letters) == 2


def test_a_step_only_for_some(town: Conversation) -> None:
    town.says(
        "new sequence eid: Hello by mail only for customers in Lahore; a day later Offer by mail"
    )
    post = begun(town, "start eid for Bilal")
    passes(town, days=2)
    passes(town, minutes=1)
    assert post.texts == ["Dear Bilal, an offer."]
    assert run_of(town).done[0]["why"] == "not_for_them"


def test_a_prepared_link_for_the_rep(town: Conversation) -> None:
    town.says("Bilal agreed to whatsapp")
    town.says("new sequence wa: Hello by whatsapp, a day later task call them")
    begun(town, "start wa for Bilal")
    assert [row.state for row in rows(town, Message)] == ["ready"]
    assert "waits to be sent by hand" in words(town.says("who is in wa?"))
    told = words(town.runs("message.open", message=rows(town, Message)[0].id))
    assert "https://wa.me/923335550102" in told
    town.taps("Sent")
    passes(town, days=1, hours=1)
    assert [task.text for task in rows(town, Task)] == ["call them"]


def test_what_is_not_agreed_to_is_left_out_and_it_goes_on(town: Conversation) -> None:
    town.says("new contact Tahir Butt, tahir@butt.pk")
    told = words(town.says("start welcome for Tahir"))
    assert "has not agreed" in told
    assert "its messages are left out" in told
    post = Post(town)
    for _ in range(9):
        passes(town, days=1)
        passes(town, minutes=1)
    assert post.letters == []
    assert [task.text for task in rows(town, Task)] == ["call and ask how it goes"]
    assert [each["what"] for each in run_of(town).done] == ["left_out", "left_out", "task"]


def test_stop_and_undo_bring_everybody_back(town: Conversation) -> None:
    post = begun(town)
    town.says("stop welcome")
    passes(town, days=4)
    assert run_of(town).reason == "switched_off"
    town.says("undo")
    passes(town, minutes=1)
    passes(town, minutes=1)
    assert len(post.letters) == 2
    assert "welcome is stopped" not in words(town.says("start welcome for Sara"))


def test_two_who_are_one_get_it_once(town: Conversation) -> None:
    town.says("start welcome for Bilal")
    town.says("start welcome for Sara")
    post = Post(town)
    ids = [row.contact_id for row in rows(town, SequenceRun)]
    with town.database.transaction() as session, within(session, 1):
        bilal, sara = (session.get_one(Contact, (1, number)) for number in ids)
        fold_into(session, bilal, sara)
    for _ in range(4):
        passes(town, minutes=1)
    assert len(post.letters) == 1
    assert sorted(str(row.reason) for row in rows(town, SequenceRun)) == ["None", "twice"]
    passes(town, days=3)
    passes(town, minutes=1)
    assert len(post.letters) == 2


def test_only_managers_make_and_pause_one(town: Conversation) -> None:
    town.says("speak english", by="Umar")
    town.says("pause welcome", by="Umar")
    town.says("new sequence mine: Hello by mail", by="Umar")
    assert "running, 3 steps" in words(town.says("sequences"))
    assert "mine" not in words(town.says("sequences"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("sequences", "Sequences"),
        ("show our sequences", "Sequences"),
        ("silsile dikhao", "welcome: "),
        ("سلسلے دکھاؤ", "سلسلے"),
        ("welcome silsila dikhao", "welcome: jari"),
        ("put Bilal in welcome", "Bilal Khan is in welcome now"),
        ("add Bilal to the welcome sequence", "Bilal Khan is in welcome now"),
        ("begin the welcome sequence for Bilal Khan", "Bilal Khan is in welcome now"),
        ("Bilal ke liye welcome shuru karo", "Bilal Khan ab welcome mein hain"),
        ("bilal ko welcome mein dalo", "Bilal Khan ab welcome mein hain"),
        ("بلال کے لیے welcome شروع کرو", "اب welcome میں"),
        ("بلال کو welcome میں ڈال دو", "اب welcome میں"),
        ("pause the welcome sequence", "Paused: welcome"),
        ("put welcome on hold", "Paused: welcome"),
        ("welcome silsile ko abhi rok do", "Rok diya: welcome"),
        ("welcome سلسلہ روک دو", "روک دیا: welcome"),
        ("stop the welcome sequence for everybody", "Stopped for everybody: welcome"),
        ("welcome band kar do", "Sab ke liye band: welcome"),
        ("welcome کو بند کر دو", "سب کے لیے بند: welcome"),
        ("how is welcome doing", "welcome: running"),
        ("edit welcome", "To change it"),
        ("delete the welcome sequence", "Removed: welcome"),
        ("who is in welcome?", "Nobody was in welcome yet"),
        ("welcome mein kaun hai", "Abhi welcome mein koi nahi aaya"),
        ("welcome میں کون کون ہے", "ابھی welcome میں کوئی نہیں آیا"),
        ("jab koi deal proposal mein aaye to welcome shuru karo", "se welcome shuru hoga"),
        ("جب کوئی ڈیل پروپوزل میں آئے تو welcome شروع کرو", "سے welcome شروع ہوگا"),
        ("welcome ka qadam 2 5 din baad karo", "5 din baad, agar jawab na aaye"),
        ("welcome کا قدم 2 5 دن بعد کرو", "5 دن بعد"),
        ("welcome se qadam 2 hatao", "Badal diya: welcome"),
        ("welcome mein naya qadam: 2 din baad kaam card likho", "kaam: card likho"),
        ("naya silsila eid: Hello email se, phir 3 din baad Offer", "3 din baad: Offer"),
        ("نیا سلسلہ عید: Hello ای میل سے، پھر 3 دن بعد Offer", "3 دن بعد: Offer"),
    ],
)
def test_it_is_said_in_three_tongues(town: Conversation, said: str, expected: str) -> None:
    assert expected in words(town.says(said))


@pytest.mark.parametrize(
    "said",
    [
        "start", "pause", "stop", "who is in Karachi?", "show Bilal", "resume",
        "start the machine for Bilal tomorrow", "put Bilal in touch with Sara",
        "edit Bilal", "delete Bilal", "deal moved to proposal", "Bilal ko call karo",
        "who is in the office", "add Bilal to the deal", "take Sara out for lunch on friday",
    ],
)  # fmt: skip
def test_other_sentences_are_not_swallowed(town: Conversation, said: str) -> None:
    town.says(said)
    assert rows(town, SequenceRun) == []
    assert "welcome: running, 3 steps, 0 in it" in words(town.says("please show all our sequences"))


# --- rules ----------------------------------------------------------------------------------------

STEPS = st.lists(
    st.builds(
        Step, st.just(0), st.sampled_from(["message", "task"]),
        st.timedeltas(timedelta(), timedelta(days=40)).map(
            lambda each: timedelta(minutes=round(each.total_seconds() / 60))
        ),
    ),
    max_size=8,
)  # fmt: skip


@given(steps=STEPS, places=st.lists(st.integers(0, 9), max_size=8))
def test_steps_keep_their_keys_wherever_they_stand(steps: list[Step], places: list[int]) -> None:
    plan: tuple[Step, ...] = ()
    for each, place in zip(steps, [*places, *[9] * 8], strict=False):
        plan = put_in(plan, each, place)
    assert len({step.key for step in plan}) == len(steps)
    assert as_steps(kept(plan)) == plan
    passed: list[int] = []
    last: int | None = None
    while step := next_step(plan, last):
        passed.append(step.key)
        last = step.key
    assert passed == [step.key for step in plan]


@given(steps=STEPS.filter(lambda each: len(each) > 1), at=st.integers(0, 7))
def test_whoever_has_passed_a_step_that_goes_goes_on_after_it(steps: list[Step], at: int) -> None:
    plan: tuple[Step, ...] = ()
    for each in steps:
        plan = put_in(plan, each)
    gone = plan[at % len(plan)]
    then = next_step(plan, gone.key)
    plan = changed(plan, gone.key, gone=True)
    assert next_step(plan, gone.key) == then
    assert gone.key not in {step.key for step in there(plan)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Hello by mail", [(None, "Hello", "email", None)]),
        ("send Hello; wait 3 days; send Offer if they have not replied",
         [(None, "Hello", "", None), (3, "Offer", "", "no_answer")]),
        ("1. Hello\n2. after a week, if there is no answer: Offer by sms",
         [(None, "Hello", "", None), (7, "Offer", "sms", "no_answer")]),
        ("3 days after the quote, if no answer, send Offer by whatsapp",
         [(3, "Offer", "whatsapp", "no_answer")]),
        ("Hello, then Offer the next day unless they buy",
         [(None, "Hello", "", None), (1, "Offer", "", "no_purchase")]),
        ("pehle Hello email se, phir teen din baad agar jawab na aaye to Offer bhejo",
         [(None, "Hello", "email", None), (3, "Offer", "", "no_answer")]),
        ("Hello واٹس ایپ سے بھیجو، پھر ایک ہفتے بعد اگر جواب نہ آئے تو Offer",
         [(None, "Hello", "whatsapp", None), (7, "Offer", "", "no_answer")]),
    ],
)  # fmt: skip
def test_steps_are_read_as_they_are_said(
    said: str, expected: list[tuple[int | None, str, str, str | None]]
) -> None:
    found = [
        (each.wait.days if each.wait is not None else None, each.template,
         ",".join(each.ways), each.only)
        for each in read_steps(said, ["Hello", "Offer"])
    ]  # fmt: skip
    assert found == expected
