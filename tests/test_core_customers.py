"""Customers are found while the phone is at the ear, and corrected by whoever is faster."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from core.customers import catalogue, customers
from core.customers.customers import EditCustomer
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.process import history
from core.requests import intake
from db.codes import Charge, RequestKind
from db.tables import Asset, Customer, Product, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import REPAIR, Company

FACTS = {
    "customer_name": "王大明",
    "phone": "025-66668888",
    "address": "",
    "station_id": 1,
    "reason": "听错",
}


def find(company: Company, text: str, who: str = "agent") -> list[str]:
    return [customer.name for customer in company.see(who, customers.find, text=text)]


def edit(company: Company, who: str = "agent", version: int = 1, **facts: Any) -> None:
    command = parse(EditCustomer, FACTS | facts)
    company.do(who, customers.edit, id=1, command=command, seen_version=version)


@pytest.mark.parametrize(
    "text",
    ["138 0013", "13800138000", "１３８", "8000", "小明", "sn 0", "SN01", "ｓｎ０１", "100%"],
)
def test_found_by_a_part_of_what_is_known(company: Company, text: str) -> None:
    company.register(serial="SN 01", customer_name="王小明 100%")
    company.register(phone="02588886666", customer_name="李雷")
    assert find(company, text) == ["王小明 100%"]


@pytest.mark.parametrize("text", ["", "1", "  ", "_小", "0_", "%%", "N0", "\x00", "赵"])
def test_not_found(company: Company, text: str) -> None:
    company.register(serial="SN 01")
    assert find(company, text) == []


def test_a_customer_is_shown_with_what_they_own(company: Company) -> None:
    company.register(serial="SN1")
    company.register(
        customer_id=1, customer_name="", phone="", serial="SN2", purchased_on="2020-01-01"
    )
    shown = company.see("agent", customers.view, id=1)
    assert [(a.serial, a.in_warranty) for a in shown.assets] == [("SN2", False), ("SN1", True)]


@pytest.mark.parametrize("customer_id", [77, 0, -1, 2**31, 10**30])
def test_nobody_there(company: Company, customer_id: int) -> None:
    with pytest.raises(NotFound):
        company.see("agent", customers.view, id=customer_id)


def test_facts_are_corrected(company: Company) -> None:
    company.register()
    edit(company)
    row = company.get(Customer, 1)
    assert (row.name, row.phone_key, row.version) == ("王大明", "862566668888", 2)
    assert company.history("customer", 1) == [("added", None, None), ("edited", None, None)]
    assert company.see("admin", history.verify) == ()


def test_somebody_was_faster(company: Company) -> None:
    company.register()
    edit(company)
    with pytest.raises(Stale):
        edit(company, "agent.colleague", customer_name="王二明")
    assert company.get(Customer, 1).name == "王大明"


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"customer_name": " "}, "customer_name", "missing"),
        ({"customer_name": "\x00"}, "customer_name", "missing"),
        ({"phone": "12"}, "phone", "phone"),
        ({"station_id": 77}, "station_id", "not_an_option"),
        ({"address": "路" * 301}, "address", "string_too_long"),
    ],
)
def test_bad_facts(company: Company, facts: dict[str, Any], field: str, code: str) -> None:
    company.register()
    with pytest.raises(InvalidInput) as refusal:
        edit(company, **facts)
    assert [(p.field, p.code) for p in refusal.value.problems] == [(field, code)]
    assert company.get(Customer, 1).name == "王小明"


def test_auditors_only_look(company: Company) -> None:
    company.register()
    with pytest.raises(NotAllowed):
        edit(company, "auditor")
    assert find(company, "小明", "auditor") == ["王小明"]


def test_the_catalogue_grows_with_what_is_sold(company: Company) -> None:
    company.register()
    company.register(model="BCD")
    company.register(brand="美的", model="KFR")
    assert company.see("agent", catalogue.known) == {
        "海尔": {"BCD": ("",), "XQG100": ("",)},
        "美的": {"KFR": ("",)},
    }


SPELLINGS = [
    ("HAIER", "xqg100"),
    (" Haier ", "XQG 100"),
    ("Ｈａｉｅｒ", "ＸＱＧ１００"),
    ("Hai er", "XQG100"),
]


@pytest.mark.parametrize(("brand", "model"), SPELLINGS)
def test_another_spelling_is_the_known_product(company: Company, brand: str, model: str) -> None:
    company.register(brand="Haier", model="XQG100")
    company.register(brand=brand, model=model)
    (product,) = company.rows(Product)
    assert (product.brand, product.model) == ("Haier", "XQG100")
    assert {asset.product_id for asset in company.rows(Asset)} == {product.id}
    company.register(brand=brand, model="BCD-1")
    assert [row.brand for row in company.rows(Product)] == ["Haier", "Haier"]


def test_a_part_of_a_name_is_another_product(company: Company) -> None:
    company.register(brand="Haier", model="XQG100")
    company.register(brand="Hai", model="XQG100")
    assert len(company.rows(Product)) == 2


def test_the_line_of_a_purchase_finds_the_known_product_too(company: Company) -> None:
    company.register(brand="Haier", model="XQG100")
    steps.buy(company, {"brand": "haier", "model": "xqg 100", "specification": "10 kg"})
    steps.buy(company, {"brand": "ＨＡＩＥＲ", "model": "XQG100", "specification": "１０KG"})
    names = [(row.brand, row.model, row.specification) for row in company.rows(Product)]
    assert names == [("Haier", "XQG100", ""), ("Haier", "XQG100", "10 kg")]


def test_a_new_product_is_judged_by_the_warranty_of_the_known_one(company: Company) -> None:
    company.register()
    with transaction(company.engine, write=True) as session:
        session.execute(update(Product).values(warranty_months=36))
    asked = {"kind": RequestKind.REPAIR, "asset_id": None, "fault_area": None}
    told = {"brand": "海尔", "model": "xqg100", "purchased_on": date(2024, 1, 1)}
    assert company.see("agent", intake.prospect, **asked, **told).charge is Charge.FREE
    request = company.get(ServiceRequest, company.register(purchased_on="2024-01-01"))
    assert request.charge is Charge.FREE


@pytest.mark.parametrize("name", ["customer_id", "asset_id"])
def test_a_choice_that_nobody_made_is_missing(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(intake.Register, REPAIR | {"customer_id": 1, name: ""})
    assert [(bad.field, bad.code) for bad in refusal.value.problems] == [(name, "missing")]


def test_without_a_product_nothing_is_said_about_its_price(company: Company) -> None:
    asked = {"kind": RequestKind.REPAIR, "asset_id": None, "fault_area": None}
    found = company.see("agent", intake.prospect, **asked)
    assert (found.charge, found.charge_reason, found.earlier) == (None, None, ())
