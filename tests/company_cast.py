"""The test cast: a company with two stations and somebody in every role.

Station North has everybody: the owner of a record and a colleague of the same role. The stranger
has the same role at station South. Managers and the like belong to no station.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

import bcrypt
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from core.billing import inputs as billing
from core.billing import payments, quotes
from core.billing import view as bills
from core.house import HOUSE
from core.jobs import actions as jobs
from core.kernel import form_keys
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import (
    Actor,
    UnitOfWork,
    actor_of,
    system_actor,
    transaction,
    unit_of_work,
)
from core.people import company as company_module
from core.people import people
from core.process import workflow
from core.requests import inputs, intake
from db.codes import Charge, Role
from db.tables import Company as CompanyRow
from db.tables import (
    Complaint,
    FollowUp,
    History,
    Job,
    Person,
    Qualification,
    Quote,
    ServiceRequest,
)

ResultT = TypeVar("ResultT")

ZONE = ZoneInfo("Asia/Shanghai")
SET_UP = datetime(2026, 1, 5, 9, 0, tzinfo=ZONE).astimezone(UTC)
# A Monday morning in office hours; no holiday is near.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE).astimezone(UTC)

AT_STATIONS = (Role.AGENT, Role.DISPATCHER, Role.TECHNICIAN, Role.SUPPORT)
PASSWORD = "correct horse"
# One cheap hash for the whole cast: the real cost of bcrypt is a quarter of a second each.
PASSWORD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()

REPAIR = {
    "kind": "repair",
    "channel": "hotline",
    "customer_name": "王小明",
    "phone": "138 0013 8000",
    "address": "中山路 8 号",
    "brand": "海尔",
    "model": "XQG100",
    "serial": "",
    "purchased_on": "2025-06-01",
    "symptom": "洗衣机不转了",
    "fault_area": "function",
}
REPORT = {
    "result": "fixed",
    "symptom_found": "as_told",
    "cause": "皮带断裂",
    "work_done": "更换皮带",
    "confirmed_by": "王小明",
    "unticked_reason": "客户在场，未逐项勾选",
}


PROCESSES = {process.table: process for process in HOUSE.processes}
# Who belongs to which department of the rule book; the others to none.
DEPARTMENTS = {Role.QUALITY: "quality_control", Role.HANDLER: "freight"}


def local(text: str) -> datetime:
    """A moment from the company's local time, as in "2026-03-02 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def address(engine: Engine) -> str:
    """What DATABASE_URL must say for this database."""
    return engine.url.render_as_string(hide_password=False)


def build(engine: Engine) -> None:
    """Set the company up and let the cast in."""
    with unit_of_work(engine, system_actor(), HOUSE, write=True, now=SET_UP) as uow:
        company_module.set_up(uow, parse(company_module.SetUp, _SET_UP))
    with unit_of_work(engine, system_actor(ZONE.key), HOUSE, write=True, now=SET_UP) as uow:
        people.add_station(uow, people.AddStation(name="South"))
        for role in Role:
            if role is not Role.ADMIN:
                _admit(uow, role)


_SET_UP = {
    "company": "Test company",
    "time_zone": ZONE.key,
    "language": "zh_CN",
    "pack": "appliance",
    "station": "North",
    "admin_name": "admin",
    "username": "admin",
    "password": PASSWORD,
}


def _admit(uow: UnitOfWork, role: Role) -> None:
    names = {role.value: 1 if role in AT_STATIONS else None}
    if role in AT_STATIONS:
        names |= {f"{role.value}.colleague": 1, f"{role.value}.stranger": 2}
    for name, station_id in names.items():
        person = Person(
            username=name,
            name=name,
            role=role,
            station_id=station_id,
            department=DEPARTMENTS.get(role, ""),
            password_hash=PASSWORD_HASH,
        )
        uow.session.add(person)
        uow.session.flush()
        if role is Role.TECHNICIAN:
            certify(uow.session, person.id)


def certify(session: Session, person_id: int) -> None:
    """The certificates that the rule book asks of whoever installs and repairs (A17)."""
    for kind in ("installer", "repairer"):
        session.add(Qualification(person_id=person_id, kind=kind))
    session.flush()


def meet(engine: Engine) -> "Company":
    """The company and its cast, as they are in the database."""
    with transaction(engine, write=False) as session:
        company = session.get_one(CompanyRow, 1)
        everybody = session.scalars(select(Person).options(joinedload(Person.station)))
        return Company(engine, {p.username: actor_of(p, company) for p in everybody})


def number_of(who: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """Another caller has another number: of another name, or one who calls the other station."""
    name = str(facts.get("customer_name", REPAIR["customer_name"]))
    if name.startswith(REPAIR["customer_name"]) and not who.endswith(".stranger"):
        return {}
    return {"phone": f"139{crc32((name + who).encode()) % 10**8:08}"}


@dataclass(frozen=True)
class Company:
    """The company under test: its people by user name, and short ways to do things."""

    engine: Engine
    people: dict[str, Actor]

    NORTH = 1
    SOUTH = 2

    @property
    def url(self) -> str:
        return address(self.engine)

    def __getitem__(self, name: str) -> Actor:
        """Somebody of the cast: "agent", "agent.colleague", "agent.stranger", "manager" …"""
        return self.people[name]

    def cast(self, role: Role) -> list[Actor]:
        """Everybody of a role: owner, colleague and stranger, or the only one."""
        return [actor for actor in self.people.values() if actor.role is role]

    def do(self, who: str, verb: Callable[..., ResultT], *given: Any, **more: Any) -> ResultT:
        """Carry out a verb of core in a unit of work of its own; `now` sets the clock."""
        return self._in_unit_of_work(True, who, verb, *given, **more)

    def see(self, who: str, verb: Callable[..., ResultT], *given: Any, **more: Any) -> ResultT:
        """Ask a query of core, as somebody."""
        return self._in_unit_of_work(False, who, verb, *given, **more)

    def _in_unit_of_work(
        self, write: bool, who: str, verb: Callable[..., ResultT], *given: Any, **more: Any
    ) -> ResultT:
        now = more.pop("now", NOW)
        with unit_of_work(self.engine, self[who], HOUSE, write=write, now=now) as uow:
            return verb(uow, *given, **more)

    def submit(self, who: str, command: Callable[[UnitOfWork], Any], key: str) -> Any:
        """Send a form with its one-time key."""
        return form_keys.submit(self.engine, self[who], HOUSE, command, key=key, now=NOW)

    def register(self, who: str = "agent", *, now: datetime = NOW, **facts: Any) -> int:
        """A registered request; a repair unless the facts say otherwise. Gives its id."""
        command = parse(intake.Register, REPAIR | number_of(who, facts) | facts)
        return self.do(who, intake.register, command, now=now).id

    def act(self, who: str, table: type, record_id: int, command: Action, **more: Any) -> Any:
        """An action on a record of any process, by somebody who has just looked at it."""
        version = more.pop("seen_version", None) or self.get(table, record_id).version
        act = {"id": record_id, "command": command, "seen_version": version}
        return self.do(who, workflow.act, PROCESSES[table], **act, **more)

    def dispatched(
        self, who: str = "technician", *, now: datetime = NOW, **facts: Any
    ) -> tuple[int, int]:
        """A request with a technician on it: the ids of the request and of the job."""
        request_id = self.register(now=now, **facts)
        self.act("dispatcher", ServiceRequest, request_id, self.dispatch(who), now=now)
        (job,) = self.rows(Job, request_id=request_id)
        return request_id, job.id

    def dispatch(self, who: str = "technician") -> inputs.Dispatch:
        return inputs.Dispatch(technician_id=self[who].id or 0)

    def finished(
        self, *, now: datetime = NOW, collected: bool = True, **facts: Any
    ) -> tuple[int, int]:
        """A request whose job was done: the ids of the request and of its follow-up call."""
        request_id, job_id = self.dispatched(now=now, **facts)
        self.priced(request_id, now=now)
        window = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
        steps = (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT))
        for step in steps:
            self.act("technician", Job, job_id, step, now=now)
        if collected:
            self.paid(request_id, now=now)
        (call,) = self.rows(FollowUp, request_id=request_id)
        return request_id, call.id

    def priced(
        self,
        case_id: int,
        cents: int = 100_00,
        *,
        who: str = "technician",
        now: datetime = NOW,
    ) -> None:
        """Where the customer pays, a price is told and agreed to, as it is before paid work."""
        if self.get(ServiceRequest, case_id).charge is not Charge.PAID:
            return
        line = {"line_kind": "labour", "line_name": "上门维修", "unit_cents": cents}
        command = parse(billing.AddOwnLine, line)
        quote_id = self.do(who, quotes.add_own_line, command, case_id=case_id, now=now)
        agrees = billing.AcceptQuote(signer="王小明", channel="hotline")
        self.act(who, Quote, quote_id, agrees, now=now)

    def paid(self, case_id: int, *, who: str = "technician", now: datetime = NOW) -> None:
        """What the customer owes is collected."""
        cents = self.see(who, bills.bill, case_id=case_id).owed_cents
        if cents:
            taken = {"case_id": case_id, "means": "code", "paid_cents": cents}
            self.do(who, payments.take, parse(billing.TakeMoney, taken), now=now)

    def complaint(self, who: str = "agent", *, now: datetime = NOW, **facts: Any) -> int:
        """A complaint just registered: the id of its file."""
        case_id = self.register(who, now=now, **{"kind": "complaint"} | facts)
        (row,) = self.rows(Complaint, request_id=case_id)
        return row.id

    def get(self, table: type, record_id: Any) -> Any:
        """One row, as the database has it now."""
        with transaction(self.engine, write=False) as session:
            return session.get_one(table, record_id)

    def rows(self, table: type, **facts: Any) -> list[Any]:
        """The rows with these facts, in the order of their keys."""
        key = table.__mapper__.primary_key[0]
        with transaction(self.engine, write=False) as session:
            return list(session.scalars(select(table).filter_by(**facts).order_by(key)))

    def history(self, subject: str, subject_id: int) -> list[tuple[str, str | None, str | None]]:
        """The facts of a subject with their old and new status, oldest first."""
        rows = self.rows(History, subject=subject, subject_id=subject_id)
        return [(row.action, row.old, row.new) for row in rows]
