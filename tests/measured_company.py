"""Fourteen cases in two months, and one before them, whose figures are computed by hand.

March and April 2026, two stations, told up to Monday, 20 April, 10:00. Where a time limit falls is
worked out beside each case; the sums are in test_core_kpi.py.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from core import kpi
from core.complaints import actions as complaints
from core.complaints.inputs import Approve, Assign, Investigate, Judge, Notify, Propose
from core.followups import actions as followups
from core.jobs import actions as jobs
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import Asked, Side
from core.norms import revisions
from core.norms.model import Norm
from core.process import workflow
from core.requests import inputs
from db.codes import WaitReason
from db.tables import Complaint, FollowUp, Job, ServiceRequest
from tests.company_cast import REPORT, Company, build, local, meet

NOW = local("2026-04-20 10:00")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
PERIOD = {"since": MARCH, "until": APRIL}
SOUTH = ".stranger"

RULES = Path(__file__).with_name("data") / "measured_norm.yaml"
NORM = Norm.model_validate(yaml.safe_load(RULES.read_text("utf-8")))


def about(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of a figure, with its period, station and kind as one."""
    own = {field.name for field in fields(Asked)}
    asked = Asked(**{name: value for name, value in facts.items() if name in own})
    return {name: value for name, value in facts.items() if name not in own} | {"asked": asked}


def board(company: Company, who: str = "manager", **asked: Any) -> kpi.Board:
    return company.see(who, kpi.board, now=NOW, **about(PERIOD | asked))


def behind(company: Company, who: str = "manager", **asked: Any) -> int:
    return company.see(who, kpi.cases_behind, now=NOW, **about(PERIOD | asked)).total


def check_behind(company: Company, who: str = "manager", **asked: Any) -> None:
    """Compare every number of a board with the length of the list behind it."""
    shown = board(company, who, **asked)
    rows: list[tuple[Any, dict[str, Any]]] = [(figure, {}) for figure in shown.figures]
    for row in (*shown.months, *shown.stations, *shown.series):
        place = {"month": row.month, "station_id": row.station_id}
        rows.append((row, {key: value for key, value in place.items() if value is not None}))
    for row in shown.classes:
        place = {"case_class": row.case_class, "month": row.month}
        rows.append((row, {key: value for key, value in place.items() if value is not None}))

    def look(uow: UnitOfWork) -> None:
        for row, place in rows:
            name = row.name if isinstance(row, kpi.Figure) else row.figure
            counted = {Side.DENOMINATOR: row.denominator, Side.NUMERATOR: row.numerator}
            counted[Side.REST] = row.denominator - row.numerator
            for side in kpi.DEFINITIONS[name].sides:
                narrowed = PERIOD | asked | place
                found = kpi.cases_behind(uow, figure=name, side=side, **about(narrowed))
                assert found.total == len(found.rows)
                if kpi.DEFINITIONS[name].several:
                    assert min(1, counted[side]) <= found.total <= max(0, counted[side]), row
                else:
                    assert found.total == counted[side], row

    company.see(who, look, now=NOW)


class Teller:
    """Tells what happens to the cases of a company, each step at its local time."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.customers = 0

    def register(self, at: str, place: str = "", **facts: Any) -> int:
        """A request of a customer of its own, unless the facts name one."""
        self.customers += 1
        asked = {"brand": "", "model": "", "purchased_on": None, "customer_name": "", "phone": ""}
        if "customer_id" not in facts:
            asked["customer_name"] = f"Customer {self.customers}"
            asked["phone"] = f"1380000{self.customers:04}"
        return self.company.register(f"agent{place}", now=local(at), **asked | facts)

    def request(self, at: str, who: str, id: int, command: Action) -> None:
        self.company.act(who, ServiceRequest, id, command, now=local(at))

    def job(self, at: str, place: str, id: int, command: Action) -> None:
        (job,) = self.company.rows(Job, request_id=id)
        self.company.act(f"technician{place}", Job, job.id, command, now=local(at))

    def call(self, at: str, place: str, id: int, command: Action) -> int | None:
        """The customer is called; the id of the complaint that was raised."""
        *_, call = self.company.rows(FollowUp, request_id=id)
        self.company.act(f"agent{place}", FollowUp, call.id, command, now=local(at))
        raised = self.company.rows(ServiceRequest, origin_id=id)
        return raised[-1].id if raised else None

    def served(self, id: int, place: str, sent: str, agreed: str, done: str) -> None:
        """A technician is sent, agrees the visit and finishes the job."""
        self.request(sent, f"dispatcher{place}", id, self.company.dispatch(f"technician{place}"))
        window = {"agreed_from": local(done), "agreed_to": local(f"{done[:10]} 20:00")}
        self.job(agreed, place, id, jobs.AgreeVisit(**window))
        self.job(done, place, id, jobs.Arrive())
        self.company.priced(id, who=f"technician{place}", now=local(done))
        self.job(done, place, id, parse(jobs.FinishJob, REPORT))
        self.company.paid(id, who=f"technician{place}", now=local(done))

    def complaint(self, at: str, who: str, id: int, command: Action) -> None:
        (row,) = self.company.rows(Complaint, request_id=id)
        facts = {"id": row.id, "command": command, "seen_version": row.version}
        self.company.do(who, workflow.act, complaints.PROCESS, now=local(at), **facts)

    def answered(self, at: str, id: int, reaction: str = "accepted") -> None:
        """A complaint that was assigned is looked into, decided and answered at once."""
        answer = {"channel": "hotline", "answer": "sorry", "reaction": reaction}
        steps = (
            ("quality", parse(Investigate, CAUSE)),
            ("quality", parse(Propose, {"measures": [{"kind": "apologise"}]})),
            ("manager", Approve()),
            ("agent", parse(Notify, answer)),
        )
        for who, step in steps:
            self.complaint(at, who, id, step)


CAUSE = {"cause": "slow", "cause_kind": "other", "cause_scope": "outside"}


def scored(**scores: int) -> followups.RecordAnswers:
    return followups.RecordAnswers(scores=scores)


def tell(engine: Engine) -> None:
    """A company with its cast, and then its cases."""
    build(engine)
    told = Teller(meet(engine))
    adopted = {"norm": NORM, "on": date(2026, 1, 6), "signed_by": "admin"}
    told.company.do("admin", revisions.adopt, **adopted, now=local("2026-01-06 09:00"))
    _before(told)
    _march(told)
    _turn_of_the_month(told)
    _april(told)


def _before(told: Teller) -> None:
    consultation = {"kind": "consultation", "answer": "yes", "fault_area": None}
    told.register("2026-02-10 10:00", **consultation)


def _march(told: Teller) -> None:
    # 1: answer and appointment due on the 3rd 09:00, work on the 4th 09:00, call on the 4th 17:30.
    one = told.register("2026-03-02 09:00")
    told.served(one, "", "2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 10:00")
    told.call("2026-03-04 10:00", "", one, scored(attitude=10, skill=8))
    # 2: everything late, by an hour or two; the call, due on Friday the 13th, on Monday.
    two = told.register("2026-03-10 09:00")
    told.served(two, "", "2026-03-11 10:00", "2026-03-11 10:30", "2026-03-12 10:00")
    # 3: the complaint that the call raises; answer due on the 17th, solution on the 19th.
    three = told.call("2026-03-16 10:00", "", two, scored(attitude=4, skill=5))
    told.request("2026-03-17 09:00", "manager", three, inputs.Acknowledge(channel="hotline"))
    told.complaint("2026-03-17 10:00", "quality", three, Judge(nature="service"))
    quality = told.company["quality"].id
    command = Assign(department="after_sales", handler_id=quality, reason="x")
    told.complaint("2026-03-17 11:00", "manager", three, command)
    told.answered("2026-03-18 10:00", three)
    told.call("2026-03-19 10:00", "", three, scored(attitude=8))
    # 4: answered while the customer speaks. 5: answered after two hours, one too many.
    consultation = {"kind": "consultation", "fault_area": None}
    told.register("2026-03-05 10:00", SOUTH, **consultation, answer="yes")
    five = told.register("2026-03-20 10:00", SOUTH, **consultation)
    told.request("2026-03-20 12:00", f"agent{SOUTH}", five, inputs.Answer(answer="yes"))


def _turn_of_the_month(told: Teller) -> None:
    # 6: answered in March, due and done in April; nobody picks up the phone, the third time late.
    six = told.register("2026-03-30 10:00", SOUTH)
    told.served(six, SOUTH, "2026-03-30 11:00", "2026-03-30 11:30", "2026-04-01 09:00")
    for at in ("2026-04-02 10:00", "2026-04-03 10:00", "2026-04-03 11:00"):
        told.call(at, SOUTH, six, followups.NotReached())
    # 7: the last minute of March; its limits end in April. 8: the first instant of April.
    consultation = {"kind": "consultation", "answer": "yes", "fault_area": None}
    told.register("2026-03-31 23:59", SOUTH, **consultation)
    told.register("2026-04-01 00:00", SOUTH, **consultation)


def _april(told: Teller) -> None:
    # 9: nobody did anything. 10: nothing is due before the 20th 20:00. 11: waits for a part.
    told.register("2026-04-10 09:00")
    told.register("2026-04-19 20:00")
    eleven = told.register("2026-04-13 09:00")
    wait = inputs.Wait(reason=WaitReason.PART, note="part")
    told.request("2026-04-13 10:00", "agent", eleven, wait)
    # 12: cancelled. 13: a cleaning from Saturday; the appointment is late, the work due on the 21st.
    twelve = told.register("2026-04-14 09:00", SOUTH)
    told.request("2026-04-14 10:00", f"agent{SOUTH}", twelve, inputs.Cancel(note="no need"))
    told.register("2026-04-18 09:00", SOUTH, kind="cleaning", fault_area=None)
    # 14: the customer of case 1 asks the other station.
    first = told.company.rows(ServiceRequest)[1].customer_id
    known = {"customer_id": first, "station_id": Company.SOUTH, "fault_area": None}
    told.register("2026-04-15 10:00", SOUTH, kind="consultation", answer="yes", **known)
