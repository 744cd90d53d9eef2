"""What a case still lacks before somebody may be sent: facts, papers, guidance (A14, E25, D27)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import Guidance, Stage, Words
from core.norms.revisions import norms_of
from core.process import history
from core.process.permissions import may, require_case
from core.requests import asked
from core.requests.inputs import GuideResult
from core.requests.kinds import REVIEWED, narrowing
from db.codes import RequestStatus, ServiceWay
from db.tables import Asset, History, ServiceRequest

STAGE: Stage = "dispatched"
PAPER_MADE, GUIDED = "paper_made", "guided"
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
    GUIDANCE = "guidance"


@dataclass(frozen=True)
class Lack:
    """What a case lacks; `text` in the rule book's own words, where these name it."""

    kind: LackKind
    name: str
    clause: str
    text: Words


def of_cases(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, tuple[Lack, ...]]:
    """What each of some cases lacks; nothing for those that nobody is to be sent for."""
    if not (ids := [*ids]):
        return {}
    rows = uow.session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.id.in_(ids), ServiceRequest.status == RequestStatus.REGISTERED)
        .where(ServiceRequest.kind.notin_(REVIEWED))
        .options(joinedload(ServiceRequest.asset).joinedload(Asset.product))
    )
    cases = rows.all()
    norms = norms_of(uow, cases)
    wanted = {row.id: tuple(_wanted(norms[row.revision_id], row)) for row in cases}
    done = _done(uow, [id for id, all in wanted.items() if any(_is_noted(each) for each in all)])
    return {
        id: tuple(each for each in all if (each.kind, each.name) not in done.get(id, ()))
        for id, all in wanted.items()
    }


def of_case(uow: UnitOfWork, request: ServiceRequest) -> tuple[Lack, ...]:
    """What a case lacks."""
    uow.session.flush()
    return of_cases(uow, [request.id]).get(request.id, ())


def check(uow: UnitOfWork, request: ServiceRequest) -> None:
    """InvalidInput names what a case still lacks."""
    problems = [_problem(uow, each) for each in of_case(uow, request)]
    if problems:
        raise InvalidInput(*{bad.field: bad for bad in problems}.values())


def guidance_of(norm: Norm, request: ServiceRequest) -> Guidance | None:
    """The guidance that the rule book wants first for a case."""
    return norm.guidance_of(request.kind, request.priority, **narrowing(request))


def note_paper(uow: UnitOfWork, *, case_id: int, paper: str) -> None:
    """Write down that a paper was made which the rule book wants of the case, once."""
    require_case(uow, case_id)
    request = uow.session.get_one(ServiceRequest, case_id, with_for_update=True)
    wanted = {(each.kind, each.name) for each in of_case(uow, request)}
    if (LackKind.PAPER, paper) in wanted and may(uow.actor, "request:note"):
        history.record(
            uow,
            subject="request",
            subject_id=case_id,
            case_id=case_id,
            action=PAPER_MADE,
            data={"paper": paper},
        )


def _wanted(norm: Norm, request: ServiceRequest) -> Iterator[Lack]:
    """Every fact that is not on file, and every paper and guidance whether or not there is one."""
    known = asked.on_file(request)
    texts = {field.name: field.text for field in norm.extra_fields}
    comes = request.way is ServiceWay.STATION
    for rule in asked.required(norm, request.kind, STAGE):
        for name in asked.missing(rule, known):
            if not (comes and name in ONLY_ON_SITE):
                yield Lack(LackKind.FIELD, name, rule.clause, texts.get(name, {}))
        for paper in rule.papers:
            yield Lack(LackKind.PAPER, paper, rule.clause, {})
    if guidance := guidance_of(norm, request):
        yield Lack(LackKind.GUIDANCE, GUIDED, guidance.clause, guidance.text)
    elif request.way is ServiceWay.REMOTE:
        yield Lack(LackKind.GUIDANCE, GUIDED, WISHED, {})


def _is_noted(lack: Lack) -> bool:
    return lack.kind is not LackKind.FIELD


def _done(uow: UnitOfWork, ids: list[int]) -> dict[int, set[tuple[LackKind, str]]]:
    """Which papers were made, and who was guided, as history says."""
    if not ids:
        return {}
    rows = uow.session.execute(
        select(History.subject_id, History.action, History.data).where(
            History.subject == "request",
            History.subject_id.in_(ids),
            History.action.in_((PAPER_MADE, GUIDED)),
        )
    )
    done: dict[int, set[tuple[LackKind, str]]] = {}
    for id, action, data in rows:
        if action == PAPER_MADE:
            done.setdefault(id, set()).add((LackKind.PAPER, data["paper"]))
        elif data["result"] != GuideResult.NOT_REACHED:
            done.setdefault(id, set()).add((LackKind.GUIDANCE, GUIDED))
    return done


# Where a form says it.
PLACES = {LackKind.PAPER: "papers", LackKind.GUIDANCE: "guidance"}
CODES = {
    LackKind.FIELD: "before_sending",
    LackKind.PAPER: "paper_first",
    LackKind.GUIDANCE: "guide_first",
}


def _problem(uow: UnitOfWork, lack: Lack) -> Problem:
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
    return Problem(place, CODES[lack.kind], said)
