"""Open cases that come in late: one summary, no ladder of years ago; what is late here rings."""

from datetime import timedelta
from typing import Any

import pytest

from core import sweep
from core.imports import arrears
from core.kernel.errors import NotAllowed, NotFound
from core.requests import inputs
from db.codes import NoticeKind
from db.tables import Escalation, History, ImportRun, Limit, Notice, ServiceRequest
from tests.company_cast import NOW, Company, local
from tests.import_files import SERVICE, bring, table
from tests.test_core_escalation import CLOCK, adopt, monday, told

MINUTE = timedelta(minutes=1)


def old_complaints(count: int) -> Any:
    """Complaints of all months of 2023 that nobody has answered."""
    return table(
        *(
            {"单号": f"G{n}", "类型": "投诉", "客户": f"客户{n}", "电话": f"1380000{n:04d}"}
            | {"现象": "旧系统未结投诉", "受理时间": f"2023-{n % 12 + 1:02d}-15 10:00"}
            | {"品牌": "", "型号": "", "序列号": "", "购买日期": ""}
            for n in range(count)
        )
    )


def sweep_for(company: Company, minutes: int = 7) -> None:
    for minute in range(1, minutes + 1):
        sweep.run(company.engine, now=NOW + minute * MINUTE)


def test_old_cases_are_told_in_one_notice(company: Company) -> None:
    assert bring(company, old_complaints(300), SERVICE).added == 300
    sweep_for(company)
    (run,) = company.rows(ImportRun)
    (row,) = company.rows(Notice)
    assert (row.person_id, row.kind) == (company["manager"].id, NoticeKind.IMPORTED_LATE)
    assert row.data == {"run": run.id, "open": 300, "late": 300}
    assert company.rows(Escalation) == company.rows(History, action="escalated") == []
    assert sum(limit.due_at < NOW for limit in company.rows(Limit)) >= 300
    page = company.see("manager", arrears.brought, run_id=run.id, is_open=True)
    assert (page.total, page.rows[0].late) == (300, True)
    assert [each.next_due for each in page.rows] == sorted(each.next_due for each in page.rows)


def test_limits_of_long_ago_may_be_left_behind(company: Company) -> None:
    fresh = {"单号": "F1", "客户": "新客户", "电话": "13800001111", "受理时间": "2026-03-02 09:50"}
    bring(company, old_complaints(3), SERVICE, keeps_late=False)
    bring(company, table(fresh), SERVICE, keeps_late=False)
    assert company.rows(Notice) == []
    limits = company.rows(Limit)
    assert {limit.dropped_at is None for limit in limits if limit.due_at < NOW} == {False}
    assert {limit.dropped_at for limit in limits if limit.due_at >= NOW} == {None}
    page = company.see("manager", arrears.brought, run_id=1)
    assert (page.total, {row.late for row in page.rows}) == (3, {False})
    told = company.rows(History, subject="import", action="imported")
    assert {row.data["late_limits"] for row in told} == {"dropped"}


def test_nothing_is_told_where_nothing_is_late(company: Company) -> None:
    bring(company, table({"受理时间": "2026-03-02 09:50"}), SERVICE)
    ended = {"单号": "W2", "序列号": "sn 2", "状态": "结案", "完成时间": "2026-02-03 10:00"}
    bring(company, table(ended), SERVICE)
    assert company.rows(Notice) == []


def test_whoever_brings_them_in_and_the_managers_are_told_once(company: Company) -> None:
    as_admin = Company(company.engine, company.people | {"manager": company["admin"]})
    bring(as_admin, old_complaints(2), SERVICE)
    bring(as_admin, old_complaints(2), SERVICE)  # known by now
    names = {actor.id: name for name, actor in company.people.items()}
    assert sorted(names[row.person_id] for row in company.rows(Notice)) == ["admin", "manager"]
    assert company.see("manager", arrears.brought, run_id=1, is_open=True).total == 2
    assert company.see("manager", arrears.brought, run_id=2, is_open=True).total == 0
    with pytest.raises(NotFound):
        company.see("manager", arrears.brought, run_id=3, is_open=True)
    with pytest.raises(NotAllowed):
        company.see("agent", arrears.brought, run_id=1, is_open=True)


def test_steps_that_are_reached_here_ring_and_those_before_do_not(company: Company) -> None:
    adopt(company, CLOCK)
    # Received at 9:00 with two hours: half of them were over when it came in at 10:00.
    bring(company, table({"受理时间": "2026-03-02 09:00"}), SERVICE)
    sweep.run(company.engine, now=local(monday("10:30")))
    assert company.rows(Escalation) == []
    for clock in ("11:00", "12:00", "15:00"):
        sweep.run(company.engine, now=local(monday(clock)))
    assert [row.step for row in company.rows(Escalation)] == [1, 2, 3]
    assert "manager" in told(company)


def test_an_old_complaint_that_is_judged_wakes_no_old_ladder(company: Company) -> None:
    bring(company, old_complaints(1), SERVICE)
    (request,) = company.rows(ServiceRequest)
    moved = inputs.Reclassify(priority="urgent", case_class="logistics")
    company.act("manager", ServiceRequest, request.id, moved)
    sweep_for(company)
    assert [row.kind for row in company.rows(Notice)] == [NoticeKind.IMPORTED_LATE]
