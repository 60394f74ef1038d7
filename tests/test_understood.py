"""Whatever is written down comes back with what was understood, days and hours in words."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, words

KNOWN = {
    "en": "add Ayesha Khan, Bilal Traders, 0321 5550101",
    "roman": "naya contact Ayesha Khan, Bilal Traders, 0321 5550101",
    "ur": "نیا رابطہ: عائشہ خان، بلال ٹریڈرز، 03215550101",
}

# On Monday 23 November 2026, ten in the morning: what is said, and a line of the answer.
SAID = {
    "en": [
        ("met Ayesha Khan today", "When: today, Monday 23 Nov"),
        ("met Ayesha Khan yesterday, she wants new rates", "When: yesterday, Sunday 22 Nov"),
        ("visited Bilal Traders on friday at 3pm", "When: Friday 20 Nov, 3 pm"),
        ("deal for Bilal Traders, 5 lakh, closing 15 Dec", "Closes: Tuesday 15 Dec"),
        ("Bilal Traders deal will close on 20 dec", "Closes: Sunday 20 Dec"),
        ("Bilal Traders deal is now 6 lakh", "Amount: Rs 6 lakh (600,000)"),
        ("call Ayesha Khan friday 3pm", "Due: Friday 27 Nov, 3 pm"),
        ("snooze Ayesha Khan to monday", "Due: Monday 30 Nov, 3 pm"),
        ("every monday check stock with Bilal Traders", "Due: Monday 30 Nov"),
        ("remind me in 20 minutes to send the rates", "Due: today, Monday 23 Nov, 10:20 am"),
        ("quiet hours 10pm to 7am", "Quiet hours: 10 pm to 7 am"),
    ],
    "roman": [
        ("aaj subah Ayesha Khan se mulaqat hui", "Kab: aaj, Peer 23 Nov, subah 9 baje"),
        ("kal Bilal Traders se call pe baat hui", "Kab: guzishta kal, Itwar 22 Nov"),
        ("Bilal Traders ke sath 5 lakh ki deal banao 15 dec tak", "Closing date: Mangal 15 Dec"),
        ("kal 4 baje Ayesha Khan ko call karni hai", "Kab: kal, Mangal 24 Nov, shaam 4 baje"),
        ("Ayesha Khan ka reminder jumme pe kr do", "Kab: Jumma 27 Nov, shaam 4 baje"),
        ("Ayesha Khan wala kaam ho gaya", "Gahak: Ayesha Khan"),
        ("har jumme ko Bilal Traders se follow up karna hai", "Kab: Jumma 27 Nov"),
    ],
    "ur": [
        ("آج صبح عائشہ خان سے ملاقات ہوئی", "کب: آج، پیر 23 نومبر، صبح 9 بجے"),
        ("کل بلال ٹریڈرز سے فون پر بات ہوئی", "کب: گزشتہ کل، اتوار 22 نومبر"),
        ("عائشہ خان کو کل 4 بجے فون کرنا ہے", "کب: کل، منگل 24 نومبر، شام 4 بجے"),
        ("عائشہ خان والا کام پیر پر کر دو", "کب: پیر 30 نومبر، شام 4 بجے"),
        ("عائشہ خان والا کام ہو گیا", "گاہک: عائشہ خان"),
        ("ہر جمعے کو بلال ٹریڈرز کو کال کرنی ہے", "کب: جمعہ 27 نومبر"),
    ],
}


@pytest.mark.parametrize("tongue", SAID)
def test_what_was_understood_is_said(chat: Conversation, tongue: str) -> None:
    chat.says(KNOWN[tongue])
    told = {said: words(chat.says(said)).splitlines() for said, _ in SAID[tongue]}
    assert [said for said, line in SAID[tongue] if line not in told[said]] == []


def test_a_closed_deal_has_no_day_to_come(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders, 5 lakh, closing 15 Dec")
    assert "Closes" not in words(chat.says("won Bilal Traders"))
