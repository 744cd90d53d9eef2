"""Action x status x role of meetings and of decisions."""

from datetime import timedelta
from typing import Any

import pytest

from core.house import HOUSE
from core.kernel.inputs import Action
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.meetings import decisions, meetings
from core.meetings.inputs import ChangeDecision, CloseMeeting, DropDecision, FinishDecision
from db.codes import DecisionStatus, MeetingStatus
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.maintained import TODAY
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand
from tests.stored_meetings import decision, meeting

HOLDERS = "dispatcher manager leader"
STAFF = "agent technician support quality warehouse finance handler"
MEETING_CELLS = (Cells("close_meeting", "closed", "open", "closed", HOLDERS, kinds="any"),)
DECISION_CELLS = (
    Cells("change_decision", "changed", "open", None, HOLDERS, "any", not_for="other_meeting"),
    Cells("finish_decision", "done", "open", "done", HOLDERS, "any", own=STAFF),
    Cells("drop_decision", "dropped", "open", "dropped", HOLDERS, "any", not_for="other_meeting"),
)


def closing(_company: Company) -> tuple[Action, ...]:
    return (CloseMeeting(),)


def steps(company: Company) -> tuple[Action, ...]:
    change = {"text": "再加一人", "owner_id": company["agent"].id}
    return (
        ChangeDecision(**change, due_on=TODAY + timedelta(days=9)),
        FinishDecision(note="已招到"),
        DropDecision(note="不再需要"),
    )


def put_meeting(uow: UnitOfWork, company: Company, state: str) -> Stand:
    facts = {"station_id": Company.NORTH, "status": MeetingStatus(state)}
    facts["closed_at"] = NOW if state == "closed" else None
    row = stored_rows.add(uow.session, meeting(company["manager"].id, **facts))
    return Stand(meetings.PROCESS, row, state, "any", None, MEETING_CELLS)


def put_decision(
    uow: UnitOfWork, company: Company, state: str, station: int | None = Company.NORTH
) -> Stand:
    of = stored_rows.add(uow.session, meeting(company["manager"].id, station_id=station))
    settled = {"settled_at": NOW, "note": "x"} if state != "open" else {}
    owner = company["agent"].id
    row = stored_rows.add(uow.session, decision(of, owner, DecisionStatus(state), **settled))
    return Stand(decisions.PROCESS, row, state, "any", owner, DECISION_CELLS)


MATRICES: dict[str, tuple[Any, Any, type[Any]]] = {
    "meeting": (put_meeting, closing, MeetingStatus),
    "decision": (put_decision, steps, DecisionStatus),
}
ALL = [(name, status.value) for name, (_, _, codes) in MATRICES.items() for status in codes]


@pytest.mark.parametrize(("name", "state"), ALL)
def test_they_move_as_the_table_says(sqlite_company: Company, name: str, state: str) -> None:
    company = sqlite_company
    put, samples, _codes = MATRICES[name]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        actors = list(company.people.values())
        check_stand(uow, put(uow, company, state), actors, samples(company))


@pytest.mark.parametrize("name", MATRICES)
def test_a_sample_on_both_databases(company: Company, name: str) -> None:
    put, samples, _codes = MATRICES[name]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        names = ("dispatcher.stranger", "dispatcher", "manager", "agent", "auditor")
        check_stand(uow, put(uow, company, "open"), [company[n] for n in names], samples(company))


def test_a_station_changes_nothing_that_was_decided_about_all(sqlite_company: Company) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = put_decision(uow, company, "open", station=None).record
        row.owner_id = company["dispatcher"].id
        uow.session.flush()
        everyone = [actor.id for actor in company.people.values()]
        stand = Stand(
            decisions.PROCESS,
            row,
            "open",
            "any",
            row.owner_id,
            DECISION_CELLS,
            relations={"other_meeting": everyone},
        )
        check_stand(uow, stand, [company["dispatcher"]], steps(company))


def test_no_rule_is_left_out(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(meetings.PROCESS, closing(sqlite_company), MEETING_CELLS)
    check_no_rule_is_left_out(decisions.PROCESS, steps(sqlite_company), DECISION_CELLS)
