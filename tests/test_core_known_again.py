"""The same is known as the same: numbers, names, pieces and invoices, however they are written."""

import pytest
from sqlalchemy import Engine

from core.customers import customers
from core.imports.plan import plan
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.requests import intake, lists
from db import keys, migrate, phones
from db.tables import Asset, Customer, PurchaseLine, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import REPAIR, Company, build, meet
from tests.import_files import SERVICE, table

MOBILE = (
    *("13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "+86 138-0013-8000"),
    *("008613800138000", "8613800138000", "086-13800138000", "(+86)138 0013 8000"),
    *(
        "１３８００１３８０００",
        "＋８６ 138－0013－8000",
        "138\u200b0013\u202d8000",
        "013800138000",
    ),
    *("138—0013—8000", "+86 (0)138 0013 8000"),
)
LAND = (
    *("025-66668888", "02566668888", "(025) 6666 8888", "（025）66668888", "+86 25 66668888"),
    *("86-25-66668888", "025-66668888-8001", "025-66668888转8001", "025 66668888 ext. 12"),
    *("025-66668888#801", "０２５－６６６６８８８８分机801"),
)


def found(company: Company, text: str) -> list[str]:
    return [each.name for each in company.see("agent", customers.find, text=text)]


@pytest.mark.parametrize(("spellings", "key"), [(MOBILE, "8613800138000"), (LAND, "862566668888")])
def test_a_number_has_one_key_however_it_is_written(spellings: tuple[str, ...], key: str) -> None:
    assert {phones.key_of(each) for each in spellings} == {key}
    for each in spellings:
        assert parse(intake.Register, REPAIR | {"phone": each}).phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13800138000", "13800138001"),
        ("025-66668888", "021-66668888"),
        ("+1 212 555 1234", "212 555 1234"),
        ("+852 2345 6789", "2345 6789"),
        ("95588", "95589"),
    ],
)
def test_other_numbers_have_other_keys(one: str, other: str) -> None:
    assert phones.key_of(one) != phones.key_of(other)


def test_the_country_is_that_of_the_company() -> None:
    zones = ("Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "UTC", "", None)
    assert [phones.country_of(zone) for zone in zones] == ["CN", "DE", "IN", "CN", "CN", "CN"]
    assert phones.key_of("030 901820", "DE") == phones.key_of("+49 30 901820") == "4930901820"


def test_a_caller_is_known_by_any_way_to_write_the_number(company: Company) -> None:
    company.register(customer_name="王小明", phone="+86 138-0013-8000")
    company.register(customer_name="南京公司", phone="025-66668888-8001")
    company.register(customer_name="李雷", phone="13700137000/021-55556666")
    company.register(customer_name="韩梅", phone="7766 5544")
    for text in (*MOBILE, "8000", "138 0013", "0138", "+86 138", "00138000"):
        assert found(company, text) == ["王小明"], text
        assert company.see("agent", lists.search, text=text).total == 1, text
        narrowed = lists.Filter(text=text)
        queue = company.see("dispatcher", lists.queue, name=lists.Queue.DISPATCH, filters=narrowed)
        assert queue.total == 1, text
    for text in (*LAND, "66668888", "025-6666"):
        assert found(company, text) == ["南京公司"], text
    for text in ("13700137000", "021 5555 6666", "55556666", "+86 137 0013 7000"):
        assert found(company, text) == ["李雷"], text
    for text in ("77665544", "025-77665544"):
        assert found(company, text) == ["韩梅"], text
    assert found(company, "13800138001") == found(company, "10086") == []


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ABC公司", "ＡＢＣ公司"),
        ("abc 公司", "ABC公司"),
        ("张三（女士）", "张三(女士)"),
        ("张三(女士)", "张三 女士"),
        ("欧阳\u200b小明", "欧阳小明"),
        ("Straße Ltd.", "STRASSE ltd"),
        ("南京（华东）有限公司", "华东有限"),
    ],
)
def test_a_name_is_found_however_it_is_written(company: Company, name: str, asked: str) -> None:
    company.register(customer_name=name, phone="13700137000")
    company.register(customer_name="别人", phone="13600136000", address="别处 9 号")
    assert found(company, asked) == [name]
    assert company.see("agent", lists.search, text=asked).total == 1
    if keys.name_key(name) == keys.name_key(asked):
        again = company.register(customer_name=asked, phone="+86 13700137000")
        assert company.get(ServiceRequest, again).customer_id == 1


@pytest.mark.parametrize(
    ("serial", "asked"),
    [
        ("SN-00 12", "sn0012"),
        ("ＳＮ－００１２", "SN0012"),
        ("苏A·12345", "苏a12345"),
        ("苏A-12345", "苏Ａ 12345"),
        ("AB\u200bC-7", "abc7"),
        ("L6T—7844", "l6t7844"),
    ],
)
def test_a_piece_is_one_however_its_number_is_written(
    company: Company, serial: str, asked: str
) -> None:
    company.register(serial=serial)
    assert found(company, asked) == ["王小明"]
    assert company.see("agent", lists.search, text=asked).total == 1
    assert company.see("agent", lists.search, text=asked[-4:]).total == 1
    again = company.get(ServiceRequest, company.register(serial=asked))
    assert (again.asset_id, len(company.rows(Asset))) == (1, 1)
    steps.buy(company, {"quantity": 1, "serial": asked}, customer_id=1)
    (line,) = company.rows(PurchaseLine)
    assert (line.asset_id, len(company.rows(Asset))) == (1, 1)
    with pytest.raises(InvalidInput) as refusal:
        company.register(serial=asked, customer_name="李雷")
    assert [bad.code for bad in refusal.value.problems] == ["piece_known"]


def test_a_customer_is_found_by_the_number_of_an_invoice(company: Company) -> None:
    company.register()
    steps.buy(company, {"quantity": 1}, customer_id=1, invoice_no="FP—2026 0301")
    assert found(company, "fp20260301") == ["王小明"]


def test_an_import_knows_callers_and_pieces_again_and_names_shared_numbers(
    company: Company,
) -> None:
    facts = {"brand": "海尔", "model": "XQG100", "serial": "SN-1"}
    company.register(customer_name="王小明", phone="+86 138-0013-8000", **facts)
    rows = ({"序列号": "sn1"}, {"单号": "W2", "客户": "王 小 明", "电话": "0086 13800138000"})
    more = {"单号": "W3", "客户": "李雷", "电话": "138 0013 8000", "序列号": "SN9"}
    shown = company.see("manager", plan, file=table(*rows, more), map=SERVICE)
    assert (shown.new, shown.bad, shown.new_customers) == (3, 0, 1)
    assert shown.shared_numbers == {"138 0013 8000": ("王小明", "李雷")}


def test_keys_follow_what_is_corrected(company: Company) -> None:
    company.register()
    facts = {"customer_name": "王大明", "phone": "025-66668888", "address": "", "station_id": 1}
    facts |= {"reason": "改名"}
    command = parse(customers.EditCustomer, facts)
    company.do("agent", customers.edit, id=1, command=command, seen_version=1)
    assert found(company, "02566668888") == found(company, "大明") == ["王大明"]
    assert found(company, "王小明") == found(company, "13800138000") == []


def test_the_migration_gives_keys_to_what_is_there(blank: Engine) -> None:
    migrate.upgrade(blank)
    build(blank)
    company = meet(blank)
    company.register(customer_name="ＡＢＣ公司", phone="+86 138-0013-8000", serial="SN-1")
    columns = ("name_key", "phone_key", "phone_end")
    before = [[getattr(row, name) for name in columns] for row in company.rows(Customer)]
    migrate.downgrade(blank, "0024")
    with blank.connect() as connection:
        query = "SELECT phone_digits FROM customers"
        assert connection.exec_driver_sql(query).scalar() == "8613800138000"
    migrate.upgrade(blank)
    after = [[getattr(row, name) for name in columns] for row in company.rows(Customer)]
    assert after == before == [["abc公司", "8613800138000", "0008310083168"]]
    for text in ("13800138000", "abc 公司", "sn1"):
        assert found(company, text) == ["ＡＢＣ公司"]
    assert migrate.differences(blank) == []


def test_a_known_caller_is_not_written_down_again(company: Company) -> None:
    first = company.register(address="新街 1 号")
    again = company.register(phone="+86 138-0013-8000", address="老街 2 号")
    cases = [company.get(ServiceRequest, id) for id in (first, again)]
    assert [(case.customer_id, case.address) for case in cases] == [
        (1, "新街 1 号"),
        (1, "老街 2 号"),
    ]
    with pytest.raises(InvalidInput) as refusal:
        company.register(customer_name="李雷", phone="0086 13800138000")
    (asked,) = refusal.value.problems
    assert (asked.field, asked.code) == ("another_customer", "number_known")
    # Another station does not write into our archive without a word either.
    with pytest.raises(InvalidInput) as refusal:
        company.register("agent.stranger", phone="13800138000")
    assert [bad.code for bad in refusal.value.problems] == ["number_known"]
    company.register(customer_name="李雷", phone="13800138000", another_customer=True)
    assert [row.name for row in company.rows(Customer)] == ["王小明", "李雷"]
    command = customers.AddCustomer(customer_name="王小明", phone="138 0013 8000")
    assert company.do("agent", customers.register, command).id == 1
