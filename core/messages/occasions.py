"""What a message may say of a case, and whether its occasion still holds."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select

from core.billing import quotes
from core.jobs import visits
from core.kernel.unit_of_work import UnitOfWork
from core.links import page, wishes
from core.papers.speech import Speech
from core.requests.actions import OPEN, SETTLED
from db.codes import Direction, Language, Occasion, QuoteStatus, RequestStatus
from db.tables import (
    Asset,
    Company,
    Customer,
    GoodsReturn,
    Product,
    Quote,
    ReturnParcel,
    ServiceRequest,
    Visit,
)

ALWAYS = "always"


def spoken(company: Company, customer: Customer) -> Language:
    """The language in which a customer is written to."""
    return customer.language or company.language


def facts(
    uow: UnitOfWork, request: ServiceRequest, customer: Customer, language: Language
) -> dict[str, str]:
    """What a text may name of a case, in words; empty where it is not known."""
    company = uow.session.get_one(Company, 1)
    say = Speech(language, uow.actor.zone_info, lambda _codes, value: value)
    visit, quote = _visit(uow, request.id), _quote(uow, request.id)
    return {
        "company": company.name,
        "hotline": company.hotline,
        "customer": request.contact or customer.contact or customer.name,
        "number": request.number,
        "product": _product(uow, request),
        "due": say.moment(_due(uow, request)),
        "promised": say.moment(_ahead(uow, request.promised_at)),
        "visit": say.window(visit.agreed_from, visit.agreed_to) if visit else "",
        "technician": _technician(uow, request.id),
        "answer": request.answer,
        "amount": say.money(quote.cents) if quote else "",
        "parcel": _parcel(uow, request.id),
    }


def standing(uow: UnitOfWork, request: ServiceRequest, occasion: Occasion) -> str:
    """How the case stands as far as an occasion is about it; empty while there is none.

    A message keeps it: when it says something else as the message is to go, its time is over. So
    it is when the case has turned out to be another customer's.
    """
    stands = OF[occasion](uow, request)
    return f"{request.customer_id}:{stands}" if stands else ""


def owner_of(stands: str) -> str:
    """Whose case it was as it stood so."""
    return stands.partition(":")[0]


def _while_open(_uow: UnitOfWork, request: ServiceRequest) -> str:
    return "open" if request.status in OPEN else ""


def _of_visit(uow: UnitOfWork, request: ServiceRequest) -> str:
    visit = _visit(uow, request.id) if request.status in OPEN else None
    return f"{visit.agreed_from.isoformat()}/{visit.agreed_to.isoformat()}" if visit else ""


def _of_promise(_uow: UnitOfWork, request: ServiceRequest) -> str:
    is_open = request.status in OPEN and request.promised_at
    return request.promised_at.isoformat() if is_open and request.promised_at else ""


def _of_result(_uow: UnitOfWork, request: ServiceRequest) -> str:
    is_settled = request.status in SETTLED and request.resolved_at
    return request.resolved_at.isoformat() if is_settled and request.resolved_at else ""


def _of_parcel(uow: UnitOfWork, request: ServiceRequest) -> str:
    return "sent" if _sent(uow, request.id) else ""


def _of_quote(uow: UnitOfWork, request: ServiceRequest) -> str:
    quote = _quote(uow, request.id)
    return f"{quote.id}/{quote.cents}" if quote else ""


def _of_anything(_uow: UnitOfWork, request: ServiceRequest) -> str:
    return "" if request.status is RequestStatus.CANCELLED else ALWAYS


OF: Mapping[Occasion, Callable[[UnitOfWork, ServiceRequest], str]] = {
    Occasion.REGISTERED: _while_open,
    Occasion.PROGRESS: _while_open,
    Occasion.VISIT_AGREED: _of_visit,
    Occasion.VISIT_MOVED: _of_visit,
    Occasion.PROMISED: _of_promise,
    Occasion.RESOLVED: _of_result,
    Occasion.GOODS_SENT: _of_parcel,
    Occasion.QUOTED: _of_quote,
    Occasion.OWN: _of_anything,
}


def _product(uow: UnitOfWork, request: ServiceRequest) -> str:
    query = select(Product).join(Asset, Asset.product_id == Product.id)
    row = uow.session.scalar(query.where(Asset.id == request.asset_id))
    return f"{row.brand} {row.model}" if row else ""


def _due(uow: UnitOfWork, request: ServiceRequest) -> datetime | None:
    """When the customer has an answer at the latest, as far as it was promised."""
    running = (_ahead(uow, due.due_at) for due in page.dues(uow, request) if due.met_at is None)
    return next(filter(None, running), None)


def _ahead(uow: UnitOfWork, at: datetime | None) -> datetime | None:
    """A time that is past is nothing to promise."""
    return at if at and at > uow.clock else None


def _visit(uow: UnitOfWork, case_id: int) -> Visit | None:
    job = wishes.open_job(uow, case_id)
    return visits.open_visit(job) if job else None


def _technician(uow: UnitOfWork, case_id: int) -> str:
    job = wishes.open_job(uow, case_id)
    return job.technician.name if job else ""


def _quote(uow: UnitOfWork, case_id: int) -> Quote | None:
    quote = quotes.of_case(uow, case_id)
    is_told = quote is not None and quote.status is QuoteStatus.OPEN and quote.lines
    return quote if is_told else None


def _parcel(uow: UnitOfWork, case_id: int) -> str:
    row = _sent(uow, case_id)
    return f"{row.carrier} {row.tracking}".strip() if row else ""


def _sent(uow: UnitOfWork, case_id: int) -> ReturnParcel | None:
    return uow.session.scalar(
        select(ReturnParcel)
        .join(GoodsReturn, GoodsReturn.id == ReturnParcel.return_id)
        .where(GoodsReturn.request_id == case_id, ReturnParcel.direction == Direction.OUT)
        .order_by(ReturnParcel.id.desc())
        .limit(1)
    )
