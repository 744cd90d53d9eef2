"""How the numbers that people type are compared: invoices and pieces, however they are spelled."""

import hashlib
import unicodedata

LONGEST = 120
# Signs that look like a dash and are none to Unicode.
_DASHES = "\u2212\u30fc"
# Marks that nobody sees, beside the categories of control and format signs.
_UNSEEN = "\u034f\u115f\u1160\u180b\u180c\u180d"


def plain_number(text: str) -> str:
    """A number as it is compared: half width, one case, no blanks, dashes or unseen marks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in folded if _counts(sign))


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
    is_selector = 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF
    return not (kind[0] in "ZC" or kind == "Pd" or sign in _DASHES + _UNSEEN or is_selector)


def _short(key: str) -> str:
    return key if len(key) <= LONGEST else hashlib.sha256(key.encode()).hexdigest()
