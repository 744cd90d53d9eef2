"""What the rule book says at registration: required and own fields, who is responsible."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import clean_line
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import ExtraField, Requirement, Route, Stage, Words
from core.norms.revisions import norm_for
from db.codes import Channel, Priority, RequestKind
from db.tables import Asset, Customer, ServiceRequest

MOST = 300
# What a rule book may ask for at registration besides its own fields.
FIELDS = (
    *("customer_name", "phone", "address", "channel", "symptom", "fault_area", "brand", "model"),
    *("serial", "batch", "purchased_on", "wanted_from", "wanted_to"),
)

# Who came by these has an address to be answered at.
WRITTEN = (Channel.EMAIL, Channel.ONLINE)
OF_PERSON = ("customer_name", "contact", "phone", "email", "address", "region")


def extra_fields(norm: Norm, kind: RequestKind) -> tuple[ExtraField, ...]:
    """The fields that the rule book adds for a kind of request."""
    return tuple(each for each in norm.extra_fields if not each.kinds or kind in each.kinds)


def classes_of(norm: Norm, kind: RequestKind) -> dict[str, Words]:
    """The classes that the rule book has for a kind of request (E15, A6, A7, A22)."""
    return {each.name: each.text for each in norm.classes if kind in each.kinds}


def class_options(uow: UnitOfWork, request: ServiceRequest) -> dict[str, str]:
    """The classes that a case may be of, by name, in the actor's words."""
    classes = classes_of(norm_for(uow, request), request.kind)
    return {name: text[uow.actor.language] for name, text in classes.items()}


def route_of(norm: Norm, kind: RequestKind, priority: Priority, case_class: str) -> Route | None:
    """The department's route of a case: the most telling one first (E14, A22)."""
    fitting = [
        route
        for route in norm.routes
        if route.department and route.covers(kind, priority, case_class=case_class)
    ]
    return max(fitting, key=lambda route: (bool(route.classes), bool(route.kinds)), default=None)


def station_of(norm: Norm, region: str) -> str:
    """The name of the station that looks after a region (E6); empty when no route names it."""
    named = (r.station for r in norm.routes if r.station and r.region and r.region in region)
    return next(named, "")


def check(
    norm: Norm,
    kind: RequestKind,
    values: Mapping[str, Any],
    customer: Customer | None,
    asset: Asset | None,
) -> Iterator[Problem]:
    """What is missing of the fields required at registration (A14, D8), known facts counted in.

    Who has written can be written back to: their number is asked for when somebody calls. Of
    nobody who is named nothing is asked.
    """
    known = {**values, **values.get("extra", {}), **_known(customer, asset)}
    if not known.get("phone") and values.get("channel") in WRITTEN:
        known["phone"] = values.get("email") or (customer.email if customer else "")
    nobody = is_nameless(values)
    for rule in required(norm, kind, "registered"):
        asked = (name for name in missing(rule, known) if not (nobody and name in OF_PERSON))
        yield from (Problem(name, "missing") for name in asked)


def is_nameless(values: Mapping[str, Any]) -> bool:
    """A suggestion may be made by nobody who is named (E23)."""
    told = any(str(values.get(name) or "").strip() for name in (*OF_PERSON, "serial"))
    known = values.get("customer_id") or values.get("asset_id")
    return values.get("kind") == RequestKind.SUGGESTION and not told and not known


def required(norm: Norm, kind: RequestKind, stage: Stage) -> Iterator[Requirement]:
    """What the rule book wants on file of a kind of request at a stage."""
    for rule in norm.requirements:
        if rule.stage == stage and (not rule.kinds or kind in rule.kinds):
            yield rule


def missing(rule: Requirement, known: Mapping[str, Any]) -> Iterator[str]:
    """The fields that a requirement names and nobody has filled."""
    return (name for name in rule.fields if known.get(name) in (None, "", 0))


def on_file(request: ServiceRequest | Row[Any]) -> dict[str, Any]:
    """The facts of a case by the names under which a rule book asks for them.

    Of the case itself, or of as much of it as was read for many.
    """
    facts = {name: getattr(request, name) for name in FIELDS if hasattr(request, name)}
    facts |= {"customer_name": request.contact or request.customer_id}
    return {**facts, **request.extra, **_known(None, request.asset)}


def read_extra(norm: Norm, kind: RequestKind, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The company's own fields as they are stored; InvalidInput names each that is wrong."""
    stored: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in extra_fields(norm, kind):
        value = typed.get(field.name)
        if value in (None, ""):
            if field.required:
                problems.append(Problem(f"extra.{field.name}", "missing"))
            continue
        stored_as = plain(field, value)
        if stored_as is None:
            problems.append(Problem(f"extra.{field.name}", "not_an_option"))
        else:
            stored[field.name] = stored_as
    if problems:
        raise InvalidInput(*problems)
    return stored


def plain(field: ExtraField, value: Any) -> str | float | None:
    """A value of an own field as it is stored; None when it does not fit the field."""
    if field.kind == "text":
        text = str(clean_line(str(value))).strip()
        return text if 0 < len(text) <= MOST else None
    if field.kind == "number":
        return float(value) if isinstance(value, int | float) else None
    if field.kind == "date":
        return value.isoformat() if isinstance(value, date) else None
    return value if value in {choice.name for choice in field.choices} else None


def _known(customer: Customer | None, asset: Asset | None) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if customer is not None:
        facts = {"customer_name": customer.name, "phone": customer.phone}
        known |= {name: value for name, value in facts.items() if value}
        known |= {"address": customer.address} if customer.address else {}
    if asset is not None:
        known |= {"brand": asset.product.brand, "model": asset.product.model}
        known |= {"serial": asset.serial} if asset.serial else {}
        known |= {"purchased_on": asset.purchased_on} if asset.purchased_on else {}
    return known
