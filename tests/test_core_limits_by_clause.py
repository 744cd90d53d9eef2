"""Each limit of each rule book: met at its last minute, and breached a minute later."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from core.norms import revisions
from core.norms.model import LimitRule
from core.process.clockwork import CaseFacts, Clockwork, Shadow, is_late
from db.codes import Channel, Priority
from tests.company_cast import local

ZONE = "Asia/Shanghai"
AT = local("2026-03-02 10:00")
RULES = [(pack, rule) for pack in revisions.pack_names() for rule in revisions.shipped(pack).limits]


def case_under(clockwork: Clockwork[Shadow], rule: LimitRule) -> CaseFacts:
    """A case that falls under the limit."""
    norm = clockwork.norm
    choices = product(
        rule.kinds or norm.kinds,
        rule.priorities or Priority,
        rule.channels or Channel,
        rule.classes or [""],
        [True, False] if rule.in_warranty is None else [rule.in_warranty],
        rule.levels or [None],
    )
    for kind, priority, channel, case_class, in_warranty, level in choices:
        case = CaseFacts(
            kind=kind,
            priority=priority,
            channel=channel,
            case_class=case_class,
            in_warranty=in_warranty,
            station="",
            received_at=AT,
            promised_at=AT + timedelta(days=3),
            wanted_to=AT + timedelta(days=2),
            level=level,
        )
        if clockwork.covers(rule, case):
            return case
    raise LookupError(f"no case falls under {rule.name}")


def ended(pack: str, rule: LimitRule, late_by: timedelta) -> Shadow:
    """The limit of a case whose meeting fact comes at the due time, or so much later."""
    clockwork = Clockwork(revisions.shipped(pack), ZONE, Shadow)
    case = case_under(clockwork, rule)
    clocks: list[Shadow] = []
    clockwork.happen(case, clocks, rule.starts, AT)
    (clock,) = [each for each in clocks if each.name == rule.name]
    fact = next(fact for fact in rule.met if fact != rule.starts)
    clockwork.happen(case, clocks, fact, clock.due_at + late_by)
    return clock


def later(clock: Shadow) -> datetime:
    return clock.due_at + timedelta(days=30)


@pytest.mark.parametrize(
    ("pack", "rule"), RULES, ids=[f"{p}-{r.clause}-{r.name}" for p, r in RULES]
)
def test_met_at_the_last_minute_and_breached_by_one(pack: str, rule: LimitRule) -> None:
    in_time = ended(pack, rule, timedelta())
    assert in_time.met_at == in_time.due_at
    assert not is_late(in_time, later(in_time))
    too_late = ended(pack, rule, timedelta(minutes=1))
    assert too_late.met_at is not None
    assert is_late(too_late, later(too_late))


def test_every_limit_of_the_books_is_there() -> None:
    clauses = {rule.clause for _pack, rule in RULES}
    wanted = "S1 S2 S3 S4 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 D1 D2 D3 D4 D5 D6 D7 E2 E3 E4"
    assert {*wanted.split(), "C1", "C2", "C3"} <= clauses
