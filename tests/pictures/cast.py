"""Charts of our cast, in three languages, as handlers put them together."""

from __future__ import annotations

from handlers.reply import Chart, Point

STAGES = {
    "en": ("Lead", "Qualified", "Proposal", "Negotiation"),
    "ur": ("لیڈ", "اہل", "تجویز", "بات چیت"),
    "roman": ("Lead", "Qualified", "Tajweez", "Baat cheet"),
}
WORDS = {
    "en": {
        "funnel": "Pipeline", "trend": "Deals won, by month: 2026",
        "forecast": "Forecast for December", "leaders": "Who sold most, this quarter",
        "pace": "Goals: November", "map": "Worth against the chance of loss",
        "note": "3 deals are without an amount",
    },
    "ur": {
        "funnel": "پائپ لائن", "trend": "جیتی ہوئی ڈیلز، مہینہ بہ مہینہ: 2026",
        "forecast": "دسمبر کا اندازہ", "leaders": "اس سہ ماہی میں سب سے زیادہ سیل",
        "pace": "ہدف: نومبر", "map": "مالیت اور کھونے کا امکان",
        "note": "3 ڈیلز کی رقم نہیں لکھی گئی",
    },
    "roman": {
        "funnel": "Pipeline", "trend": "Jeeti hui deals, mahina ba mahina: 2026",
        "forecast": "December ka andaza", "leaders": "Is quarter mein sab se zyada sale",
        "pace": "Hadaf: November", "map": "Maliyat aur khone ka imkan",
        "note": "3 deals ki raqam nahi likhi gayi",
    },
}  # fmt: skip
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ur": (
        "جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر",
        "نومبر", "دسمبر",
    ),
    "roman": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip
SALES = (12, 18, 9, 22, 31, 27, 24, 35, 41, 38, 52)
PEOPLE = {
    "en": ("Ayesha Khan", "Bilal Ahmed", "Sara Malik", "Usman"),
    "ur": ("عائشہ خان", "بلال احمد", "Sara Malik", "عثمان"),
    "roman": ("Ayesha Khan", "Bilal Ahmed", "Sara Malik", "Usman"),
}
SHOPS = {
    "en": ("Nishat Mills", "Bilal Traders", "Gul Ahmed", "Halal Dairy"),
    "ur": ("نشاط ملز", "بلال ٹریڈرز", "گل احمد", "Halal Dairy"),
    "roman": ("Nishat Mills", "Bilal Traders", "Gul Ahmed", "Halal Dairy"),
}


def lakh(number: float, tongue: str) -> str:
    return f"{number:g} لاکھ روپے" if tongue == "ur" else f"Rs {number:g} lakh"


def charts(tongue: str) -> dict[str, Chart]:
    """One of each kind."""
    words = WORDS[tongue]

    def said(number: float) -> str:
        return lakh(number, tongue)

    stages = zip(STAGES[tongue], (48, 31.5, 18, 6.25), (14, 9, 5, 2), strict=True)
    months = tuple(zip(MONTHS[tongue], SALES, strict=False))
    sales = tuple(Point(month, sold, said(sold)) for month, sold in months)
    people = tuple(zip(PEOPLE[tongue], (52, 41, 38.5, 4), (60, 40, 50, 0), strict=True))
    shops = zip(SHOPS[tongue], (12, 5, 4.5, 1), (78, 81, 80, 35), strict=True)
    coming = (Point(MONTHS[tongue][11], 47, said(47), low=36, high=61),)
    return {
        "funnel": Chart(
            "funnel", words["funnel"],
            tuple(Point(name, sum_, f"{said(sum_)} · {n}") for name, sum_, n in stages),
            words["note"],
        ),
        "trend": Chart("trend", words["trend"], sales),
        "forecast": Chart("forecast", words["forecast"], sales[-6:] + coming),
        "leaders": Chart(
            "leaders", words["leaders"],
            tuple(Point(name, sold, said(sold)) for name, sold, _ in people),
        ),
        "map": Chart(
            "map", words["map"],
            tuple(Point(name, n, f"{said(n)} · {p}%", mark=p) for name, n, p in shops),
        ),
        "pace": Chart(
            "pace", words["pace"],
            tuple(
                Point(name, sold, f"{said(sold)} / {said(goal)}", mark=goal or None)
                for name, sold, goal in people
            ),
        ),
    }  # fmt: skip
