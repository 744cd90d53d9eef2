"""Key customers and calls on a plan: every action in every state by everybody, told by hand."""

from typing import Any

import pytest

from core.care import calls, keys
from core.care.inputs import (
    AnswerCare,
    CareNotReached,
    EndKey,
    GiveCareLink,
    MarkKeyAgain,
    RecordCare,
    SkipCare,
)
from core.house import HOUSE
from core.kernel.unit_of_work import unit_of_work
from db.codes import CareStatus, KeyStatus
from db.tables import KeyCustomer
from tests import cared, stored_rows
from tests.company_cast import NOW, Company
from tests.maintained import TODAY
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

CALLERS, HEADS = "agent manager", "manager leader"
KINDS = "first third"
CALL_CELLS = (
    Cells("record_care", "answered", "due", "done", CALLERS, KINDS),
    Cells("care_not_reached", "not_reached", "due", None, CALLERS, "first"),
    Cells("care_not_reached", "given_up", "due", "unreachable", CALLERS, "third"),
    Cells("skip_care", "skipped", "due", "skipped", CALLERS, KINDS),
    Cells("give_care_link", "link_given", "due", None, CALLERS, KINDS),
    # What customers do by links nobody of the company does.
    Cells("answer_care", "answered", "due", "done", "", KINDS),
)
CALL_SAMPLES = (
    *(RecordCare(care_result="好"), CareNotReached(), SkipCare(note="不必")),
    *(GiveCareLink(digest="0" * 64), AnswerCare(scores={})),
)
KEY_CELLS = (
    Cells("end_key", "ended", "key", "former", HEADS, "key"),
    Cells("mark_key_again", "named_again", "former", "key", HEADS, "key"),
)
KEY_SAMPLES = (EndKey(note="停业"), MarkKeyAgain(note="又来"))


def check(company: Company, status: Any, kind: str, names: list[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        owner = stored_rows.customer(uow.session, station_id=company.NORTH)
        row: Any
        if isinstance(status, CareStatus):
            row = stored_rows.add(uow.session, cared.call(status, kind, owner.id))
            stand = Stand(calls.PROCESS, row, status.value, kind, None, CALL_CELLS)
            samples: Any = CALL_SAMPLES
        else:
            row = KeyCustomer(customer_id=owner.id, status=status, since=TODAY, reason="大")
            stored_rows.add(uow.session, row)
            stand = Stand(keys.PROCESS, row, status.value, "key", None, KEY_CELLS)
            samples = KEY_SAMPLES
        check_stand(uow, stand, [company[each] for each in names], samples)


STATES = [(status, kind) for status in CareStatus for kind in KINDS.split()]


@pytest.mark.parametrize(("status", "kind"), [*STATES, *((each, "key") for each in KeyStatus)])
def test_they_move_as_the_table_says(sqlite_company: Company, status: Any, kind: str) -> None:
    check(sqlite_company, status, kind, list(sqlite_company.people))


def test_a_sample_on_both_databases(company: Company) -> None:
    names = ["agent.stranger", "agent", "manager", "leader", "auditor"]
    check(company, CareStatus.DUE, "first", names)
    check(company, KeyStatus.KEY, "key", names)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(calls.PROCESS, CALL_SAMPLES, CALL_CELLS)
    check_no_rule_is_left_out(keys.PROCESS, KEY_SAMPLES, KEY_CELLS)
