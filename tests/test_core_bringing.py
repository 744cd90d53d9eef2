"""What a technician takes along: what such faults asked for, and tools that the work is tied to."""

from core.jobs import bringing
from core.jobs.bringing import Bring, NeededPart, NeededTool
from core.kernel.inputs import parse
from core.tools import register
from core.tools.inputs import AddTool, TakeTool
from db.tables import Tool
from tests.company_cast import Company
from tests.stocked import deliver, part, use
from tests.test_core_stock import bring as load


def bring(company: Company, who: str, *ids: int) -> dict[int, Bring]:
    return company.see(who, bringing.of_jobs, ids=ids)


def tool(company: Company, number: str, **facts: object) -> int:
    command = parse(AddTool, {"number": number, "station_id": Company.NORTH} | facts)
    return company.do("dispatcher", register.add, command)


def test_parts_of_the_same_fault_and_tools_of_the_work_are_named(company: Company) -> None:
    belt = part(company)
    deliver(company, belt, 3)
    _, first = company.dispatched()
    assert bring(company, "technician", first)[first].parts == ()
    use(company, first, quantity=1)
    _, same = company.dispatched(customer_name="李雷")
    _, other = company.dispatched(customer_name="韩梅梅", fault_area="noise")
    load(company, 1)
    tester = tool(company, "T1", tool_name="验电器", qualification="repairer")
    tool(company, "T2", tool_name="焊枪", qualification="electrician")
    company.act("technician", Tool, tester, TakeTool())
    found = bring(company, "technician", same, other)
    assert found[same] == Bring(
        (NeededTool("验电器 T1", is_mine=True),), (NeededPart("皮带 WM-B10", 1, 1),)
    )
    assert found[other].parts == ()
    assert bring(company, "technician.colleague", same) == {}
