"""New leads go to whose they are by the team's rules: told to both sides, fair, and taken back."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.incoming import Attachment, Forwarded
from rules.assigning import Newcomer, Rule, fits, fitting, next_of
from rules.scoring import Word
from storage.assigning import take_turn
from storage.database import Database
from storage.models import Company, Contact, Deal, LeadRule, LeadTurn, Member
from storage.scope import EVERYWHERE, enter
from tests.conversation import Conversation, user_id, words
from tests.scenes import scene

CSV = """name,city,phone,lead source,owner
Ali Khan,Lahore,0300 1111111,expo,
Sana Mir,Lahore,0300 1111112,expo,
Omair Gul,Multan,0300 1111113,website,
Kiran Shah,Multan,0300 1111114,website,
Rafi Butt,Multan,0300 1111115,website,
Uzma Noor,Quetta,0300 1111116,expo,
Taha Aziz,Lahore,0300 1111117,expo,Hina
"""


@scene
def team(chat: Conversation) -> None:
    """Ayesha leads Sara, Omar and Hina."""
    for name in ("Sara", "Omar", "Hina"):
        chat.says("hello", by=name)
    chat.says("leads from Lahore go to Sara")
    chat.says("website leads turn by turn between Omar and Hina")


def owners(chat: Conversation, kind: type[Contact | Company | Deal] = Contact) -> dict[str, str]:
    """Whose each is, by name: counted from the tables alone."""
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        members = {each.id: each.name for each in session.scalars(select(Member))}
        rows: list[Any] = list(session.scalars(select(kind).order_by(kind.id)))
        return {
            (row.buyer if isinstance(row, Deal) else row.name): members.get(row.owner_id or 0, "")
            for row in rows
        }


def test_leads_that_are_here_are_given_in_bulk(team: Conversation) -> None:
    for name, city in (("Ali Khan", "Lahore"), ("Sana Mir", "Lahore"), ("Kiran Shah", "Multan")):
        team.says(f"new contact {name}, {city}", by="Omar")
    assert set(owners(team).values()) == {"Omar"}
    told = team.says("lahore ki leads mujhe do")
    assert "2 leads aap ki ho jayengi" in words(told)
    assert "Abhi kis ki hain: Omar: 2" in words(told)
    assert set(owners(team).values()) == {"Omar"}, "nothing is given before it is confirmed"
    team.taps("De dein: 2")
    assert owners(team) == {"Ali Khan": "Ayesha", "Sana Mir": "Ayesha", "Kiran Shah": "Omar"}
    assert "Omar: 1" in words(team.says("کس کے پاس کتنی لیڈز ہیں؟"))
    team.says("undo")
    assert set(owners(team).values()) == {"Omar"}
    told = team.says("move all Lahore leads to Sara")
    assert words(told).startswith("2 leads would go to Sara")
    team.taps("Give: 2")
    assert owners(team) == {"Ali Khan": "Sara", "Sana Mir": "Sara", "Kiran Shah": "Omar"}
    listed = words(team.says("leads by owner"))
    assert listed.splitlines()[:3] == ["Leads by owner: 3 in all", "Sara: 2", "Omar: 1"]
    told = team.says("give all existing leads to Hina and Omar")
    assert words(told).startswith("2 leads would go to Hina and Omar"), "Omar has one by now"


def test_a_rep_takes_no_leads_of_others(team: Conversation) -> None:
    team.says("new contact Ali Khan, Lahore", by="Omar")
    told = team.says("give me the Lahore leads", by="Hina")
    assert "No lead like this is left to give to Hina" in words(told)
    assert owners(team) == {"Ali Khan": "Omar"}
    told = team.says("textile ki maujooda leads sara ko do")
    assert "textile" in words(told)
    assert "samajh nahi aaya" in words(told), "what is not understood is told, and nobody is given"


def test_a_rule_leads_to_those_who_are_here(team: Conversation) -> None:
    team.says("new contact Ali Khan, Karachi", by="Omar")
    team.says("assign Karachi leads to Sara")
    assert owners(team) == {"Ali Khan": "Omar"}
    assert words(team.taps("Those that are here, too")).startswith("One lead would go to Sara")
    team.taps("Give: 1")
    assert owners(team) == {"Ali Khan": "Sara"}


# --- in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("leads from Karachi go to Hina", "Karachi leads go to Hina"),
        ("give all Multan leads to Omar", "Multan leads go to Omar"),
        ("Sara gets the textile leads", "textile leads go to Sara"),
        ("split new leads between Omar and Hina", "new leads go to Omar and Hina, turn by turn"),
        ("leads over 5 lakh go to Sara", "leads of Rs 5 lakh or more go to Sara"),
        ("leads in Urdu go to Hina", "leads in اردو go to Hina"),
        ("karachi ki leads sara ko do", "karachi ki leads Sara ko jayengi"),
        ("nayi leads sara aur omar mein baant do", "nayi leads bari bari Sara aur Omar ko"),
        ("کراچی کی لیڈز سارہ کو دیں", "کراچی کی لیڈز Sara کو جائیں گی"),
        ("ویب سائٹ کی لیڈز عمر اور حنا کو باری باری دیں", "باری باری Omar اور Hina کو"),
    ],
)
def test_a_rule_is_made_in_words(team: Conversation, said: str, told: str) -> None:
    assert told in words(team.says(said))


def test_rules_are_listed_changed_and_taken_out_by_their_number(team: Conversation) -> None:
    told = words(team.says("assignment rules"))
    assert "Lahore leads go to Sara\nwebsite leads go to Omar and Hina, turn by turn" in told
    assert "It was: Lahore leads go to Sara" in words(team.says("lahore leads go to Omar"))
    assert "Taken out: website leads go to Omar and Hina" in words(team.says("remove rule 2"))
    assert "website" not in words(team.says("assignment rules"))
    team.says("undo")
    assert "website" in words(team.says("assignment rules"))
    assert "Taken out: lahore leads" in words(team.says("forget the rule for Lahore"))


def test_a_rep_reads_the_rules_and_changes_none(team: Conversation) -> None:
    assert "Lahore leads go to Sara" in words(team.says("who gets which leads?", by="Omar"))
    assert "Only a team manager" in words(team.says("leads from Lahore go to Omar", by="Omar"))
    assert "Nobody on the team is called Zeb" in words(team.says("leads from Lahore go to Zeb"))


# --- who comes in, goes to whose they are ---------------------------------------------------------


def test_a_lead_from_a_shared_channel_is_given_and_told_to_both(team: Conversation) -> None:
    reply = team.says(
        "new lead Faisal from Gul Mills, Lahore, deal 5 lakh", by="Omar", place="Sales"
    )
    assert "Given to Sara: Lahore leads are theirs." in words(reply)
    assert owners(team) == {"Faisal": "Sara"}
    assert owners(team, Company) == {"Gul Mills": "Sara"}
    assert owners(team, Deal) == {"Gul Mills": "Sara"}
    (heard,) = [each for each in team.rings() if "new lead" in words(each.reply)]
    assert heard.to == user_id("Sara")
    assert "from Omar: Faisal @ Gul Mills" in words(heard.reply)
    assert "Lahore leads are yours" in words(heard.reply)
    assert not [each for each in team.rings() if "new lead" in words(each.reply)]


def test_it_is_kept_by_a_tap_and_all_is_undone(team: Conversation) -> None:
    team.says("new lead Faisal from Gul Mills, Lahore, deal 5 lakh", by="Omar", place="Sales")
    team.taps("Keep it with me", by="Omar", place="Sales")
    assert owners(team) == {"Faisal": "Omar"}
    assert owners(team, Deal) == {"Gul Mills": "Omar"}
    assert owners(team, Company) == {"Gul Mills": "Omar"}
    assert not [each for each in team.rings() if "new lead" in words(each.reply)]
    team.taps("Undo", by="Omar", place="Sales")
    assert owners(team) == {"Faisal": "Sara"}
    team.says("new lead Zara, Lahore", by="Omar", place="Sales")
    team.taps("Undo", by="Omar", place="Sales")
    assert "Zara" not in owners(team)
    assert not [each for each in team.rings() if "Zara" in words(each.reply)]


def test_what_a_rep_writes_alone_is_theirs_and_a_manager_gives_out(team: Conversation) -> None:
    assert "Given" not in words(team.says("add Adnan from Lahore", by="Omar"))
    assert "Given to Sara" in words(team.says("new contact Ali Khan, Lahore"))
    assert owners(team) == {"Adnan": "Omar", "Ali Khan": "Sara"}


def test_a_forwarded_message_is_given_by_what_it_says(team: Conversation) -> None:
    team.says("loom leads go to Hina")
    wrote = Forwarded("Ali Raza", "Please send rates for 20 looms", "@aliraza")
    team.does("Omar", "", forwarded=wrote)
    team.taps("Add Ali Raza", by="Omar")
    assert "Given to Hina: loom leads are theirs." in words(team.taps("Save", by="Omar"))
    assert owners(team) == {"Ali Raza": "Hina"}


def test_the_leads_of_a_file_without_owners_are_given_and_counted(team: Conversation) -> None:
    team.does("Ayesha", "", attachment=Attachment("leads.csv", CSV.encode()))
    told = words(team.taps("Take it in"))
    assert "Given to Sara: Lahore leads are theirs. (2)" in told
    mine = owners(team)
    assert (mine["Ali Khan"], mine["Sana Mir"], mine["Taha Aziz"]) == ("Sara", "Sara", "Hina")
    assert mine["Uzma Noor"] == "Ayesha"
    web = Counter(mine[name] for name in ("Omair Gul", "Kiran Shah", "Rafi Butt"))
    assert sorted(web.items()) == [("Hina", 1), ("Omar", 2)]
    assert f"Given to Omar: website leads go turn by turn, and it is their turn. ({web['Omar']})" in told  # fmt: skip  # noqa: E501 - one sentence
    heard = {each.to: words(each.reply) for each in team.rings() if "new lead" in words(each.reply)}
    assert "2 new leads for you, from a file of Ayesha" in heard[user_id("Sara")]
    team.says("undo")
    assert owners(team) == {}


def test_a_look_at_a_file_takes_nobodys_turn(team: Conversation) -> None:
    team.does("Ayesha", "", attachment=Attachment("leads.csv", CSV.encode()))
    team.taps("No")
    team.says("add Zara, source website")
    assert owners(team)["Zara"] == "Omar"


def test_the_first_rule_that_fits_holds_and_one_for_all_comes_last(team: Conversation) -> None:
    team.says("all new leads go to Hina")
    team.says("leads over 5 lakh go to Omar")
    team.says("new lead Ali, Quetta", place="Sales")
    team.says("new lead Zara, Quetta, deal 8 lakh", place="Sales")
    team.says("new lead Saad, Lahore, deal 8 lakh", place="Sales")
    assert owners(team) == {"Ali": "Hina", "Zara": "Omar", "Saad": "Sara"}


def test_a_lead_in_urdu_goes_to_whom_reads_it(team: Conversation) -> None:
    team.says("leads in Urdu go to Hina")
    team.says("نیا رابطہ: عائشہ خان، 03215550101", place="Sales")
    assert set(owners(team).values()) == {"Hina"}


# --- turns ----------------------------------------------------------------------------------------


def test_turns_go_round_and_pass_over_who_is_away(team: Conversation) -> None:
    for name in ("Ali", "Zara", "Saad", "Kiran"):
        team.says(f"add {name}, source website")
    assert list(owners(team).values()) == ["Omar", "Hina", "Omar", "Hina"]
    team.says("my customers to Sara until monday", by="Omar")
    assert "passed over: Omar" in words(team.says("assignment rules"))
    for name in ("Rafi", "Uzma"):
        team.says(f"add {name}, source website")
    assert list(owners(team).values())[4:] == ["Hina", "Hina"]
    team.says("my customers to Hina until monday", by="Sara")
    assert "Given" not in words(team.says("add Taha, Lahore"))


def test_two_at_once_never_take_the_same_turn(team: Conversation, database: Database) -> None:
    with database.transaction() as session:
        enter(session, EVERYWHERE)
        rule = session.scalars(select(LeadRule).order_by(LeadRule.id.desc())).first()
        assert rule is not None
        space, number, members = rule.workspace_id, rule.id, list(rule.member_ids)

    def once(_: int) -> int | None:
        def take(session):  # type: ignore[no-untyped-def]  # any session
            enter(session, space)
            return take_turn(session, space, number, members, members)

        taken: int | None = database.run(take)
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(once, range(20)))
    assert Counter(taken) == dict.fromkeys(members, 10)
    with database.transaction() as session:
        enter(session, EVERYWHERE)
        assert session.get_one(LeadTurn, (space, number)).last_id == members[1]


# --- the rule by itself ---------------------------------------------------------------------------

MEMBERS = st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True)


@given(MEMBERS, st.integers(1, 60))
def test_turns_are_fair(members: list[int], many: int) -> None:
    last, taken = None, Counter[int]()
    for _ in range(many):
        last = next_of(members, last, members)
        assert last is not None
        taken[last] += 1
    counts = [taken[member] for member in members]
    assert max(counts) - min(counts) <= 1


@given(MEMBERS, st.integers(0, 10), st.sets(st.integers(1, 9)))
def test_who_is_not_here_has_no_turn(members: list[int], last: int, here: set[int]) -> None:
    chosen = next_of(members, last, here)
    assert (chosen is None) == here.isdisjoint(members)
    assert chosen is None or (chosen in here and chosen in members)


def test_what_a_rule_asks() -> None:
    looms = (Word("looms"),)
    lead = Newcomer(frozenset({"lhr"}), [(Word("website"),)], [looms], 500_000, "ur")
    held = [
        Rule(1, "all", "", (1,)), Rule(2, "city", "Lahore", (1,), key="lhr"),
        Rule(3, "source", "website", (1,), (Word("website"),)),
        Rule(4, "word", "loom", (1,), (Word("loom"),)), Rule(5, "amount", "500000", (1,)),
        Rule(6, "language", "ur", (1,)), Rule(7, "word", "website", (1,), (Word("website"),)),
    ]  # fmt: skip
    assert all(fits(rule, lead) for rule in held)
    assert [rule.id for rule in fitting(held, lead)] == [2, 3, 4, 5, 6, 7, 1]
    nobody = Newcomer()
    assert [rule.id for rule in fitting(held, nobody)] == [1]
    assert not fits(Rule(8, "amount", "500001", (1,)), lead)
    assert not fits(Rule(9, "city", "?", (1,)), lead)
