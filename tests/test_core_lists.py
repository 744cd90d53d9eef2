"""Queues and searches: what is urgent and due first, in pages, and only what one may see."""

from datetime import timedelta
from typing import Any

import pytest

from core.kernel.paging import PAGE
from core.kernel.unit_of_work import transaction
from core.requests import inputs, lists
from core.requests.lists import Filter, Queue, View
from db.codes import RequestKind, RequestStatus
from db.tables import ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company

HOUR = timedelta(hours=1)


def queue(company: Company, who: str = "manager", **asked: Any) -> list[int]:
    page = company.see(who, lists.queue, **{"name": Queue.DISPATCH} | asked)
    assert page.total == len(page.rows)
    return [row.id for row in page.rows]


def search(company: Company, text: str, who: str = "manager") -> list[int]:
    return [row.id for row in company.see(who, lists.search, text=text).rows]


def test_critical_cases_come_first_then_what_is_due_next(company: Company) -> None:
    later = company.register()
    sooner = company.register(now=NOW - HOUR)
    critical = company.register(priority="critical")
    assert queue(company) == [critical, sooner, later]


def test_a_case_moves_from_pile_to_pile(company: Company) -> None:
    case_id = company.register()
    assert queue(company) == [case_id]
    company.act("dispatcher", ServiceRequest, case_id, company.dispatch())
    assert queue(company) == []
    (row,) = company.see("agent", lists.queue, name=Queue.RUNNING).rows
    assert (row.technician, row.owner, row.station) == ("technician", "agent", "North")
    company.act("agent", ServiceRequest, case_id, inputs.Cancel(note="不修了"))
    assert queue(company, name=Queue.RUNNING) == []


def test_a_list_tells_what_it_needs(company: Company) -> None:
    case_id = company.register(serial="SN1")
    (row,) = company.see("agent", lists.queue, name=Queue.DISPATCH, now=NOW + 25 * HOUR).rows
    assert (row.id, row.version, row.number) == (case_id, 1, "SR260302-0001")
    assert (row.customer, row.product, row.symptom) == ("王小明", "海尔 XQG100", "洗衣机不转了")
    assert (row.received_at, row.next_due, row.late) == (NOW, NOW + 24 * HOUR, True)
    assert row.technician == ""


def test_filters_narrow(company: Company) -> None:
    repair = company.register()
    other = company.register(kind="installation", station_id=company.SOUTH, customer_name="李雷")
    assert queue(company, filters=Filter(kind=RequestKind.REPAIR)) == [repair]
    assert queue(company, filters=Filter(station_id=company.SOUTH)) == [other]
    assert queue(company, filters=Filter(text="李")) == [other]
    late = {"filters": Filter(view=View.LATE), "now": NOW + 25 * HOUR}
    assert set(queue(company, **late)) == {repair, other}
    company.act("manager", ServiceRequest, repair, inputs.Wait(reason="part", note="等"))
    assert queue(company, **late) == [other]


@pytest.mark.parametrize(
    "text", ["sr260302-0001", "SR2603", "138 0013", "小明", "sn1", "不转", "  SR260302-0001 "]
)
def test_search_finds_by_what_is_known(company: Company, text: str) -> None:
    case_id = company.register(serial="SN1")
    assert search(company, text) == [case_id]
    assert search(company, text, "agent") == [case_id]
    assert search(company, text, "agent.stranger") == []


@pytest.mark.parametrize("text", ["SR260303", "_R2603", "%", "99999", "0001"])
def test_search_takes_signs_at_their_word(company: Company, text: str) -> None:
    company.register(serial="SN1", phone="12345678")
    assert search(company, text) == []


def test_lists_come_in_pages(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        owner = stored_rows.customer(session).id
        for hour in range(PAGE + 3):
            received = {"received_at": NOW - (hour + 1) * HOUR, "customer_id": owner}
            stored_rows.request(session, company, RequestStatus.REGISTERED, **received)
    first = company.see("agent", lists.search, text="")
    assert (len(first.rows), first.total, first.pages) == (PAGE, PAGE + 3, 2)
    second = company.see("agent", lists.search, text="", page=2)
    assert len(second.rows) == 3
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert min(r.received_at for r in first.rows) > max(r.received_at for r in second.rows)
    for beyond, number in ((99, 2), (0, 1), (-5, 1), (10**30, 2)):
        page = company.see("agent", lists.of_customer, customer_id=owner, page=beyond)
        assert page.number == number
    empty = company.see("agent.stranger", lists.search, text="")
    assert (empty.rows, empty.total, empty.pages, empty.number) == ((), 0, 1, 1)


def test_the_parts_of_a_pile_are_counted_at_once(company: Company) -> None:
    # At ten: a repair of midnight is due at midnight, one of now tomorrow at ten.
    company.register(now=NOW - 10 * HOUR)
    company.register(now=NOW - 30 * HOUR)
    company.register()
    waits = company.register(now=NOW - 30 * HOUR)
    company.act("manager", ServiceRequest, waits, inputs.Wait(reason="part", note="等"))
    found = company.see("agent", lists.views, name=Queue.DISPATCH)
    assert found == {View.ALL: 4, View.LATE: 1, View.TODAY: 1}
    for view, count in found.items():
        assert len(queue(company, filters=Filter(view=view))) == count
    narrowed = company.see("agent", lists.views, name=Queue.DISPATCH, filters=Filter(text="李"))
    assert set(narrowed.values()) == {0}
