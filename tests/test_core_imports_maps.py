"""Maps: saved and shipped, checked, suggested."""

from typing import Any

import pytest

from core.imports import saved_maps
from core.imports.mapping import FactRule, parse_map
from core.imports.subjects import Fact
from core.imports.suggest import suggest_map
from core.kernel.errors import InvalidInput, NotFound, Stale
from tests.company_cast import Company
from tests.import_files import CAR_MAP, ROW, SERVICE, bring, preview, table

# Maps


def test_a_saved_map_stands_for_the_shipped_one(sqlite_company: Company) -> None:
    other = CAR_MAP.model_copy(update={"source": "other"})
    kept = sqlite_company.do("manager", saved_maps.save_map, "car_complaints", other)
    assert sqlite_company.see("manager", saved_maps.load_map, "car_complaints") == other
    views = sqlite_company.see("manager", saved_maps.list_maps)
    assert [(v.name, v.version) for v in views] == [
        ("car_complaints", kept.version),
        ("city_service_requests", None),
    ]
    with pytest.raises(InvalidInput):
        sqlite_company.do("manager", saved_maps.save_map, "car_complaints", CAR_MAP)
    with pytest.raises(Stale):
        sqlite_company.do("manager", saved_maps.save_map, "car_complaints", CAR_MAP, seen_version=9)
    sqlite_company.do(
        "manager", saved_maps.save_map, "car_complaints", CAR_MAP, seen_version=kept.version
    )
    assert sqlite_company.see("manager", saved_maps.load_map, "car_complaints") == CAR_MAP


def test_an_unknown_map_is_not_found(sqlite_company: Company) -> None:
    with pytest.raises(NotFound):
        sqlite_company.see("manager", saved_maps.load_map, "nothing")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Base"}, "zone"),
        ({"encoding": "klingon"}, "encoding"),
        ({"encoding": "rot13"}, "encoding"),
        ({"formats": ["%Q"]}, "formats"),
        ({"formats": ["%Y"]}, "formats"),
        ({"source": "a b"}, "source"),
        ({"facts": {"kind": {"column": "a", "default": "magic"}}}, "map"),
        ({"facts": {"ref": {"column": "a", "constant": "b"}}}, "facts.ref"),
        ({"facts": {"colour": {"column": "a"}}}, "facts.colour.[key]"),
    ],
)
def test_a_wrong_map_says_where(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        parse_map({"source": "s", "facts": {}} | change)
    assert [problem.field for problem in wrong.value.problems] == [field]


def test_a_map_without_the_needed_facts_cannot_be_used(sqlite_company: Company) -> None:
    map = parse_map({"source": "s", "facts": {"brand": {"column": "品牌"}}})
    with pytest.raises(InvalidInput) as wrong:
        preview(sqlite_company, table({}), map)
    assert {p.field for p in wrong.value.problems} == {"symptom", "received_at", "model"}


def test_a_map_is_suggested_from_the_names_of_the_columns(sqlite_company: Company) -> None:
    draft = suggest_map(list(ROW), source="old system.csv")
    assert {fact.value: rule.column for fact, rule in draft.map.facts.items()} == {
        fact.value: rule.column for fact, rule in SERVICE.facts.items()
    }
    assert draft.map.source == "old_system.csv"
    assert bring(sqlite_company, table({"状态": "待派工"}), draft.map).added == 1


def test_a_suggestion_leaves_unknown_columns_aside() -> None:
    draft = suggest_map(["Ticket ID", "Description", "Created At", "Favourite colour"])
    assert [fact.value for fact in draft.map.facts] == ["ref", "symptom", "received_at"]
    assert draft.unused == ("Favourite colour",)


def test_a_map_changed_on_a_screen_is_checked_as_a_whole(sqlite_company: Company) -> None:
    facts = SERVICE.facts | {Fact.KIND: FactRule(constant="magic")}
    changed = SERVICE.model_copy(update={"facts": facts})
    with pytest.raises(InvalidInput):
        preview(sqlite_company, table({}), changed)
    with pytest.raises(InvalidInput):
        sqlite_company.do("manager", saved_maps.save_map, "mine", changed)
