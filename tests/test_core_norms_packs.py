"""The five shipped rule books against the requirements: every rule stands in one, every limit fits."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.house import HOUSE
from core.norms import revisions
from core.norms.model import LimitRule, Norm
from core.norms.parts import Step
from db.codes import Channel, Measure, Priority, RequestKind

ROOT = Path(__file__).parent.parent
NORMS = {name: revisions.shipped(name) for name in revisions.pack_names()}
PACKS = sorted(NORMS)
OWN = {"enterprise": "E", "engineering": "S", "appliance": "A", "dealer": "D", "chemical": "C"}
LAST = {"E": 25, "S": 15, "A": 30, "D": 30, "C": 15, "K": 15}
IDS = {f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)}
IDS.add("E4a")

FACTS = HOUSE.facts

HOUR = 60
CLOCK, WORK, DAYS, MOMENT = "clock_minutes", "working_minutes", "working_days", "moment"
ACCEPTED, RECEIVED = ("request.registered", "fact"), ("request.registered", "received")
# Every time limit of the requirements: where its clock starts, and how long it is.
TIME_LIMITS: dict[str, tuple[tuple[str, str], set[tuple[str, int | str]]]] = {
    "S1": (RECEIVED, {(CLOCK, 4 * HOUR)}),
    "S2": (ACCEPTED, {(CLOCK, 12 * HOUR)}),
    "S3": (ACCEPTED, {(CLOCK, 48 * HOUR)}),
    "S4": (ACCEPTED, {(MOMENT, "wanted_to")}),
    "A1": (ACCEPTED, {(CLOCK, 24 * HOUR)}),
    "A2": (ACCEPTED, {(CLOCK, 24 * HOUR)}),
    "A3": (("request.promised", "fact"), {(MOMENT, "promised_at")}),
    "A4": (RECEIVED, {(CLOCK, HOUR)}),
    "A5": (RECEIVED, {(CLOCK, 24 * HOUR)}),
    "A6": (RECEIVED, {(DAYS, 2)}),
    "A7": (RECEIVED, {(DAYS, 5)}),
    "A8": (RECEIVED, {(DAYS, 1)}),
    "A9": (RECEIVED, {(CLOCK, 4 * HOUR)}),
    "A10": (RECEIVED, {(DAYS, 5)}),
    "A11": (RECEIVED, {(DAYS, 3)}),
    "A12": (RECEIVED, {(DAYS, 2)}),
    "A13": (RECEIVED, {(CLOCK, 24 * HOUR)}),
    "D1": (RECEIVED, {(CLOCK, 48 * HOUR)}),
    "D2": (ACCEPTED, {(DAYS, 2)}),
    "D3": (RECEIVED, {(CLOCK, 24 * HOUR)}),
    "D4": (RECEIVED, {(CLOCK, 48 * HOUR)}),
    "D5": (RECEIVED, {(CLOCK, 48 * HOUR)}),
    "D6": (("emergency.declared", "fact"), {(CLOCK, 4 * HOUR), (CLOCK, 24 * HOUR)}),
    "D7": (("emergency.declared", "fact"), {(CLOCK, 24 * HOUR)}),
    "E2": (("job.finished", "fact"), {(DAYS, 0)}),
    "E3": (("follow_up.planned", "fact"), {(DAYS, 1)}),
    "E4": (("request.promised", "fact"), {(MOMENT, "promised_at")}),
    "C1": (RECEIVED, {(WORK, 4 * HOUR)}),
    "C2": (RECEIVED, {(DAYS, 1)}),
    "C3": (RECEIVED, {(DAYS, 5)}),
}

# The steps of a return: the requirements give no length, so the packs propose one. Where each
# starts, and how many working days it has.
RETURN_STEPS = {
    "return_screened": ("applied", 1),
    "return_inspected": ("screened", 2),
    "return_approved": ("screened", 3),
    "appeal_decided": ("appealed", 3),
    "goods_awaited": ("way_agreed", 10),
    "goods_reminded": ("reminded", 5),
    "goods_tested": ("received", 2),
    "goods_stored": ("tested", 1),
    "refund_paid": ("stored", 5),
}


def own_pack(clause: str) -> Norm:
    return next(NORMS[pack] for pack, letter in OWN.items() if letter == clause[0])


def citing(norm: Norm, clause: str) -> list[LimitRule]:
    return [rule for rule in norm.limits if rule.clause == clause]


def length(rule: LimitRule) -> tuple[str, int | str]:
    return rule.unit.value, rule.moment or rule.amount


# The requirements


def left_out() -> dict[str, str]:
    """The ids that the page about the packs names as standing in none, each with its reason."""
    page = (ROOT / "docs" / "norm_packs.md").read_text("utf-8")
    table = page.split("## Rules that no pack holds yet", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"^\| ([A-Z]\d+[a-z]?) \| (.+) \|$", table, re.MULTILINE))


def test_every_requirement_is_in_a_pack_or_named_as_left_out() -> None:
    held = {clause for norm in NORMS.values() for clause in norm.clauses}
    assert held | left_out().keys() == IDS
    assert held & left_out().keys() == set()
    assert all(len(reason) > 20 for reason in left_out().values())


def test_there_is_a_pack_for_each_of_the_five_books() -> None:
    assert set(PACKS) == OWN.keys()
    for name, norm in NORMS.items():
        assert norm.pack == name


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_holds_all_rules_of_its_own_book(pack: str) -> None:
    own = {clause for clause in IDS if clause[0] == OWN[pack]}
    assert own <= NORMS[pack].clauses.keys()


@pytest.mark.parametrize("pack", PACKS)
def test_every_clause_is_cited_or_a_principle(pack: str) -> None:
    norm = NORMS[pack]
    assert set(norm.cited()) == norm.clauses.keys()
    by_parts = set(norm.model_copy(update={"principles": ()}).cited())
    assert not by_parts & set(norm.principles)
    assert len(norm.principles) == len(set(norm.principles))


@pytest.mark.parametrize("pack", PACKS)
def test_what_the_rule_tables_cite_has_a_text(pack: str) -> None:
    everywhere = {"request", "job", "follow_up", "return"}
    processes = [process for process in HOUSE.processes if process.subject in everywhere]
    cited = {rule.clause for process in processes for rule in process.rules} | {"E5"}
    assert cited - NORMS[pack].clauses.keys() == set()


# Time limits


@pytest.mark.parametrize("clause", TIME_LIMITS)
def test_the_own_pack_has_each_time_limit_exactly(clause: str) -> None:
    start, lengths = TIME_LIMITS[clause]
    rules = citing(own_pack(clause), clause)
    assert {length(rule) for rule in rules} == lengths
    assert {(rule.starts, rule.since) for rule in rules} == {start}


@pytest.mark.parametrize("pack", PACKS)
def test_a_borrowed_time_limit_is_as_long_as_in_its_own_book(pack: str) -> None:
    for rule in NORMS[pack].limits:
        if rule.name in RETURN_STEPS:
            continue
        start, lengths = TIME_LIMITS[rule.clause]
        assert length(rule) in lengths, rule.name
        assert (rule.starts, rule.since) == start, rule.name


@pytest.mark.parametrize("pack", PACKS)
def test_every_step_of_a_return_has_a_limit_that_judges_no_figure(pack: str) -> None:
    steps = citing(NORMS[pack], "C8")
    found = {rule.name: (rule.starts.removeprefix("return."), rule.amount) for rule in steps}
    assert found == RETURN_STEPS
    assert {(rule.measure, rule.unit.value) for rule in steps} == {(Measure.STEP, DAYS)}
    assert {rule.kinds for rule in steps} == {(RequestKind.RETURN,)}
    # The decision is the solution of a return; its goods and its money have limits of their own.
    (solved,) = [rule for rule in NORMS[pack].limits if rule.name == "complaint_solved"]
    assert {"return.approved", "return.refused", "return.declined"} < set(solved.met)


def test_written_down_at_once_is_kept_by_registering_itself() -> None:
    for norm in NORMS.values():
        assert citing(norm, "E1") == []
        assert "E1" in norm.clauses


def test_arrival_depends_on_the_warranty() -> None:
    ((inside,), (outside,)) = (citing(NORMS["engineering"], clause) for clause in ("S2", "S3"))
    assert (inside.in_warranty, outside.in_warranty) == (True, False)
    assert inside.kinds == outside.kinds


def test_a_consultation_by_mail_has_its_own_limit() -> None:
    ((other,), (mail,)) = (citing(NORMS["chemical"], clause) for clause in ("C1", "C2"))
    assert mail.channels == (Channel.EMAIL,)
    assert set(other.channels) == set(Channel) - {Channel.EMAIL}
    for name in ("appliance", "enterprise", "dealer"):
        assert citing(NORMS[name], "A4")[0].channels == (Channel.HOTLINE, Channel.ONLINE)


CLASS_LIMITS = {
    "A5": {"needs_visit"},
    "A7": {"complex"},
    "A10": {"product_quality"},
    "A12": {"logistics"},
    "A13": {"cleaning_job"},
}


@pytest.mark.parametrize("pack", PACKS)
def test_only_the_class_limits_ask_for_a_class(pack: str) -> None:
    for rule in NORMS[pack].limits:
        assert set(rule.classes) == CLASS_LIMITS.get(rule.clause, set()), rule.name


@pytest.mark.parametrize("pack", PACKS)
def test_a_class_limit_stands_after_the_general_one_whose_place_it_takes(pack: str) -> None:
    # Figures judge a case by the limit of a measure that started last.
    limits = NORMS[pack].limits
    for place, rule in enumerate(limits):
        if rule.classes and rule.clause != "A5":
            general = [
                other
                for other in limits[:place]
                if other.measure is rule.measure
                and (other.starts, other.since) == (rule.starts, rule.since)
                and not (other.classes or other.priorities or other.channels or other.levels)
                and other.in_warranty is None
                and set(other.kinds) >= set(rule.kinds)
            ]
            assert general, rule.name


def test_urgent_and_major_complaints() -> None:
    urgent = {Priority.URGENT, Priority.CRITICAL}
    for norm in NORMS.values():
        assert {p for rule in citing(norm, "A9") for p in rule.priorities} == urgent
        assert {p for rule in citing(norm, "A8") for p in rule.priorities} == {Priority.NORMAL}
    (major,) = citing(NORMS["dealer"], "D5")
    assert major.priorities == (Priority.CRITICAL,)


@pytest.mark.parametrize("pack", PACKS)
def test_every_fact_that_moves_a_limit_can_happen(pack: str) -> None:
    named = {fact for rule in NORMS[pack].limits for fact in (rule.starts, *rule.met)}
    assert named - FACTS == set()
    assert all(rule.met for rule in NORMS[pack].limits)


@pytest.mark.parametrize("pack", PACKS)
def test_no_case_is_without_a_limit(pack: str) -> None:
    norm = NORMS[pack]
    begin = [rule for rule in norm.limits if rule.starts == "request.registered"]
    for kind, priority, channel, in_warranty in product(
        norm.kinds, Priority, norm.channels, (True, False, None)
    ):
        facts: dict[str, Any] = {"channel": channel, "in_warranty": in_warranty}
        assert any(rule.covers(kind, priority, **facts) for rule in begin), (kind, priority)


@pytest.mark.parametrize("pack", PACKS)
def test_limits_speak_of_kinds_and_channels_that_the_company_knows(pack: str) -> None:
    norm = NORMS[pack]
    for rule in (*norm.limits, *norm.routes):
        assert set(rule.kinds) <= set(norm.kinds), rule
        assert set(rule.channels) <= set(norm.channels), rule
    assert set(norm.follow_up_kinds) <= set(norm.kinds)
    assert set(norm.free_kinds) <= set(norm.kinds)


@pytest.mark.parametrize("pack", PACKS)
def test_every_limit_climbs_a_ladder(pack: str) -> None:
    norm = NORMS[pack]
    names = {ladder.name for ladder in norm.ladders}
    assert {rule.ladder for rule in norm.limits} == names
    assert {"usual", "urgent"} <= names
    for ladder in norm.ladders:
        assert list(ladder.steps) == sorted(ladder.steps, key=moment)
        assert ladder.steps[-1].to == "leader"


def moment(step: Step) -> tuple[float, int]:
    return (step.share, 0) if step.share else (1, step.after_minutes or 0)


def test_the_usual_ladder() -> None:
    for norm in NORMS.values():
        assert [(step.share, step.after_minutes, step.to) for step in norm.steps_of("usual")] == [
            (0.8, None, "owner"),
            (1.0, None, "station_head"),
            (None, 240, "manager"),
            (None, 1440, "leader"),
        ]


@pytest.mark.parametrize(
    ("unit", "amount", "allowed"),
    [(DAYS, 0, True), (DAYS, 1, True), (CLOCK, 0, False), (WORK, 0, False), (CLOCK, 1, True)],
)
def test_only_a_limit_in_days_may_end_on_the_same_day(
    unit: str, amount: int, allowed: bool
) -> None:
    (filed,) = citing(NORMS["enterprise"], "E2")
    data = filed.model_dump() | {"unit": unit, "amount": amount}
    if allowed:
        assert LimitRule.model_validate(data).amount == amount
    else:
        with pytest.raises(ValidationError, match="needs an amount"):
            LimitRule.model_validate(data)
