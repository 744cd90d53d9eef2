"""Nobody is sent before the case holds what the rule book wants; ways of service (A14, E25, D27)."""

from typing import Any

import pytest
from sqlalchemy import update

from core.dispatch import board, moves, plans, suggestions
from core.dispatch.moves import Place
from core.jobs import actions as jobs
from core.jobs import worksheet
from core.jobs.visits import TakeIn
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.planning.problem import Plan, Reason
from core.process import workflow
from core.requests import actions, guiding, inputs, lists, ready
from core.requests.inputs import Dispatch, DispatchAnyway, Guide
from db.codes import RequestStatus, ServiceWay
from db.tables import Asset, FollowUp, History, Job, Limit, ServiceRequest, Station, Visit
from tests.company_cast import NOW, REPORT, Company, local
from tests.test_core_norms_packs_in_use import under


def bare(company: Company, **facts: Any) -> int:
    """A repair of nobody knows what, nobody knows where."""
    none = {"brand": "", "model": "", "purchased_on": None, "address": ""}
    return company.register(**none | facts)


def refused(company: Company, case_id: int, **typed: Any) -> dict[str, str]:
    """What stands against sending somebody, by the field that would mend it."""
    command = Dispatch(technician_id=company["technician"].id, **typed)
    with pytest.raises(InvalidInput) as error:
        company.act("dispatcher", ServiceRequest, case_id, command)
    assert not company.rows(Job, request_id=case_id)
    return {bad.field: bad.code for bad in error.value.problems}


def form(company: Company, case_id: int, who: str = "dispatcher") -> workflow.FormView:
    asked = {"process": actions.PROCESS, "record_id": case_id, "action": Dispatch}
    return company.see(who, workflow.form, **asked)


def data(company: Company, case_id: int, fact: str) -> dict[str, Any]:
    rows = company.rows(History, subject="request", subject_id=case_id, action=fact)
    return dict(rows[-1].data)


def test_what_is_missing_is_asked_in_the_form_and_put_on_file_with_the_sending(
    company: Company,
) -> None:
    case_id = bare(company)
    known = company.register(serial="SN-9")  # puts a product into the catalogue
    assert refused(company, case_id) == {"address": "before_sending", "piece": "before_sending"}
    drawn = form(company, case_id)
    assert {"piece", "address"} < {*drawn.fields}
    assert not {"extra", "serial", "wanted_from", "phone"} & {*drawn.fields}
    assert "address" not in form(company, known).fields
    (piece,) = drawn.options["pieces"]
    assert refused(company, case_id, address="文德街 1 号") == {"piece": "before_sending"}
    assert not company.get(ServiceRequest, case_id).address  # or nothing happened
    typed = {"piece": piece, "address": "文德街 1 号", "phone": "025 1234567"}
    command = Dispatch(technician_id=company["technician"].id, **typed)
    company.act("dispatcher", ServiceRequest, case_id, command)
    case = company.get(ServiceRequest, case_id)
    assert (case.address, case.phone) == ("文德街 1 号", "138 0013 8000")
    (asset,) = company.rows(Asset, id=case.asset_id)
    assert asset.customer_id == case.customer_id
    assert data(company, case_id, "dispatched")["filled"]["address"] == ["", "文德街 1 号"]


def test_a_piece_that_the_customer_has_is_offered_first(company: Company) -> None:
    first = company.register()
    case = company.get(ServiceRequest, first)
    case_id = bare(company, customer_id=case.customer_id, customer_name="", phone="")
    (piece,) = form(company, case_id).options["pieces"]
    assert piece == f"own·{case.asset_id}"
    typed = {"piece": piece, "address": "文德街 1 号"}
    command = Dispatch(technician_id=company["technician"].id, **typed)
    company.act("dispatcher", ServiceRequest, case_id, command)
    sent = company.get(ServiceRequest, case_id)
    assert (sent.asset_id, sent.charge_reason) == (case.asset_id, case.charge_reason)
    assert len(company.rows(Asset)) == 1


def test_who_may_go_against_the_rule_sends_anyway_and_history_says_what_was_missing(
    company: Company,
) -> None:
    case_id = bare(company)
    command = DispatchAnyway(
        technician_id=company["technician"].id,
        address="文德街 1 号",
        exception_reason="客户在门口等",
    )
    company.act("manager", ServiceRequest, case_id, command)
    told = data(company, case_id, "dispatched")
    assert (told["exception"], told["lacks"]) == ("客户在门口等", ["brand", "model"])
    assert told["clauses"] == ["A14"]
    # What was known all the same is on file.
    assert company.get(ServiceRequest, case_id).address == "文德街 1 号"
    assert len(company.rows(Job, request_id=case_id)) == 1


def test_own_fields_and_papers_of_the_book_come_first_too(company: Company) -> None:
    under(company, "dealer")
    case_id = company.register(channel="counter")
    assert refused(company, case_id) == {
        "extra.mileage": "before_sending",
        "papers": "paper_first",
    }
    assert [field.name for field in form(company, case_id).extra] == ["mileage"]
    company.do("auditor", ready.note_paper, case_id=case_id, paper="acceptance_slip")
    assert "papers" in refused(company, case_id)  # who only looks has not made it
    for paper in ("service_report", "acceptance_slip", "acceptance_slip"):
        company.do("dispatcher", ready.note_paper, case_id=case_id, paper=paper)
    made = company.rows(History, subject="request", subject_id=case_id, action="paper_made")
    assert [row.data for row in made] == [{"paper": "acceptance_slip"}]
    wrong = Dispatch(technician_id=company["technician"].id, extra={"mileage": "viel"})
    with pytest.raises(InvalidInput) as error:
        company.act("dispatcher", ServiceRequest, case_id, wrong)
    assert [bad.code for bad in error.value.problems] == ["not_an_option"]
    command = Dispatch(technician_id=company["technician"].id, extra={"mileage": 52_000})
    company.act("dispatcher", ServiceRequest, case_id, command)
    assert company.get(ServiceRequest, case_id).extra["mileage"] == 52_000


def tried(company: Company, case_id: int, result: str) -> None:
    command = Guide(by="phone", tried="断电重启", result=result)
    company.act("agent", ServiceRequest, case_id, command)


def test_nobody_is_sent_before_guidance_was_tried_where_the_book_wants_it(
    company: Company,
) -> None:
    under(company, "enterprise")
    case_id = company.register()
    assert refused(company, case_id) == {"guidance": "guide_first"}
    tried(company, case_id, "not_reached")
    assert refused(company, case_id) == {"guidance": "guide_first"}
    tried(company, case_id, "not_solved")
    company.act("dispatcher", ServiceRequest, case_id, company.dispatch())
    found = company.see("technician", guiding.of_case, case_id)
    assert [each.result.value for each in found] == ["not_reached", "not_solved"]
    assert found[-1].tried == "断电重启"
    # What is urgent is gone to at once; whoever wants no guidance need not have it.
    urgent = company.register(priority="urgent")
    company.act("dispatcher", ServiceRequest, urgent, company.dispatch())
    declined = company.register(symptom="漏水")
    tried(company, declined, "declined")
    company.act("dispatcher", ServiceRequest, declined, company.dispatch())
    # Gone to all the same, with the clause that was not kept.
    other = company.register(symptom="异响")
    anyway = DispatchAnyway(technician_id=company["technician"].id, exception_reason="老人独居")
    company.act("manager", ServiceRequest, other, anyway)
    assert data(company, other, "dispatched")["clauses"] == ["E25"]


def test_what_guidance_solves_is_answered_and_nobody_has_to_come(company: Company) -> None:
    under(company, "enterprise")
    case_id = company.register()
    tried(company, case_id, "solved")
    case = company.get(ServiceRequest, case_id)
    assert (case.status, case.answer) == (RequestStatus.RESOLVED, "断电重启")
    facts = [fact for fact, _old, _new in company.history("request", case_id)]
    assert facts[-2:] == ["guided", "answered"]
    assert len(company.rows(FollowUp, request_id=case_id)) == 1


def test_the_way_is_asked_at_intake_usual_by_the_book_and_changed_later(company: Company) -> None:
    assert company.get(ServiceRequest, company.register()).way is ServiceWay.SITE
    other = {"customer_name": "李雷", "phone": "13900139000"}
    remote = company.register(way="remote", address="", **other)
    # Guidance comes first; whoever goes after all has to know where.
    where = {"address": "before_sending"}
    assert refused(company, remote) == {"guidance": "guide_first"} | where
    tried(company, remote, "not_solved")
    assert refused(company, remote) == where
    sent = Dispatch(technician_id=company["technician"].id, address="中山路 8 号")
    company.act("dispatcher", ServiceRequest, remote, sent)
    assert company.get(ServiceRequest, remote).way is ServiceWay.SITE  # somebody goes after all
    under(company, "dealer")
    upkeep = company.register(kind="cleaning", symptom="保养")
    assert company.get(ServiceRequest, upkeep).way is ServiceWay.STATION
    change = inputs.SetWay(way="site", note="车动不了")
    company.act("agent", ServiceRequest, upkeep, change)
    assert company.get(ServiceRequest, upkeep).way is ServiceWay.SITE
    assert data(company, upkeep, "way_set") == {"way": ["station", "site"]}


def test_a_job_at_the_station_needs_no_time_agreed(company: Company) -> None:
    case_id, job_id = company.dispatched(way="station", address="")
    at = local("2026-03-02 11:00")
    (card,) = company.see("technician", worksheet.mine, now=at)
    assert card.part is worksheet.DayPart.TODAY
    assert card.actions[0].action is TakeIn
    assert all(rule.action is not jobs.Arrive for rule in card.actions)
    company.act("technician", Job, job_id, TakeIn(), now=at)
    (visit,) = company.rows(Visit, job_id=job_id)
    assert (visit.agreed_from, visit.arrived_at) == (at, at)
    done = local("2026-03-02 12:00")
    company.act("technician", Job, job_id, parse(jobs.FinishJob, REPORT), now=done)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.RESOLVED
    met = {row.name: row.met_at for row in company.rows(Limit, request_id=case_id)}
    assert met["appointment"] == at  # nobody had to be called for one


def test_a_case_that_is_not_ready_is_marked_and_left_out_with_the_reason(company: Company) -> None:
    case_id, ready_id = bare(company), company.register(symptom="漏水")
    found = company.see("dispatcher", lists.queue, name=lists.Queue.DISPATCH)
    lacking = {row.id: [each.name for each in row.lacks] for row in found.rows}
    assert lacking == {case_id: ["address", "brand", "model"], ready_id: []}
    card = company.see("dispatcher", board.card, case_id=case_id)
    assert [each.clause for each in card.lacks] == ["A14"] * 3
    assert company.see("dispatcher", suggestions.suggest, case_id=case_id) == ()
    assert company.see("dispatcher", suggestions.suggest, case_id=ready_id)
    asked = company.see("dispatcher", plans.ask, since=NOW.date())
    assert [task.id for task in asked.question.tasks] == [ready_id]
    proposal = plans.told(asked, Plan(()))
    assert [(each.case_id, reason) for each, reason in proposal.left_out] == [
        (case_id, Reason.NOT_READY)
    ]
    # By the board neither.
    start = local("2026-03-02 14:00")
    times = {"planned_from": start, "planned_to": local("2026-03-02 15:00")}
    command = Place(technician_id=company["technician"].id, **times)
    with pytest.raises(InvalidInput):
        company.do(
            "dispatcher",
            moves.place,
            command,
            case_id=case_id,
            job_id=None,
            seen_version=card.version,
        )


def test_what_is_done_at_the_station_is_there_and_is_found_by_its_way(company: Company) -> None:
    far = {"latitude": 31.9, "longitude": 118.7}
    at_place, at_station = (company.register(way=way, symptom=way) for way in ("site", "station"))
    with transaction(company.engine, write=True) as session:
        session.get_one(Station, company.NORTH).latitude = 32.0
        session.get_one(Station, company.NORTH).longitude = 118.8
        for id in (at_place, at_station):
            session.execute(update(ServiceRequest).filter_by(id=id).values(**far))
    asked = company.see("dispatcher", plans.ask, since=NOW.date())
    places = {task.id: (task.place.latitude, task.place.longitude) for task in asked.question.tasks}
    assert places == {at_place: (31.9, 118.7), at_station: (32.0, 118.8)}
    near, away = (
        company.see("dispatcher", suggestions.suggest, case_id=id)[0].merits[suggestions.Merit.ROAD]
        for id in (at_station, at_place)
    )
    assert near == 0 < away
    filters = lists.Filter(way=ServiceWay.STATION)
    found = company.see("dispatcher", lists.queue, name=lists.Queue.DISPATCH, filters=filters)
    assert [row.id for row in found.rows] == [at_station]
