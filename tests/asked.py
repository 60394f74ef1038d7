"""What a team asks of its numbers, in three languages, and a word of each answer."""

from __future__ import annotations

STORY = (
    "new company: Ravi Looms, Lahore",
    "deal 3 lakh with Ravi Looms",
    "lost Ravi Looms, price too high",
    "deal 5 lakh with Nishat Mills",
    "won nishat mills",
    "deal 2 lakh with Gul Ahmed",
)

ASKED = {
    "en": (
        ("how did we do against last month", "Deals won"),
        ("why did we lose in Lahore this quarter", "Price"),
        ("forecast for next month", "Forecast"),
        ("how many deals did we win this month", "Won, this month"),
        ("show this quarter's pipeline", "Pipeline"),
        ("who is at risk?", "Nobody is at risk"),
        ("who should I call today?", "Nobody has to be called today"),
    ),
    "roman": (
        ("pichle mahine ke muqable mein hum kaise rahe", "Jeeti hui deals"),
        ("Lahore mein is quarter deals kyun haari", "Qeemat"),
        ("agle mahine ka forecast", "Mutawaqqa sale"),
        ("is mahine kitni deals jeetein", "Jeeti hui deals"),
        ("is quarter ki pipeline dikhao", "Pipeline"),
        ("kaun se customer thande par gaye hain", "koi gahak khatre mein nahi"),
        ("aaj kis ko call karun", "kisi ko call"),
    ),
    "ur": (
        ("پچھلے مہینے کے مقابلے میں ہم کیسے رہے", "جیتی ہوئی ڈیلز"),
        ("لاہور میں اس سہ ماہی ڈیلز کیوں ہاریں", "قیمت"),
        ("اگلے مہینے کی پیش گوئی", "متوقع سیل"),
        ("اس مہینے کتنی ڈیلز جیتیں", "جیتی ہوئی ڈیلز"),
        ("اس سہ ماہی کی پائپ لائن دکھاؤ", "پائپ لائن"),
        ("کون سے گاہک ٹھنڈے پڑ گئے ہیں", "خطرے میں"),
        ("آج کسے فون کروں؟", "کال"),
    ),
}

DRAWN = {
    "en": ("chart of the pipeline", "Rs 2 lakh"),
    "roman": ("pipeline ka graph dikhao", "Rs 2 lakh"),
    "ur": ("پائپ لائن کا گراف دکھاؤ", "2 لاکھ روپے"),
}
"""Asked for as a picture, and what stands in it for who cannot see it."""
