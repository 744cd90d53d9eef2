"""The house: cards that do not fit are refused, and what follows comes about in order or not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.complaints import inputs as complaints
from core.complaints import room as complaints_room
from core.contracts import room as contracts_room
from core.customers import room as customers_room
from core.followups import actions as followups
from core.house import HOUSE
from core.improvements import actions as improvements
from core.improvements import room as improvements_room
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.process import workflow
from core.process.room import House, Room
from core.process.rules import Happening, after
from core.quality import room as quality_room
from core.requests import actions as requests
from core.requests import inputs
from core.requests import room as requests_room
from db.codes import ComplaintStatus, JobStatus, RequestStatus
from db.tables import Complaint, FollowUp, History, Improvement, Job, Limit, ServiceRequest
from tests.company_cast import NOW, Company
from tests.complaint_steps import DUE, take


def nothing(_uow: UnitOfWork, _happening: Happening) -> None:
    """Nothing."""


def waits_for(name: str, *facts: str) -> Room:
    return Room(name, after=(after(*facts, do=nothing),))


@pytest.mark.parametrize(
    ("rooms", "said"),
    [
        ((waits_for("a", "request.nonsense"),), "a waits for facts of no room below"),
        (
            (
                waits_for("a", "request.answered"),
                customers_room.ROOM,
                contracts_room.ROOM,
                requests_room.ROOM,
            ),
            "a waits for facts",
        ),
        (
            (
                customers_room.ROOM,
                contracts_room.ROOM,
                requests_room.ROOM,
                replace(requests_room.ROOM, name="twice", after=()),
            ),
            "told twice",
        ),
        (
            (
                *HOUSE.rooms,
                Room("other", file=complaints_room.ROOM.file),
            ),
            "file of other",
        ),
    ],
)
def test_cards_that_do_not_fit_are_refused(rooms: tuple[Room, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        House(rooms)


def test_every_kind_with_a_file_is_told_by_the_room_of_the_file() -> None:
    assert HOUSE.files[quality_room.KIND] is quality_room.ROOM.file
    for kind, file in HOUSE.files.items():
        assert file.kind is kind
        assert file.opening in file.open
        assert file.ended not in file.open


class Listener:
    """A room at the roof that writes down what it hears; `refuses` says no to one fact."""

    def __init__(self, refuses: str = "") -> None:
        self.heard: list[str] = []
        self.refuses = refuses

    def hear(self, _uow: UnitOfWork, happening: Happening) -> None:
        self.heard.append(happening.fact)
        if happening.fact == self.refuses:
            raise InvalidInput(Problem("note", "goods_are_here"))

    def house(self, *below: Room) -> House:
        facts = House(below).facts
        return House((*below, Room("listener", after=(after(*sorted(facts), do=self.hear),))))


def act(company: Company, house: House, who: str, process: Any, id: int, command: Any) -> Any:
    with unit_of_work(company.engine, company[who], house, write=True, now=NOW) as uow:
        version = company.get(process.table, id).version
        return workflow.act(uow, process, id=id, command=command, seen_version=version)


def test_what_follows_comes_after_its_cause_and_before_what_is_above(company: Company) -> None:
    listener = Listener()
    house = listener.house(*HOUSE.rooms)
    case_id, job_id = company.dispatched()
    act(company, house, "agent", requests.PROCESS, case_id, inputs.Cancel(note="不修了"))
    # Depth first: the room below has done its part before the one above hears of the cause.
    assert listener.heard == ["job.cancelled", "request.cancelled"]
    facts = [
        (row.subject, row.action)
        for row in company.rows(History, case_id=case_id)
        if row.action == "cancelled"
    ]
    assert facts == [("request", "cancelled"), ("job", "cancelled")]
    assert company.get(Job, job_id).status is JobStatus.CANCELLED


def test_a_consequence_that_refuses_undoes_everything(company: Company) -> None:
    house = Listener(refuses="job.cancelled").house(*HOUSE.rooms)
    case_id, job_id = company.dispatched()
    before = len(company.rows(History))
    with pytest.raises(InvalidInput):
        act(company, house, "agent", requests.PROCESS, case_id, inputs.Cancel(note="不修了"))
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED
    assert len(company.rows(History)) == before
    assert not [row for row in company.rows(Limit, request_id=case_id) if row.dropped_at]


def test_a_house_without_the_upper_rooms_does_its_own_work_only(company: Company) -> None:
    case_id, job_id = company.dispatched()
    house = House(
        (
            customers_room.ROOM,
            contracts_room.ROOM,
            requests_room.ROOM,
        )
    )
    act(company, house, "agent", requests.PROCESS, case_id, inputs.Cancel(note="不修了"))
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CANCELLED
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED


def test_a_record_may_belong_to_no_case(company: Company) -> None:
    case_id = company.register()
    plan = {"kind": "preventive", "measure": "换供应商", "owner_id": company["handler"].id}
    command = parse(PlanImprovement, plan | {"due_on": DUE})
    with unit_of_work(company.engine, company["manager"], HOUSE, write=True, now=NOW) as uow:
        case = uow.session.get_one(ServiceRequest, case_id)
        row = improvements.plan(uow, case, command)
    free = replace(improvements.PROCESS, case_id=lambda _row: None)
    limits = company.rows(Limit)
    listener = Listener()
    house = listener.house(improvements_room.ROOM)
    act(company, house, "handler", free, row.id, improvements.FinishImprovement(note="已换"))
    assert listener.heard == ["improvement.done"]
    (done,) = company.rows(History, subject="improvement", action="done")
    assert done.case_id is None
    assert company.get(Improvement, row.id).done_at == NOW
    assert [limit.met_at for limit in company.rows(Limit)] == [limit.met_at for limit in limits]


def test_a_merged_complaint_takes_its_open_job_along(company: Company) -> None:
    first, second = company.complaint(), company.complaint(phone="13911112222")
    case_id = company.get(Complaint, second).request_id
    with unit_of_work(company.engine, company["manager"], HOUSE, write=True, now=NOW) as uow:
        technician_id = company["technician"].id
        facts = {"request_id": case_id, "technician_id": technician_id, "assigned_at": NOW}
        uow.session.add(Job(status=JobStatus.ASSIGNED, instructions="", **facts))
    number = company.get(ServiceRequest, company.get(Complaint, first).request_id).number
    company.act("quality", Complaint, second, complaints.Merge(number=number))
    assert company.get(Complaint, second).status is ComplaintStatus.MERGED
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CANCELLED
    (job,) = company.rows(Job, request_id=case_id)
    assert job.status is JobStatus.CANCELLED


def test_who_is_unhappy_without_a_word_opens_the_complaint_again(company: Company) -> None:
    id = company.complaint()
    take(company, id, "closed")
    (call,) = company.rows(FollowUp)
    answers = followups.RecordAnswers(scores={"attitude": 1})
    company.act("agent", FollowUp, call.id, answers, now=NOW + timedelta(days=1))
    assert company.get(Complaint, id).status is ComplaintStatus.ASSIGNED
