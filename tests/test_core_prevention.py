"""Repeat faults raised by themselves, Pareto of causes and faults, measures before and after."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event

from core.house import HOUSE
from core.imports.files import SourceFile
from core.imports.mapping import parse_map
from core.imports.run import run
from core.improvements import actions as improvements
from core.improvements.actions import FinishImprovement, PlanImprovement
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.unit_of_work import transaction, unit_of_work
from core.norms.model import Norm
from core.norms.revisions import adopt, shipped
from core.prevention import alarms, causes, measures, watch
from core.prevention.actions import PROCESS, SettleAlarm
from core.prevention.alarms import AlarmView
from core.prevention.causes import Asked, Weight
from core.prevention.measures import Basis, Effect, When, Which
from core.process import workflow
from core.process.rules import Done, Happening
from core.requests import inputs
from db.codes import (
    CauseKind,
    ComplaintStatus,
    FaultArea,
    ImprovementKind,
    ImprovementStatus,
    NoticeKind,
    QualityStatus,
    RequestKind,
    RequestStatus,
    Role,
)
from db.tables import (
    Asset,
    Complaint,
    History,
    Improvement,
    NormRevision,
    Notice,
    Product,
    QualityFeedback,
    RepeatFault,
    ServiceRequest,
)
from tests import stored_rows
from tests.company_cast import NOW, SET_UP, Company

DAY = timedelta(days=1)
DAYS = 90
HELD = (NormRevision, Asset)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
WHOLE = Asked(FEBRUARY, MARCH)
_serials = count(1)


def warned(company: Company) -> Company:
    """The company, whose rule book raises an alarm at the third case inside 90 days."""
    norm = shipped("appliance").model_copy(update={"repeat_count": 3, "repeat_days": DAYS})
    company.do("manager", adopt, norm=norm, on=SET_UP.date(), signed_by="经理")
    return company


@pytest.fixture
def company(company: Company) -> Company:
    return warned(company)


@pytest.fixture
def sqlite_company(sqlite_company: Company) -> Company:
    return warned(sqlite_company)


def told(company: Company, times: int, *, now: datetime = NOW, **facts: Any) -> list[int]:
    """So many repairs of the washing machine that does not turn."""
    return [company.register(now=now, **facts) for _ in range(times)]


def alarm(company: Company) -> RepeatFault:
    (row,) = company.rows(RepeatFault)
    return row


def listed(company: Company, who: str = "quality", **asked: Any) -> tuple[AlarmView, ...]:
    return company.see(who, alarms.listed, **asked).rows


def settle(company: Company, who: str = "quality", **more: Any) -> None:
    row = alarm(company)
    about = {"id": row.id, "seen_version": row.version, "command": SettleAlarm(note="已知")}
    company.do(who, workflow.act, PROCESS, **about | more)


def plan(company: Company, who: str, **given: Any) -> int:
    """Plan a measure from the alarm; gives the measure's id."""
    company.do(who, workflow.act, PROCESS, **given)
    return max(row.id for row in company.rows(Improvement))


# Alarms


def test_the_third_case_inside_the_days_raises_an_alarm(company: Company) -> None:
    first = company.register(now=NOW - 2 * DAY)
    company.register(now=NOW - DAY)
    assert not company.rows(RepeatFault)
    third = company.register()
    row = alarm(company)
    assert (row.fault_area, row.count, row.days) == (FaultArea.FUNCTION, 3, DAYS)
    assert (row.request_id, row.raised_at, row.settled_at) == (third, NOW, None)
    (fact,) = company.rows(History, subject="repeat_fault")
    assert (fact.action, fact.case_id, fact.actor_id) == ("raised", third, company["agent"].id)
    assert fact.data == {"fault_area": "function", "count": 3, "days": DAYS}
    ids = [case.id for case in company.see("quality", alarms.cases, id=row.id).rows]
    assert ids == [third, third - 1, first]


@pytest.mark.parametrize(
    ("ago", "is_raised"),
    [(DAYS * DAY, True), (DAYS * DAY + timedelta(seconds=1), False)],
    ids=["the last instant of the days", "a second too early"],
)
def test_a_case_counts_for_exactly_the_norms_days(
    company: Company, ago: timedelta, is_raised: bool
) -> None:
    company.register(now=NOW - ago)
    told(company, 2)
    assert bool(company.rows(RepeatFault)) is is_raised


def test_other_products_other_faults_and_unknown_ones_do_not_count(company: Company) -> None:
    told(company, 2)
    company.register(model="XQG200")
    company.register(fault_area="leak")
    company.register(fault_area=None)
    company.register(brand="", model="", purchased_on=None)
    assert not company.rows(RepeatFault)


def test_cancelled_cases_do_not_count(company: Company) -> None:
    first, _ = told(company, 2)
    company.act("agent", ServiceRequest, first, inputs.Cancel(note="重复登记"))
    company.register()
    assert not company.rows(RepeatFault)


def test_a_letter_that_is_older_than_the_days_raises_nothing(company: Company) -> None:
    told(company, 2)
    company.register(received_at=NOW - (DAYS + 1) * DAY)
    assert not company.rows(RepeatFault)


def test_a_corrected_fault_is_counted(company: Company) -> None:
    told(company, 2)
    case_id = company.register(fault_area="noise")
    correct = {"symptom": "不转", "contact": "王小明", "phone": "13800138000"}
    act = (ServiceRequest, case_id)
    company.act("agent", *act, inputs.Correct(**correct, fault_area=FaultArea.NOISE))
    assert not company.rows(RepeatFault)
    company.act("agent", *act, inputs.Correct(**correct, fault_area=FaultArea.FUNCTION))
    assert (alarm(company).count, alarm(company).request_id) == (3, case_id)


def test_an_open_alarm_grows_and_tells_once(company: Company) -> None:
    told(company, 3)
    # Long after: it still counts what the alarm was raised for.
    later = NOW + 80 * DAY
    case_id = company.register(now=later)
    assert alarm(company).count == 4
    facts = company.rows(History, subject="repeat_fault")
    assert [fact.action for fact in facts] == ["raised", "grown"]
    assert (facts[-1].case_id, facts[-1].data["count"]) == (case_id, 4)
    found = company.see("quality", alarms.cases, id=alarm(company).id, now=later)
    assert found.total == 4
    notices = company.rows(Notice, kind=NoticeKind.REPEAT_FAULT)
    assert {notice.data["count"] for notice in notices} == {3}


def test_quality_people_and_managers_are_told(company: Company) -> None:
    told(company, 3)
    notices = company.rows(Notice, kind=NoticeKind.REPEAT_FAULT)
    assert {notice.person_id for notice in notices} == {
        company["quality"].id,
        company["manager"].id,
    }
    assert notices[0].case_id == alarm(company).request_id
    assert notices[0].data == {
        "product": "海尔 XQG100",
        "fault_area": "function",
        "count": 3,
        "days": DAYS,
    }


def test_the_threshold_is_the_norms(company: Company) -> None:
    norm = shipped("appliance").model_copy(update={"repeat_count": 2, "repeat_days": 10})
    company.do("manager", adopt, norm=norm, on=NOW.date(), signed_by="经理")
    company.register(now=NOW - 11 * DAY)
    company.register(now=NOW - 9 * DAY)
    assert not company.rows(RepeatFault)
    company.register()
    assert (alarm(company).count, alarm(company).days) == (2, 10)


def test_a_rule_book_without_the_threshold_is_read_as_three() -> None:
    old = shipped("appliance").dump()
    old.pop("repeat_count", None)
    assert Norm.model_validate(old).repeat_count == 3


def test_what_was_settled_is_not_counted_again(company: Company) -> None:
    told(company, 3)
    settle(company, now=NOW + DAY)
    row = alarm(company)
    assert (row.settled_at, row.settled_by_id, row.note) == (
        NOW + DAY,
        company["quality"].id,
        "已知",
    )
    told(company, 2, now=NOW + 2 * DAY)
    assert len(company.rows(RepeatFault)) == 1
    company.register(now=NOW + 3 * DAY)
    old, new = company.rows(RepeatFault)
    assert (new.count, new.settled_at) == (3, None)
    assert company.see("quality", alarms.cases, id=old.id, now=NOW + 3 * DAY).total == 3
    assert company.see("quality", alarms.cases, id=new.id, now=NOW + 3 * DAY).total == 3
    company.register(now=NOW + 4 * DAY)
    assert company.rows(RepeatFault)[1].count == 4


def test_settling_asks_for_the_permission_the_version_and_an_open_alarm(company: Company) -> None:
    told(company, 3)
    for who in ("agent", "handler", "auditor", "technician"):
        with pytest.raises(NotAllowed):
            settle(company, who)
    with pytest.raises(Stale):
        settle(company, seen_version=99)
    with pytest.raises(NotFound):
        settle(company, id=99)
    settle(company)
    with pytest.raises(WrongStatus):
        settle(company)
    assert [row[0] for row in company.history("repeat_fault", 1)] == ["raised", "settled"]
    assert listed(company) == ()
    (view,) = listed(company, settled=True)
    assert (view.settled_by, view.note, view.product) == ("quality", "已知", "海尔 XQG100")


def measure(company: Company, **facts: Any) -> PlanImprovement:
    plan: dict[str, Any] = {
        "kind": ImprovementKind.PREVENTIVE,
        "measure": "改用加强皮带",
        "owner_id": company["support"].id,
        "due_on": NOW.date(),
    }
    return PlanImprovement(**plan | facts)


def test_an_alarm_leads_to_a_measure_on_its_case(company: Company) -> None:
    _, _, third = told(company, 3)
    row = alarm(company)
    about = {"id": row.id, "seen_version": row.version}
    with pytest.raises(NotAllowed):
        plan(company, "handler", command=measure(company), **about)
    with pytest.raises(InvalidInput):
        plan(company, "quality", command=measure(company, owner_id=99), **about)
    planned = plan(company, "quality", command=measure(company), **about)
    found = company.get(Improvement, planned)
    assert (found.request_id, found.fault_area) == (third, FaultArea.FUNCTION)
    assert (found.product_id, found.status) == (row.product_id, ImprovementStatus.PLANNED)
    assert alarm(company).note == "改用加强皮带"
    settled = company.rows(History, subject="repeat_fault", action="settled")
    assert settled[0].data == {"improvement": planned}


@pytest.mark.parametrize("role", Role, ids=str)
def test_who_may_look(sqlite_company: Company, role: Role) -> None:
    told(sqlite_company, 3)
    may = role in (Role.QUALITY, Role.HANDLER, Role.MANAGER, Role.LEADER, Role.AUDITOR)
    asks: list[Any] = [
        (alarms.listed, {}),
        (alarms.view, {"id": 1}),
        (alarms.cases, {"id": 1}),
        (causes.classes, {}),
        (causes.causes, {"asked": WHOLE}),
        (causes.cases_of_cause, {"asked": WHOLE, "cause": CauseKind.USE}),
        (causes.faults, {"asked": WHOLE}),
        (
            causes.cases_of_fault,
            {"asked": WHOLE, "product_id": 1, "fault_area": FaultArea.FUNCTION},
        ),
        (measures.listed, {}),
    ]
    for query, given in asks:
        if may:
            sqlite_company.see(role.value, query, **given)
        else:
            with pytest.raises(NotAllowed):
                sqlite_company.see(role.value, query, **given)


def test_three_who_correct_at_once_leave_one_alarm_that_counts_all(company: Company) -> None:
    told(company, 4)
    settle(company, now=NOW + DAY)
    now = NOW + 2 * DAY
    cases = told(company, 2, now=now) + told(company, 3, now=now, fault_area="noise")
    company.do("quality", _settle_all, now=now)
    correct = {"symptom": "不转", "contact": "王", "phone": "13800138000"}
    command = inputs.Correct(**correct, fault_area=FaultArea.FUNCTION)

    def fix(case_id: int) -> None:
        company.act("agent", ServiceRequest, case_id, command, now=now + timedelta(hours=1))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(fix, cases[2:]))
    is_open = [row for row in company.rows(RepeatFault) if row.settled_at is None]
    assert [row.count for row in is_open] == [5]


def _settle_all(uow: Any) -> None:
    for each in alarms.listed(uow).rows:
        command = SettleAlarm(note="-")
        workflow.act(uow, PROCESS, id=each.id, command=command, seen_version=each.version)


def test_two_who_register_at_once_leave_one_alarm_that_counts_both(company: Company) -> None:
    company.register()
    company.register()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: company.register(), range(4)))
    assert alarm(company).count == 6
    assert len(company.rows(Notice, kind=NoticeKind.REPEAT_FAULT)) == 2


def test_a_registration_pays_two_queries_for_the_watch(company: Company) -> None:
    told(company, 2)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with unit_of_work(company.engine, company["agent"], HOUSE, write=True, now=NOW) as uow:
        request = uow.session.get_one(ServiceRequest, 2)
        # Whoever registers holds the piece and the rule book in hand.
        in_hand = (request.revision_id, request.asset_id)
        kept = [uow.session.get(each, id) for each, id in zip(HELD, in_hand, strict=True)]
        event.listen(company.engine, "before_cursor_execute", note)
        watch.watch(uow, Happening("request.registered", request, Done(), None, request.id))
        event.remove(company.engine, "before_cursor_execute", note)
    assert all(kept)
    assert len(statements) == 2


# Imports

REPAIRS = parse_map(
    {
        "source": "old_system",
        "facts": {
            "ref": {"column": "ref"},
            "kind": {"constant": "repair"},
            "status": {"column": "status", "default": "registered"},
            "customer_name": {"column": "name"},
            "brand": {"constant": "海尔"},
            "model": {"column": "model"},
            "symptom": {"column": "symptom"},
            "fault_area": {"column": "fault"},
            "received_at": {"column": "at"},
        },
    }
)


def bring(company: Company, lines: list[str]) -> None:
    text = "\n".join(["ref,status,name,model,symptom,fault,at", *lines])
    file = SourceFile("old.csv", text.encode())
    run(company.engine, company["manager"], file=file, map=REPAIRS, map_name="old", now=NOW)


def line(ref: int, at: str, *, model: str = "X1", fault: str = "leak", status: str = "") -> str:
    return f"R{ref},{status},王{ref},{model},漏水,{fault},{at}"


def test_an_import_raises_what_a_registration_would(company: Company) -> None:
    recent = [line(n, f"2026-02-0{n}") for n in (1, 2, 3)]
    archive = [line(n, "2020-06-01", model="X2") for n in (4, 5, 6, 7)]
    few = [line(n, "2026-02-10", fault="noise") for n in (8, 9)]
    bring(company, [*recent, *archive, *few, line(10, "2026-02-11", fault="")])
    row = alarm(company)
    assert (row.count, row.fault_area, row.raised_at) == (3, FaultArea.LEAK, NOW)
    assert company.get(Product, row.product_id).model == "X1"
    bring(company, [line(11, "2026-02-12"), line(12, "2026-02-12", fault="noise")])
    leak, noise = company.rows(RepeatFault)
    assert (leak.count, noise.count, noise.fault_area) == (4, 3, FaultArea.NOISE)
    bring(company, [line(11, "2026-02-12")])  # known already
    assert [row.count for row in company.rows(RepeatFault)] == [4, 3]


# Figures of hand-made rows


class Maker:
    """Rows straight into the tables, of two products, by day."""

    def __init__(self, company: Company) -> None:
        self.company = company
        with transaction(company.engine, write=True) as session:
            for model in ("A1", "B2"):
                stored_rows.add(session, Product(brand="牌", model=model))

    def case(self, at: datetime, product: int | None = 1, **facts: Any) -> int:
        with transaction(self.company.engine, write=True) as session:
            customer = stored_rows.customer(session)
            asset = None
            if product:
                made = Asset(
                    customer_id=customer.id, product_id=product, serial=f"S{next(_serials)}"
                )
                asset = stored_rows.add(session, made).id
            about: dict[str, Any] = {
                "customer_id": customer.id,
                "asset_id": asset,
                "fault_area": FaultArea.LEAK,
                "received_at": at,
                "registered_at": at,
                "station_id": 1,
            }
            status = facts.pop("status", RequestStatus.REGISTERED)
            return stored_rows.request(session, self.company, status, **about | facts).id

    def complaint(self, cause: CauseKind | None, loss: int = 0, **facts: Any) -> int:
        status = facts.pop("stands", ComplaintStatus.INVESTIGATED)
        into = facts.pop("into", None)
        id = self.case(
            facts.pop("at", NOW - DAY), kind=RequestKind.COMPLAINT, **{"product": 1} | facts
        )
        row = Complaint(
            request_id=id,
            status=status,
            approvers=[],
            cause_kind=cause,
            loss_cents=loss,
            merged_into_id=into,
        )
        self._add(row)
        return id

    def feedback(self, cause: CauseKind | None, **facts: Any) -> int:
        status = facts.pop("stands", QualityStatus.ANALYSED)
        id = self.case(NOW - DAY, kind=RequestKind.QUALITY_FEEDBACK, **{"product": 1} | facts)
        self._add(QualityFeedback(request_id=id, status=status, cause_kind=cause))
        return id

    def measure(self, case_id: int, **facts: Any) -> int:
        about: dict[str, Any] = {
            "request_id": case_id,
            "kind": ImprovementKind.CORRECTIVE,
            "measure": "换供应商",
            "status": ImprovementStatus.PLANNED,
            "owner_id": self.company["support"].id,
            "due_on": NOW.date(),
            "product_id": 1,
            "fault_area": FaultArea.LEAK,
            "planned_at": NOW - 200 * DAY,
        }
        return self._add(Improvement(**about | facts))

    def _add(self, row: Any) -> int:
        with transaction(self.company.engine, write=True) as session:
            id: int = stored_rows.add(session, row).id
            return id


def test_causes_by_count_and_by_loss(company: Company) -> None:
    make = Maker(company)
    first = make.complaint(CauseKind.DESIGN, 1_000)
    second = make.complaint(CauseKind.DESIGN, 0)
    sample = make.feedback(CauseKind.DESIGN)
    make.complaint(CauseKind.TRANSPORT, 9_000)
    make.complaint(CauseKind.USE)
    make.complaint(None)
    make.feedback(None)
    make.complaint(CauseKind.DESIGN, 500, stands=ComplaintStatus.MERGED, into=1)
    make.complaint(CauseKind.DESIGN, 500, stands=ComplaintStatus.WITHDRAWN)
    make.feedback(CauseKind.DESIGN, stands=QualityStatus.WITHDRAWN)
    make.complaint(CauseKind.DESIGN, 500, status=RequestStatus.CANCELLED)
    found = company.see("manager", causes.causes, asked=WHOLE)
    assert (found.cases, found.loss_cents, found.without_cause) == (5, 10_000, 2)
    assert [(bar.cause, bar.cases, bar.loss_cents) for bar in found.bars] == [
        (CauseKind.DESIGN, 3, 1_000),
        (CauseKind.TRANSPORT, 1, 9_000),
        (CauseKind.USE, 1, 0),
    ]
    assert [bar.share for bar in found.bars] == pytest.approx([0.6, 0.2, 0.2])
    assert [bar.cumulative for bar in found.bars] == pytest.approx([0.6, 0.8, 1.0])
    by_loss = company.see("manager", causes.causes, asked=WHOLE, weight=Weight.LOSS)
    assert [(bar.cause, bar.share, bar.cumulative) for bar in by_loss.bars] == [
        (CauseKind.TRANSPORT, 0.9, 0.9),
        (CauseKind.DESIGN, 0.1, 1.0),
    ]
    behind = company.see("manager", causes.cases_of_cause, asked=WHOLE, cause=CauseKind.DESIGN)
    assert {row.id for row in behind.rows} == {first, second, sample}


def test_the_period_is_whole_local_months(company: Company) -> None:
    make = Maker(company)
    march = datetime(2026, 2, 28, 16, 0, tzinfo=NOW.tzinfo)  # midnight in Shanghai
    make.complaint(CauseKind.USE, at=march)
    make.complaint(CauseKind.DESIGN, at=march - timedelta(seconds=1))

    def of(since: date, until: date) -> list[CauseKind]:
        found = company.see("manager", causes.causes, asked=Asked(since, until))
        return [bar.cause for bar in found.bars]

    assert of(MARCH, MARCH) == [CauseKind.USE]
    assert of(FEBRUARY, FEBRUARY) == [CauseKind.DESIGN]
    with pytest.raises(InvalidInput):
        of(MARCH, FEBRUARY)


def test_filters_narrow_causes_and_faults(company: Company) -> None:
    make = Maker(company)
    make.complaint(CauseKind.USE, station_id=2)
    make.complaint(CauseKind.DESIGN, product=2, case_class="service")
    make.complaint(CauseKind.MATERIAL, product=None)

    def of(**narrow: Any) -> tuple[list[CauseKind], int]:
        asked = Asked(FEBRUARY, MARCH, **narrow)
        found = company.see("manager", causes.causes, asked=asked)
        by_product = company.see("manager", causes.faults, asked=asked)
        return [bar.cause for bar in found.bars], by_product.cases + by_product.unknown

    assert of(station_id=2) == ([CauseKind.USE], 1)
    assert of(product="牌 b2") == ([CauseKind.DESIGN], 1)
    assert of(product="%") == ([], 0)
    assert of(case_class="service") == ([CauseKind.DESIGN], 1)
    assert set(of()[0]) == {CauseKind.USE, CauseKind.DESIGN, CauseKind.MATERIAL}
    assert set(company.see("manager", causes.classes)) >= {"product_quality", "service"}


def test_faults_by_product_model(company: Company) -> None:
    make = Maker(company)
    leaks = [make.case(NOW - DAY) for _ in range(3)]
    make.case(NOW - DAY, product=2, fault_area=FaultArea.NOISE)
    make.case(NOW - DAY, fault_area=None)
    make.case(NOW - DAY, product=None)
    make.case(NOW - DAY, status=RequestStatus.CANCELLED)
    make.case(NOW - 40 * DAY)
    found = company.see("manager", causes.faults, asked=WHOLE)
    assert (found.cases, found.unknown) == (4, 2)
    rows = [(bar.product, bar.fault_area, bar.cases, bar.share) for bar in found.bars]
    assert rows == [("牌 A1", FaultArea.LEAK, 3, 0.75), ("牌 B2", FaultArea.NOISE, 1, 0.25)]
    assert [bar.cumulative for bar in found.bars] == [0.75, 1.0]
    behind = company.see(
        "manager",
        causes.cases_of_fault,
        asked=WHOLE,
        product_id=found.bars[0].product_id,
        fault_area=FaultArea.LEAK,
    )
    assert sorted(row.id for row in behind.rows) == leaks


def test_the_shares_of_faults_are_of_all_though_few_bars_are_shown(company: Company) -> None:
    make = Maker(company)
    with transaction(company.engine, write=True) as session:
        for number in range(causes.BARS + 5):
            stored_rows.add(session, Product(brand="多", model=f"M{number}"))
    for number in range(causes.BARS + 5):
        make.case(NOW - DAY, product=3 + number)
    found = company.see("manager", causes.faults, asked=WHOLE)
    assert (len(found.bars), found.cases) == (causes.BARS, causes.BARS + 5)
    assert found.bars[-1].cumulative == pytest.approx(15 / 20)


def test_nothing_on_file_is_no_error(company: Company) -> None:
    found = company.see("manager", causes.causes, asked=WHOLE, weight=Weight.LOSS)
    assert (found.bars, found.cases, found.without_cause) == ((), 0, 0)
    assert company.see("manager", causes.faults, asked=WHOLE) == causes.Faults((), 0, 0)


# Measures


def effect(company: Company, id: int, now: datetime = NOW) -> Effect:
    return company.see("quality", measures.effect, id=id, now=now)


def test_before_and_after(company: Company) -> None:
    make = Maker(company)
    done = NOW - 100 * DAY
    make.case(NOW - 400 * DAY, product=2)  # the company's file is older than both windows
    for day in (1, 2, 30, 60, 89):
        make.case(done - day * DAY)
    edge = make.case(done - DAYS * DAY)  # the first instant of the window
    make.case(done - DAYS * DAY - timedelta(seconds=1))
    make.case(done - DAY, fault_area=FaultArea.NOISE)
    make.case(done - DAY, product=2)
    make.case(done - DAY, status=RequestStatus.CANCELLED)
    after = [make.case(done), make.case(done + 89 * DAY)]
    make.case(done + DAYS * DAY)  # the window has just ended
    id = make.measure(edge, status=ImprovementStatus.DONE, done_at=done)
    found = effect(company, id)
    assert (found.basis, found.days) == (Basis.COMPARED, DAYS)
    assert found.before and found.after
    assert (found.before.cases, found.before.rate, found.before.cut) == (6, 2.0, False)
    assert (found.after.cases, found.after.cut) == (2, False)
    assert found.after.rate == pytest.approx(2 / 3)
    assert found.change == pytest.approx(-2 / 3)
    for when, cases in ((When.BEFORE, 6), (When.AFTER, 2)):
        behind = company.see("quality", measures.cases, id=id, when=when)
        assert behind.total == cases
    assert {row.id for row in behind.rows} == set(after)


def test_the_days_after_end_now_and_too_few_of_them_give_no_rate(company: Company) -> None:
    make = Maker(company)
    make.case(NOW - 400 * DAY, product=2)
    first = make.case(NOW - DAY)
    id = make.measure(first, status=ImprovementStatus.DONE, done_at=NOW)
    early = effect(company, id, NOW + 29 * DAY)
    assert early.basis is Basis.TOO_EARLY
    assert early.after and early.after.rate is None and early.change is None
    make.case(NOW + 10 * DAY)
    later = effect(company, id, NOW + 60 * DAY)
    assert later.basis is Basis.COMPARED
    assert later.after and (later.after.cases, later.after.days, later.after.cut) == (1, 60, True)
    assert later.after.rate == pytest.approx(0.5)


def test_days_before_the_first_case_on_file_are_not_counted_as_quiet(company: Company) -> None:
    make = Maker(company)
    first = make.case(NOW - 40 * DAY)
    id = make.measure(first, status=ImprovementStatus.DONE, done_at=NOW)
    found = effect(company, id, NOW + DAYS * DAY)
    assert found.before and (found.before.days, found.before.cut) == (40, True)
    assert found.before.rate == pytest.approx(0.75)
    young = make.measure(first, status=ImprovementStatus.DONE, done_at=NOW - 20 * DAY)
    found = effect(company, young, NOW + DAYS * DAY)
    assert found.basis is Basis.NO_RECORD
    assert found.before and found.before.rate is None and found.change is None


def test_without_a_fault_or_before_it_is_done_nothing_is_compared(company: Company) -> None:
    make = Maker(company)
    case_id = make.case(NOW - DAY)
    assert effect(company, make.measure(case_id)).basis is Basis.NOT_DONE
    id = make.measure(case_id, product_id=None)
    assert effect(company, id).basis is Basis.NO_SUBJECT
    with pytest.raises(NotFound):
        company.see("quality", measures.cases, id=id, when=When.AFTER)


def test_no_case_before_gives_no_change_in_percent(company: Company) -> None:
    make = Maker(company)
    make.case(NOW - 400 * DAY)
    id = make.measure(make.case(NOW), status=ImprovementStatus.DONE, done_at=NOW - 60 * DAY)
    found = effect(company, id, NOW + DAY)
    assert found.before and found.before.rate == 0
    assert found.change is None


def test_the_list_of_measures(company: Company) -> None:
    make = Maker(company)
    case_id = make.case(NOW - DAY)
    done = {"done_at": NOW - DAY}
    checked = done | {"checked_by_id": company["quality"].id}
    late = make.measure(case_id, due_on=NOW.date() - DAY)
    mine = make.measure(case_id, owner_id=company["quality"].id, product_id=2)
    ready = make.measure(case_id, status=ImprovementStatus.DONE, **done)
    good = make.measure(case_id, status=ImprovementStatus.EFFECTIVE, **checked)
    bad = make.measure(case_id, status=ImprovementStatus.INEFFECTIVE, **checked)

    def of(**asked: Any) -> list[int]:
        return [row.id for row in company.see("quality", measures.listed, **asked).rows]

    assert of() == [late, ready, mine, bad, good]
    assert of(which=Which.MINE) == [mine]
    assert of(which=Which.OPEN) == [late, ready, mine]
    assert of(which=Which.LATE) == [late]
    assert of(which=Which.INEFFECTIVE) == [bad]
    assert of(product="b2") == [mine]
    assert of(page=7) == of()
    (row,) = company.see("quality", measures.listed, which=Which.LATE).rows
    assert (row.late, row.owner, row.product) == (True, "support", "牌 A1")
    assert company.see("quality", measures.view, id=ready).actions[0].fact == "effective"
    for unknown in (99, -1, 2**70):
        with pytest.raises(NotFound):
            company.see("quality", measures.view, id=unknown)


def test_a_measure_from_an_alarm_is_followed_to_its_effect(company: Company) -> None:
    told(company, 3, now=NOW - 40 * DAY)
    row = alarm(company)
    id = plan(
        company,
        "quality",
        id=row.id,
        command=measure(company),
        seen_version=row.version,
    )
    company.do(
        "support",
        workflow.act,
        improvements.PROCESS,
        id=id,
        command=FinishImprovement(note="已换"),
        seen_version=company.get(Improvement, id).version,
    )
    company.register(now=NOW + DAY)
    found = effect(company, id, NOW + 45 * DAY)
    assert found.before and found.after
    assert (found.before.cases, found.before.days, found.after.cases) == (3, 40, 1)
    assert found.change == pytest.approx((1 / 45) / (3 / 40) - 1)
