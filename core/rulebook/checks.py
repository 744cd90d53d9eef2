"""What makes a rule book unfit to be obeyed: every fault with its place."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.house import HOUSE
from core.norms.model import LimitRule, Norm
from core.requests.intake import Register
from core.rulebook.references import places_of
from db.codes import Language, RequestKind
from db.tables import ServiceRequest

# Texts of a row that are read in both languages.
TEXTS = ("text", "source")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a draft: where, and why. Codes, not words."""

    place: str
    code: str
    value: str = ""
    # What the words of the code name, as in a problem of a form.
    details: Mapping[str, object] = field(default_factory=dict)


def check(norm: Norm) -> Iterator[Fault]:
    """Everything that makes a rule book unfit to be obeyed."""
    yield from _check_hours(norm)
    facts = HOUSE.facts
    for rule in norm.limits:
        yield from _check_limit(norm, rule, facts)
    yield from _check_routes(norm)
    yield from _check_texts(norm)
    yield from _check_names(norm)
    yield from _check_requirements(norm)
    yield from _unknown_levels(norm)
    for ladder in norm.ladders:
        if not ladder.steps:
            yield Fault(f"ladders.{ladder.name}", "empty_ladder")


def _check_hours(norm: Norm) -> Iterator[Fault]:
    stations = {f"station_hours.{name}": hours for name, hours in norm.station_hours.items()}
    for place, hours in ({"hours": norm.hours} | stations).items():
        try:
            hours.calendar("UTC")
        except ValueError as error:
            yield Fault(place, "bad_hours", str(error))


def _check_limit(norm: Norm, rule: LimitRule, facts: frozenset[str]) -> Iterator[Fault]:
    place = f"limits.{rule.name}"
    if rule.starts not in facts:
        yield Fault(place, "unknown_fact", rule.starts)
    for fact in rule.met:
        if fact not in facts:
            yield Fault(place, "unknown_fact", fact)
    if not [fact for fact in rule.met if fact != rule.starts]:
        yield Fault(place, "never_met")
    known = {each.name for each in norm.classes}
    for name in rule.classes:
        if name not in known:
            yield Fault(place, "unknown_class", name)
    if rule.ladder and rule.ladder not in {each.name for each in norm.ladders}:
        yield Fault(place, "unknown_ladder", rule.ladder)
    if rule.kinds and not set(rule.kinds) & set(norm.kinds):
        yield Fault(place, "never_started")


def _check_texts(norm: Norm) -> Iterator[Fault]:
    """What is read in two languages is written in both."""
    data = norm.model_dump(mode="json")
    texts = {"title": data["title"]} | {f"clauses.{n}.text": t for n, t in data["clauses"].items()}
    for place, row in places_of(data):
        texts |= {f"{place}.{name}": row[name] for name in TEXTS if name in row}
    for place, text in texts.items():
        for language in Language:
            if not text.get(language.value, "").strip():
                yield Fault(f"{place}.{language.value}", "text_missing")


def _check_names(norm: Norm) -> Iterator[Fault]:
    """No two rows of a part are the same to what names them, and each cites a clause."""
    rows = dict(places_of(norm.model_dump(mode="json")))
    called = {
        place: (place.rpartition(".")[0], name)
        for place, row in rows.items()
        if (name := row.get("level") or row.get("name"))
    }
    times = Counter(called.values())
    for place, row in rows.items():
        if times[called.get(place, ("", ""))] > 1:
            yield Fault(place, "twice")
        if row.get("clause") and row["clause"] not in norm.clauses:
            yield Fault(place, "unknown_clause", row["clause"])


def _check_requirements(norm: Norm) -> Iterator[Fault]:
    """Only what a case can hold is asked for, at its registration only what is asked there."""
    own = {field.name for field in norm.extra_fields}
    later = ServiceRequest.__mapper__.columns.keys()
    for number, each in enumerate(norm.requirements):
        known = {*own, *Register.model_fields, *(() if each.stage == "registered" else later)}
        for name in each.fields:
            if name not in known:
                yield Fault(f"requirements.{number}", "unknown_field", name)
        for name in each.check_lists:
            if name not in {of_site.name for of_site in norm.check_lists}:
                yield Fault(f"requirements.{number}", "unknown_check_list", name)
        if not (each.fields or each.papers or each.check_lists):
            yield Fault(f"requirements.{number}", "nothing_asked")


def _check_routes(norm: Norm) -> Iterator[Fault]:
    departments = {department.name for department in norm.departments}
    for number, route in enumerate(norm.routes):
        if route.department and route.department not in departments:
            yield Fault(f"routes.{number}", "unknown_department", route.department)
    for each in norm.classes:
        if RequestKind.COMPLAINT not in each.kinds:
            continue
        served = [
            route
            for route in norm.routes
            if route.department and (not route.classes or each.name in route.classes)
        ]
        if not served:
            yield Fault(f"classes.{each.name}", "no_route")


def _unknown_levels(norm: Norm) -> Iterator[Fault]:
    known = {each.level for each in norm.emergencies}
    for part in ("limits", "routes"):
        for number, rule in enumerate(getattr(norm, part)):
            for level in rule.levels:
                if level not in known:
                    yield Fault(f"{part}.{number}", "unknown_level", str(level))
