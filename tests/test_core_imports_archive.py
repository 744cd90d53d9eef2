"""Customers, pieces and purchases brought in: known again, completed, refused with the words where."""

from datetime import date
from typing import Any

from sqlalchemy import select

from core.customers import customers, life
from core.customers.customers import AddCustomer
from core.imports.errors import RowCode
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.plan import Preview
from core.imports.run import Outcome
from core.imports.subjects import Subject
from core.imports.suggest import subject_of, suggest_map
from db.codes import PieceStatus
from db.tables import Asset, Contact, Customer, Purchase, PurchaseLine, Station
from tests.company_cast import Company
from tests.import_files import bring, is_whole, preview, rows

PEOPLE = """\
客户编号,客户名称,联系人,电话,其他联系人,其他电话,地址,网点
K1,南京饭店,王经理,025-8451 0000,李会计,13900000001,中山路1号,
K1,南京饭店,王经理,(025)84510000,陈工,13900000002,,
K2,赵六,,+86 138 0000 1111,,,北京东路2号,{station}
,钱七,,０１３８００００２２２２,,,,没有的网点
K4,孙八,,,,,,
K5,,,13800003333,,,,
"""
PIECES = """\
客户编号,客户名称,电话,品牌,型号,序列号,购买日期,保修到期
K2,赵六,13800001111,海尔,XQG100,sn-1,2025-03-31,2027-03-30
,钱七,0138 0000 2222,海尔,XQG100,SN 2,2025-06-01,2026-06-01
,钱七,13800002222,海尔,XQG100,sn2,2025-06-02,
,钱七,13800002222,海尔,xqg100,SN-1,2025-06-01,
,,,海尔,XQG100,SN1,2025-03-31,2027-03-30
,钱七,13800002222,海尔,XQG100,SN3,2025-06-01,2026-06-17
,没人,,海尔,XQG100,SN4,,
,钱七,13800002222,海尔,XQG100,,2024-02-29,
"""
BOUGHT = """\
客户编号,客户名称,电话,发票号,购买日期,品牌,型号,序列号,数量,单价,折扣,金额,整单折扣
K2,,,FP-001,2025-03-31,海尔,XQG100,SN1,1,"¥3,000.00",100,2900,50
K2,,,fp 001,2025-03-31,海尔,滤芯,,3,10.50,,,
,钱七,13800002222,FP-002,2025-06-01,海尔,XQG100,SN2,1,3000,,,
,钱七,13800002222,FP002,2025-06-01,海尔,XQG100,SN2,1,3000,,,
,钱七,13800002222,FP-003,2025-06-03,海尔,XQG100,SN1,1,3000,,,
,钱七,13800002222,FP-004,2025-06-03,海尔,滤芯,,2,10,,,
,钱七,13800002222,FP-004,2025-06-03,海尔,软管,,0,10,,,
,周九,13800004444,,2025-07-01,海尔,滤芯,,1,,,9.99,
"""


def file(text: str) -> SourceFile:
    return SourceFile("archive.csv", text.encode())


def map_of(text: str, source: str = "shop") -> ColumnMap:
    columns = text.splitlines()[0].split(",")
    return suggest_map(columns, source, subject_of(columns)).map


def take(company: Company, text: str) -> tuple[Preview, Outcome]:
    """The preview and the import, which say the same."""
    map = map_of(text)
    seen, done = preview(company, file(text), map), bring(company, file(text), map)
    assert (seen.new, seen.known, seen.bad) == (done.added, done.known, done.bad)
    assert (seen.new_customers, seen.new_products) == (done.new_customers, done.new_products)
    assert (seen.problems, seen.differences) == (done.problems, done.differences)
    assert seen.completed == done.completed
    return seen, done


def problems(found: Preview | Outcome) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, str(each.code)) for each in found.problems]


def differences(found: Preview | Outcome) -> list[tuple[int, str, str, str]]:
    return [(each.line, each.field, each.here, each.there) for each in found.differences]


def people_file(company: Company) -> str:
    ((name,),) = rows(company, select(Station.name).order_by(Station.id).limit(1))
    return PEOPLE.format(station=name)


def test_a_file_shows_what_its_rows_are() -> None:
    for text, subject in ((PEOPLE, "customers"), (PIECES, "pieces"), (BOUGHT, "purchases")):
        columns = text.splitlines()[0].split(",")
        assert subject_of(columns) == subject
        assert suggest_map(columns, subject=Subject(subject)).unused == ()
    assert subject_of(("单号", "客户", "故障现象", "型号", "受理时间")) == "cases"


def test_customers_come_in_once_with_their_contacts(company: Company) -> None:
    text = people_file(company)
    seen, done = take(company, text)
    assert (seen.total, seen.new, seen.known, seen.bad, seen.new_customers) == (6, 4, 1, 1, 4)
    assert problems(seen) == [(7, "客户名称", RowCode.MISSING)]
    assert seen.unknown_stations == ("没有的网点",)
    named = select(Customer.name, Customer.source_ref).where(Customer.source == "shop")
    assert dict(rows(company, named)) == {
        "南京饭店": "K1",
        "赵六": "K2",
        "钱七": None,
        "孙八": "K4",
    }
    contacts = rows(company, select(Contact.name, Contact.phone).order_by(Contact.id))
    assert contacts == [("李会计", "13900000001"), ("陈工", "13900000002")]
    ((phone, address),) = rows(
        company, select(Customer.phone, Customer.address).where(Customer.source_ref == "K2")
    )
    assert (phone, address) == ("+86 138 0000 1111", "北京东路2号")
    # Once more, and nothing is doubled.
    seen, done = take(company, text)
    assert (seen.new, seen.known, seen.completed, done.differences) == (0, 5, 0, ())
    assert is_whole(company)


def test_a_known_customer_is_completed_and_what_differs_is_listed(company: Company) -> None:
    known = company.do(
        "agent", customers.register, AddCustomer(customer_name="赵六", phone="138 0000 1111")
    )
    other = company.do(
        "agent", customers.register, AddCustomer(customer_name="李四", phone="13900000009")
    )
    text = (
        "客户编号,客户名称,联系人,电话,地址\n"
        "K2,赵 六,赵太太,+86-13800001111,北京东路2号\n"
        "K2,赵六,赵先生,13800001111,北京东路2号\n"
        "K9,李五,,139-0000-0009,\n"
    )
    seen, done = take(company, text)
    assert (seen.new, seen.known, seen.completed) == (1, 2, 1)
    assert differences(seen) == [(3, "contact", "赵太太", "赵先生")]
    # Another name under a known number is said.
    assert seen.shared_numbers == {"139-0000-0009": ("李四", "李五")}
    found = company.see("manager", customers.view, id=known.id)
    assert (found.name, found.contact, found.address) == ("赵六", "赵太太", "北京东路2号")
    edits = company.see("manager", customers.edits, id=known.id)
    assert edits[0].fields["address"] == ("", "北京东路2号")
    # By the number of the other system alone, or through a contact, it is the same one.
    seen, _ = take(company, "客户编号,客户名称,电话\nK2,赵六六,\n")
    assert (seen.new, seen.known) == (0, 1)
    assert differences(seen) == [(2, "customer_name", "赵六", "赵六六")]
    assert company.see("manager", customers.view, id=other.id).name == "李四"
    assert is_whole(company)


def test_two_of_one_name_and_number_are_not_guessed_among(sqlite_company: Company) -> None:
    asked = AddCustomer(customer_name="赵六", phone="13800001111")
    sqlite_company.do("agent", customers.register, asked)
    double = asked.model_copy(update={"another_customer": True})
    sqlite_company.do("agent", customers.register, double)
    seen, _ = take(sqlite_company, "客户名称,电话,地址\n赵六,13800001111,东路\n")
    assert problems(seen) == [(2, "客户名称", RowCode.CUSTOMER_DOUBLE)]


def test_pieces_come_in_once_and_are_refused_with_the_words_where(company: Company) -> None:
    take(company, people_file(company))
    seen, done = take(company, PIECES)
    assert (seen.new, seen.known, seen.bad, seen.new_products) == (3, 2, 3, 1)
    assert problems(seen) == [
        (5, "序列号", "piece_with"),
        (7, "保修到期", RowCode.WARRANTY_ODD),
        (8, "客户名称", RowCode.CUSTOMER_UNKNOWN),
    ]
    assert seen.problems[0].details == {"customer": "赵六"}
    assert differences(seen) == [
        (3, "warranty_until", "2026-05-31", "2026-06-01"),
        (4, "purchased_on", "2025-06-01", "2025-06-02"),
    ]
    kept = select(Asset.serial, Asset.purchased_on, Asset.warranty_months, Asset.warranty_until)
    assert rows(company, kept.order_by(Asset.id)) == [
        ("SN-1", date(2025, 3, 31), 24, date(2027, 3, 30)),
        ("SN2", date(2025, 6, 1), None, date(2026, 5, 31)),
        (None, date(2024, 2, 29), None, date(2025, 2, 28)),
    ]
    seen, done = take(company, PIECES)
    assert (seen.new, seen.known, seen.completed, seen.bad) == (0, 5, 0, 3)
    assert is_whole(company)


def test_a_piece_on_file_is_completed_and_one_that_was_returned_is_refused(
    company: Company,
) -> None:
    take(company, people_file(company))
    head = "客户编号,品牌,型号,序列号,购买日期\n"
    take(company, head + "K1,海尔,XQG100,A1,\nK1,海尔,XQG100,A2,2025-01-01\n")
    seen, _ = take(company, head + "K1,海尔,xqg 100,a-1,2025-02-01\n")
    assert (seen.new, seen.known, seen.completed) == (0, 1, 1)

    def give_back(uow: Any) -> None:
        piece = uow.session.scalars(life.select_pieces(uow.actor).where(Asset.serial == "A2")).one()
        life.take_back(uow, piece, "SR1")

    company.do("manager", give_back)
    seen, _ = take(company, head + "K2,海尔,XQG100,A2,2025-02-01\n")
    assert problems(seen) == [(2, "序列号", "piece_held")]
    # Sold again it is the next customer's.
    sale = "客户编号,发票号,购买日期,品牌,型号,序列号,单价\nK2,F9,{},海尔,XQG100,A2,2000\n"
    (on,) = {company.see("manager", lambda uow: uow.today.isoformat())}
    seen, _ = take(company, sale.format(on))
    assert (seen.new, seen.bad) == (1, 0)
    resold = select(Asset.status, Customer.source_ref).join(Asset.customer)
    assert rows(company, resold.where(Asset.serial == "A2")) == [(PieceStatus.BOUGHT, "K2")]
    assert is_whole(company)


def test_an_invoice_is_one_purchase_and_comes_in_whole(company: Company) -> None:
    take(company, people_file(company))
    take(company, PIECES)
    seen, done = take(company, BOUGHT)
    assert (seen.total, seen.new, seen.known, seen.bad) == (8, 4, 0, 4)
    assert problems(seen) == [
        (5, "型号", RowCode.DUPLICATE_IN_FILE),
        (6, "序列号", RowCode.DUPLICATE_IN_FILE),
        (7, "发票号", RowCode.INVOICE_PART_BAD),
        (8, "数量", RowCode.OUT_OF_RANGE),
    ]
    assert [each.details for each in seen.problems[:2]] == [{"first_line": 4}, {"first_line": 2}]
    bought = select(Purchase.invoice_no, PurchaseLine.quantity, PurchaseLine.total_cents)
    # 50 off the whole invoice are shared by what its lines cost: 2,900.00 and 31.50.
    assert rows(company, bought.join(Purchase.lines).order_by(PurchaseLine.id)) == [
        ("FP-001", 1, 285054),
        ("FP-001", 3, 3096),
        ("FP-002", 1, 300000),
        ("", 1, 999),
    ]
    # The same file, and one in which the invoice is spelt otherwise and says more.
    seen, _ = take(company, BOUGHT)
    assert (seen.new, seen.known, seen.bad) == (0, 4, 4)
    head = BOUGHT.splitlines()[0]
    text = f"{head}\nK2,,,fp001,2025-04-01,海尔,滤芯,,4,10.50,,,\n"
    seen, _ = take(company, text)
    assert (seen.new, seen.known, seen.bad) == (0, 1, 0)
    assert [(field, there) for _, field, _, there in differences(seen)] == [
        ("purchased_on", "2025-04-01"),
        ("lines", "海尔 滤芯 × 4 · 10.50"),
    ]
    # At another customer it is asked about by people, not by a file.
    text = f"{head}\nK1,,,FP-001,2025-03-31,海尔,滤芯,,3,10.50,,,\n"
    seen, _ = take(company, text)
    assert problems(seen) == [(2, "发票号", "invoice_of_another")]
    assert is_whole(company)
