"""The words by which customers are found: parts of their name, contact and address."""

from db.keys import name_key
from db.words import WordIndex

INDEX = WordIndex("customer_words", "customer_id")


def said(name: str, contact: str, address: str) -> str:
    """What is kept of a customer: each without the signs and blanks that people leave out."""
    return " ".join(map(name_key, (name, contact, address)))
