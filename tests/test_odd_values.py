"""A value that makes no sense is refused in a sentence, or left out; nothing ever "went wrong"."""

from __future__ import annotations

from typing import Any

from storage.models import Company
from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_day import kept

LONG, HUGE = "x" * 4096, 10**400
NAMES = {
    "300 Urdu letters": "ن" * 300,
    "emoji": "🏭",
    "many words": "ab " * 120,
    "ligatures that grow": "ﷺ" * 200,
    "percent": "%_\\",
    "quote": "O'Neil; DROP TABLE contact; --",
}

ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "no such day": ("task.add", {"text": "call", "due": "2026-02-31"}),
    "no such hour": ("task.add", {"text": "call", "due": "2026-02-28T24:30"}),
    "a zone": ("task.add", {"text": "call", "due": "2026-02-28T10:00+05:00"}),
    "year one": ("task.add", {"text": "call", "due": "0001-01-01T00:00"}),
    "year 9999": ("task.add", {"text": "call", "due": "9999-12-31T23:59"}),
    "a day of words": ("task.add", {"text": "call", "due": "whenever"}),
    "no such rhythm": ("task.add", {"text": "call", "every": "fortnight"}),
    "no such weekday": ("task.add", {"text": "call", "every": "weekday:xyz"}),
    "snoozed to nowhere": ("task.snooze", {"text": "send rates", "due": "2026-02-31"}),
    "snoozed by what": ("task.snooze", {"text": "send rates", "by": "eternity"}),
    "tasks of a century": ("task.list", {"period": "century"}),
    "tasks of no day": ("task.list", {"on": "2026-13-01"}),
    "negative": ("deal.add", {"company": "Acme", "amount": -5}),
    "not a number": ("deal.add", {"company": "Acme", "amount": "nan"}),
    "infinite": ("deal.add", {"company": "Acme", "amount": "inf"}),
    "minus infinite": ("deal.add", {"company": "Acme", "amount": "-inf"}),
    "huge": ("deal.add", {"company": "Acme", "amount": HUGE}),
    "huge text": ("deal.add", {"company": "Acme", "amount": "9" * 500}),
    "a word": ("deal.add", {"company": "Acme", "amount": "plenty"}),
    "closes never": ("deal.add", {"company": "Acme", "close": "2026-02-30"}),
    "no such stage": ("deal.move", {"company": "Nishat Mills", "stage": "heaven"}),
    "no stage": ("deal.move", {"company": "Nishat Mills"}),
    "updated to nothing": ("deal.update", {"company": "Nishat Mills"}),
    "a deal that is gone": ("deal.win", {"deal": 7}),
    "a task that is gone": ("task.done", {"task": 7}),
    "a contact that is gone": ("contact.show", {"contact": 7}),
    "closing when": ("deal.list", {"close_within": "century"}),
    "whose": ("deal.list", {"owner": "Nobody"}),
    "what figure": ("stats.show", {"metric": "happiness"}),
    "what period": ("stats.show", {"metric": "won", "period": "century"}),
    "activity when": ("stats.show", {"metric": "activity", "period": "century"}),
    "what setting": ("settings.set", {"name": "weather", "value": "sunny"}),
    "what language": ("settings.set", {"name": "language", "value": "klingon"}),
    "what zone": ("settings.set", {"name": "timezone", "value": "Asia/Atlantis"}),
    "a zone that climbs": ("settings.set", {"name": "timezone", "value": "../../etc/passwd"}),
    "what currency": ("settings.set", {"name": "currency", "value": "shells"}),
    "what morning": ("settings.set", {"name": "morning", "value": "25:00"}),
    "what quiet": ("settings.set", {"name": "quiet", "value": "always"}),
    "half quiet": ("settings.set", {"name": "quiet", "value": "22:00"}),
    "happened when": ("activity.log", {"contact": "Sara Malik", "on": "2026-02-31"}),
    "undo of nothing": ("undo", {"turn_id": 7}),
    "edit of nothing": ("edit", {"turn_id": 7}),
    "edit of what is gone": ("edit.save", {"values": {"deal:7:amount": "5"}}),
    "nobody": ("contact.same", {"new": 7, "known": 8}),
    "no such intent": ("world.peace", {}),
}


QUANTITIES: tuple[tuple[float | str, str | None], ...] = (
    *((0, None), (-3, None), ("nan", None), ("inf", None), (1e300, None)),
    *((HUGE, None), ("lots", None), (1e-12, None), (40, "40"), (2.5, "2.5")),
    *((1_000_000, "1000000"), (1234567, "1234567"), (0.1 + 0.2, "0.3"), ("12", "12")),
)

FIELDS = (
    *("contact:name", "contact:company", "contact:phone", "contact:email", "contact:title"),
    *("deal:title", "deal:amount", "deal:stage", "deal:close", "task:text", "task:due"),
)


@scene
def chat(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Sara Malik", company="Nishat Mills")
    chat.runs("deal.add", contact="Sara Malik", amount=500000)
    chat.runs("task.add", text="send rates", due="2026-11-27T15:00")


def is_kind(chat: Conversation, answer: str) -> bool:
    wrong = chat.book.words["went_wrong"]["en"]
    return bool(answer.strip()) and wrong not in answer


def test_an_odd_value_is_refused_kindly(chat: Conversation) -> None:
    before = kept(chat)
    for what, (intent, slots) in ODD.items():
        answer = words(chat.runs(intent, **slots))
        assert is_kind(chat, answer), (what, answer)
        assert kept(chat) == before, what


def test_a_quantity_reads_as_it_was_said(chat: Conversation) -> None:
    for quantity, shown in QUANTITIES:
        chat.runs("deal.add", company="Acme", quantity=quantity)
        deal = kept(chat, "deal")[-1]
        assert deal["quantity"] == shown, quantity


def test_an_odd_name_is_kept_and_found_again(chat: Conversation) -> None:
    for what, name in NAMES.items():
        for intent, slots in (
            ("deal.add", {"contact": name, "company": name, "text": name}),
            ("task.add", {"contact": name, "text": LONG}),
            ("contact.update", {"contact": name, "phone": name, "email": name, "tags": [name]}),
            ("contact.update", {"company": name, "phone": name, "city": name, "source": name}),
            ("contact.show", {"contact": name}),
            ("contact.find", {"query": name}),
            ("contact.find", {"city": name, "title": name, "tags": [name]}),
            ("deal.lose", {"company": name, "reason": LONG}),
        ):
            answer = words(chat.runs(intent, **slots))
            assert is_kind(chat, answer), (what, intent, answer)
    found = {row["name"][:10] for row in kept(chat, "contact")}
    assert {name[:10].strip() for name in ("ن" * 10, "🏭", "O'Neil; DR")} <= found


def test_an_odd_answer_to_an_edit_is_put_or_refused_kindly(chat: Conversation) -> None:
    ids = {row["type"]: row["id"] for row in kept(chat)}
    for value in (LONG, "\u202e", "🎉", "-5", "1e400"):
        for field in FIELDS:
            kind, _, name = field.partition(":")
            answer = words(chat.runs("edit.save", values={f"{kind}:{ids[kind]}:{name}": value}))
            assert is_kind(chat, answer), (field, value, answer)
    assert all(row["name"] for row in kept(chat) if "name" in row)
    assert all(row["text"] for row in kept(chat, "task"))


def test_an_odd_answer_to_a_question_is_no_accident(chat: Conversation) -> None:
    chat.runs("deal.add", company="Nishat Mills", amount=80000)
    for value in ("9" * 4500, "\u202e", "0", "-1", "one", "🎉", LONG):
        assert len(labels(chat.runs("deal.win", company="Nishat Mills"))) == 3
        assert is_kind(chat, words(chat.says(value)))
        assert {deal["status"] for deal in kept(chat, "deal")} == {"open"}


def test_a_name_of_nothing_visible_makes_nobody(chat: Conversation) -> None:
    before = kept(chat)
    chat.runs("contact.add")
    assert is_kind(chat, words(chat.says("\u202e\u2066")))
    assert kept(chat) == before


def test_an_asked_stage_is_answered_in_a_word(chat: Conversation) -> None:
    chat.runs("deal.move", company="Nishat Mills")
    chat.says("proposal")
    assert [deal["stage"] for deal in kept(chat, "deal")] == ["proposal"]


def test_which_company_was_asked_and_the_person_is_not_forgotten(chat: Conversation) -> None:
    for name in ("Crescent Foods", "Crescent Cotton"):
        chat.runs("deal.add", company=name)
    for intent, name in (("contact.add", "Hina Javed"), ("activity.log", "Omar Farooq"),
                         ("deal.add", "Bilal Ahmed"), ("task.add", "Zara Khan")):  # fmt: skip
        asked = chat.runs(intent, contact=name, company="Crescent", text="samples")
        assert sorted(labels(asked)[:2]) == ["Crescent Cotton", "Crescent Foods"]
        chat.taps("Crescent Cotton")
        (row,) = [row for row in kept(chat, "contact") if row["name"] == name]
        assert row["company"] == "Crescent Cotton"


def test_the_exact_name_is_found_among_very_many_that_hold_it(chat: Conversation) -> None:
    chat.runs("deal.add", company="Ali")
    with chat.database.transaction() as session:
        like = session.query(Company).filter_by(name="Ali").one()
        session.add_all(
            Company(
                workspace_id=like.workspace_id, name=f"Ali {n}", name_key=f"ali {n}",
                sound_key=like.sound_key, owner_id=like.owner_id, created_at=like.created_at,
            )
            for n in range(450)
        )  # fmt: skip
    chat.runs("deal.add", company="Ali", amount=5)
    assert [d["amount"] for d in kept(chat, "deal") if d["company"] == "Ali"] == [None, "5.00"]
