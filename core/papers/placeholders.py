"""What a template may name: every fact of a paper, and facts to try a template with."""

import re
from dataclasses import dataclass, fields

# What XML cannot hold; imported rows may carry it.
FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class LimitLine:
    """What is due when, with the clause that says so and its text."""

    what: str
    due: str
    clause: str
    text: str


@dataclass(frozen=True)
class VisitLine:
    """One call at the customer's place."""

    number: str
    agreed: str
    arrived: str
    ended: str
    outcome: str
    note: str


@dataclass(frozen=True)
class Facts:
    """All placeholders of a paper. Empty texts where the case has no such fact."""

    company: str
    hotline: str
    station: str
    printed: str

    number: str
    received: str
    kind: str
    channel: str
    priority: str
    owner: str
    customer: str
    contact: str
    phone: str
    address: str

    brand: str
    model: str
    specification: str
    serial: str
    purchased: str
    warranty: str
    warranty_until: str

    symptom: str
    fault_area: str
    charge: str
    charge_reason: str
    wanted: str
    visit: str
    service_content: str
    answer: str

    technician: str
    instructions: str
    assigned: str
    finished: str
    cause: str
    work: str
    parts: str
    result: str
    labour: str
    parts_amount: str
    total: str
    confirmed_by: str

    limits: tuple[LimitLine, ...]
    visits: tuple[VisitLine, ...]


LISTS: dict[str, frozenset[str]] = {
    "limits": frozenset(field.name for field in fields(LimitLine)),
    "visits": frozenset(field.name for field in fields(VisitLine)),
}
TEXTS = tuple(field.name for field in fields(Facts) if field.name not in LISTS)


def sample() -> Facts:
    """Facts as awkward as customers write them: what a new template is tried with."""
    awkward = "样 <b>&amp;\"' {{ x }} {% y %}\n\t😀"
    return _all_alike(awkward, count=2)


def bare() -> Facts:
    """Facts of a case about which nothing is known."""
    return _all_alike("", count=0)


def plain(text: str) -> str:
    """A text that a Word file can hold."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _all_alike(text: str, *, count: int) -> Facts:
    limits = (LimitLine(**dict.fromkeys(LISTS["limits"], text)),) * count
    visits = (VisitLine(**dict.fromkeys(LISTS["visits"], text)),) * count
    return Facts(**dict.fromkeys(TEXTS, text), limits=limits, visits=visits)
