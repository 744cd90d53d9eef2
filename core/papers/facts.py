"""What a paper says about a case, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from core import company
from core.customers import AssetView
from core.limits import LimitView
from core.papers.placeholders import Facts, LimitLine, VisitLine, plain
from core.requests.case import CaseView, JobView, VisitView
from core.unit_of_work import UnitOfWork
from db.codes import ChargeReason, JobStatus, Language, Measure

# The word for a code inside a closed list: word("RequestKind", "repair"). Words belong to the
# screens, so the page that prints brings them, in the paper's language.
Word = Callable[[str, str], str]


@dataclass(frozen=True)
class Speech:
    """How a paper speaks: its language, the company's zone, and words for codes."""

    language: Language
    zone: ZoneInfo
    word: Word

    def code(self, member: StrEnum | None) -> str:
        """The word for a code."""
        return self.word(type(member).__name__, member.value) if member else ""

    def moment(self, at: datetime | None) -> str:
        """A local day and time."""
        return f"{self.day(at.astimezone(self.zone).date())} {self._time(at)}" if at else ""

    def day(self, on: date | None) -> str:
        """A day in the language's own form."""
        return format_date(on, "medium", locale=self.language.value) if on else ""

    def window(self, begin: datetime | None, end: datetime | None) -> str:
        """A time window, the day once when it is one day."""
        if begin is None or end is None:
            return self.moment(begin)
        one_day = begin.astimezone(self.zone).date() == end.astimezone(self.zone).date()
        return f"{self.moment(begin)} – {self._time(end) if one_day else self.moment(end)}"

    def money(self, cents: int) -> str:
        """An amount with two decimals."""
        return format_decimal(Decimal(cents) / 100, "#,##0.00", locale=self.language.value)

    def _time(self, at: datetime) -> str:
        return format_skeleton("Hm", at, tzinfo=self.zone, locale=self.language.value)


def job_of(view: CaseView) -> JobView | None:
    """The job that a paper speaks about: the newest one that is done, else the newest one."""
    jobs = [job for job in view.jobs if job.status is not JobStatus.CANCELLED]
    done = [job for job in jobs if job.status is JobStatus.DONE]
    return next(iter([*done, *jobs]), None)


def facts_of(uow: UnitOfWork, view: CaseView, speech: Speech) -> Facts:
    """The facts of a case as a paper prints them."""
    job = job_of(view)
    texts = {
        **_house(uow, view, speech),
        **_request(view, speech),
        **_product(view.asset, speech),
        **_service(view, job, speech),
        **_work(job, speech),
    }
    limits = tuple(
        _limit(limit, view, speech)
        for limit in view.limits
        if limit.measure is not Measure.FOLLOW_UP and not limit.dropped
    )
    visits = tuple(_visit(visit, speech) for visit in job.visits) if job else ()
    return Facts(**{k: plain(v) for k, v in texts.items()}, limits=limits, visits=visits)


def _house(uow: UnitOfWork, view: CaseView, speech: Speech) -> dict[str, str]:
    found = company.find(uow.session)
    return {
        "company": found.name if found else uow.actor.company,
        "hotline": found.hotline if found else "",
        "station": view.station,
        "printed": speech.moment(uow.now),
    }


def _request(view: CaseView, speech: Speech) -> dict[str, str]:
    return {
        "number": view.number,
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


def _work(job: JobView | None, speech: Speech) -> dict[str, str]:
    if job is None:
        names = ("instructions", "assigned", "finished", "cause", "work", "parts", "result")
        money = ("labour", "parts_amount", "total", "technician", "confirmed_by")
        return dict.fromkeys((*names, *money), "")
    return {
        "technician": job.technician,
        "instructions": job.instructions,
        "assigned": speech.moment(job.assigned_at),
        "finished": speech.moment(job.finished_at),
        "cause": job.cause,
        "work": job.work_done,
        "parts": job.parts,
        "result": speech.code(job.result),
        "labour": speech.money(job.labour_cents),
        "parts_amount": speech.money(job.parts_cents),
        "total": speech.money(job.labour_cents + job.parts_cents),
        "confirmed_by": job.confirmed_by,
    }


def _limit(limit: LimitView, view: CaseView, speech: Speech) -> LimitLine:
    words: Any = view.clauses.get(limit.clause, {})
    return LimitLine(
        what=plain(speech.code(limit.measure)),
        due=plain(speech.moment(limit.due_at)),
        clause=plain(limit.clause),
        text=plain(words.get(speech.language.value, "")),
    )


def _visit(visit: VisitView, speech: Speech) -> VisitLine:
    return VisitLine(
        number=str(visit.sequence),
        agreed=plain(speech.window(visit.agreed_from, visit.agreed_to)),
        arrived=plain(speech.moment(visit.arrived_at)),
        # A visit that was moved or called off ended without anybody having been there.
        ended=plain(speech.moment(visit.ended_at if visit.arrived_at else None)),
        outcome=plain(speech.code(visit.outcome)),
        note=plain(visit.note),
    )
