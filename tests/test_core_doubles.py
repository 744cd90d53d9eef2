"""Doubles: listed with reasons, joined with all that is theirs, both lead to one, parted again."""

from typing import Any

import pytest
from sqlalchemy import select

from core.customers import customers, joining, likeness
from core.customers.customers import EditCustomer
from core.customers.inputs import MovePiece
from core.customers.joining import JoinDouble, KeepApart, PartAgain
from core.kernel.errors import InvalidInput, NotAllowed, Stale
from core.kernel.inputs import parse
from core.process import history
from core.requests import lists
from core.requests.inputs import ChangeCustomer
from db.tables import Asset, Base, Customer, Purchase, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import Company


def join(company: Company, who: str, noun: Any, id: int, other: int, version: int = 1) -> None:
    command = JoinDouble(other_id=other, reason="同一个人")
    company.do(who, joining.join, noun=noun, id=id, command=command, seen_version=version)


def part(company: Company, noun: Any, id: int) -> None:
    command = PartAgain(reason="是两个人")
    company.do("agent", joining.part, noun=noun, id=id, command=command)


def pairs(company: Company, who: str = "agent") -> list[tuple[str, int, int, str]]:
    found = company.see(who, likeness.all_pairs)
    return [(joining.SUBJECTS[p.noun], p.first.id, p.other.id, p.why) for p in found]


def found(company: Company, text: str) -> list[int]:
    return [each.id for each in company.see("agent", customers.find, text=text)]


@pytest.fixture
def two(company: Company) -> Company:
    """Two archives of one person, each with a case, a piece and the same invoice."""
    for name, phone, serial in (
        ("王小明", "138 0013 8000", "SN-1"),
        ("王晓明", "+86 139 0013 9000", "ＳＮ１"),
    ):
        model = "XQG100" if serial == "SN-1" else "XQG-100B"
        company.register(customer_name=name, phone=phone, serial=serial, model=model)
    for buyer, invoice in ((1, "FP-9"), (2, "fp 9")):
        line = {"quantity": 1, "model": f"M{buyer}"}
        steps.buy(
            company, line, customer_id=buyer, invoice_no=invoice, another_purchase=True, why="-"
        )
    return company


def test_all_that_names_a_customer_or_a_piece_goes_along() -> None:
    for noun, belongs in joining.BELONGS.items():
        named = {
            (table.name, column.name)
            for table in Base.metadata.tables.values()
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name == noun.__tablename__
        }
        assert {(table.__tablename__, column) for table, column in belongs} == named


def test_two_customers_become_one_and_two_again(two: Company) -> None:
    join(two, "agent", Customer, 1, 2)
    assert {row.customer_id for row in two.rows(ServiceRequest)} == {1}
    assert {row.customer_id for row in two.rows(Asset)} == {1}
    # One invoice that was typed for both is one purchase: the second is known as its double.
    assert [(p.customer_id, p.invoice_key) for p in two.rows(Purchase)] == [(1, "fp9"), (1, "")]
    for text in ("13800138000", "13900139000", "王晓明", "晓明", "王小明"):
        assert found(two, text) == [1]
    assert two.see("agent", customers.view, id=2).id == 1
    assert {r.customer for r in two.see("agent", lists.search, text="139 0013 9000").rows} == {
        "王小明"
    }
    (known,) = two.see("agent", likeness.joined, customer_id=1)
    assert (known.side.id, known.side.name) == (2, "王晓明")
    third = two.register(customer_name="王晓明", phone="0086-139-0013-9000", another_customer=False)
    assert two.get(ServiceRequest, third).customer_id == 1
    with pytest.raises(Stale):
        join(two, "agent", Customer, 2, 1, version=2)
    part(two, Customer, 2)
    assert [row.customer_id for row in two.rows(ServiceRequest)] == [1, 2, 1]
    assert [row.customer_id for row in two.rows(Asset)] == [1, 2, *[1] * 1][: len(two.rows(Asset))]
    assert [(p.customer_id, p.invoice_key) for p in two.rows(Purchase)] == [(1, "fp9"), (2, "fp9")]
    assert found(two, "13900139000") == [2]
    told = [action for action, _, _ in two.history("customer", 2)]
    assert told == ["added", "joined", "parted"]
    assert two.see("admin", history.verify) == ()
    with pytest.raises(Stale):
        part(two, Customer, 2)


def test_what_goes_to_one_that_was_joined_goes_to_the_one_that_stays(two: Company) -> None:
    third = two.register(customer_name="赵四", phone="137 0013 7000", serial="SN-7")
    piece = two.get(ServiceRequest, third).asset_id
    join(two, "agent", Customer, 1, 2)
    two.act("agent", ServiceRequest, third, ChangeCustomer(customer_id=2, note="登记错了"))
    assert two.get(ServiceRequest, third).customer_id == 1
    two.act("agent", Asset, piece, MovePiece(customer_id=2, note="转让"))
    assert two.get(Asset, piece).customer_id == 1


def test_the_changes_of_both_are_told(two: Company) -> None:
    facts = {"customer_name": "王晓明", "phone": "139 0013 9000", "address": "新街 1 号"}
    facts |= {"reason": "搬家"}
    command = parse(EditCustomer, facts | {"station_id": 1})
    two.do("agent", customers.edit, id=2, command=command, seen_version=1)
    join(two, "agent", Customer, 1, 2)
    (change,) = two.see("agent", customers.edits, id=1)
    assert change.fields["address"][1] == "新街 1 号"


def test_two_pieces_become_one_and_two_again(two: Company) -> None:
    with pytest.raises(InvalidInput) as refusal:
        join(two, "agent", Asset, 1, 2, version=two.get(Asset, 1).version)
    assert [bad.code for bad in refusal.value.problems] == ["of_another_customer"]
    join(two, "agent", Customer, 1, 2)
    join(two, "agent", Asset, 1, 2, version=two.get(Asset, 1).version)
    cases = [row.asset_id for row in two.rows(ServiceRequest)]
    assert cases == [1, 1]
    shown = two.see("agent", customers.view, id=1)
    assert 2 not in [piece.id for piece in shown.assets]
    again = two.register(customer_id=1, customer_name="", phone="", serial="sn 1", model="XQG100b")
    assert two.get(ServiceRequest, again).asset_id == 1
    part(two, Asset, 2)
    assert [row.asset_id for row in two.rows(ServiceRequest)] == [1, 2, 1]


def test_doubles_are_listed_with_the_reason(two: Company) -> None:
    two.register(customer_name="王小明", phone="13700137000")
    two.register(customer_name="李雷", phone="013800138000", another_customer=True)
    assert pairs(two) == [
        ("customer", 1, 4, "same_number"),
        ("customer", 1, 3, "same_name_and_address"),
        ("asset", 1, 2, "same_serial"),
    ]
    assert pairs(two, "manager") == pairs(two)
    assert pairs(two, "agent.stranger") == []
    mine = two.see("agent", likeness.pairs_of, customer_id=4)
    assert [(pair.first.id, pair.other.id) for pair in mine] == [(1, 4)]
    command = KeepApart(other_id=1, reason="父子")
    two.do("agent", joining.keep_apart, noun=Customer, id=4, command=command)
    assert ("customer", 1, 4, "same_number") not in pairs(two)


def test_what_may_not_be_joined(two: Company) -> None:
    with pytest.raises(NotAllowed):
        join(two, "agent.stranger", Customer, 1, 2)
    with pytest.raises(NotAllowed):
        join(two, "auditor", Customer, 1, 2)
    with pytest.raises(Stale):
        join(two, "agent", Customer, 1, 2, version=7)
    with pytest.raises(InvalidInput):
        join(two, "agent", Customer, 1, 1)
    assert two.see("agent", likeness.joined, customer_id=1) == ()
    with_them = select(Customer.id).where(Customer.joined_into_id.is_not(None))
    assert two.see("agent", lambda uow: uow.session.scalars(with_them).all()) == []
