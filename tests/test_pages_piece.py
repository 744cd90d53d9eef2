"""The page of a piece, and a case that is put right on its page."""

from core.requests.inputs import Cancel
from db.codes import PieceStatus, RequestKind
from db.tables import Asset, Customer, Purchase, PurchaseLine, ReturnLine, ServiceRequest
from tests import return_steps as take
from tests.company_cast import Company
from tests.return_steps import FAULT, SWAP
from tests.screen import Screen


def test_the_page_of_a_piece_is_its_warranty_card(served: Company) -> None:
    served.finished(serial="S1")
    screen = Screen(served, "agent").open("customer", id="1").choose_row("assets", 0)
    assert screen.title == "海尔 XQG100 S1"
    screen = Screen(served, "agent").open("piece", id="1")
    assert "保修至" in screen.texts and "产品经历" in screen.texts
    assert "登记建档" in screen.texts
    screen.turn_to("correct_piece")
    screen.fill(serial="S2", note="铭牌看错了").press("correct_piece·send")
    assert served.rows(Asset)[0].serial == "S2"
    assert screen.title == "海尔 XQG100 S2" and "更正信息" in screen.texts
    screen.turn_to("scrap_piece").fill(note="客户自行处理").press("scrap_piece·send")
    assert served.rows(Asset)[0].status is PieceStatus.SCRAPPED
    assert "原使用人" in screen.texts
    screen.turn_to("restore_piece").fill(note="弄错了").press("restore_piece·send")
    assert served.rows(Asset)[0].status is PieceStatus.IN_USE
    stranger = Screen(served, "agent.stranger").open("piece", id="1")
    assert "S2" in stranger.title and not stranger.app.pills


def test_a_piece_moves_to_the_customer_who_was_looked_for(served: Company) -> None:
    served.register(serial="S1")
    served.act("agent", ServiceRequest, 1, Cancel(note="重复"))
    other = take.customer(served)
    screen = Screen(served, "agent").open("piece", id="1").turn_to("move_piece")
    screen.fill(who="李雷").run().fill(note="二手转让").press("move_piece·send")
    assert served.rows(Asset)[0].customer_id == other


def test_a_case_is_put_right_on_its_page(served: Company) -> None:
    served.register(serial="S1")
    other = take.customer(served)
    screen = Screen(served, "agent").open("case", id="1")
    screen.turn_to("change_customer")
    screen.fill(who="李雷").run().press("change_customer·send")
    assert screen.errors  # no reason was given
    screen.fill(note="同名客户选错了").press("change_customer·send")
    assert served.get(ServiceRequest, 1).customer_id == other
    screen.turn_to("change_kind").fill(kind=RequestKind.INSTALLATION, note="是新机安装")
    screen.press("change_kind·send")
    assert served.get(ServiceRequest, 1).kind == "installation"
    screen.turn_to("change_piece").fill(note="尚不知道是哪一台")
    assert served.get(Customer, other).name == "李雷"


def test_an_odd_number_of_old_stays_while_the_address_is_put_right(served: Company) -> None:
    served.register()

    def as_it_came_in(uow) -> None:
        uow.session.get_one(Customer, 1).phone = "内线 8001"

    served.do("admin", as_it_came_in)
    screen = Screen(served, "agent").open("customer", id="1")
    screen.fill("customer·1", address="新路 1 号").press("customer_send")
    assert screen.errors
    screen.fill("customer·1", reason="搬家").press("customer_send")
    assert not screen.errors, screen.errors
    row = served.get(Customer, 1)
    assert (row.phone, row.address) == ("内线 8001", "新路 1 号")


def test_what_was_paid_for_a_line_is_entered_with_the_purchase(served: Company) -> None:
    buyer = take.customer(served)
    screen = Screen(served, "agent").open("apply_return", customer=str(buyer))
    screen.fill(brand="海尔").run().fill(model="XQG100", quantity=3, unit_cents=34.0)
    screen.fill(total_cents=100.0, purchased_on=take.NOW.date(), discount_cents=1.0)
    screen.press(f"purchase·{buyer}·send")
    (line,) = served.rows(PurchaseLine)
    assert line.total_cents == 99_00
    id = take.in_stock(served, SWAP | FAULT | {"purchase_line_id": line.id, "quantity": 1})
    assert served.rows(ReturnLine, return_id=id)[0].price_cents == 33_00


def test_a_purchase_is_put_right_and_withdrawn_on_its_page(served: Company) -> None:
    take.buy(served, {"serial": "SN-7", "quantity": 1}, invoice_no="FP-7")
    owner = served.rows(Purchase)[0].customer_id
    screen = Screen(served, "agent").open("customer", id=str(owner)).choose_row("bought", 0)
    assert "FP" in screen.title
    screen = Screen(served, "agent").open("purchase", id="1")
    assert "FP" in screen.title and "在册" in screen.texts
    screen.turn_to("correct_purchase")
    screen.press("correct_purchase·send")
    assert screen.errors  # no reason was given
    screen.fill(invoice_no="FP-8", note="看错一位").press("correct_purchase·send")
    assert "8 · " in screen.title
    assert served.rows(Purchase)[0].invoice_no == "FP-8"
    screen.turn_to("withdraw_purchase").fill(note="重复录入").press("withdraw_purchase·send")
    assert "误录，已撤销" in screen.texts and not screen.app.pills
    stranger = Screen(served, "agent.stranger").open("purchase", id="1")
    assert not stranger.app.pills and "FP" not in stranger.texts
