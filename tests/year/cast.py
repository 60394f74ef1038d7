"""Who works for the firm, and who its customers are."""

from __future__ import annotations

import random
from dataclasses import dataclass

TONGUE = {"Ayesha": "en", "Omar": "en", "Bilal": "roman", "Hina": "ur"}
SLACK = ("Ayesha", "Omar")
"""They write on Slack, the others on Telegram. Ayesha owns the firm."""

SOURCES = ("website", "expo", "referral")
CITIES = ("Lahore", "Karachi", "Lahore", "Multan", "Faisalabad")
IN_URDU = {"Lahore": "لاہور", "Karachi": "کراچی", "Multan": "ملتان", "Faisalabad": "فیصل آباد"}
KIND = ("Mills", "Traders", "Textiles", "Fabrics")

LATIN = """Adil Akhtar|Bushra Baloch|Danish Chishti|Erum Durrani|Faisal Farooqi|Ghazala Gondal
Humayun Hashmi|Iqra Iqbal|Junaid Jamali|Kiran Khokhar|Laiba Lodhi|Mansoor Mirza|Nadia Naqvi
Owais Orakzai|Parveen Pasha|Qasim Qadri|Rabia Rizvi|Saqib Siddiqui|Tahira Tarar|Umair Usmani
Waqas Warraich|Yasmin Yousafzai|Zubair Zaidi|Amna Abbasi|Babar Bugti|Fariha Dogar|Haroon Ghauri
Imran Janjua|Kashif Kayani|Lubna Lashari|Mehwish Makhdoom|Nabeel Niazi|Obaid Paracha|Rehan Rana
Shazia Sethi|Talha Toor|Uzma Virk|Yasir Wattoo|Zainab Zardari|Asma Alvi|Bilqis Bhutta
Dawood Cheema|Fozia Daudpota|Gulzar Gilani|Hammad Hamdani|Ismat Isani|Jibran Jatoi|Komal Kardar"""
URDU = """دانش خٹک|رابعہ لغاری|کامران کھوسو|ثنا سومرو|طاہر تالپور|مریم منگی
شازیہ شاہانی|وقاص چانڈیو|زبیر میمن|فائزہ فریدی|حماد ہالیپوتہ|نادیہ نظامانی"""


@dataclass(frozen=True)
class Someone:
    name: str
    company: str
    """Without the kind of company it is."""
    urdu: bool


def customers(dice: random.Random, many: int) -> list[Someone]:
    """So many, a quarter of them written in Urdu, as far as these go; no two of one company."""
    latin = [name.split() for name in LATIN.replace("\n", "|").split("|")]
    urdu = [name.split() for name in URDU.replace("\n", "|").split("|")]
    dice.shuffle(urdu)
    found = [Someone(f"{first} {last}", last, True) for first, last in urdu[: many // 4]]
    dice.shuffle(latin)
    for turn in range(len(latin)):
        for place, (first, _) in enumerate(latin):
            last = latin[(place + turn) % len(latin)][1]
            found.append(Someone(f"{first} {last}", f"{last} {turn}" if turn else last, False))
        if len(found) >= many:
            break
    return found[:many]
