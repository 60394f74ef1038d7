"""How they say it: English, Roman Urdu, Urdu."""

from __future__ import annotations

SAID: dict[str, dict[str, str]] = {
    "met": {"en": "met {}", "roman": "{} se mulaqat hui", "ur": "{} سے ملاقات ہوئی"},
    "called": {"en": "called {}", "roman": "{} ko call kiya", "ur": "{} کو فون کیا"},
    "missed": {
        "en": "called {}, no answer", "roman": "{} ko call kiya, phone nahi uthaya",
        "ur": "{} کو فون کیا، فون نہیں اٹھایا",
    },
    "price": {
        "en": "note {}: asked for a quotation", "roman": "{} ke liye note: rate poocha",
        "ur": "{} کے لیے نوٹ: قیمت پوچھی",
    },
    "poor": {
        "en": "note {}: no budget", "roman": "{} ke liye note: budget nahi hai",
        "ur": "{} کے لیے نوٹ: بجٹ نہیں ہے",
    },
    "deal": {
        "en": "deal {lakh} lakh with {}", "roman": "{} ke saath {lakh} lakh ki deal",
        "ur": "{} کے ساتھ {lakh} لاکھ کی ڈیل",
    },
    "won": {"en": "won {}", "roman": "{} wali deal jeet gaye", "ur": "{} والی ڈیل جیت گئے"},
    "lost": {
        "en": "lost {}: price", "roman": "{} wali deal haar gaye, mehnga tha",
        "ur": "{} والی ڈیل ہار گئے، مہنگا تھا",
    },
    "ordered": {
        "en": "{} ordered goods worth {sum}", "roman": "{} ne {sum} ka maal order kiya",
        "ur": "{} نے {sum} کا آرڈر دیا",
    },
    "agreed": {
        "en": "{} agreed to emails", "roman": "{} email ke liye raazi hai",
        "ur": "{} ای میل پر راضی ہے",
    },
    "agreed to whatsapp": {
        "en": "we can whatsapp {}", "roman": "{} ko whatsapp kar sakte hain",
        "ur": "{} واٹس ایپ پر راضی ہے",
    },
    "out": {
        "en": "{} unsubscribed", "roman": "{} ko ab message mat bhejna",
        "ur": "{} کو میسج نہ بھیجیں",
    },
    "answered": {
        "en": "{} answered: yes please", "roman": "{} ka jawab aya: haan bhej dein",
        "ur": "{} نے جواب دیا: جی بھیج دیں",
    },
    "ticket": {
        "en": "ticket for {}: 3 rolls were torn, {priority}",
        "roman": "{} ki shikayat hai ke maal kharab nikla, {priority}",
        "ur": "{} نے شکایت کی کہ تین رول پھٹے ہوئے تھے، {priority}",
    },
    "comment": {
        "en": "#{n}: sent a replacement", "roman": "#{n} par note: naya maal bhej diya",
        "ur": "#{n} پر نوٹ: نیا مال بھیج دیا",
    },
    "wait": {
        "en": "#{n} waiting on customer", "roman": "#{n} gahak ke jawab ka intezar hai",
        "ur": "#{n} گاہک کے جواب کا انتظار",
    },
    "goes on": {
        "en": "#{n} customer answered", "roman": "#{n} gahak ne jawab diya",
        "ur": "#{n} گاہک نے جواب دیا",
    },
    "resolve": {"en": "resolve #{n}", "roman": "#{n} hal ho gaya", "ur": "#{n} حل ہو گیا"},
    "reopen": {"en": "reopen #{n}", "roman": "#{n} dobara kholo", "ur": "#{n} دوبارہ کھولو"},
}  # fmt: skip
PRIORITIES = {
    "urgent": {"en": "urgent", "roman": "urgent", "ur": "فوری"},
    "high": {"en": "high priority", "roman": "high priority", "ur": "اہم"},
    "normal": {"en": "normal", "roman": "normal", "ur": "نارمل"},
    "low": {"en": "low priority", "roman": "low priority", "ur": "کم اہم"},
}
WARNS = {
    "due": ("is due", "حل ہونا ہے", "hal hona hai"),
    "late": ("is late", "لیٹ ہے", "late hai"),
}
"""How somebody is told that a ticket's time is nearly, or wholly, over."""
ALONE = {"en": "resolve", "roman": "hal ho gaya", "ur": "حل ہو گیا"}
"""In a ticket's thread, or in answer to it, where its number need not be told."""
REPLACED = {
    "en": "sent a replacement", "roman": "naye roll bhej diye", "ur": "نئے رول بھیج دیے",
}  # fmt: skip
BUTTONS = {
    "useful": {"en": "Useful", "roman": "Kaam aayi", "ur": "کام آئی"},
    "later": {"en": "Not now", "roman": "Abhi nahi", "ur": "ابھی نہیں"},
    "called": {"en": "Log call", "roman": "Call ho gayi", "ur": "کال ہو گئی"},
    "resolve": {"en": "Resolve", "roman": "Hal ho gaya", "ur": "حل ہو گیا"},
    "take in": {"en": "Take it in", "roman": "Shamil kar lein", "ur": "شامل کر لیں"},
}
GIVEN = (
    r"(\d+|new) (?:new )?leads? for you,",
    r"(\d+|ke liye|aik) nayi leads?,",
    r"لیے (\d+|ایک|نئی) ?(?:نئی )?لیڈز?،",
)
"""How somebody is told of leads that are theirs by a rule; of a file, how many."""
