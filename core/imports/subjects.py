"""What a file may bring in, and what its rows can tell."""

from enum import StrEnum

from core.imports.files import MOST_ROWS


class Subject(StrEnum):
    """What the rows of a file tell of."""

    CASES = "cases"
    CUSTOMERS = "customers"
    PIECES = "pieces"
    PURCHASES = "purchases"


class Fact(StrEnum):
    """What a row can tell."""

    REF = "ref"
    KIND = "kind"
    STATUS = "status"
    CHANNEL = "channel"
    PRIORITY = "priority"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_REF = "customer_ref"
    CONTACT = "contact"
    PHONE = "phone"
    OTHER_CONTACT = "other_contact"
    OTHER_PHONE = "other_phone"
    ADDRESS = "address"
    REGION = "region"
    STATION = "station"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    INVOICE_NO = "invoice_no"
    BRAND = "brand"
    MODEL = "model"
    SPECIFICATION = "specification"
    SERIAL = "serial"
    BATCH = "batch"
    PURCHASED_ON = "purchased_on"
    RECEIVED_ON = "received_on"
    WARRANTY_UNTIL = "warranty_until"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    DISCOUNT = "discount"
    TOTAL = "total"
    INVOICE_DISCOUNT = "invoice_discount"
    SYMPTOM = "symptom"
    FAULT_CODES = "fault_codes"
    FAULT_AREA = "fault_area"
    CASE_CLASS = "case_class"
    RECEIVED_AT = "received_at"
    ACKNOWLEDGED_AT = "acknowledged_at"
    DUE_AT = "due_at"
    CLOSED_AT = "closed_at"
    ANSWER = "answer"


_OF_ARCHIVE = frozenset(
    {Fact.OTHER_CONTACT, Fact.OTHER_PHONE, Fact.INVOICE_NO, Fact.BATCH, Fact.RECEIVED_ON}
    | {Fact.WARRANTY_UNTIL, Fact.QUANTITY, Fact.UNIT_PRICE, Fact.DISCOUNT, Fact.TOTAL}
    | {Fact.INVOICE_DISCOUNT}
)
_WHO = frozenset({Fact.CUSTOMER_REF, Fact.CUSTOMER_NAME, Fact.PHONE})
_WHAT = frozenset({Fact.BRAND, Fact.MODEL, Fact.SPECIFICATION, Fact.SERIAL, Fact.PURCHASED_ON})
_OF: dict[Subject, frozenset[Fact]] = {
    Subject.CASES: frozenset(Fact) - _OF_ARCHIVE,
    Subject.CUSTOMERS: _WHO
    | {Fact.CONTACT, Fact.OTHER_CONTACT, Fact.OTHER_PHONE, Fact.ADDRESS}
    | {Fact.REGION, Fact.STATION},
    Subject.PIECES: _WHO | _WHAT | {Fact.WARRANTY_UNTIL},
    Subject.PURCHASES: _WHO
    | _WHAT
    | {Fact.REF, Fact.INVOICE_NO, Fact.RECEIVED_ON, Fact.BATCH, Fact.QUANTITY}
    | {Fact.UNIT_PRICE, Fact.DISCOUNT, Fact.TOTAL, Fact.INVOICE_DISCOUNT},
}
# What a row of a subject can tell, in the order in which it is asked.
FACTS: dict[Subject, tuple[Fact, ...]] = {
    subject: tuple(fact for fact in Fact if fact in facts) for subject, facts in _OF.items()
}
# Without these no row of the subject makes sense.
REQUIRED: dict[Subject, tuple[Fact, ...]] = {
    Subject.CASES: (Fact.SYMPTOM, Fact.RECEIVED_AT),
    Subject.CUSTOMERS: (Fact.CUSTOMER_NAME,),
    Subject.PIECES: (Fact.BRAND, Fact.MODEL),
    Subject.PURCHASES: (Fact.BRAND, Fact.MODEL, Fact.PURCHASED_ON),
}
# So many rows a file may have. Those of the archive are looked up one by one, by all the ways in
# which people look them up.
MOST: dict[Subject, int] = dict.fromkeys(Subject, 10000) | {Subject.CASES: MOST_ROWS}
