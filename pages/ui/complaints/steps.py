"""The eight steps of a complaint: which one is open, who has the next move, who is kept out."""

import streamlit as st

from core.codes import ComplaintStatus
from core.complaints.actions import PROCESS
from core.complaints.inputs import Merge, Penalise, Reopen
from core.complaints.view import ComplaintView
from core.improvements.actions import PlanImprovement
from pages.ui.kit import words
from pages.ui.requests import head
from pages.ui.requests.head import Turn

STEPS = (
    *("record", "judge", "assign", "investigate"),
    *("propose", "notify", "penalise", "improve"),
)
# The step that a complaint waits for, counted from 1; approval belongs to the plan (E14).
OPEN_STEP = {
    ComplaintStatus.RECORDED: 2,
    ComplaintStatus.JUDGED: 3,
    ComplaintStatus.ASSIGNED: 4,
    ComplaintStatus.INVESTIGATED: 5,
    ComplaintStatus.PROPOSED: 5,
    ComplaintStatus.APPROVED: 6,
    ComplaintStatus.REFUSED: 6,
    ComplaintStatus.NOTIFIED: 7,
    ComplaintStatus.PENALISED: 8,
}
# Actions that take part in a step without ending it, and actions that end it without taking it.
BESIDES, ASIDE = (Penalise, PlanImprovement), (Merge, Reopen)
# With these it is with a department or a person of it, not with a role.
HANDLED = (ComplaintStatus.ASSIGNED, ComplaintStatus.INVESTIGATED)


def label(status: ComplaintStatus) -> str:
    """Where a complaint stands, in short: the number of the open step and what it waits for."""
    step = OPEN_STEP.get(status)
    return f"{step}/{len(STEPS)} {words.code(status)}" if step else words.code(status)


def bar(file: ComplaintView) -> None:
    """The steps in one line: done, open, still to come."""
    step = OPEN_STEP.get(file.status)
    done = _done(file)
    marks = [
        _mark(number, words.in_domain("step", name), done=number <= done, is_open=number == step)
        for number, name in enumerate(STEPS, 1)
    ]
    st.markdown(" ".join(marks))


def turn(file: ComplaintView) -> Turn:
    """Where it stands, and whose move it is."""
    who = mover(file) if file.status in OPEN_STEP else ""
    return Turn(file.status, who, bool(who) and is_mine(file))


def is_mine(file: ComplaintView) -> bool:
    """Whether the person may take the step that is open now."""
    return any(
        rule.action in BESIDES or (rule.target and rule.action not in ASIDE)
        for rule in file.actions
    )


def mover(file: ComplaintView) -> str:
    """Who has the next move: a person, a department, or the roles that may make it."""
    if file.status in HANDLED and (who := file.handler or file.department.get(words.language())):
        return who
    if file.status is ComplaintStatus.PROPOSED and file.decision:
        return head.roles(file.decision.roles)
    return head.movers(PROCESS, file.status)


def _done(file: ComplaintView) -> int:
    if file.status is ComplaintStatus.CLOSED:
        # Not founded: answered after the second step, and the others do not follow.
        return 2 if file.founded is False else len(STEPS)
    return OPEN_STEP.get(file.status, 2) - 1


def _mark(number: int, name: str, *, done: bool, is_open: bool) -> str:
    if done:
        return f":green-badge[✓ {name}]"
    return f":blue-badge[**{number} {name}**]" if is_open else f":gray-badge[{number} {name}]"
