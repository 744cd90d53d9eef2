"""The lists on the papers of a complaint: who answers for it, the plan, the steps (E14, E16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.complaints.view import ComplaintView
from core.improvements.actions import ImprovementView
from core.papers.placeholders import made
from core.papers.speech import Speech
from core.process.history import Event, newest
from core.requests.view import CaseView
from db.codes import ImprovementKind

# The steps that a paper tells of, each with its note where that says what no other line says.
# Penalties are on none of these papers: they are for the person concerned.
STEPS = {
    "recorded": False,
    "judged": True,
    "dismissed": False,
    "about_named": True,
    "assigned": True,
    "investigated": False,
    "proposed": True,
    "approved": True,
    "sent_back": True,
    "refused": True,
    "notified": False,
    "improved": False,
    "closed": False,
    "reopened": True,
    "linked": False,
    "merged": False,
    "withdrawn": True,
}
DECIDED = ("approved", "refused")


@dataclass(frozen=True)
class ResponsibleLine:
    """Who answers for a cause, with the share in percent."""

    department: str
    person: str
    share: str


@dataclass(frozen=True)
class MeasureLine:
    """One measure of the plan with its cost."""

    kind: str
    what: str
    cost: str


@dataclass(frozen=True)
class ImprovementLine:
    """What is done so that it is mended, or does not come back."""

    kind: str
    measure: str
    owner: str
    due: str
    status: str
    finding: str


@dataclass(frozen=True)
class StepLine:
    """One step on the way of a complaint."""

    step: str
    at: str
    who: str
    note: str


@dataclass(frozen=True)
class AlikeLine:
    """An earlier case that resembles this one."""

    number: str
    received: str
    symptom: str
    outcome: str


def events_of(request: CaseView) -> list[Event]:
    """What happened to a complaint, oldest first, without its penalties."""
    told = [event for event in request.timeline if event.subject == "complaint"]
    return [event for event in told if event.action in STEPS]


def decision_of(events: Sequence[Event]) -> Event | None:
    """The decision on the plan that stands: a new plan or a reopening makes it void."""
    found = newest(events, *DECIDED, "proposed", "sent_back", "reopened")
    return found if found and found.action in DECIDED else None


def responsibles(view: ComplaintView, speech: Speech) -> tuple[ResponsibleLine, ...]:
    """Who answers for the cause."""
    return tuple(
        made(
            ResponsibleLine,
            {
                "department": speech.own(each.department),
                "person": each.person,
                "share": str(each.share_percent),
            },
        )
        for each in view.responsibles
    )


def measures(view: ComplaintView, speech: Speech) -> tuple[MeasureLine, ...]:
    """The plan with its cost."""
    return tuple(
        made(
            MeasureLine,
            {
                "kind": speech.code(each.kind),
                "what": each.what,
                "cost": speech.money(each.cost_cents),
            },
        )
        for each in view.measures
    )


def improvements(
    rows: Sequence[ImprovementView], speech: Speech, kind: ImprovementKind | None = None
) -> tuple[ImprovementLine, ...]:
    """What is done about it, of one kind or of both."""
    return tuple(
        made(
            ImprovementLine,
            {
                "kind": speech.code(row.kind),
                "measure": row.measure,
                "owner": row.owner,
                "due": speech.day(row.due_on),
                "status": speech.code(row.status),
                "finding": row.finding,
            },
        )
        for row in rows
        if kind in (None, row.kind)
    )


def alike(view: ComplaintView, speech: Speech) -> tuple[AlikeLine, ...]:
    """Earlier cases that resemble this one."""
    return tuple(
        made(
            AlikeLine,
            {
                "number": each.number,
                "received": speech.day_of(each.received_at),
                "symptom": each.symptom,
                "outcome": each.outcome,
            },
        )
        for each in view.precedents
    )


def step(event: Event, speech: Speech) -> StepLine:
    """One step with day, time and name."""
    return made(
        StepLine,
        {
            "step": speech.word("fact", f"complaint.{event.action}"),
            "at": speech.moment(event.at),
            "who": event.actor,
            "note": event.note if STEPS[event.action] else "",
        },
    )
