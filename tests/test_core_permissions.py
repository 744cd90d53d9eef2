"""Grants by role, and the station scope."""

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.unit_of_work import system_actor
from core.process import permissions
from core.process.permissions import GRANTS, PERMISSIONS, may
from core.requests import lists
from core.requests import view as case
from core.requests.lists import Queue
from core.returns import lists as returns
from db.codes import Role
from tests.company_cast import AT_STATIONS, Company

ROOT = Path(permissions.__file__).parent.parent.parent


def test_every_role_has_grants_of_the_form_noun_verb() -> None:
    assert set(GRANTS) == set(Role)
    for permission in PERMISSIONS:
        noun, verb = permission.split(":")
        assert noun.isidentifier()
        assert verb.isidentifier()


def asked_for() -> set[str]:
    """Every text of the shape "noun:verb" in core that guards something."""
    found = set()
    for path in (ROOT / "core").rglob("*.py"):
        if path.name != "permissions.py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and node.value in PERMISSIONS:
                    found.add(node.value)
    return found


def test_core_asks_for_the_permissions_that_guard_its_verbs() -> None:
    shown_only = {"account:edit", "paper:edit", "import:run", "kpi:read", "penalty:read"}
    assert set(PERMISSIONS) - shown_only <= asked_for()


def test_nobody_decides_without_a_role() -> None:
    assert {role for role in Role if "people:edit" in GRANTS[role]} == {Role.ADMIN}
    assert {role for role in Role if "job:dispatch" in GRANTS[role]} == {
        Role.DISPATCHER,
        Role.MANAGER,
    }
    # Who audits and who administers changes no case.
    for role in (Role.AUDITOR, Role.ADMIN):
        nouns = {
            permission.split(":")[0] for permission in GRANTS[role] if "read" not in permission
        }
        assert not nouns & {"request", "job", "followup", "complaint", "return"}


def test_the_tool_itself_may_keep_its_books_and_no_more() -> None:
    assert may(system_actor(), "people:edit")
    assert not may(system_actor(), "request:answer")


@pytest.mark.parametrize("role", Role)
def test_what_a_role_sees_of_the_other_station(company: Company, role: Role) -> None:
    here, there = company.register("agent"), company.register("agent.stranger")
    seen = {case_id for case_id in (here, there) if sees(company, role.value, case_id)}
    assert seen == ({here} if role in AT_STATIONS else {here, there})
    if role in AT_STATIONS:
        assert sees(company, f"{role.value}.colleague", here)
        assert not sees(company, f"{role.value}.stranger", here)


def sees(company: Company, who: str, case_id: int) -> bool:
    try:
        return company.see(who, case.view, id=case_id).id == case_id
    except NotFound:
        return False


def test_head_office_staff_without_a_station_see_every_station(company: Company) -> None:
    there = company.register("agent.stranger")
    company.people["head office"] = replace(company["agent"], station_id=None)
    assert sees(company, "head office", there)


@pytest.mark.parametrize(
    ("count", "readers"),
    [
        (
            returns.count,
            {
                *("agent", "quality", "warehouse", "finance", "handler", "manager", "leader"),
                "auditor",
            },
        ),
        (partial(lists.count, name=Queue.DISPATCH), {role.value for role in Role}),
    ],
    ids=["returns", "dispatch"],
)
def test_piles_with_readers_of_their_own(
    company: Company, count: Callable[..., int], readers: set[str]
) -> None:
    found = set()
    for role in Role:
        try:
            company.see(role.value, count)
        except NotAllowed:
            continue
        found.add(role.value)
    assert found == readers
