"""The steps of a return: which one is open, who has the next move, who is kept out."""

from collections.abc import Sequence

import streamlit as st

from core.codes import ReturnStatus, Role, Wish
from core.kernel.inputs import Action
from core.process.rules import Rule
from core.returns import inputs
from core.returns.view import ReturnView
from pages.ui.kit import words
from pages.ui.requests import head
from pages.ui.requests.head import Turn

STEPS = (
    *("apply", "screen", "inspect", "approve", "way_back", "receive"),
    *("retest", "store", "settle", "refund", "tell", "close"),
)
# The step that a return waits for, counted from 1.
OPEN_STEP = {
    ReturnStatus.APPLIED: 2,
    ReturnStatus.SCREENED: 3,
    ReturnStatus.INSPECTED: 4,
    ReturnStatus.APPEALED: 4,
    ReturnStatus.APPROVED: 5,
    ReturnStatus.AWAITED: 6,
    ReturnStatus.RECEIVED: 7,
    ReturnStatus.TESTED: 8,
    ReturnStatus.STORED: 9,
    ReturnStatus.SETTLED: 10,
    ReturnStatus.REFUNDED: 11,
    ReturnStatus.REFUSED: 11,
    ReturnStatus.TOLD: 12,
}
# Steps that are left out: of the goods when none come, of the money too when none is paid.
GOODS, MONEY = range(5, 9), range(5, 11)
# Actions that end a return, turn it back or open it anew: nobody's next move by themselves.
ASIDE = (
    *(inputs.CancelReturn, inputs.AppealRefusal),
    inputs.ReviseSettlement,
)
# Actions that take part in a step without ending it.
BESIDES = (inputs.SendReplacement, inputs.SendGoodsBack)


def label(status: ReturnStatus) -> str:
    """Where a return stands, in short: the number of the open step and what it waits for."""
    step = OPEN_STEP.get(status)
    return f"{step}/{len(STEPS)} {words.code(status)}" if step else words.code(status)


def bar(file: ReturnView) -> None:
    """The steps in one line: done, open, left out, still to come."""
    step, left_out = OPEN_STEP.get(file.status), _left_out(file)
    done = _done(file)
    marks = [
        _mark(number, words.in_domain("step", name), done, is_open=number == step)
        for number, name in enumerate(STEPS, 1)
        if number not in left_out
    ]
    st.markdown(" ".join(marks))


def turn(file: ReturnView) -> Turn:
    """Where it stands, and whose move it is."""
    is_open = file.status in OPEN_STEP
    who = head.roles(movers(file)) if is_open else ""
    return Turn(file.status, who, is_open and is_mine(file))


def is_mine(file: ReturnView) -> bool:
    """Whether the person may take the step that is open now."""
    return needs_lines(file) or any(_is_step(rule) for rule in file.actions)


def needs_lines(file: ReturnView) -> bool:
    """Whether nobody has said yet what is to come back, and the person may."""
    return not file.lines and may(file, inputs.Amend)


def may(file: ReturnView, action: type[Action]) -> bool:
    """Whether the person may do this now."""
    return any(rule.action is action for rule in file.actions)


def in_order(rules: Sequence[Rule]) -> list[Rule]:
    """The step first, then what else may be done."""
    return sorted(rules, key=lambda rule: not _is_step(rule))


def movers(file: ReturnView) -> tuple[Role, ...]:
    """The roles that have the next move; by the amount where somebody decides."""
    by_amount = file.decided_by_amount.roles
    return by_amount if file.status is ReturnStatus.INSPECTED and by_amount else file.asked


def _is_step(rule: Rule) -> bool:
    return rule.action in BESIDES or (rule.target is not None and rule.action not in ASIDE)


def _left_out(file: ReturnView) -> range:
    decided = any(line.approved for line in file.lines)
    if file.people["refused_by"] and not decided:
        return MONEY
    if decided and not any(line.approved and line.wish is not Wish.REPAIR for line in file.lines):
        return MONEY
    return GOODS if file.without_goods else range(0)


def _done(file: ReturnView) -> int:
    if file.status is ReturnStatus.CLOSED:
        return len(STEPS)
    return OPEN_STEP.get(file.status, 2) - 1


def _mark(number: int, name: str, done: int, *, is_open: bool) -> str:
    if is_open:
        return f":blue-badge[**{number} {name}**]"
    return f":green-badge[✓ {name}]" if number <= done else f":gray-badge[{number} {name}]"
