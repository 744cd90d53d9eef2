"""What a case still lacks at a stage: facts, papers, check-lists, guidance (A14, D23, E25, D27).

Before somebody may be sent, before the work is finished, before the case is closed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import Guidance, Stage, Words
from core.norms.revisions import norms_of
from core.process import history
from core.process.permissions import may, require_case
from core.requests import asked, charging
from core.requests.inputs import GuideResult
from core.requests.kinds import REVIEWED, SITE_KINDS, narrowing
from db.codes import QuoteStatus, RequestStatus, ServiceWay, SupplementStatus
from db.tables import Asset, History, Job, JobTick, Quote, ServiceRequest, Supplement

SENT: Stage = "dispatched"
FINISHED: Stage = "finished"
CLOSED: Stage = "closed"
# The report on the work is written by finishing it.
WRITTEN = {(FINISHED, "service_report")}
PAPER_MADE, GUIDED, GIVEN = "paper_made", "guided", "paper_given"
QUOTED, PAID = "quote", "money"
# Work beyond the contract is agreed first, and what is asked for is answered (S7).
SUPPLEMENT, ANSWER, BEYOND = "supplement", "supplement_answer", "S7"
# What was agreed is collected (E13).
COLLECT = "E13"
# The form asks for both by the piece.
OF_PRODUCT = frozenset({"brand", "model"})
# Who comes to the station need not say where to go.
ONLY_ON_SITE = frozenset({"address"})
# Where nobody covers the case by rule, but guidance was wished for.
WISHED = "E25"


class LackKind(Enum):
    """What kind of thing is missing."""

    FIELD = "field"
    PAPER = "paper"
    CHECK_LIST = "check_list"
    GUIDANCE = "guidance"
    QUOTE = "quote"
    MONEY = "money"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True)
class Lack:
    """What a case lacks; `text` in the rule book's own words, where these name it."""

    kind: LackKind
    name: str
    clause: str
    text: Words


def of_cases(
    uow: UnitOfWork, ids: Iterable[int], stage: Stage = SENT
) -> dict[int, tuple[Lack, ...]]:
    """What each of some cases lacks; nothing to be sent for those that nobody is to be sent for."""
    if not (ids := [*ids]):
        return {}
    query = (
        select(ServiceRequest)
        .where(ServiceRequest.id.in_(ids))
        .options(joinedload(ServiceRequest.asset).joinedload(Asset.product))
    )
    if stage == SENT:
        waits = ServiceRequest.status == RequestStatus.REGISTERED
        query = query.where(waits, ServiceRequest.kind.notin_(REVIEWED))
    cases = uow.session.scalars(query).all()
    norms = norms_of(uow, cases)
    return stored(uow.session, cases, {row.id: norms[row.revision_id] for row in cases}, stage)


def stored(
    session: Session, cases: Sequence[ServiceRequest], books: Mapping[int, Norm], stage: Stage
) -> dict[int, tuple[Lack, ...]]:
    """As `of_cases`, of cases with their piece and product, by the rule book of each."""
    wanted = {row.id: tuple(_wanted(books[row.id], row, stage)) for row in cases}
    noted = [id for id, all in wanted.items() if any(_is_noted(each) for each in all)]
    done = _done(session, noted, books)
    return {
        id: tuple(each for each in all if (each.kind, each.name) not in done.get(id, ()))
        for id, all in wanted.items()
    }


def of_case(uow: UnitOfWork, request: ServiceRequest, stage: Stage = SENT) -> tuple[Lack, ...]:
    """What a case lacks."""
    uow.session.flush()
    return of_cases(uow, [request.id], stage).get(request.id, ())


def check(uow: UnitOfWork, request: ServiceRequest, stage: Stage = SENT) -> None:
    """InvalidInput names what a case still lacks."""
    problems = [_problem(uow, each, stage) for each in of_case(uow, request, stage)]
    if problems:
        raise InvalidInput(*{bad.field: bad for bad in problems}.values())


def left_open(uow: UnitOfWork, request: ServiceRequest, stage: Stage) -> dict[str, Any]:
    """What history keeps of a step that was taken while the case lacked something."""
    lacks = of_case(uow, request, stage)
    clauses = dict.fromkeys(each.clause for each in lacks)
    return {"lacks": [each.name for each in lacks], "clauses": [*clauses]} if lacks else {}


def guidance_of(norm: Norm, request: ServiceRequest) -> Guidance | None:
    """The guidance that the rule book wants first for a case."""
    return norm.guidance_of(request.kind, request.priority, **narrowing(request))


def note_paper(uow: UnitOfWork, *, case_id: int, paper: str) -> None:
    """Write down that a paper was made which the rule book wants of the case, once."""
    require_case(uow, case_id)
    request = uow.session.get_one(ServiceRequest, case_id, with_for_update=True)
    lacks = (each for stage in _ahead(request) for each in of_case(uow, request, stage))
    wanted = {(each.kind, each.name) for each in lacks}
    if (LackKind.PAPER, paper) in wanted and may(uow.actor, "request:note"):
        history.record(
            uow,
            subject="request",
            subject_id=case_id,
            case_id=case_id,
            action=PAPER_MADE,
            data={"paper": paper},
        )


def _ahead(request: ServiceRequest) -> tuple[Stage, ...]:
    """The stages that a case has still before it."""
    is_over = request.status in (RequestStatus.CLOSED, RequestStatus.CANCELLED)
    return () if is_over else (SENT, FINISHED, CLOSED)


def _wanted(norm: Norm, request: ServiceRequest, stage: Stage) -> Iterator[Lack]:
    """Every fact that is not on file, and every paper and guidance whether or not there is one."""
    known = asked.on_file(request)
    texts = {field.name: field.text for field in norm.extra_fields}
    lists = {each.name: each.text for each in norm.check_lists}
    comes = request.way is ServiceWay.STATION
    for rule in asked.required(norm, request.kind, stage):
        for name in asked.missing(rule, known):
            if not (comes and name in ONLY_ON_SITE):
                yield Lack(LackKind.FIELD, name, rule.clause, texts.get(name, {}))
        for paper in rule.papers:
            if (stage, paper) not in WRITTEN:
                yield Lack(LackKind.PAPER, paper, rule.clause, {})
        for name in rule.check_lists:
            yield Lack(LackKind.CHECK_LIST, name, rule.clause, lists.get(name, {}))
    if stage == FINISHED and charging.is_charged(request):
        yield Lack(LackKind.QUOTE, QUOTED, charging.RULE, {})
    if stage == CLOSED and charging.is_charged(request):
        yield Lack(LackKind.MONEY, PAID, COLLECT, {})
    if stage != SENT:
        return
    if request.contract_id:
        name = SUPPLEMENT if _goes_beyond(request) else ANSWER
        yield Lack(LackKind.SUPPLEMENT, name, BEYOND, {})
    if guidance := guidance_of(norm, request):
        yield Lack(LackKind.GUIDANCE, GUIDED, guidance.clause, guidance.text)
    elif request.way is ServiceWay.REMOTE:
        yield Lack(LackKind.GUIDANCE, GUIDED, WISHED, {})


def _goes_beyond(request: ServiceRequest) -> bool:
    """Whether the customer pays for work that the contract does not cover (S7)."""
    is_work = request.kind in SITE_KINDS
    return request.beyond_contract and is_work and charging.is_charged(request)


def _is_noted(lack: Lack) -> bool:
    return lack.kind is not LackKind.FIELD


def _done(
    session: Session, ids: list[int], books: Mapping[int, Norm]
) -> dict[int, set[tuple[LackKind, str]]]:
    """Papers made, who was guided, lists ticked, prices agreed, and where nothing is owed."""
    if not ids:
        return {}
    rows = session.execute(
        select(History.subject_id, History.action, History.data).where(
            History.subject == "request",
            History.subject_id.in_(ids),
            History.action.in_((PAPER_MADE, GUIDED, GIVEN)),
        )
    )
    done = _ticked(session, ids, books)
    for id, action, data in rows:
        if action != GUIDED:
            paper = data["paper"] if action == PAPER_MADE else data["given"]
            done[id].add((LackKind.PAPER, paper))
        elif data["result"] != GuideResult.NOT_REACHED:
            done[id].add((LackKind.GUIDANCE, GUIDED))
    agreed = (Quote.request_id.in_(ids)) & (Quote.status == QuoteStatus.AGREED)
    is_paid = Quote.paid_cents >= Quote.cents
    prices = dict(session.execute(select(Quote.request_id, is_paid).where(agreed)).all())
    supplements = _supplements(session, ids)
    for id in ids:
        done[id] |= {(LackKind.QUOTE, QUOTED)} if id in prices else set()
        done[id] |= {(LackKind.MONEY, PAID)} if prices.get(id, True) else set()
        done[id] |= supplements[id]
    return done


def _supplements(session: Session, ids: list[int]) -> dict[int, set[tuple[LackKind, str]]]:
    """Where nothing that was asked for waits, and where work beyond the contract was approved."""
    query = select(Supplement.request_id, Supplement.status)
    found: dict[int, set[SupplementStatus]] = {id: set() for id in ids}
    for id, status in session.execute(query.where(Supplement.request_id.in_(ids))):
        found[id].add(status)
    asked, approved = SupplementStatus.ASKED, SupplementStatus.APPROVED
    return {
        id: set()
        if asked in known
        else {
            (LackKind.SUPPLEMENT, name)
            for name in (ANSWER, *((SUPPLEMENT,) if approved in known else ()))
        }
        for id, known in found.items()
    }


def _ticked(
    session: Session, ids: list[int], books: Mapping[int, Norm]
) -> dict[int, set[tuple[LackKind, str]]]:
    """The check-lists of which every item is done, in whichever of the case's jobs."""
    rows = session.execute(
        select(Job.request_id, JobTick.check_list, JobTick.item)
        .join(JobTick, JobTick.job_id == Job.id)
        .where(Job.request_id.in_(ids))
    )
    ticks = {(id, name, item) for id, name, item in rows}
    return {
        id: {
            (LackKind.CHECK_LIST, each.name)
            for each in books[id].check_lists
            if all((id, each.name, item) in ticks for item in each.names)
        }
        for id in ids
    }


# Where a form says it.
PLACES = {
    LackKind.PAPER: "papers",
    LackKind.CHECK_LIST: "check_lists",
    LackKind.GUIDANCE: "guidance",
    LackKind.QUOTE: "quote",
    LackKind.MONEY: "unpaid_reason",
    LackKind.SUPPLEMENT: "supplement",
}
CODES = {
    LackKind.PAPER: "paper_first",
    LackKind.CHECK_LIST: "list_first",
    LackKind.GUIDANCE: "guide_first",
    LackKind.QUOTE: "quote_first",
    LackKind.MONEY: "money_owed",
    LackKind.SUPPLEMENT: "supplement_first",
}
FIELD_CODES = {SENT: "before_sending", FINISHED: "before_finishing", CLOSED: "before_closing"}


def _problem(uow: UnitOfWork, lack: Lack, stage: Stage) -> Problem:
    said = {
        "name": lack.text.get(uow.actor.language, ""),
        "paper": lack.name if lack.kind is LackKind.PAPER else "",
        "clause": lack.clause,
    }
    if lack.kind is not LackKind.FIELD:
        place = PLACES[lack.kind]
    elif lack.name in OF_PRODUCT:
        place = "piece"
    else:
        place = f"extra.{lack.name}" if lack.text else lack.name
    code = CODES.get(lack.kind) or FIELD_CODES[stage]
    return Problem(place, code, said)
