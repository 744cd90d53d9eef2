"""One archive in real Chromium: a known caller in another spelling, a double, a piece sold again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from db.codes import PieceStatus
from db.tables import Asset, Customer, ServiceRequest
from tests import return_steps as take

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

KNOWN = {"customer_name": "王小明", "phone": "138 0013 8000"}
PIECE = {"quantity": 1, "serial": "SN-0042", "batch": ""}


def test_known_again_joined_parted_and_sold_again(staffed_tool: Tool, windows: Windows) -> None:
    staffed_tool.company().register(**KNOWN)
    window = windows.desk((1280, 720)).open("/intake").sign_in("agent")
    a_known_number_asks_first(staffed_tool, window)
    a_double_is_joined_and_parted(staffed_tool, window)
    what_came_back_is_sold_again(staffed_tool, window)


def a_known_number_asks_first(tool: Tool, window: Window) -> None:
    """Looked for by another name, and then the number, as nobody had written it."""
    (known,) = tool.rows(Customer)
    window.page.get_by_label("来电人").fill("王晓明")
    window.sees("没有找到").settles()
    window.type(phone="+86 (138) 0013-8000", symptom="不制冷")
    window.field("phone").locator("input").press("Tab")
    window.sees("是下面这位客户吗").settles()
    window.press("intake_send").sees("这个号码已有客户").settles()
    assert len(tool.rows(ServiceRequest)) == 1
    window.press(f"intake·meant·{known.id}").settles()
    window.type(symptom="不制冷").press("intake_send")
    expect(window.keyed("next_call")).to_be_visible()
    assert [row.id for row in tool.rows(Customer)] == [known.id]
    assert len(tool.rows(ServiceRequest, customer_id=known.id)) == 2


def a_double_is_joined_and_parted(tool: Tool, window: Window) -> None:
    """Both are one with all their cases, and then two again, each with its own."""
    (known,) = tool.rows(Customer)
    asked = {"customer_name": "王晓明", "phone": "+8613800138000", "another_customer": True}
    case = tool.company().register(**asked)
    double = tool.rows(Customer)[-1]
    name = f"customer·{known.id}·{double.id}"
    window.keep().open(f"/customer?id={known.id}").sees("可能重复")
    answer(window, f"double·{name}", f"JoinDouble·{name}", "同一个人，登记了两次")
    window.sees("已并入本档案").settles()
    assert tool.rows(Customer, id=double.id)[0].joined_into_id == known.id
    assert tool.rows(ServiceRequest, id=case)[0].customer_id == known.id
    # Both numbers lead to it, and so does the other one's page.
    window.open(f"/customer?id={double.id}").sees("王小明").settles()
    parted = f"customer·{double.id}"
    answer(window, f"joined·{parted}", f"PartAgain·{parted}", "是父子两人")
    expect(window.page.get_by_text("已并入本档案")).to_have_count(0)
    assert tool.rows(Customer, id=double.id)[0].joined_into_id is None
    assert tool.rows(ServiceRequest, id=case)[0].customer_id == double.id


def answer(window: Window, place: str, form: str, reason: str) -> None:
    """Open what is folded, say why, and send it."""
    window.settles().keyed(place).locator("summary").click()
    window.settles().type(reason=reason).press(f"{form}·send").settles()


def what_came_back_is_sold_again(tool: Tool, window: Window) -> None:
    """A piece that was refunded is sold to the next customer; its page tells both sales."""
    company = tool.company()
    (bought,) = take.buy(company, PIECE)
    take.refunded(company, take.FAULT | {"purchase_line_id": bought})
    (piece,) = tool.rows(Asset, serial="SN-0042")
    assert piece.status is PieceStatus.HELD
    window.open(f"/piece?id={piece.id}").sees("已收回").settles()
    next_one = tool.rows(Customer)[0].id
    window.open(f"/apply_return?customer={next_one}").settles()
    today = datetime.now(company["agent"].zone_info)
    window.type(invoice_no="FP-3001").type_date("purchased_on", f"{today:%Y%m%d}")
    window.complete(brand="海尔", model="XQG100")
    window.type(quantity="1", unit_cents="300", serial="sn 0042")
    window.press(f"purchase·{next_one}·send").sees("FP-3001").settles()
    (sold,) = tool.rows(Asset, serial="SN-0042")
    assert (sold.id, sold.status, sold.customer_id) == (piece.id, PieceStatus.BOUGHT, next_one)
    window.open(f"/piece?id={piece.id}").sees("王小明", "FP-3001").settles()
