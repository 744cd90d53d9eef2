"""How telephone numbers are compared: +86, 0086, blanks, brackets, extensions, area codes."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumber

from db.words import is_unseen

USUAL = "CN"
LONGEST = 40
# Fewer digits than these are a number of the house, of the exchange or of a service: no country
# is put before them.
FEWEST = 9
# Two numbers in one field: parted by a sign, or by a blank where each is long enough for one.
_BETWEEN = re.compile(r"[,;/、|]|(?<=\d{7})\s+(?=\+?\d{7})")
# Fewer digits than these beside a number are its extension; a local number has as many.
SHORTEST, LOCAL = 5, 7
# What stands before an extension, and what may be one: as in 025-66668888-8001.
_EXTENSION = re.compile(r"转|分机|内线|ext|[x#]", re.IGNORECASE)
_LAST_GROUP = re.compile(r"[-\s]\d{2,6}$")
# The zero that foreigners leave out.
_LEFT_OUT = re.compile(r"\(0\)")


def plain(text: str) -> str:
    """A number as it may be called: half width, one kind of dash, no mark that nobody sees."""
    seen = "".join(sign for sign in text if not is_unseen(sign))
    half = unicodedata.normalize("NFKC", seen)
    return "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in half).strip()


def country_of(zone: str | None) -> str:
    """The country of a time zone: numbers without a country code are taken to be of it."""
    zone = get_global("zone_aliases").get(zone or "", zone or "")
    found = str(get_global("zone_territories").get(zone, ""))
    return found if found in phonenumbers.SUPPORTED_REGIONS else USUAL


def key_of(text: str, country: str = USUAL) -> str:
    """By what a number is known again; the first where a text holds two, empty without any."""
    return _keys(text, country)[0]


def end_of(text: str, country: str = USUAL) -> str:
    """The same of the last number in a text, turned round: it is looked for by how it ends."""
    return _keys(text, country)[-1][::-1]


def same_as(text: str, country: str = USUAL) -> tuple[str, ...]:
    """Every key that means one of a text's numbers: with its area code, and without."""
    found: dict[str, None] = {}
    for number in _numbers(text):
        whole = _key(number, country)
        found |= dict.fromkeys(key for key in (whole, _without_area(number, country)) if key)
    return tuple(found)


def parts(text: str, country: str = USUAL) -> tuple[tuple[str, ...], str]:
    """What some typed digits may be: beginnings of keys, and the end of one, turned round."""
    typed = plain(text)
    digits = _digits(typed)
    code = str(phonenumbers.country_code_for_region(country))
    bare = re.sub(rf"^(\+|00){code}", "", re.sub(r"[^\d+]", "", typed)).lstrip("+")
    # One zero stands before an area code; more of them are the number's own.
    national = bare if bare.startswith("00") else bare.removeprefix("0")
    begins = dict.fromkeys(part for part in (f"{code}{national}", digits, national) if part)
    return tuple(begins), national[::-1] or digits[::-1]


@lru_cache(maxsize=16_384)
def _keys(text: str, country: str) -> tuple[str, ...]:
    return tuple(filter(None, (_key(each, country) for each in _numbers(text)))) or ("",)


def _numbers(text: str) -> list[str]:
    found = [part for part in _BETWEEN.split(plain(text)) if _digits(part)]
    return [part for part in found if len(_digits(part)) >= SHORTEST] or found[:1]


def _key(text: str, country: str) -> str:
    number = _parsed(text, country)
    if number is None:
        return _digits(text)[:LONGEST]
    national = phonenumbers.national_significant_number(number)
    is_whole = phonenumbers.is_valid_number(number) or len(national) >= FEWEST
    return (f"{number.country_code}{national}" if is_whole else national)[:LONGEST]


def _without_area(text: str, country: str) -> str:
    number = _parsed(text, country)
    if number is None or phonenumbers.region_code_for_number(number) != country:
        return ""
    area = phonenumbers.length_of_geographical_area_code(number)
    local = phonenumbers.national_significant_number(number)[area:]
    return _key(local, country) if area and len(local) >= LOCAL else ""


def _parsed(text: str, country: str) -> PhoneNumber | None:
    """The first of some readings that is a number of its country, or else the plainest."""
    said = _EXTENSION.split(_LEFT_OUT.sub("", text))[0]
    code = phonenumbers.country_code_for_region(country)
    ways = (said, _LAST_GROUP.sub("", said.rstrip()), re.sub(rf"^\D*0{code}", f"+{code}", said))
    found = [number for each in dict.fromkeys(ways) if (number := _read(each, country))]
    return next(filter(phonenumbers.is_valid_number, found), found[0] if found else None)


def _read(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(re.sub(r"[^\d+]", "", text), country)
    except NumberParseException:
        return None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())
