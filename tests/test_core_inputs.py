"""Whatever is typed or pasted goes in cleaned or is refused in words; nothing else happens."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customers import customers
from core.house import HOUSE
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import (
    Choice,
    Input,
    Money,
    RequiredLine,
    choices,
    chosen,
    clean_line,
    clean_text,
    digits,
    line_of,
    parse,
    plain_serial,
)
from core.kernel.unit_of_work import UnitOfWork, transaction
from core.people import people
from core.process import history
from core.requests import inputs, intake, lists
from db.tables import Asset, Customer, History, ServiceRequest
from tests.company_cast import NOW, REPAIR, Company

NASTY = [
    "\x00",
    "a\x00b",
    "\ud800",
    "ok\udfff🙂",
    "\u202eevitcepsrep\u202c مرحبا",
    "<script>alert(1)</script>",
    "'; DROP TABLE requests; --",
    "{{ 7 * 7 }} %s {0} \\x00",
    '=HYPERLINK("http://x")',
    "\r\n\t\x0b\x0c\x1b[31m\x7f\x85",
    "e\u0301" * 60,
    "ﷺ" * 60,
    "\U000e0001\ufeff\u200b\u2028\u2029",
    "🏳️‍🌈" * 30,
    "字" * 10_000,
    " " * 10_000,
    "%" * 10_000,
]
anything = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=40),
    st.text(st.characters(exclude_categories=()), max_size=400),
    st.text("字a\x00\n\ud800🙂", min_size=100, max_size=320),
)
phones = st.text("0123456789 -+()转٣０", min_size=4, max_size=30)
few = settings(max_examples=60)
TEXTS = ("customer_name", "contact", "phone", "address", "region", "brand", "model", "serial")
FIELDS = (*TEXTS, "symptom", "answer")


def is_clean(text: str, keep: str = "\n\t") -> bool:
    categories = {unicodedata.category(char) for char in text if char not in keep}
    return not categories & {"Cc", "Cs"} and text == text.strip()


def attempt(company: Company, run: Any) -> Any:
    """What the attempt gives, inside a transaction that is undone; None when it is refused."""
    with transaction(company.engine, write=True) as session:
        try:
            return run(UnitOfWork(session, company["agent"], NOW, HOUSE))
        except InvalidInput:
            return None
        finally:
            session.rollback()


def stored_texts(session: Session) -> list[str]:
    rows = [
        row for table in (Customer, Asset, ServiceRequest) for row in session.scalars(select(table))
    ]
    return [value for row in rows for value in vars(row).values() if type(value) is str]


def register(uow: UnitOfWork, values: dict[str, Any]) -> None:
    registered = intake.register(uow, parse(intake.Register, values))
    uow.session.flush()
    uow.session.expire_all()
    texts = stored_texts(uow.session)
    assert all(map(is_clean, texts)), texts
    customer = uow.session.scalars(select(Customer)).one()
    assert customer.name
    assert customer.phone
    notes = uow.session.scalars(select(History.note).where(History.case_id == registered.id))
    assert all(is_clean(note) for note in notes)
    assert lists.search(uow, text=registered.number).total == 1


@few
@given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything)))
def test_any_text_is_registered_cleaned_or_refused(company: Company, values: Any) -> None:
    kind = {"kind": "consultation"} if "answer" in values else {}
    attempt(company, lambda uow: register(uow, REPAIR | kind | values))


@pytest.mark.parametrize("name", FIELDS)
def test_nasty_text_in_one_field(company: Company, name: str) -> None:
    kind = "consultation" if name == "answer" else "repair"
    for text in NASTY:
        attempt(company, lambda uow, text=text: register(uow, REPAIR | {"kind": kind, name: text}))


@few
@given(text=anything)
def test_any_text_in_the_actions(text: str) -> None:
    for action in (inputs.Remark, inputs.Cancel):
        try:
            assert is_clean(parse(action, {"note": text}).note)
        except InvalidInput as refusal:
            assert {p.code for p in refusal.problems} <= {"missing", "string_too_long"}
    try:
        command = parse(
            people.AddPerson, {"name": "n", "username": text, "role": "agent", "password": text}
        )
    except InvalidInput:
        return
    assert len(command.username) <= 40
    assert command.username == command.username.lower()


@few
@given(text=anything)
def test_any_text_can_be_looked_for(company: Company, text: str) -> None:
    def look(uow: UnitOfWork) -> None:
        customers.find(uow, text=text)
        lists.search(uow, text=text)
        lists.queue(uow, name=lists.Queue.MINE, filters=lists.Filter(text=text))

    attempt(company, look)


def test_nasty_texts_are_stored_and_verified(company: Company) -> None:
    for text in NASTY:
        values = REPAIR | {"symptom": f"坏了 {text[:400]}", "contact": text[:100], "serial": ""}
        company.do("agent", intake.register, parse(intake.Register, values))
    assert company.see("admin", history.verify) == ()
    assert len(company.rows(ServiceRequest)) == len(NASTY)


@pytest.mark.parametrize("name", ["customer_name", "phone", "symptom", "brand", "model"])
@pytest.mark.parametrize("nothing", ["", "  ", "\x00", "\n\t\r", "\ud800", None])
def test_what_is_empty_after_cleaning_is_missing(name: str, nothing: str | None) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(intake.Register, REPAIR | {name: nothing})
    assert {(p.field, p.code) for p in refusal.value.problems} == {(name, "missing")}


def test_all_bad_fields_are_named_at_once() -> None:
    bad = {
        "kind": "exorcism",
        "channel": "",
        "customer_name": "",
        "phone": "call me",
        "symptom": " ",
        "brand": "",
        "serial": "S" * 61,
        "purchased_on": "1969-12-31",
        "warranty_months": -1,
        "customer_id": None,
        "asset_id": 2**40,
        "answer": "x" * 2001,
        "wanted_to": NOW,
        "surprise": 1,
    }
    with pytest.raises(InvalidInput) as refusal:
        parse(intake.Register, REPAIR | bad)
    found = {(p.field, p.code) for p in refusal.value.problems}
    assert found == {
        ("kind", "enum"),
        ("channel", "missing"),
        ("customer_name", "missing"),
        ("phone", "phone"),
        ("symptom", "missing"),
        ("serial", "string_too_long"),
        ("purchased_on", "year"),
        ("warranty_months", "greater_than_equal"),
        ("asset_id", "less_than_equal"),
        ("answer", "string_too_long"),
        ("wanted_from", "missing"),
        ("surprise", "extra_forbidden"),
    }


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"received_at": NOW + timedelta(minutes=6)}, ("received_at", "in_the_future")),
        ({"received_at": "2101-01-01T00:00Z"}, ("received_at", "year")),
        ({"received_at": "2026-03-02T10:00"}, ("received_at", "timezone_aware")),
        ({"received_at": "0001-01-01T00:00+14:00"}, ("received_at", "year")),
        ({"wanted_from": NOW - timedelta(days=2)}, ("wanted_from", "in_the_past")),
        ({"wanted_from": NOW, "wanted_to": NOW}, ("form", "window")),
        ({"purchased_on": "2026-03-03"}, ("purchased_on", "in_the_future")),
        ({"purchased_on": "2025-02-30"}, ("purchased_on", "date_from_datetime_parsing")),
        ({"purchased_on": "9999-12-31"}, ("purchased_on", "year")),
        ({"warranty_months": 601}, ("warranty_months", "less_than_equal")),
        ({"station_id": 77}, ("station_id", "not_an_option")),
        ({"station_id": 2**70}, ("station_id", "not_an_option")),
        ({"answer": "重启"}, ("answer", "only_consultation")),
    ],
)
def test_facts_out_of_range(company: Company, facts: Any, problem: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        company.do(
            "agent", lambda uow: intake.register(uow, parse(intake.Register, REPAIR | facts))
        )
    assert {(p.field, p.code) for p in refusal.value.problems} == {problem}
    assert company.rows(Customer) == company.rows(ServiceRequest) == []


class Part(Input):
    model: RequiredLine
    kind: Annotated[str, Choice("kinds")] = "new"
    cost_cents: Money = 0

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        if values.get("kind") == "old" and values.get("cost_cents"):
            yield Problem("cost_cents", "old_is_free")


class Order(Input):
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=2)]
    spares: list[Part] | None = None
    station_id: Annotated[int | None, Choice("stations")] = None


GOOD = {"model": "皮带"}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, {("parts", "missing")}),
        ({"parts": []}, {("parts", "missing")}),
        ({"parts": None}, {("parts", "missing")}),
        ({"parts": "皮带"}, {("parts", "tuple_type")}),
        ({"parts": [GOOD] * 3}, {("parts", "too_long")}),
        ({"parts": [7]}, {("parts.0", "model_type")}),
        # Rows that are wrong are still rows: it is not said that there are too few.
        ({"parts": [{"model": " \x00"}]}, {("parts.0.model", "missing")}),
        (
            {"parts": [GOOD, {"cost_cents": -1, "colour": 1}], "spares": [{"model": "x" * 121}]},
            {
                ("parts.1.model", "missing"),
                ("parts.1.cost_cents", "greater_than_equal"),
                ("parts.1.colour", "extra_forbidden"),
                ("spares.0.model", "string_too_long"),
            },
        ),
        (
            {"parts": [GOOD, {"model": "", "kind": "old", "cost_cents": 5}]},
            {("parts.1.model", "missing"), ("parts.1.cost_cents", "old_is_free")},
        ),
        (
            {"parts": [GOOD | {"kind": "old", "cost_cents": 5}]},
            {("parts.0.cost_cents", "old_is_free")},
        ),
    ],
)
def test_every_bad_field_of_every_row_is_named(values: Any, problems: set[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(Order, values)
    assert {(p.field, p.code) for p in refusal.value.problems} == problems


def test_rows_are_cleaned_like_other_texts() -> None:
    order = parse(Order, {"parts": [{"model": " a\r\nb\x00 "}], "spares": [GOOD]})
    assert (order.parts[0].model, order.parts[0].kind) == ("a b", "new")
    assert order.spares == [Part(model="皮带")]


def test_choices_are_found_in_rows_too() -> None:
    assert list(choices(Order)) == [
        ("parts.kind", Choice("kinds")),
        ("spares.kind", Choice("kinds")),
        ("station_id", Choice("stations")),
    ]
    order = parse(Order, {"parts": [GOOD, GOOD | {"kind": "old"}], "station_id": 2})
    assert list(chosen(order)) == [
        ("parts.0.kind", Choice("kinds"), "new"),
        ("parts.1.kind", Choice("kinds"), "old"),
        ("station_id", Choice("stations"), 2),
    ]
    held = {name: line_of(info) for name, info in Order.model_fields.items()}
    assert held == {"parts": Part, "spares": Part, "station_id": None}


@pytest.mark.parametrize(
    ("typed", "line", "text"),
    [
        ("  a  b ", "  a  b ", "  a  b "),
        ("a\r\nb\rc", "a b c", "a\nb\nc"),
        ("a\tb\n\n\nc", "a b c", "a\tb\n\n\nc"),
        ("a\x00\x07b\x85", "ab", "ab"),
        ("e\u0301", "é", "é"),
        (7, 7, 7),
        (None, None, None),
    ],
)
def test_cleaning(typed: Any, line: Any, text: Any) -> None:
    assert (clean_line(typed), clean_text(typed)) == (line, text)


def test_phones_and_serials_are_compared_plainly() -> None:
    assert digits("０２５-8888 (6666) 转 12") == "0258888666612"
    assert plain_serial(" ｓｎ 00-1\u3000") == "SN00-1"


@given(text=anything)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_text):
        assert clean(clean(text)) == clean(text)
