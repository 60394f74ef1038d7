"""Roman Urdu has no spelling rules: variants of one word are brought to one skeleton."""

from __future__ import annotations

import re
from functools import lru_cache

# Applied in this order. Written for the way phones are typed on: "krna", "karnaa", "kerna".
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"^(kr|kar)(?=$|[^aeiou])", "kar"),
        (r"^bn(?=[aeiou])", "ban"),
        (r"^bt(?=[aeiou])", "bat"),
        (r"^bhj", "bhej"),
        (r"^bj(?=[aeiou])", "baj"),
        (r"^dkh", "dekh"),
        (r"^ml(?=[aeiou]|n)", "mil"),
        (r"^lg(?=[aeiou]|n)", "lag"),
        (r"^sk(?=t)", "sak"),
        (r"^rh(?=[aeiou])", "rah"),
        (r"^ho(?=gy|ga)", "ho "),
        (r"(?<=[^aeiou ])y(?=[aeio]+$)", ""),
        (r"^gy(?=[aeiou])", "gay"),
        (r"aa+", "a"),
        (r"ee+|ii+", "i"),
        (r"oo+|uu+", "u"),
        (r"ph", "f"),
        (r"w", "v"),
        (r"q", "k"),
        (r"([b-df-hj-np-tv-z])\1+", r"\1"),
        (r"(?<=[aeiou])h$", ""),
        (r"(?:iye|iyay|ye|ie|ae|ay|ey|ai|e)$", "e"),
        (r"y$", "i"),
        (r"(?<=[aeiou])y(?=[aeiou])", ""),
    )
)


# Short words are too alike to be folded by rule.
_SHORT = {
    "kr": "kar",
    "kro": "karo",
    "kre": "kare",
    "krn": "karen",
    "k": "ke",
    "kl": "kal",
    "aj": "aj",
    "bta": "bata",
    "bna": "bana",
    "dy": "de",
    "ly": "le",
    "gya": "gaya",
    "gye": "gae",
    "gae": "gae",
    "lga": "laga",
    "rha": "raha",
    "rhi": "rahi",
    "rhe": "rahe",
    "dia": "dia",
    "lia": "lia",
    "kia": "kia",
    "hn": "hen",
    "sy": "se",
    "h": "he",
    "hy": "he",
    "hai": "he",
    "hay": "he",
    "diy": "dia",
    "gai": "gai",
    "gyi": "gai",
    "bje": "baje",
    "dou": "do",
    "say": "se",
    "kay": "ke",
    "nay": "ne",
    "pay": "pe",
    "sub": "sab",
    "tk": "tak",
    "pr": "par",
    "per": "par",
    "sth": "saath",
    "ha": "he",
    "nae": "nae",
    "aap": "ap",
    "aik": "ek",
}


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The common form of the spellings of one Roman Urdu word (folded already)."""
    if len(word) < 4 or len(word) > 40:
        return _SHORT.get(word, word)
    bone = word
    for pattern, put in _STEPS:
        bone = pattern.sub(put, bone)
    return bone if len(bone) > 2 else word
