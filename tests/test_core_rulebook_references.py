"""What is still named is not taken out of a rule book: every part that narrows by it counts."""

from typing import Any

import pytest

from core.rulebook import references

ROW = {"classes": ["batch"], "levels": [2], "clause": ""}
SCOPED = ("limits", "routes", "work", "reach", "guidance")


def book(**rows: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {part: [] for part in (*references.NAMED_BY, *SCOPED, "requirements")}
    return empty | {"clauses": {}, "principles": []} | rows


@pytest.mark.parametrize("part", SCOPED)
def test_a_class_or_a_level_that_a_rule_still_names_is_missed(part: str) -> None:
    before = book(classes=[{"name": "batch"}], emergencies=[{"level": 2}], **{part: [ROW]})
    after = before | {"classes": [], "emergencies": []}
    missed = {(which, name): places for which, name, _row, places in references.lost(before, after)}
    assert missed == {("classes", "batch"): (f"{part}.0",), ("emergencies", "2"): (f"{part}.0",)}
    assert not list(references.lost(before, after | {part: []}))
