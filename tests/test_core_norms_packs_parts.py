"""The parts of the five rule books: each complete, within its scale, named in both languages."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from core.house import HOUSE
from core.kpi import DEFINITIONS, FigureName
from core.kpi.figures import Unit
from core.norms import revisions
from core.norms.model import Norm
from core.requests.intake import Register
from db.codes import Language, Priority, RequestKind, Role
from db.tables import ServiceRequest
from tests.test_core_norms_packs import HOUR, NORMS, PACKS


def parts(thing: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a norm with the way to it."""
    yield path, thing
    if isinstance(thing, BaseModel):
        thing = {name: getattr(thing, name) for name in type(thing).model_fields}
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield from parts(value, f"{path}.{name}")
    elif isinstance(thing, tuple | list):
        for number, value in enumerate(thing):
            yield from parts(value, f"{path}.{number}")


def words(norm: Norm) -> Iterator[tuple[str, dict[Language, str]]]:
    for path, value in parts(norm):
        if isinstance(value, dict) and value and all(isinstance(key, Language) for key in value):
            yield path, value


# Classes, departments, routes


@pytest.mark.parametrize("pack", PACKS)
def test_complaint_classes(pack: str) -> None:
    classes = {each.name: {part.name for part in each.parts} for each in NORMS[pack].classes}
    assert classes["product_quality"] == {
        *("defect", "wrong_specification", "out_of_tolerance", "failure"),
    }
    assert classes["service"] == {"quality", "attitude", "manner", "skill"}
    assert classes["proposal"] == {
        *("service_level", "standard_and_cost", "sales_channel", "management"),
    }
    known = {"product_quality", "service", "logistics", "contract", "proposal"}
    known |= {"ordinary", "complex", "needs_visit"}
    assert classes.keys() == known | ({"cleaning_job"} if pack == "appliance" else set())


@pytest.mark.parametrize("pack", PACKS)
def test_every_class_goes_to_its_department(pack: str) -> None:
    norm = NORMS[pack]
    wanted = {
        "contract": "leaders",
        "logistics": "freight",
        "product_quality": "quality_control",
        "service": "after_sales",
        "proposal": "after_sales",
    }
    for each in norm.classes:
        for kind in each.kinds:
            route = first_route(norm, kind, each.name)
            assert each.name in route.classes
            assert route.department == wanted.get(each.name, route.department)
    for kind in norm.kinds:
        assert first_route(norm, kind, "").department
    assert {route.department for route in norm.routes} == {each.name for each in norm.departments}


def first_route(norm: Norm, kind: RequestKind, case_class: str) -> Any:
    fits = (r for r in norm.routes if r.covers(kind, Priority.NORMAL, case_class=case_class))
    return next(fits)


@pytest.mark.parametrize("pack", PACKS)
def test_a_class_is_known_and_of_the_kind(pack: str) -> None:
    norm = NORMS[pack]
    kinds = {each.name: set(each.kinds) for each in norm.classes}
    for rule in (*norm.limits, *norm.routes):
        for name in rule.classes:
            assert set(rule.kinds) <= kinds[name], rule


# What is on file


@pytest.mark.parametrize("pack", PACKS)
def test_requirements_name_fields_and_papers_that_exist(pack: str) -> None:
    norm = NORMS[pack]
    usual = {*Register.model_fields, *ServiceRequest.__mapper__.columns.keys()}
    extra = {field.name for field in norm.extra_fields}
    assert not usual & extra
    for each in norm.requirements:
        assert set(each.fields) <= usual | extra
        assert set(each.papers) <= set(HOUSE.papers)
        assert each.fields or each.papers
        # What the form of intake cannot send would make every case impossible.
        assert each.stage != "registered" or set(each.fields) <= Register.model_fields.keys()
    papers = {paper for each in norm.requirements for paper in each.papers}
    wanted = {"enterprise": {"service_report"}, "chemical": set()}
    wanted["dealer"] = {"service_report", "acceptance_slip"}
    assert papers == wanted.get(pack, {"service_report"})


@pytest.mark.parametrize("pack", PACKS)
def test_an_extra_field_that_is_asked_for_is_asked_of_the_kind(pack: str) -> None:
    norm = NORMS[pack]
    extra = {field.name: field for field in norm.extra_fields}
    for each in norm.requirements:
        for name in set(each.fields) & extra.keys():
            assert set(each.kinds) <= set(extra[name].kinds), name


def test_each_trade_asks_for_its_own_facts() -> None:
    fields = {name: {f.name: f.kind for f in norm.extra_fields} for name, norm in NORMS.items()}
    assert {"mileage": "number", "vin": "text"}.items() <= fields["dealer"].items()
    assert {"contract_no": "text", "site": "text"}.items() <= fields["engineering"].items()
    assert {"batch_no": "text", "use": "text"}.items() <= fields["chemical"].items()
    assert {"floor": "number", "way_up": "choice"}.items() <= fields["appliance"].items()


def test_check_lists() -> None:
    lists = {name: {c.name: c for c in norm.check_lists} for name, norm in NORMS.items()}
    assert len(lists["appliance"]["conduct"].items) == 7
    known = {"conduct", "installation", "height_work", "cleaning", "handover"}
    assert lists["appliance"].keys() == known
    handed = ("appliance", "handover"), ("enterprise", "handover"), ("engineering", "sign_handover")
    for name, each in (*handed, ("appliance", "installation")):
        assert "manual_given" in lists[name][each].names
    assert lists["dealer"].keys() == {"car_acceptance", "car_delivery"}
    for name in ("appliance", "enterprise", "engineering"):
        assert lists[name]["conduct"] == lists["appliance"]["conduct"]
        assert "七个一" in lists[name]["conduct"].text[Language.ZH]


# Returns, money, emergencies


def test_returns_by_law_name_their_source_and_their_days() -> None:
    law = {
        name: {c.name: (c.days, c.source[Language.ZH]) for c in norm.return_conditions}
        for name, norm in NORMS.items()
    }
    for name in ("appliance", "enterprise"):
        days = {rule: law[name][rule][0] for rule in law[name] if law[name][rule][0]}
        assert days == {
            "online_7_days": 7,
            "fault_7_days": 7,
            "fault_15_days": 15,
            "repaired_twice": 365,
            "one_year_repair": 365,
        }
        assert "《消费者权益保护法》第二十五条" in law[name]["online_7_days"][1]
        for rule in ("fault_7_days", "fault_15_days", "one_year_repair"):
            assert "《部分商品修理更换退货责任规定》" in law[name][rule][1]
    cars = [source for rule, (_, source) in law["dealer"].items() if rule.startswith("car_")]
    assert len(cars) == 4
    assert all("《家用汽车产品修理更换退货责任规定》" in source for source in cars)


@pytest.mark.parametrize("pack", PACKS)
def test_the_company_itself_takes_back_in_three_cases(pack: str) -> None:
    conditions = {each.name: each for each in NORMS[pack].return_conditions}
    quality, own = conditions["quality_defect"], conditions["own_reason"]
    assert (quality.reason, quality.freight, quality.inspection) == ("quality", "company", True)
    assert (own.reason, own.freight, own.goods) == ("own", "customer", "fit_for_resale")
    assert conditions["other_legal"].reason == "law"
    assert {each.clause for each in conditions.values()} == {"C8"}


@pytest.mark.parametrize("pack", PACKS)
def test_somebody_may_approve_every_amount(pack: str) -> None:
    for what in ("complaint", "return", "supplement", "expense"):
        levels = [level for level in NORMS[pack].approvals if level.what == what]
        amounts = [level.up_to_cents for level in levels]
        assert amounts[-1] is None
        assert None not in amounts[:-1]
        assert [level.role for level in levels] == [Role.MANAGER, Role.LEADER]


@pytest.mark.parametrize("pack", PACKS)
def test_each_role_may_give_way_up_to_its_own_limit(pack: str) -> None:
    levels = [level for level in NORMS[pack].approvals if level.what == "goodwill"]
    assert [level.role for level in levels] == [
        *(Role.AGENT, Role.HANDLER, Role.MANAGER, Role.LEADER),
    ]
    amounts = [level.up_to_cents for level in levels]
    assert amounts == [*sorted(amounts[:-1]), None]
    assert {level.clause for level in levels} == {"E24"}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("who", ["person", "head", "delay"])
def test_penalties_grow_with_the_loss_and_leave_no_gap(pack: str, who: str) -> None:
    bands = [band for band in NORMS[pack].penalties if band.who == who]
    assert bands[0].from_cents == 0
    assert bands[-1].up_to_cents is None
    for lower, upper in pairwise(bands):
        assert lower.up_to_cents == upper.from_cents
        assert lower.most_percent <= upper.least_percent


@pytest.mark.parametrize("pack", PACKS)
def test_emergency_levels_are_as_fast_as_their_limits(pack: str) -> None:
    norm = NORMS[pack]
    minutes = {each.level: each.response_minutes for each in norm.emergencies}
    assert minutes == {1: 4 * HOUR, 2: 24 * HOUR, 3: 24 * HOUR}
    assert [each.handling_minutes for each in norm.emergencies] == [24 * HOUR, None, None]
    declared = [rule for rule in norm.limits if rule.starts == "emergency.declared"]
    for each in norm.emergencies:
        covering = [
            rule
            for rule in declared
            if rule.covers(RequestKind.COMPLAINT, Priority.NORMAL, level=each.level)
        ]
        wanted = [minutes for minutes in (each.response_minutes, each.handling_minutes) if minutes]
        assert [(rule.clause, rule.amount) for rule in covering] == [
            (each.clause, minutes) for minutes in wanted
        ]
    assert all(Role.MANAGER in each.tell for each in norm.emergencies)
    assert Role.LEADER in norm.emergencies[0].tell


# Survey and targets


def test_what_customers_are_asked() -> None:
    usual = ["attitude", "skill", "punctuality", "result"]
    dealer = ["response_speed", "solving_efficiency", "professional_communication"]
    for name, norm in NORMS.items():
        asked = [question.name for question in norm.survey]
        assert asked == (dealer if name == "dealer" else usual)
        assert {q.clause for q in norm.survey} == {"D21" if name == "dealer" else "E20"}


@pytest.mark.parametrize("pack", PACKS)
def test_targets_are_figures_within_their_scale(pack: str) -> None:
    targets = NORMS[pack].targets
    assert targets.keys() <= set(FigureName)
    wanted = {"K1", "K2", "K3", "K4", "K8"} | ({"K14"} if "D14" in NORMS[pack].clauses else set())
    assert {DEFINITIONS[FigureName(name)].id for name in targets} == wanted
    for name, target in targets.items():
        is_score = DEFINITIONS[FigureName(name)].unit is Unit.SCORE
        assert 0 < target < (10 if is_score else 1)


# Texts

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("pack", PACKS)
def test_texts_are_short_and_in_both_languages(pack: str) -> None:
    norm = NORMS[pack]
    found = list(words(norm))
    assert len(found) > 100
    for path, text in found:
        assert text.keys() == set(Language), path
        chinese, english = text[Language.ZH], text[Language.EN]
        assert HAN.search(chinese), path
        assert english and not HAN.search(english), path
        assert len(chinese) <= 60, path
        assert len(english) <= 110, path
        assert text == {language: each.strip() for language, each in text.items()}, path


def test_a_clause_reads_the_same_in_every_pack_and_no_two_alike() -> None:
    for language in Language:
        texts: dict[str, set[str]] = {}
        for norm in NORMS.values():
            for clause, text in norm.clauses.items():
                texts.setdefault(clause, set()).add(text[language])
        assert {clause: found for clause, found in texts.items() if len(found) > 1} == {}
        said = [text for found in texts.values() for text in found]
        assert len(said) == len(set(said))


@pytest.mark.parametrize("pack", PACKS)
def test_names_are_unique_in_their_list(pack: str) -> None:
    for path, value in parts(NORMS[pack]):
        if isinstance(value, tuple) and value and all(hasattr(each, "name") for each in value):
            names = [each.name for each in value]
            assert len(names) == len(set(names)), path


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_survives_being_stored(pack: str) -> None:
    norm = NORMS[pack]
    assert Norm.model_validate(norm.dump()) == norm
    # YAML takes the last of two equal keys in silence, and a clause would be lost.
    text = (revisions.PACKS / f"{pack}.yaml").read_text("utf-8")
    keys = re.findall(r"^  (\w+): \{zh_CN", text, re.MULTILINE)
    assert len(keys) == len(norm.clauses) == len(yaml.safe_load(text)["clauses"])
