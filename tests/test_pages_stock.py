"""Parts and tools on screen: what lies where, orders, a job's parts, counts, the register."""

from datetime import date, datetime

import pytest

from core import sweep
from core.kernel.inputs import parse
from core.norms import revisions
from core.stock import inputs, receiving
from core.tools import register
from core.tools.inputs import AddTool
from db.codes import NoticeKind, OldPart, OrderStatus, PartUseStatus, ToolStatus
from db.tables import Notice, Part, PartOrder, PartUse, StockCount, Tool, ToolFault
from pages.ui.notices import lines
from tests import stocked
from tests.company_cast import ZONE, Company
from tests.screen import Screen

STORE = "store:1"


@pytest.fixture
def stored(served: Company) -> Company:
    """Five belts in the store of station North."""
    stocked.deliver(served, stocked.part(served), 5)
    return served


def table(screen: Screen) -> list[dict[str, object]]:
    return [row for frame in screen.app.dataframe for row in frame.value.to_dict("records")]


def test_parts_are_received_from_a_regular_source(stored: Company) -> None:
    screen = Screen(stored, "warehouse").open("stock")
    assert screen.title == "配件库存"
    (part,) = stored.rows(Part)
    screen.fill(station_id=1, supplier_id=1, part_id=part.id, quantity=3, batch="A")
    screen.press("stock·receive_send")
    assert screen.errors == []
    assert stocked.lying(stored) == {(STORE, ""): 5, (STORE, "A"): 3}
    assert [row["数量"] for row in table(screen)] == ["8件"]


def test_what_is_short_stands_first_and_is_told(stored: Company) -> None:
    other = stocked.part(stored, number="B2", part_name="电机")
    minimum = {"at_place": STORE, "part_id": other, "minimum": 2}
    stored.do("warehouse", receiving.set_minimum, parse(inputs.SetMinimum, minimum))
    screen = Screen(stored, "warehouse").open("stock")
    assert [row["配件名称"] for row in table(screen)] == ["电机", "皮带"]
    sweep.run(stored.engine)
    sweep.run(stored.engine)
    mine = {"kind": NoticeKind.STOCK, "person_id": stored["warehouse"].id}
    (notice,) = stored.rows(Notice, **mine)
    said = lines.line(notice.kind, notice.data, stored["warehouse"].language)
    assert said == "North 仓库：1 种低于最低库存，0 种临期或过期"


def test_a_technician_asks_for_parts_and_the_warehouse_hands_them_out(stored: Company) -> None:
    _, job_id = stored.dispatched()
    (part,) = stored.rows(Part)
    screen = Screen(stored, "technician").open("stock", stock_part="orders")
    screen.fill(job_id=job_id, part_id=part.id, quantity=2)
    screen.press("order·_send")
    (order,) = stored.rows(PartOrder)
    assert (order.status, order.job_id) == (OrderStatus.ASKED, job_id)
    assert "待审批" in screen.texts
    keeper = Screen(stored, "warehouse").open("stock", stock_part="orders")
    keeper.choose_row("orders", 0)
    for action in ("approve_parts", "pick_parts", "issue_parts"):
        keeper.choose_row("orders", 0) if action != "approve_parts" else None
        keeper.press(f"·{action}·send")
    assert stored.get(PartOrder, order.id).status is OrderStatus.ISSUED


def test_a_part_is_built_in_on_the_page_of_the_job(stored: Company) -> None:
    case_id, job_id = stored.dispatched()
    screen = Screen(stored, "technician").open("job", id=str(job_id))
    screen.app.text_input(key=f"use_{job_id}_scan").set_value("ｗｍ-b10")
    screen.run()
    screen.fill(quantity=1, old_serial="A1", new_serial="B2", old_part=OldPart.TO_MAKER)
    screen.press(f"use·{job_id}_send")
    (row,) = stored.rows(PartUse)
    assert (row.status, row.new_serial) == (PartUseStatus.OLD_OWED, "B2")
    assert "皮带 WM-B10 ×1件 (A1 → B2)" in screen.texts.replace("\\", "")
    case = Screen(stored, "agent").open("case", id=str(case_id))
    assert "皮带 WM-B10 ×1件" in case.texts.replace("\\", "")
    old = Screen(stored, "warehouse").open("stock", stock_part="old").choose_row("old_parts", 0)
    old.press("·take_old_part·send")
    assert stored.get(PartUse, row.id).status is PartUseStatus.OLD_IN_STORE


def test_a_scanned_part_opens_with_what_lies_where(stored: Company) -> None:
    screen = Screen(stored, "warehouse").open("scan", label="wm-b10")
    assert screen.title == "配件目录"
    assert "North · 仓库 · 5件" in screen.texts
    assert "没有您可以查看的" in " ".join(
        Screen(stored, "warehouse").open("scan", label="X9").errors
    )


def test_who_counted_reads_who_settles(stored: Company) -> None:
    screen = Screen(stored, "dispatcher").open("stock", stock_part="counts")
    screen.fill(place_id=1).press("stock·count_send")
    screen.choose_row("counts", 0)
    screen.fill(count_lines=[{"line_id": 1, "counted": 4, "difference_reason": "丢失"}])
    found = {"part_id": 1, "batch": "B7", "counted": 2, "difference_reason": "未入账"}
    screen.fill(found_lots=[found])
    screen.press("·finish_count·send")
    screen.choose_row("counts", 0)
    assert "盘点人不能自己确认差异。" in screen.texts
    assert "实盘 4，账面 5" in screen.texts
    other = Screen(stored, "warehouse").open("stock", stock_part="counts").choose_row("counts", 0)
    other.press("·settle_count·send")
    (count,) = stored.rows(StockCount)
    assert count.settled_by_id == stored["warehouse"].id
    assert stocked.lying(stored) == {(STORE, ""): 4, (STORE, "B7"): 2}


def test_the_catalogue_is_kept_and_a_number_is_there_once(served: Company) -> None:
    screen = Screen(served, "warehouse").open("parts")
    screen.fill(number="WM-B10", part_name="皮带").press("part_send")
    screen.fill(number="wm-b10", part_name="皮带").press("part_send")
    assert len(served.rows(Part)) == 1
    assert "需要修改" in "".join(screen.errors)
    sources = Screen(served, "warehouse").open("parts", parts_part="sources")
    sources.fill(supplier_name="正泰", is_regular=True).press("source·_send")
    assert [row["渠道名称"] for row in table(sources)] == ["正泰"]
    assert Screen(served, "auditor").open("parts").errors == []


def tool(company: Company, **facts: object) -> int:
    usual = {"number": "T-1", "tool_name": "万用表", "station_id": 1}
    return company.do("dispatcher", register.add, parse(AddTool, usual | facts))


def test_a_tool_is_taken_reported_and_repaired(served: Company) -> None:
    id = tool(served)
    _, job_id = served.dispatched()
    screen = Screen(served, "technician").open("tools").choose_row("tools", 0)
    screen.fill(job_id=job_id).press("·take_tool·send")
    assert served.get(Tool, id).holder_id == served["technician"].id
    assert "随带工具" in Screen(served, "technician").open("job", id=str(job_id)).texts
    screen.choose_row("tools", 0)
    links = [link.proto.label for link in screen.app.get("page_link")]
    assert any("未归还" in label for label in links)
    screen.turn_to("report_fault")
    screen.fill(note="表笔断").press("·report_fault·send")
    assert served.get(Tool, id).status is ToolStatus.FAULTY
    # The pack in force sets no limit; another one may.
    assert "近 30 天故障率 100.0%（故障 1 次，在用工具 1 件）" in screen.texts
    assert "限值" not in screen.texts
    norm = revisions.shipped("dealer")
    served.do("admin", revisions.adopt, norm=norm, on=datetime.now(ZONE).date(), signed_by="admin")
    screen = Screen(served, "technician").open("tools")
    assert "（故障 1 次，在用工具 1 件）；限值 0.5%" in screen.texts
    keeper = Screen(served, "dispatcher").open("tools").choose_row("tools", 0)
    keeper.fill(note="换表笔").press("·repair_tool·send")
    (fault,) = served.rows(ToolFault)
    assert fault.repaired_at is not None


def test_a_check_is_told_ahead_and_an_overdue_tool_stays(served: Company) -> None:
    id = tool(served, check_months=1, checked_on=date(2026, 1, 1))
    sweep.run(served.engine)
    sweep.run(served.engine)
    mine = {"kind": NoticeKind.TOOL, "person_id": served["dispatcher"].id}
    (notice,) = served.rows(Notice, **mine)
    assert "万用表 T-1应在" in lines.line(notice.kind, notice.data, served["dispatcher"].language)
    screen = Screen(served, "technician").open("tools").choose_row("tools", 0)
    screen.press("·take_tool·send")
    assert "点检已过期" in screen.texts
    assert served.get(Tool, id).status is ToolStatus.IN_STORE


def test_who_is_not_qualified_takes_no_such_tool(served: Company) -> None:
    id = tool(served, qualification="electrician")
    screen = Screen(served, "technician").open("tools").choose_row("tools", 0)
    screen.press("·take_tool·send")
    assert "没有使用这件工具所需的资格" in screen.texts
    assert served.get(Tool, id).status is ToolStatus.IN_STORE
