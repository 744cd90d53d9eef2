"""Intake 受理: a contact becomes a registered request with an owner, a number and limits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.customers import again, catalogue, customers, life
from core.customers.customers import AssetFields, CustomerFields
from core.customers.warranty import OWNED, free_until, warranty_end
from core.improvements import actions as improvements
from core.kernel import numbers
from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.inputs import (
    Choice,
    LineText,
    LongText,
    Moment,
    RecordId,
    RequiredText,
    clean_line,
)
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import ExtraField, ReworkBy
from core.norms.revisions import in_force, norm_of
from core.people.people import station_options
from core.process import limits, workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done
from core.requests import actions, asked, charging, contracted, reworks, wordings
from core.requests.charging import decide_charge
from core.requests.drills import IN_EARNEST
from core.requests.kinds import SITE_KINDS
from core.requests.reworks import EarlierWork
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    Language,
    Priority,
    RequestKind,
    RequestStatus,
    ServiceWay,
)
from db.tables import Asset, Customer, ServiceRequest
from db.types import LARGEST_ID

EARLIER = 20


class Register(CustomerFields, AssetFields):
    """The Service Request Form 《顾客服务要求表》 (E1, A14, D8)."""

    kind: RequestKind
    channel: Channel
    priority: Priority = Priority.NORMAL
    customer_id: RecordId | None = None
    asset_id: RecordId | None = None
    # The answer to the question whether the caller is not somebody who is on file.
    another_customer: bool = False
    symptom: RequiredText
    fault_area: FaultArea | None = None
    # The limits of the class run from the beginning, as far as it is known.
    case_class: Annotated[str | None, Choice("classes")] = None
    batch: Annotated[LineText, Field(max_length=60)] = ""
    # Whom a complaint is about: nobody who is named decides on it (A23).
    about_id: Annotated[int | None, Choice("staff")] = None
    wanted_from: Moment | None = None
    wanted_to: Moment | None = None
    received_at: Moment | None = None
    station_id: Annotated[int | None, Choice("stations")] = None
    # How it is to be served; as the rule book has it where nobody says.
    way: ServiceWay | None = None
    answer: LongText = ""
    # The rule book's own fields, by name.
    extra: dict[str, Any] = {}

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A new customer needs a name and a way back, a new product its brand and model."""
        # Of several known ones, none that was chosen is empty, and missing; a new one is nothing.
        if values.get("customer_id") is None and not asked.is_nameless(values):
            yield from customers.missing(values)
        if values.get("asset_id") is None and _filled(values, "brand", "model", "serial"):
            yield from _missing(values, "brand", "model")
        if _filled(values, "answer") and values.get("kind") != RequestKind.CONSULTATION:
            yield Problem("answer", "only_consultation")
        if values.get("wanted_to") and not values.get("wanted_from"):
            yield Problem("wanted_from", "missing")

    @model_validator(mode="after")
    def _window_in_order(self) -> Self:
        if self.wanted_from and self.wanted_to and self.wanted_to <= self.wanted_from:
            raise PydanticCustomError("window", "the window ends before it begins")
        return self


@dataclass(frozen=True)
class Registered:
    """What the caller is told: the number, who owns it, what is due when."""

    id: int
    number: str
    status: RequestStatus
    owner: str
    limits: tuple[limits.LimitView, ...]


@dataclass(frozen=True)
class EarlierCase:
    """An earlier case of the same product; `repeat` when it is the same fault again (S8)."""

    id: int
    number: str
    kind: RequestKind
    status: RequestStatus
    symptom: str
    fault_area: FaultArea | None
    received_at: datetime
    repeat: bool


@dataclass(frozen=True)
class Prospect:
    """What the agent should know before saving: warranty, price, history of the product."""

    charge: Charge | None
    charge_reason: ChargeReason | None
    charge_text: dict[Language, str]
    extra_fields: tuple[ExtraField, ...]
    # By name, the classes that such a request may be of.
    classes: Mapping[str, Mapping[Language, str]]
    # How such work is usually served; None where nobody is sent.
    way: ServiceWay | None
    asset: customers.AssetView | None
    earlier: tuple[EarlierCase, ...]
    # The work that was not good enough, and whether the same person does it again (A20).
    rework: EarlierWork | None
    rework_by: ReworkBy

    @property
    def open_cases(self) -> int:
        """How many cases of the product are still open."""
        return sum(1 for case in self.earlier if case.status in actions.OPEN)

    @property
    def repeats(self) -> tuple[EarlierCase, ...]:
        """The cases with the same fault, inside the norm's days."""
        return tuple(case for case in self.earlier if case.repeat)


def prospect(
    uow: UnitOfWork,
    *,
    kind: RequestKind,
    asset_id: int | None,
    fault_area: FaultArea | None,
    purchased_on: date | None = None,
    warranty_months: int | None = None,
    brand: str = "",
    model: str = "",
) -> Prospect:
    """Warranty state, free or paid with the reason (E5), earlier cases of the product (S8).

    Without a product, known or told, nothing is said that depends on one.
    """
    require(uow, "request:register")
    norm = norm_of(in_force(uow))
    asset = _asset(uow, asset_id)
    if warranty_months is None:
        warranty_months = catalogue.months_of(uow.session, brand, model)
    until = free_until(asset) if asset else warranty_end(purchased_on, warranty_months)
    piece = reworks.Piece(asset_id, uow.now)
    rework = reworks.earlier(uow, norm, kind, piece, fault_area)
    found = contracted.of_piece(uow, asset, kind)
    charge, reason = decide_charge(
        *(norm, kind, until, uow.today),
        is_rework=rework is not None,
        contract=None if found is None or found.beyond else found.contract,
    )
    is_known = asset or brand or purchased_on or reason is ChargeReason.NO_CHARGE_KIND
    return Prospect(
        charge=charge if is_known else None,
        charge_reason=reason if is_known else None,
        charge_text=norm.clauses.get("E5", {}),
        extra_fields=asked.extra_fields(norm, kind),
        classes=asked.classes_of(norm, kind),
        way=_usual_way(norm, kind, Priority.NORMAL) if kind in SITE_KINDS else None,
        asset=customers.asset_view(asset, uow.today) if asset else None,
        earlier=_earlier(uow, norm, asset_id, fault_area) if asset_id else (),
        rework=rework,
        rework_by=norm.rework_by,
    )


def register(uow: UnitOfWork, command: Register) -> Registered:
    """Write the request down (E1); an answer given at once settles a consultation (D10)."""
    require(uow, "request:register")
    extra = _check(uow, command)
    customer = _customer(uow, command)
    asset = _asset(uow, command.asset_id) or customers.add_asset(uow, customer, command)
    if asset and (asset.customer_id != customer.id or asset.status not in OWNED):
        raise InvalidInput(life.elsewhere(uow, "asset_id", asset))
    request = open_request(
        uow,
        customer_id=customer.id,
        asset_id=asset.id if asset else None,
        station_id=_station(uow, command, customer),
        kind=command.kind,
        channel=command.channel,
        priority=command.priority,
        contact=command.contact or customer.contact or customer.name,
        phone=command.phone or customer.phone,
        address=command.address or customer.address,
        symptom=command.symptom,
        extra=extra,
        fault_area=command.fault_area,
        case_class=command.case_class or "",
        batch=command.batch,
        about_id=command.about_id,
        wanted_from=command.wanted_from,
        wanted_to=command.wanted_to,
        way=command.way,
        # A clock a few minutes ahead: nothing is resolved before it was received.
        received_at=min(command.received_at or uow.now, uow.now),
    )
    if command.answer:
        request.answer = command.answer
        actions.resolve(uow, request, "answered_at_once")
    running = limits.of_case(uow, request_id=request.id)
    return Registered(request.id, request.number, request.status, uow.actor.name, running)


def open_request(
    uow: UnitOfWork,
    *,
    received_at: datetime | None = None,
    note: str = "",
    about_id: int | None = None,
    way: ServiceWay | None = None,
    owner_id: int | None = None,
    **facts: Any,
) -> ServiceRequest:
    """A new request under the revision in force, owned by whoever registers it (D9).

    `about_id` is the person whom a complaint is about; `owner_id` owns what nobody registers.
    """
    revision = in_force(uow)
    asset = _asset(uow, facts.get("asset_id"))
    norm = norm_of(revision)
    piece = reworks.Piece(facts.get("asset_id"), received_at or uow.now)
    rework = reworks.earlier(uow, norm, facts["kind"], piece, facts.get("fault_area"))
    request = ServiceRequest(
        number=numbers.case_number(uow),
        status=RequestStatus.REGISTERED,
        owner_id=uow.actor.id or owner_id,
        revision=revision,
        way=way or _usual_way(norm, facts["kind"], facts["priority"]),
        received_at=received_at or uow.now,
        registered_at=uow.now,
        **facts,
    )
    falls_under = contracted.find(uow, request)
    request.charge, request.charge_reason = decide_charge(
        *(norm, request.kind, free_until(asset), uow.today),
        is_rework=rework is not None,
        contract=charging.contract_of(uow, request),
    )
    request.latitude, request.longitude = _place_of(uow, request)
    uow.session.add(request)
    uow.session.flush()
    wordings.remember(uow, request_id=request.id, text=request.symptom)
    data: dict[str, Any] = {"channel": request.channel.value, "charge": request.charge.value}
    data["reason"] = request.charge_reason.value
    if request.contract_id:
        data["contract"] = falls_under["contract"]
    if about_id:
        data["about"] = about_id
    workflow.begin(uow, actions.PROCESS, request, Done(note, data))
    return request


def _place_of(uow: UnitOfWork, request: ServiceRequest) -> tuple[float | None, float | None]:
    """Where an earlier case of the customer at the same address was put on the map."""
    query = (
        select(ServiceRequest.latitude, ServiceRequest.longitude)
        .where(ServiceRequest.customer_id == request.customer_id)
        .where(ServiceRequest.address == request.address, ServiceRequest.latitude.is_not(None))
        .order_by(ServiceRequest.id.desc())
        .limit(1)
    )
    found = uow.session.execute(query).first() if request.address else None
    return (found[0], found[1]) if found else (None, None)


def _usual_way(norm: Norm, kind: RequestKind, priority: Priority) -> ServiceWay:
    work = norm.work_of(kind, priority)
    return work.way if work else ServiceWay.SITE


def _filled(values: Mapping[str, Any], *names: str) -> bool:
    return any(str(clean_line(values.get(name)) or "").strip() for name in names)


def _missing(values: Mapping[str, Any], *names: str) -> Iterator[Problem]:
    return (Problem(name, "missing") for name in names if not _filled(values, name))


def _check(uow: UnitOfWork, command: Register) -> dict[str, Any]:
    """Refuse what does not fit today, the stations and the rule book; gives the own fields."""
    norm = norm_of(in_force(uow))
    customer = uow.session.get(Customer, command.customer_id) if command.customer_id else None
    asset = _asset(uow, command.asset_id)
    problems = list(asked.check(norm, command.kind, command.model_dump(), customer, asset))
    if command.received_at and command.received_at > uow.now + timedelta(minutes=5):
        problems.append(Problem("received_at", "in_the_future"))
    if command.wanted_from and command.wanted_from < uow.now - timedelta(days=1):
        problems.append(Problem("wanted_from", "in_the_past"))
    if command.station_id and command.station_id not in station_options(uow):
        problems.append(Problem("station_id", "not_an_option"))
    if command.case_class and command.case_class not in asked.classes_of(norm, command.kind):
        problems.append(Problem("case_class", "not_an_option"))
    if command.about_id and command.about_id not in improvements.staff(uow):
        problems.append(Problem("about_id", "not_an_option"))
    try:
        extra = asked.read_extra(norm, command.kind, command.extra)
    except InvalidInput as error:
        problems += error.problems
    if problems:
        raise InvalidInput(*problems)
    return extra


def _customer(uow: UnitOfWork, command: Register) -> Customer:
    if command.customer_id is None:
        if asked.is_nameless(command.model_dump()):
            return customers.nameless(uow)
        piece = command.model_dump(include={"brand", "model", "serial"})
        if known := again.meant(uow, command, **piece):
            return known
        return customers.add(uow, command, station_id=command.station_id or uow.actor.station_id)
    return again.known(uow, command.customer_id)


def _asset(uow: UnitOfWork, asset_id: int | None) -> Asset | None:
    if asset_id is None:
        return None
    known = 0 < asset_id <= LARGEST_ID
    product = joinedload(Asset.product)
    asset = uow.session.get(Asset, asset_id, options=[product]) if known else None
    if asset is None:
        raise NotFound(subject="asset", id=asset_id)
    return asset if asset.joined_into_id is None else _asset(uow, asset.joined_into_id)


def _station(uow: UnitOfWork, command: Register, customer: Customer) -> int | None:
    """The station that was chosen, that the region's route names, that knows the customer."""
    # A closed station takes no new work, not even from its old customers.
    stations = station_options(uow)
    region = command.region or customer.region or command.address or customer.address
    name = asked.station_of(norm_of(in_force(uow)), region)
    routed = next((id for id, each in stations.items() if each == name), None)
    for chosen in (command.station_id, routed, customer.station_id, uow.actor.station_id):
        if chosen in stations:
            return chosen
    return next(iter(stations)) if len(stations) == 1 else None


def _earlier(
    uow: UnitOfWork, norm: Norm, asset_id: int, fault_area: FaultArea | None
) -> tuple[EarlierCase, ...]:
    since = uow.now - timedelta(days=norm.repeat_days)
    rows = uow.session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.asset_id == asset_id, visible_requests(uow.actor), IN_EARNEST)
        .order_by(ServiceRequest.received_at.desc())
        .limit(EARLIER)
    )
    return tuple(
        EarlierCase(
            id=row.id,
            number=row.number,
            kind=row.kind,
            status=row.status,
            symptom=row.symptom,
            fault_area=row.fault_area,
            received_at=row.received_at,
            repeat=bool(fault_area) and row.fault_area is fault_area and row.received_at >= since,
        )
        for row in rows
    )
