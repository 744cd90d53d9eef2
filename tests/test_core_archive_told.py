"""Who decides on hand-overs and on reading an archive is told, and who asked gets the answer."""

from datetime import timedelta

from core.codes import Language
from core.customers import handovers, readings
from core.customers.handovers import AcceptHandover, ProposeHandover, RefuseHandover
from core.customers.readings import AskReading, EndReading, GrantReading, RefuseReading
from core.kernel.inputs import parse
from core.notices import notices
from core.notices.notices import Group
from db.tables import Handover, Reading
from pages.ui.notices import lines
from tests.company_cast import NOW, Company


def told(company: Company, who: str) -> list[tuple[str, str]]:
    """What stands unread in somebody's inbox, in words."""
    rows = company.see(who, notices.inbox).rows
    return [
        (each.group.value, lines.line(each.kind, each.data, Language.ZH))
        for each in rows
        if each.group is not Group.READ
    ]


def propose(company: Company, who: str, **facts: object) -> int:
    command = parse(ProposeHandover, {"customer_id": 1, "reason": "搬家了"} | facts)
    return company.do(who, handovers.propose, command)


def test_a_hand_over_is_answered_by_the_other_station_and_told_back(company: Company) -> None:
    company.register()
    asked = propose(company, "agent.stranger")
    # Who heads the station is asked; neither those who asked nor everybody else.
    assert told(company, "dispatcher") == [
        (Group.TURN.value, "South想接手您网点的一位客户，请答复")
    ]
    assert told(company, "agent.stranger") == told(company, "agent") == []
    company.act("dispatcher", Handover, asked, RefuseHandover(note="王小明不同意"))
    assert told(company, "dispatcher") == []
    assert told(company, "agent.stranger") == [(Group.KNOWN.value, "North未同意移交")]
    # The other way round, and agreed to by somebody else: it is over for the one who was asked.
    offered = propose(company, "agent", station_id=company.SOUTH)
    assert told(company, "dispatcher.stranger") == [
        (Group.TURN.value, "North要把一位客户移交给您网点，请答复")
    ]
    company.act("agent.stranger", Handover, offered, AcceptHandover())
    assert told(company, "dispatcher.stranger") == []
    assert told(company, "agent") == [(Group.KNOWN.value, "South已同意，客户已移交")]


def ask(company: Company) -> int:
    days = {"from_on": NOW.date(), "until_on": NOW.date() + timedelta(days=3)}
    command = parse(AskReading, {"customer_id": 1, "reason": "核对发票"} | days)
    return company.do("finance", readings.ask, command)


def test_an_application_is_decided_and_told_back(company: Company) -> None:
    company.register()
    id = ask(company)
    asked = [(Group.TURN.value, "有人申请查阅客户档案，请审批")]
    assert told(company, "manager") == told(company, "leader") == asked
    assert told(company, "finance") == told(company, "auditor") == []
    granted = GrantReading(until_on=NOW.date(), companion_id=company["support"].id)
    company.act("leader", Reading, id, granted)
    assert told(company, "manager") == told(company, "leader") == []
    ((group, line),) = told(company, "finance")
    assert group == Group.KNOWN.value and line.startswith("您申请查阅的档案已获准")
    ((group, line),) = told(company, "support")
    assert group == Group.TURN.value and "由您陪同" in line
    company.act("leader", Reading, id, EndReading(note="够了"))
    assert (Group.KNOWN.value, "您的档案查阅已结束") in told(company, "finance")
    company.act("manager", Reading, ask(company), RefuseReading(note="不需要"))
    assert (Group.KNOWN.value, "您申请查阅的档案未获准") in told(company, "finance")
