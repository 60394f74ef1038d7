"""Sums, phones, addresses and stages as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from language.folding import fold
from language.setting import USUAL_STAGES
from language.values import read_amount, read_email, read_phone, read_stage


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("5 lakh", 500_000, "PKR"),
        ("2.5 crore", 25_000_000, "PKR"),
        ("50k", 50_000, "PKR"),
        ("1.2m", 1_200_000, "PKR"),
        ("ڈھائی لاکھ", 250_000, "PKR"),
        ("dedh lakh", 150_000, "PKR"),
        ("sawa lakh", 125_000, "PKR"),
        ("sawa do crore", 22_500_000, "PKR"),
        ("paune do lakh", 175_000, "PKR"),
        ("sarhe teen lakh", 350_000, "PKR"),
        ("ساڑھے چار لاکھ", 450_000, "PKR"),
        ("3 lakh 20 hazar", 320_000, "PKR"),
        ("ek crore pachas lakh", 15_000_000, "PKR"),
        ("Rs. 25,000/-", 25_000, "PKR"),
        ("4,20,000", 420_000, "PKR"),
        ("۴ لاکھ روپے", 400_000, "PKR"),
        ("£9k", 9_000, "GBP"),
        ("$3.5 million", 3_500_000, "USD"),
        ("120,000 riyals", 120_000, "SAR"),
        ("AED 85k", 85_000, "AED"),
        ("3 dollars 50 cents", 3.5, "USD"),
    ],
)
def test_sums(text: str, value: float, currency: str) -> None:
    assert read_amount(text, "PKR") == (Decimal(str(value)), currency)


@pytest.mark.parametrize("text", ["", "no", "he lost his pen 7 times since Monday"])
def test_no_sum(text: str) -> None:
    assert read_amount(text, "PKR") is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0300 1234567", "+923001234567"),
        ("۰۳۰۰-۱۲۳۴۵۶۷", "+923001234567"),
        ("0092 322 5566778", "+923225566778"),
        ("+44 (0) 20 7946 0958", "+442079460958"),
        ("mera number 0300-1234567 hai", "+923001234567"),
        ("12", None),
        ("", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert read_phone(text, "PK") == phone


def test_emails() -> None:
    assert read_email("it is Ali.Khan@Example.com.") == "ali.khan@example.com"
    assert read_email("ali at example") is None


def test_stages() -> None:
    stages = {**USUAL_STAGES, "visit": "Site visit", "trial": "Trial"}
    assert read_stage("quotation", stages) == "proposal"
    assert read_stage("agle stage", stages) == "next"
    assert read_stage("مذاکرات", stages) == "negotiation"
    for said in ("site VISIT", "site vist", "sitevisit", "سائٹ وزٹ", "put it in site visit"):
        assert read_stage(said, stages) == "visit"
    assert read_stage("trail", stages) == "trial"
    assert read_stage("proposal", {"proposal": "Trial", "p2": "Proposal"}) == "p2"
    assert read_stage("nowhere", stages) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كامران", "کامران"),
        ("مُنیر", "منیر"),
        ("José  GARCÍA", "jose garcia"),
        ("۰۳۰۰", "0300"),
        ("ali\u200f", "Ali"),
        ("نیگوشی\u200cایشن", "نیگوشیایشن"),
    ],
)
def test_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)
