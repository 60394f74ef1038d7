"""Whether two records are of one person or company: how likely it is, and what speaks for it.

What is alike adds weight and what differs takes it away, as in Fellegi and Sunter (1969); what is
not known says nothing. ``same_one`` is the only name under which this is asked anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.likeness import names_alike, surely_same
from rules.sounds import is_urdu

ASKED = 0.5
"""From here on it is asked whether two are one."""

SURE = 0.9
"""From here on it is hardly to be doubted."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody: words of names and the city folded, numbers as they are kept.

    ``namesakes``: how many others have all these words for their name.
    """

    name: tuple[str, ...]
    company: tuple[str, ...] = ()
    city: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    namesakes: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two are one (0 to 1), and why, by the codes of what they share: ``phone``,
    ``email``, ``name``, ``like_name``, ``sound`` (in the other script), ``company``, ``city``."""

    score: float
    evidence: tuple[str, ...]


_PRIOR = -4.0
"""Log2 of the odds that two who were picked out for some likeness are one, before anything else."""

_PHONE, _EMAIL = 10.0, 12.0
_SAME_NAME, _UNLIKE_NAME = 6.5, -5.5
_ONE_SPELLING = 4.6
"""Nothing but spelling keeps the names apart: Sarah Malick, Sara Malik."""

_PERHAPS, _HARDLY = 3.0, -1.0
"""Names of about these letters (Sana, Sara), initials, a name without the surname; and less."""

_LIKE, _LIKE_ACROSS, _HARDLY_LIKE = 0.72, 0.55, 0.6
_SAME_COMPANY, _OTHER_COMPANY = 4.0, -4.0
_COMPANY_LIKE, _COMPANY_UNLIKE = 0.85, 0.6
_SAME_CITY, _OTHER_CITY = 1.5, -2.0
_NAMESAKE = 0.5
"""How much less a name says for each other one who has it."""

_MOST_NAMESAKES = 8


def same_one(one: Facts, other: Facts) -> Verdict:
    """How likely two records are of one, with the evidence for it, the strongest first."""
    weights: list[tuple[float, str]] = [
        *([(_PHONE, "phone")] if one.phones & other.phones else []),
        *([(_EMAIL, "email")] if one.emails & other.emails else []),
        _of_names(one, other),
        *_of_companies(one.company, other.company),
        *_of_cities(one.city, other.city),
    ]
    total = _PRIOR + sum(weight for weight, _ in weights)
    found = sorted((each for each in weights if each[0] > 0 and each[1]), reverse=True)
    return Verdict(1 / (1 + 2**-total), tuple(code for _, code in found))


def _of_names(one: Facts, other: Facts) -> tuple[float, str]:
    if not one.name or not other.name:
        return 0.0, ""
    if sorted(one.name) == sorted(other.name):
        known = min(max(one.namesakes, other.namesakes), _MOST_NAMESAKES)
        return _SAME_NAME - _NAMESAKE * known, "name"
    across = any(map(is_urdu, one.name)) != any(map(is_urdu, other.name))
    alike = min(names_alike(one.name, other.name), names_alike(other.name, one.name))
    if alike >= (_LIKE_ACROSS if across else _LIKE):
        one_name = across or (
            surely_same(one.name, other.name) and surely_same(other.name, one.name)
        )
        return (_ONE_SPELLING if one_name else _PERHAPS), "sound" if across else "like_name"
    if set(one.name) < set(other.name) or set(other.name) < set(one.name):
        return _PERHAPS, "like_name"
    return (_HARDLY if alike >= _HARDLY_LIKE else _UNLIKE_NAME), ""


def _of_companies(one: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[float, str]]:
    if not one or not other:
        return []
    alike = max(names_alike(one, other), names_alike(other, one))
    if alike >= _COMPANY_LIKE:
        return [(_SAME_COMPANY, "company")]
    return [(_OTHER_COMPANY, "")] if alike < _COMPANY_UNLIKE else []


def _of_cities(one: str, other: str) -> list[tuple[float, str]]:
    if not one or not other:
        return []
    if one == other:
        return [(_SAME_CITY, "city")]
    return [] if is_urdu(one) != is_urdu(other) else [(_OTHER_CITY, "")]
