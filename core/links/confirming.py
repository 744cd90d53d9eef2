"""What a customer reads and confirms by a link: the quote, and the acceptance slip."""

from dataclasses import dataclass
from datetime import datetime

from core.billing import quotes
from core.billing.inputs import ConfirmQuote, RefuseQuote
from core.jobs import actions as jobs
from core.jobs import signing
from core.jobs.signing import AcceptReport
from core.kernel.unit_of_work import UnitOfWork
from core.stock import uses
from db.codes import JobResult, JobStatus, PriceKind, QuoteStatus, SymptomFound
from db.tables import Job


@dataclass(frozen=True)
class QuotedLine:
    """One thing of a quote, in cents."""

    kind: PriceKind
    name: str
    quantity: int
    unit: str
    cents: int


@dataclass(frozen=True)
class Quoted:
    """What the work was told to cost, in cents; `seen` is the digest of what the customer reads."""

    lines: tuple[QuotedLine, ...]
    discount_cents: int
    cents: int
    is_agreed: bool
    agreed_at: datetime | None
    seen: str
    may_agree: bool
    may_refuse: bool


@dataclass(frozen=True)
class Slip:
    """What was done at the customer's place; `seen` is the digest of what the customer reads."""

    finished_at: datetime | None
    symptom_found: SymptomFound | None
    cause: str
    explained: str
    work_done: str
    parts: tuple[str, ...]
    result: JobResult | None
    cents: int
    signed_at: datetime | None
    seen: str
    may_accept: bool


def quoted(uow: UnitOfWork, case_id: int) -> Quoted | None:
    """The quote of the case; None where nothing is offered."""
    quote = quotes.of_case(uow, case_id)
    if quote is None or not quote.lines or quote.status is QuoteStatus.DECLINED:
        return None
    may = {rule.action for rule in quotes.PROCESS.allowed(uow.actor, quote)}
    return Quoted(
        lines=tuple(
            QuotedLine(line.kind, line.name, line.quantity, line.unit, line.cents)
            for line in quote.lines
        ),
        discount_cents=quote.discount_cents,
        cents=quote.cents,
        is_agreed=quote.status is QuoteStatus.AGREED,
        agreed_at=quote.agreed_at,
        seen=quotes.digest(quote),
        may_agree=ConfirmQuote in may,
        may_refuse=RefuseQuote in may,
    )


def slip(uow: UnitOfWork, case_id: int) -> Slip | None:
    """The slip of the newest job that is done; None before."""
    job = done_job(uow, case_id)
    if job is None:
        return None
    may = {rule.action for rule in jobs.PROCESS.allowed(uow.actor, job)}
    return Slip(
        finished_at=job.finished_at,
        symptom_found=job.symptom_found,
        cause=job.cause,
        explained=job.explained,
        work_done=job.work_done,
        parts=tuple(filter(None, (*uses.lines_of(uow, job_id=job.id), job.parts))),
        result=job.result,
        cents=job.labour_cents + job.parts_cents,
        signed_at=signed.at if (signed := signing.of_job(uow, job)) else None,
        seen=signing.digest(uow, job),
        may_accept=AcceptReport in may,
    )


def done_job(uow: UnitOfWork, case_id: int) -> Job | None:
    """The newest job of a case that is done."""
    which = (Job.request_id == case_id) & (Job.status == JobStatus.DONE)
    query = jobs.select_visible(uow.actor).where(which).order_by(Job.id.desc())
    return uow.session.scalars(query.limit(1)).first()
