"""What the application for a return says: what is to come back, and under which condition (C8)."""

from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, LimitLine, made
from core.papers.speech import Speech
from core.process.history import Event, newest
from core.requests import papers as case_papers
from core.requests import view as case
from core.requests.view import CaseView
from core.returns import Hurdle, view
from core.returns.conditions import Verdict, Why
from core.returns.view import LineView, ReturnView

# Whoever gave another reason, or wished for something else, did not ask under that condition.
BESIDE_THE_POINT = frozenset({Hurdle.WRONG_REASON, Hurdle.WISH_NOT_COVERED})
DECIDED = ("approved", "refused", "declined", "upheld", "allowed")


@dataclass(frozen=True)
class AppliedLine:
    """Some pieces of one purchase that are to come back."""

    number: str
    product: str
    specification: str
    serial: str
    batch: str
    invoice: str
    purchased: str
    received: str
    quantity: str
    price: str
    amount: str
    reason: str
    wish: str
    goods: str
    fit: str
    condition: str
    clause: str
    payer: str
    sample: str
    finding: str
    defect: str
    goods_found: str
    approved: str


@dataclass(frozen=True)
class ConditionLine:
    """What one condition of the rule book says to a line, and who pays the freight under it."""

    number: str
    condition: str
    fit: str
    why: str
    last_day: str
    payer: str
    clause: str
    source: str


@dataclass(frozen=True)
class ApplicationFacts(CaseFacts):
    """The application for a return or an exchange, up to the decision."""

    status: str
    asked: str
    mileage: str
    total: str
    payers: str
    applied_by: str
    screened_by: str
    inspected_by: str
    approval: str
    approval_clause: str
    decision: str
    decided_by: str
    decided: str
    decision_note: str
    appeal: str
    without_goods: str

    lines: tuple[AppliedLine, ...]
    conditions: tuple[ConditionLine, ...]
    limits: tuple[LimitLine, ...]


@dataclass(frozen=True)
class ReturnFile:
    """A return with its case and what happened to it, oldest first."""

    view: ReturnView
    request: CaseView
    events: tuple[Event, ...]

    def last(self, *actions: str) -> Event | None:
        """The newest event of these kinds."""
        return newest(self.events, *actions)


def read(uow: UnitOfWork, case_id: int) -> ReturnFile:
    """The file of a return; NotFound when the case is none, or the actor may not see it."""
    found = view.view(uow, case_id=case_id)
    request = case.view(uow, id=case_id)
    events = tuple(event for event in request.timeline if event.subject == "return")
    return ReturnFile(found, request, events)


def application(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ApplicationFacts:
    """What was applied for and decided; NotFound before there is a line."""
    file = read(uow, case_id)
    if not is_applied(file.view):
        raise NotFound(subject="return_lines", id=case_id)
    texts = {
        **case_papers.of_case(uow, file.request, speech),
        **_application(file.view, speech),
        **_decision(file, speech),
    }
    numbered = tuple(enumerate(file.view.lines, 1))
    return made(
        ApplicationFacts,
        texts,
        lines=tuple(_line(number, line, speech) for number, line in numbered),
        conditions=tuple(
            _condition(number, verdict, speech)
            for number, line in numbered
            for verdict in _worth_telling(line)
        ),
        limits=case_papers.limits(file.request, speech),
    )


def is_applied(found: ReturnView) -> bool:
    """Whether it is known what is to come back."""
    return bool(found.lines)


def names(line: LineView) -> dict[str, str]:
    """What tells the goods of a line apart."""
    return {name: getattr(line, name) for name in ("product", "specification", "serial", "batch")}


def payer(line: LineView, speech: Speech) -> dict[str, str]:
    """Who pays the freight of a line, with the condition and the clause that say so."""
    return {
        "payer": speech.code(line.payer),
        "condition": speech.own(line.condition_text),
        "clause": line.clause,
    }


def _application(found: ReturnView, speech: Speech) -> dict[str, str]:
    payers = dict.fromkeys(speech.code(line.payer) for line in found.lines if line.payer)
    asked = found.decided_by_amount
    return {
        "status": speech.code(found.status),
        "asked": speech.day(found.asked_on),
        "mileage": "" if found.mileage_km is None else str(found.mileage_km),
        "total": speech.money(asked.cents),
        "payers": " / ".join(payers),
        **{name: found.people[name] for name in ("applied_by", "screened_by", "inspected_by")},
        "approval": " / ".join(speech.code(role) for role in asked.roles),
        "approval_clause": asked.clause,
        "appeal": found.appeal,
        "without_goods": speech.yes_no(found.without_goods),
    }


def _decision(file: ReturnFile, speech: Speech) -> dict[str, str]:
    decided = file.last(*DECIDED)
    return {
        "decision": speech.word("fact", f"return.{decided.action}") if decided else "",
        "decided_by": decided.actor if decided else "",
        "decided": speech.moment(decided.at) if decided else "",
        "decision_note": decided.note if decided else "",
    }


def _line(number: int, line: LineView, speech: Speech) -> AppliedLine:
    texts = {
        **names(line),
        **payer(line, speech),
        "number": str(number),
        "invoice": line.invoice_no,
        "purchased": speech.day(line.purchased_on),
        "received": speech.day(line.received_on),
        "quantity": str(line.quantity),
        "price": speech.money(line.unit_cents),
        "amount": speech.money(line.price_cents),
        **{name: speech.code(getattr(line, name)) for name in ("reason", "wish", "goods", "fit")},
        "sample": line.sample,
        "finding": line.finding,
        "defect": speech.yes_no(line.defect),
        "goods_found": speech.code(line.goods_found),
        "approved": str(line.approved) if line.approved else "",
    }
    return made(AppliedLine, texts)


def _worth_telling(line: LineView) -> tuple[Verdict, ...]:
    every = line.judgement.verdicts
    asked = [v for v in every if not any(why.code in BESIDE_THE_POINT for why in v.whys)]
    return tuple(asked) or every


def _condition(number: int, verdict: Verdict, speech: Speech) -> ConditionLine:
    condition = verdict.condition
    texts = {
        "number": str(number),
        "condition": speech.own(condition.text),
        "fit": speech.code(verdict.fit),
        "why": "; ".join(_why(why, speech) for why in verdict.whys),
        "last_day": speech.day(verdict.last_day),
        "payer": speech.code(verdict.freight),
        "clause": condition.clause,
        "source": speech.own(condition.source),
    }
    return made(ConditionLine, texts)


def _why(why: Why, speech: Speech) -> str:
    figure = why.least if why.most is None else why.most
    # The last day has a column of its own; the days that led to it would only repeat it.
    shown = "" if figure is None or why.last_day else f" ({figure})"
    return f"{speech.code(why.code)}{shown}"
