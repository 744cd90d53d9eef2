"""What the acceptance slip and the service report say about a case (D1, D11, E9, E12)."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.jobs import view as jobs
from core.jobs.view import JobView, VisitView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, LimitLine, Picture, made
from core.papers.speech import Speech
from core.requests import attachments
from core.requests import papers as case_papers
from core.requests import view as case
from core.requests.view import CaseView
from core.stock import uses as stock
from db.codes import JobStatus, PhotoMoment

ORDER = [*PhotoMoment]
# In millimetres, of a photo on the report; and how many there are at most.
PHOTO_HEIGHT, MOST_PHOTOS = 42, 8


@dataclass(frozen=True)
class VisitLine:
    """One call at the customer's place."""

    number: str
    agreed: str
    arrived: str
    ended: str
    outcome: str
    note: str


@dataclass(frozen=True)
class CheckLine:
    """One item of a check-list, with its mark, and who ticked it when."""

    check_list: str
    item: str
    mark: str
    ticked: str


@dataclass(frozen=True)
class PhotoLine:
    """A photo of the work: before or after, and when it came."""

    moment: str
    taken: str
    photo: Picture


@dataclass(frozen=True)
class ServiceFacts(CaseFacts):
    """The acceptance slip and the service report."""

    charge: str
    charge_reason: str
    wanted: str
    visit: str
    service_content: str

    technician: str
    instructions: str
    assigned: str
    finished: str
    symptom_found: str
    cause: str
    explained: str
    work: str
    work_time: str
    parts: str
    result: str
    labour: str
    parts_amount: str
    total: str
    confirmed_by: str
    unticked_reason: str
    signed_by: str
    signed: str
    signature: Picture

    limits: tuple[LimitLine, ...]
    visits: tuple[VisitLine, ...]
    checks: tuple[CheckLine, ...]
    photos: tuple[PhotoLine, ...]


def acceptance(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ServiceFacts:
    """What the acceptance slip says; NotFound when the actor may not see the case."""
    return _facts(uow, case_id, speech, _job(uow, case_id))


def report(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ServiceFacts:
    """What the service report says; NotFound as well when nobody was sent."""
    job = _job(uow, case_id)
    if job is None:
        raise NotFound(subject="job")
    return _facts(uow, case_id, speech, job)


def _job(uow: UnitOfWork, case_id: int) -> JobView | None:
    """The job that a paper speaks about: the newest one that is done, else the newest one."""
    found = jobs.of_case(uow, case_id=case_id)
    sent = [job for job in found if job.status is not JobStatus.CANCELLED]
    done = [job for job in sent if job.status is JobStatus.DONE]
    return next(iter([*done, *sent]), None)


def _facts(uow: UnitOfWork, case_id: int, speech: Speech, job: JobView | None) -> ServiceFacts:
    view = case.view(uow, id=case_id)
    texts = {
        **case_papers.of_case(uow, view, speech),
        **_service(view, job, speech),
        **_work(job, speech, stock.lines_of(uow, job_id=job.id) if job else ()),
    }
    visits = tuple(_visit(visit, speech) for visit in job.visits) if job else ()
    return made(
        ServiceFacts,
        texts,
        limits=case_papers.limits(view, speech),
        visits=visits,
        checks=tuple(_checks(job, speech)) if job else (),
        photos=tuple(_photos(uow, case_id, speech)) if job else (),
        signature=_signature(job),
    )


def _service(view: CaseView, job: JobView | None, speech: Speech) -> dict[str, str]:
    visit = job and (job.next_visit or next(reversed(job.visits), None))
    content = [speech.code(view.kind), speech.code(view.fault_area)]
    return {
        "charge": speech.code(view.charge),
        "charge_reason": speech.code(view.charge_reason),
        "wanted": speech.window(view.wanted_from, view.wanted_to),
        "visit": speech.window(visit.agreed_from, visit.agreed_to) if visit else "",
        "service_content": "\n".join(
            filter(None, [" · ".join(filter(None, content)), view.answer])
        ),
    }


def _work(job: JobView | None, speech: Speech, built_in: Sequence[str]) -> dict[str, str]:
    if job is None:
        names = ("instructions", "assigned", "finished", "cause", "work", "parts", "result")
        found = ("symptom_found", "explained", "work_time")
        money = ("labour", "parts_amount", "total", "technician", "confirmed_by")
        signed = ("unticked_reason", "signed_by", "signed")
        return dict.fromkeys((*names, *found, *money, *signed), "")
    return {
        "technician": job.technician,
        "instructions": job.instructions,
        "assigned": speech.moment(job.assigned_at),
        "finished": speech.moment(job.finished_at),
        "symptom_found": speech.code(job.symptom_found),
        "cause": job.cause,
        "explained": job.explained,
        "work": job.work_done,
        "work_time": _spent(job.minutes),
        "parts": "\n".join(filter(None, (*built_in, job.parts))),
        "result": speech.code(job.result),
        "labour": speech.money(job.labour_cents),
        "parts_amount": speech.money(job.parts_cents),
        "total": speech.money(job.labour_cents + job.parts_cents),
        "confirmed_by": job.confirmed_by,
        "unticked_reason": job.unticked_reason,
        "signed_by": job.signed.by if job.signed else "",
        "signed": speech.moment(job.signed.at) if job.signed else "",
    }


def _signature(job: JobView | None) -> Picture:
    """The drawing, but not below a report that is another one than the customer signed."""
    if job is None or job.signed is None or job.signed.is_changed or not job.signed.picture:
        return Picture()
    return Picture(base64.b64encode(job.signed.picture).decode())


def _spent(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""


def _photos(uow: UnitOfWork, case_id: int, speech: Speech) -> Iterator[PhotoLine]:
    shown = sorted(
        attachments.of_work(uow, case_id=case_id), key=lambda each: ORDER.index(each.moment)
    )
    for each in shown[:MOST_PHOTOS]:
        texts = {"moment": speech.code(each.moment), "taken": speech.moment(each.added_at)}
        drawn = Picture(base64.b64encode(each.picture).decode(), PHOTO_HEIGHT)
        yield made(PhotoLine, texts, photo=drawn)


def _checks(job: JobView, speech: Speech) -> Iterator[CheckLine]:
    for each in job.checks:
        for item in each.items:
            told = (item.by, speech.moment(item.at)) if item.at else ()
            texts = {
                "check_list": each.text[speech.language],
                "item": item.text[speech.language],
                "mark": "√" if item.at else "□",
                "ticked": " ".join(told),
            }
            yield made(CheckLine, texts)


def _visit(visit: VisitView, speech: Speech) -> VisitLine:
    texts = {
        "number": str(visit.sequence),
        "agreed": speech.window(visit.agreed_from, visit.agreed_to),
        "arrived": "\n".join(filter(None, (speech.moment(visit.arrived_at), visit.place))),
        # A visit that was moved or called off ended without anybody having been there.
        "ended": speech.moment(visit.ended_at if visit.arrived_at else None),
        "outcome": speech.code(visit.outcome),
        "note": visit.note,
    }
    return made(VisitLine, texts)
