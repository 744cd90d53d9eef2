"""The question whether it is another purchase, and a customer's archive at two stations."""

import pytest

from core.customers import customers
from core.customers.customers import EditCustomer
from core.kernel.inputs import parse
from db.codes import Language
from db.tables import Customer, GoodsReturn, History, Purchase
from tests import return_steps as steps
from tests.company_cast import Company
from tests.screen import Screen

QUESTION = "这是另一笔购买吗"


def entering(company: Company, customer_id: int, **facts: object) -> Screen:
    """The form for a purchase, filled with one line."""
    screen = Screen(company, "agent").open("apply_return", customer=str(customer_id))
    values = {"purchased_on": company.rows(Purchase)[0].purchased_on} | facts
    screen.fill(**values)
    screen.fill(brand="海尔").run().fill(model="XQG100", quantity=3, unit_cents=500.0)
    return screen.press(f"purchase·{customer_id}·send")


def test_an_invoice_that_is_on_file_is_said_to_be(served: Company) -> None:
    buyer = steps.customer(served)
    steps.buy(served, customer_id=buyer, invoice_no="FP-9")
    screen = entering(served, buyer, invoice_no="fp 9")
    assert "2026-02-25" in screen.texts.replace("\\", "")
    assert "海尔 XQG100" in screen.texts.replace("\\", "")
    assert QUESTION not in screen.texts
    assert len(served.rows(Purchase)) == 1


@pytest.mark.parametrize(("number", "mine"), [("FP-9", False), ("", True)])
def test_what_may_be_another_purchase_is_asked(served: Company, number: str, mine: bool) -> None:
    buyer = steps.customer(served)
    steps.buy(served, customer_id=buyer, invoice_no=number)
    owner = buyer if mine else steps.customer(served)
    screen = entering(served, owner, invoice_no=number)
    assert QUESTION in screen.texts
    assert screen.field("model").value == "XQG100"  # what was typed stays
    screen.press(f"purchase·{owner}·send")
    assert len(served.rows(Purchase)) == 1
    screen.fill(another_purchase=True).press(f"purchase·{owner}·send")
    assert len(served.rows(Purchase)) == 1
    screen.fill(why="另一门店").press(f"purchase·{owner}·send")
    assert len(served.rows(Purchase)) == 2
    *_, fact = served.rows(History, subject="purchase")
    assert fact.note == "另一门店"
    assert QUESTION not in screen.texts


def test_a_piece_that_is_under_way_is_said_before_it_is_sent(served: Company) -> None:
    buyer = steps.customer(served)
    (line,) = steps.buy(served, {"serial": "SN-1", "quantity": 1}, customer_id=buyer)
    (other,) = steps.buy(served, customer_id=buyer)
    id = steps.applied(served, steps.FAULT | {"purchase_line_id": other, "serial": "S7"})
    screen = Screen(served, "agent").open("apply_return", customer=str(buyer))
    (take,) = [box for box in screen.app.checkbox if box.key.endswith(f"·{other}·take·")]
    take.check()
    screen.run()
    (serial,) = [box for box in screen.app.text_input if box.key.endswith(f"·{other}·serial·")]
    serial.set_value("s-7")
    screen.run()
    assert steps.case_of(served, id).number in screen.texts.replace("\\", "")
    screen.fill(symptom="退货").press("apply_send")
    assert len(served.rows(GoodsReturn)) == 1
    assert line != other


def test_a_station_reads_another_ones_customer_and_changes_its_own(served: Company) -> None:
    served.register(customer_name="李雷", phone="13900139000")
    theirs = Screen(served, "agent.stranger").open("customer", id="1")
    assert theirs.title == "李雷"
    assert "此客户属于North" in theirs.texts
    assert not [b for b in theirs.app.button if b.key == "customer_send"]
    mine = Screen(served, "agent").open("customer", id="1")
    assert "此客户属于" not in mine.texts
    mine.fill("customer·", address="中山路 2 号", reason="搬家").press("customer_send")
    assert served.get(Customer, 1).address == "中山路 2 号"
    shown = Screen(served, "agent").open("customer", id="1")
    (table,) = [t for t in shown.app.dataframe if list(t.value.columns)[-1] == "新值"]
    assert table.value.values.tolist()[0][1:] == ["agent", "地址", "中山路 8 号", "中山路 2 号"]
    auditor = Screen(served, "auditor").open("customer", id="1")
    assert "此客户属于" not in auditor.texts
    assert "修改记录" not in [each.label for each in auditor.app.expander]


def test_the_changes_name_the_station(served: Company) -> None:
    served.register(customer_name="李雷", phone="13900139000")
    facts = {
        "customer_name": "李雷",
        "phone": "13900139000",
        "address": "中山路 8 号",
        "station_id": 2,
        "reason": "搬家",
    }
    served.do("manager", customers.edit, id=1, command=parse(EditCustomer, facts), seen_version=1)
    shown = Screen(served, "manager").open("customer", id="1")
    (table,) = [t for t in shown.app.dataframe if list(t.value.columns)[-1] == "新值"]
    assert table.value.values.tolist()[0][2:] == ["网点", "North", "South"]


def test_the_company_shows_what_was_changed_of_it(served: Company) -> None:
    screen = Screen(served, "admin").open("company")
    screen.fill(name="新公司", language=Language.EN).press("company_send")
    shown = Screen(served, "admin").open("company")
    (table,) = shown.app.dataframe
    said = [row[2:] for row in table.value.values.tolist()]
    assert ["语言", "简体中文", "English"] in said
    assert any(row[1:] == ["Test company", "新公司"] for row in said)
