"""What papers say about the house that prints them and about a case, in words."""

from core.customers.customers import AssetView
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import LimitLine, made
from core.papers.speech import Speech
from core.people import company
from core.requests.view import CaseView
from db.codes import ChargeReason, Measure


def house(uow: UnitOfWork, speech: Speech) -> dict[str, str]:
    """The company, and when the paper is printed."""
    found = company.find(uow.session)
    return {
        "company": found.name if found else uow.actor.company,
        "hotline": found.hotline if found else "",
        "printed": speech.moment(uow.now),
    }


def of_case(uow: UnitOfWork, view: CaseView, speech: Speech) -> dict[str, str]:
    """The facts that every paper about a case knows."""
    return {
        **house(uow, speech),
        **_request(view, speech),
        **_product(view.asset, speech),
    }


def limits(view: CaseView, speech: Speech) -> tuple[LimitLine, ...]:
    """What is due towards the customer, with its clause."""
    return tuple(
        made(
            LimitLine,
            {
                "what": speech.code(limit.measure),
                "due": speech.moment(limit.due_at),
                "met": speech.moment(limit.met_at),
                "clause": limit.clause,
                "text": view.clauses.get(limit.clause, {}).get(speech.language.value, ""),
            },
        )
        for limit in view.limits
        if limit.measure is not Measure.FOLLOW_UP and not limit.dropped
    )


def _request(view: CaseView, speech: Speech) -> dict[str, str]:
    return {
        "number": view.number,
        "station": view.station,
        "received": speech.moment(view.received_at),
        "kind": speech.code(view.kind),
        "channel": speech.code(view.channel),
        "priority": speech.code(view.priority),
        "owner": view.owner,
        "customer": view.customer.name,
        "contact": view.contact,
        "phone": view.phone,
        "address": view.address,
        "symptom": view.symptom,
        "fault_area": speech.code(view.fault_area),
        "answer": view.answer,
    }


def _product(asset: AssetView | None, speech: Speech) -> dict[str, str]:
    names = ("brand", "model", "specification", "serial")
    return {
        **{name: getattr(asset, name) if asset else "" for name in names},
        "purchased": speech.day(asset.purchased_on) if asset else "",
        "warranty": speech.code(_warranty(asset)) if asset else "",
        "warranty_until": speech.day(asset.warranty_until) if asset else "",
    }


def _warranty(asset: AssetView) -> ChargeReason:
    if asset.in_warranty is None:
        return ChargeReason.NO_WARRANTY_DATA
    return ChargeReason.IN_WARRANTY if asset.in_warranty else ChargeReason.OUT_OF_WARRANTY
