"""How names and numbers that people type are compared: people, invoices, pieces, however spelled.

Telephone numbers have a page of their own (db/phones.py).
"""

import hashlib
import unicodedata

from db.words import RUN, fold

LONGEST = 120
# Signs that look like a dash and are none to Unicode, and the dot of a plate number (苏A·12345).
_BETWEEN = "\u2212\u30fc\u00b7\u2022\u2027\u30fb"


def plain_number(text: str) -> str:
    """A number as it is compared: half width, one case, no blanks, dashes or unseen marks."""
    return "".join(sign for sign in fold(text) if _counts(sign))


def name_key(text: str) -> str:
    """By what a name is known again: its letters and digits, half width, in one case."""
    return "".join(RUN.findall(fold(text)))[:LONGEST]


def serial_key(text: str | None) -> str:
    """By what a serial or plate number is known again; empty without one."""
    return _short(plain_number(text or ""))


def invoice_key(text: str) -> str:
    """By what an invoice is known again; empty where no number stands, as in "none"."""
    plain = plain_number(text)
    return _short(plain) if any(sign.isdecimal() for sign in plain) else ""


def piece_key(serial: str, brand: str, model: str) -> str:
    """By what a piece is known again: its serial number with its product; empty without one."""
    number = plain_number(serial)
    return _short(f"{number} {product_key(brand, model)}") if number else ""


def product_key(brand: str, model: str) -> str:
    """A product as it is compared, whatever the spelling and the specification."""
    return f"{plain_number(brand)} {plain_number(model)}"


def _counts(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return not (kind[0] in "ZC" or kind == "Pd" or sign in _BETWEEN)


def _short(key: str) -> str:
    return key if len(key) <= LONGEST else hashlib.sha256(key.encode()).hexdigest()
