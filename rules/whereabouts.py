"""In which time zone a customer lives, as far as their city, country or number tells."""

from __future__ import annotations

from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from rules.reach_keys import city_key

_CITIES = {
    "Asia/Karachi": """Lahore, Faisalabad, Lyallpur, Multan, Islamabad, Rawalpindi, Pindi,
        Peshawar, Quetta, Sialkot, Gujranwala, Hyderabad, Sargodha, Bahawalpur, Sukkur, Larkana,
        Mardan, Gujrat, Sheikhupura, Kasur, Okara, Sahiwal, Rahim Yar Khan, Abbottabad, Mirpur,
        Muzaffarabad, Gwadar, Jhang, Jhelum, Chiniot, Dera Ghazi Khan, Mingora, Swat, Nawabshah,
        Wah, Attock, Hafizabad""",
    "Asia/Kolkata": """Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad,
        Pune, Ahmedabad, Jaipur, Lucknow, Surat, Amritsar, Chandigarh, Kochi, Ludhiana""",
    "Asia/Dubai": "Abu Dhabi, Sharjah, Ajman, Fujairah, Ras Al Khaimah, Al Ain",
    "Asia/Riyadh": "Jeddah, Makkah, Mecca, Madinah, Medina, Dammam, Khobar",
    "Europe/London": """Manchester, Birmingham, Leeds, Glasgow, Bradford, Edinburgh, Liverpool,
        Sheffield, Leicester, Bristol, Cardiff, Luton""",
    "Europe/Berlin": "Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Düsseldorf, Leipzig",
    "Asia/Shanghai": "Beijing, Guangzhou, Shenzhen, Yiwu, Ningbo, Hangzhou",
    "Asia/Dhaka": "Chittagong, Chattogram, Sylhet",
    "America/New_York": "Boston, Washington, Philadelphia, Atlanta, Miami, New Jersey",
    "America/Chicago": "Houston, Dallas, Austin",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego",
}  # fmt: skip
"""Larger cities that no time zone is called after. One that is in two countries is in both."""

_NOWHERE = frozenset({"ZZ", "AQ"})


def zones_of(
    city: str | None, country: str | None, phones: tuple[str, ...], usual: str
) -> tuple[str, ...]:
    """The zones in which somebody may be: their city's; else those of their country; else those of
    the country of their number; else ``usual``. A country may have several."""
    for found in (_of_city(city), _of_country(country)):
        if found:
            return found
    for phone in phones:
        if found := _of_phone(phone):
            return found
    return (usual,)


def in_latin(city: str) -> str:
    """The usual Latin name of a larger city of Pakistan that is written in Urdu letters; any other
    as it is. By sound, cities of the whole world would be taken for one another."""
    return city if city.isascii() else _pakistani().get(city_key(city) or "", city)


@cache
def _pakistani() -> dict[str, str]:
    names = ["Karachi", *(each.strip() for each in _CITIES["Asia/Karachi"].split(","))]
    return {key: name for name in names if (key := city_key(name))}


@lru_cache(maxsize=2000)
def _of_city(city: str | None) -> tuple[str, ...]:
    key = city_key(city)
    return _cities().get(key, ()) if key else ()


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for zone, territory in get_global("zone_territories").items():
        if "/" in zone and territory not in _NOWHERE:
            _put(found, zone.rpartition("/")[2].replace("_", " "), zone)
    for zone, cities in _CITIES.items():
        for city in cities.split(","):
            _put(found, city.strip(), zone)
    return found


def _put(found: dict[str, tuple[str, ...]], city: str, zone: str) -> None:
    key = city_key(city)
    if key and zone not in found.get(key, ()):
        found[key] = (*found.get(key, ()), zone)


@lru_cache(maxsize=2000)
def _of_country(country: str | None) -> tuple[str, ...]:
    said = (country or "").strip().casefold()
    if len(said) == 2 and said.upper() in _zones():
        return _zones()[said.upper()]
    return _zones().get(_countries().get(said, ""), ())


@cache
def _countries() -> dict[str, str]:
    names = {"uk": "GB", "usa": "US", "uae": "AE", "ksa": "SA"}
    for language in ("en", "ur"):
        names |= {
            name.casefold(): code
            for code, name in Locale(language).territories.items()
            if len(code) == 2
        }
    return names


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for zone, territory in get_global("zone_territories").items():
        if "/" in zone:
            found.setdefault(territory, []).append(zone)
    return {territory: tuple(zones) for territory, zones in found.items()}


@lru_cache(maxsize=2000)
def _of_phone(phone: str) -> tuple[str, ...]:
    if not phone.startswith("+"):
        return ()
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ()
    return _zones().get(region or "", ())
