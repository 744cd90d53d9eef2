"""A double click is one case, and people who work at the same moment lose nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from core.erasing import retention
from core.jobs import actions as jobs
from core.kernel import form_keys
from core.kernel.errors import InvalidInput, Refused, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork
from core.process import history
from core.requests import inputs, intake
from db.codes import JobStatus, RequestStatus
from db.tables import Asset, Customer, FormKey, Job, ServiceRequest
from tests.company_cast import NOW, REPAIR, REPORT, Company

MANY = 8


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What the tasks give, or the refusal each one met, when all start at the same moment."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return task()
        except Refused as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def registering(uow: UnitOfWork) -> Any:
    return intake.register(uow, parse(intake.Register, REPAIR))


def test_the_same_form_again_gives_the_first_case(company: Company) -> None:
    first = company.submit("agent", registering, key="form-1")
    again = company.submit("agent", registering, key="form-1")
    other = company.submit("agent", registering, key="form-2")
    assert first == again != other
    assert [case.id for case in company.rows(ServiceRequest)] == [first, other]


def test_the_same_form_twice_at_once_is_one_case(company: Company) -> None:
    click = lambda: company.submit("agent", registering, key="double click")  # noqa: E731
    ids = at_once(*[click] * MANY)
    (case,) = company.rows(ServiceRequest)
    assert ids == [case.id] * MANY
    assert len(company.rows(Customer)) == 1


def test_what_a_form_tells_beside_ids_is_told_again_as_it_was(company: Company) -> None:
    told = {"done": 2, "refused": [["SR260302-0001", "此人被点名"]]}
    tellings = iter((told, {"done": 0, "refused": []}))
    first, again = (
        company.submit("manager", lambda uow: next(tellings), key="form-1") for _ in (1, 2)
    )
    assert first == again == told


def test_a_refused_form_can_be_sent_again(company: Company) -> None:
    def refuse(_uow: UnitOfWork) -> int:
        raise InvalidInput()

    with pytest.raises(InvalidInput):
        company.submit("agent", refuse, key="form-1")
    assert company.rows(FormKey) == []
    assert company.submit("agent", registering, key="form-1") == 1


def test_a_command_without_a_result_is_done_once(company: Company) -> None:
    done = []
    for _click in range(2):
        assert company.submit("agent", lambda _uow: done.append(1), key="form-1") is None
    assert done == [1]


def test_old_keys_are_forgotten(company: Company) -> None:
    company.submit("agent", registering, key="old")
    later = NOW + form_keys.KEPT + timedelta(seconds=1)
    company.do("admin", retention.sweep, None, now=NOW + form_keys.KEPT)
    assert [row.key for row in company.rows(FormKey)] == ["old"]
    company.do("admin", retention.sweep, None, now=later)
    assert company.rows(FormKey) == []


def test_people_who_register_at_once_get_numbers_of_their_own(company: Company) -> None:
    ids = at_once(*[company.register] * MANY)
    assert len(set(ids)) == MANY
    numbers = [case.number for case in company.rows(ServiceRequest)]
    assert sorted(numbers) == [f"SR260302-{n:04d}" for n in range(1, MANY + 1)]
    assert company.see("admin", history.verify) == ()


def test_two_people_dispatch_the_same_case(company: Company) -> None:
    request_id = company.register()

    def send(technician: str) -> Callable[[], Any]:
        to = company.dispatch(technician)
        return lambda: (
            company.act("dispatcher", ServiceRequest, request_id, to, seen_version=1).status
        )

    outcomes = at_once(*[send("technician"), send("technician.colleague")] * 3)
    assert outcomes.count(RequestStatus.IN_PROGRESS) == 1
    assert set(outcomes) - {RequestStatus.IN_PROGRESS} <= {Stale, WrongStatus}
    assert len(company.rows(Job)) == 1
    assert company.get(ServiceRequest, request_id).version == 2


def test_remarks_at_once_are_all_kept_or_refused(company: Company) -> None:
    request_id = company.register()

    def remark(number: int) -> Callable[[], Any]:
        command = inputs.Remark(note=f"{number}")
        return lambda: company.act("agent", ServiceRequest, request_id, command).version

    outcomes = at_once(*[remark(number) for number in range(MANY)])
    kept = [each for each in outcomes if each is not Stale]
    facts = [fact for fact, _, _ in company.history("request", request_id)]
    assert facts.count("remarked") == len(kept) == len(set(kept)) >= 1
    assert company.see("admin", history.verify) == ()


@pytest.mark.parametrize("_round", range(5))
def test_a_report_and_a_cancellation_at_once(company: Company, _round: int) -> None:
    # One locks the job and wants its case, the other holds the case and wants the job.
    request_id, job_id = company.dispatched()
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=1)}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window))
    company.act("technician", Job, job_id, jobs.Arrive())
    report, cancel = parse(jobs.FinishJob, REPORT), inputs.Cancel(note="不修了")
    outcomes = at_once(
        lambda: company.act("technician", Job, job_id, report).status,
        lambda: company.act("agent", ServiceRequest, request_id, cancel).status,
    )
    ended = company.get(Job, job_id).status, company.get(ServiceRequest, request_id).status
    assert ended in (
        (JobStatus.DONE, RequestStatus.RESOLVED),
        (JobStatus.CANCELLED, RequestStatus.CANCELLED),
    )
    assert sum(each in (Stale, WrongStatus) for each in outcomes) == 1
    assert company.see("admin", history.verify) == ()


def test_two_customers_with_the_same_piece_at_once(company: Company) -> None:
    command = parse(intake.Register, REPAIR | {"serial": "SN 1"})
    clicks = [
        lambda key=key: company.submit("agent", lambda uow: intake.register(uow, command), key=key)
        for key in ("one", "two")
    ]
    outcomes = at_once(*clicks)
    # Who comes second is known by then, with the piece; or is told to try again.
    assert len(company.rows(Asset)) == 1
    refused = outcomes.count(Stale) + outcomes.count(InvalidInput)
    assert len(company.rows(ServiceRequest)) + refused == 2
    other = parse(
        intake.Register, REPAIR | {"serial": "SN 1", "customer_name": "李雷", "phone": "0108888"}
    )
    with pytest.raises(InvalidInput) as refusal:
        company.do("agent", intake.register, other)
    assert [(p.field, p.code) for p in refusal.value.problems] == [
        ("another_customer", "piece_known")
    ]
