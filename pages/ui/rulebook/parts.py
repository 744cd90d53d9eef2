"""The parts of a rule book and their cells: one table for reading, drafting and signing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, get_args

from core.codes import (
    CareMeans,
    CareWhom,
    Channel,
    Language,
    Measure,
    Priority,
    Receiver,
    ReportContent,
    ReportEvery,
    RequestKind,
    Role,
    ServiceWay,
)
from core.house import HOUSE
from core.kpi.figures import ADDED, DEFINITIONS, Unit
from core.norms import revisions
from core.norms.model import Norm
from core.norms.parts import PointRule
from core.requests.asked import FIELDS
from pages.ui.kit import lengths, words
from pages.ui.kit.words import _
from pages.ui.rulebook.cells import (
    HOUR,
    Cell,
    Code,
    Codes,
    Flag,
    Inside,
    Length,
    Names,
    Number,
    Percent,
    Row,
    Share,
    Steps,
    Texts,
    Warranty,
    money,
    typed_in,
)
from pages.ui.rulebook.times import ClosedDays, Holidays, OpenDays, Week


def _list(members: type[StrEnum]) -> Names:
    return lambda _norm: {each.value: words.code(each) for each in members}


def _receivers(_norm: Norm) -> Mapping[str, str]:
    # A report is of no case, and so of no owner of one.
    return {each.value: words.code(each) for each in Receiver if each is not Receiver.OWNER}


def _values(context: str, *codes: str) -> Names:
    return lambda _norm: {code: words.in_domain(context, code) for code in codes}


def texts(part: str) -> Names:
    """The rows of a part by their texts."""
    return lambda norm: {
        each.name: each.text.get(words.language(), "") for each in getattr(norm, part)
    }


def _clauses(norm: Norm) -> Mapping[str, str]:
    return {clause: clause for clause in sorted(norm.clauses, key=order)}


def _limits(norm: Norm) -> Mapping[str, str]:
    known = dict.fromkeys((*(rule.name for rule in norm.limits), *revisions.known_limits()))
    return {name: words.in_domain("limit", name) for name in known}


def _facts(_norm: Norm) -> Mapping[str, str]:
    return {fact: words.in_domain("fact", fact) for fact in sorted(HOUSE.facts)}


def _warranty(_norm: Norm) -> Mapping[str, str]:
    return {"in": _("in warranty"), "out": _("out of warranty")}


def _levels(norm: Norm) -> Mapping[str, str]:
    return {str(each.level): each.text.get(words.language(), "") for each in norm.emergencies}


def _fields(norm: Norm) -> Mapping[str, str]:
    asked = {name for each in norm.requirements for name in each.fields}
    own = {each.name: each.text.get(words.language(), "") for each in norm.extra_fields}
    known = dict.fromkeys((*FIELDS, *sorted(asked | own.keys())))
    return {name: own.get(name) or words.field(name) for name in known}


def _figures(_norm: Norm) -> Mapping[str, str]:
    counted = (name for name, about in DEFINITIONS.items() if about.unit not in ADDED)
    return {name.value: words.code(name) for name in counted}


def _papers(_norm: Norm) -> Mapping[str, str]:
    return {paper: words.in_domain("Paper", paper) for paper in HOUSE.papers}


class Target(Number):
    """What a figure should reach: a percentage, or a score or hours as they are."""

    def spread(self, row: Row) -> Row:
        """A share of a hundred."""
        value = row.get(self.field)
        return {self.field: None if value is None else round(value * _hundred(row), 4)}

    def gather(self, typed: Row) -> Row:
        """A share of one."""
        value = typed_in(typed[self.field])
        return {self.field: None if value is None else round(value / _hundred(typed), 6)}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """With its unit."""
        value = row.get(self.field)
        if value is None:
            return ""
        return words.share(value) if _hundred(row) > 1 else words.number(value, 2)


def _hundred(row: Row) -> int:
    known = {name.value: about.unit for name, about in DEFINITIONS.items()}
    return 100 if known.get(row.get("figure") or "") is Unit.SHARE else 1


EARNING = get_args(PointRule.model_fields["fact"].annotation)
CLAUSE = Code("clause", _clauses)
KINDS = Codes("kinds", _list(RequestKind))
SCOPE: tuple[Code, ...] = (
    *(KINDS, Codes("classes", texts("classes")), Codes("priorities", _list(Priority))),
    *(Codes("channels", _list(Channel)), Warranty("in_warranty", _warranty)),
    Codes("levels", _levels),
)
TEXT = Texts("text")
LENGTH = Length("length")
ITEM = (TEXT, CLAUSE)
STEP = (
    *(Percent("share"), Share("after_minutes", HOUR, lengths.minutes)),
    Code("to", _list(Receiver)),
)
PARTS: dict[str, tuple[Cell, ...]] = {
    "limits": (
        *(CLAUSE, Code("name", _limits, "limit"), LENGTH, *SCOPE),
        *(Code("ladder", texts("ladders")), Code("starts", _facts)),
        *(Code("since", _values("norm value", "fact", "received")), Codes("met", _facts)),
        Code("measure", _list(Measure)),
    ),
    "ladders": (TEXT, Steps("steps", STEP, "ladder"), CLAUSE),
    "routes": (
        *(*SCOPE, Cell("region"), Code("department", texts("departments"))),
        *(Cell("station"), CLAUSE),
    ),
    "departments": (TEXT, CLAUSE),
    "classes": (TEXT, KINDS, Inside("parts", ITEM, "class"), CLAUSE),
    "check_lists": (TEXT, KINDS, Inside("items", ITEM, "list"), CLAUSE),
    "return_conditions": (
        *(TEXT, Code("reason", _values("norm value", "quality", "own", "law"))),
        *(Number("days"), Code("counts_from", _values("norm value", "purchase", "receipt"))),
        *(Number("most_km"), Flag("fault"), Flag("at_a_distance"), Number("least_repairs")),
        *(Flag("named"), Codes("wish", _values("norm value", "return", "exchange", "repair"))),
        Code("goods", _values("norm value", "any", "unused", "fit_for_resale")),
        *(Flag("inspection"), Code("freight", _values("freight", "company", "customer"))),
        *(Texts("source"), CLAUSE),
    ),
    "approvals": (
        Code(
            "what",
            _values("approval", *("complaint", "return", "supplement", "expense"), "goodwill"),
        ),  # fmt: skip
        *(Share("up_to_cents", 100, money), Code("role", _list(Role)), CLAUSE),
    ),
    "penalties": (
        Code("who", _values("penalty", "person", "head", "delay")),
        *(Share("from_cents", 100, money), Share("up_to_cents", 100, money)),
        *(Number("least_percent"), Number("most_percent")),
        *(Code("of", _values("penalty", "bonus", "wage")), CLAUSE),
    ),
    "emergencies": (
        *(Number("level"), TEXT, Share("response_minutes", HOUR, lengths.minutes)),
        *(Share("handling_minutes", HOUR, lengths.minutes), Codes("tell", _list(Role)), CLAUSE),
    ),
    "requirements": (
        Code("stage", _values("norm value", "registered", "dispatched", "finished", "closed")),
        *(KINDS, Codes("fields", _fields), Codes("papers", _papers)),
        *(Codes("check_lists", texts("check_lists")), CLAUSE),
    ),
    "extra_fields": (
        *(TEXT, Code("kind", _values("norm value", "text", "number", "date", "choice"))),
        *(KINDS, Inside("choices", ITEM, "extra_field"), Flag("required"), CLAUSE),
    ),
    "survey": (TEXT, CLAUSE),
    "qualifications": (TEXT, CLAUSE),
    "work": (
        *(TEXT, Number("minutes"), Codes("needs", texts("qualifications"))),
        *(Code("way", _list(ServiceWay)), *SCOPE, CLAUSE),
    ),
    "reach": (Number("most_minutes"), *SCOPE, CLAUSE),
    "guidance": (TEXT, *SCOPE, CLAUSE),
    "care": (
        *(TEXT, Code("whom", _list(CareWhom)), Code("means", _list(CareMeans))),
        *(Number("every_months"), Number("times"), Number("days_ahead"), CLAUSE),
    ),
    "points": (
        *(TEXT, Code("fact", _values("fact", *EARNING))),
        *(Number("points"), Share("per_cents", 100, money), CLAUSE),
    ),
    "member_levels": (TEXT, Number("from_points"), Number("discount_percent"), CLAUSE),
    "reports": (
        *(TEXT, Code("content", _list(ReportContent)), Code("every", _list(ReportEvery))),
        *(Number("day"), Codes("receivers", _receivers), CLAUSE),
    ),
}


# Parts that are values by a name: the column of the name, that of the value where it is one only.
KEYED: dict[str, tuple[str, str, tuple[Cell, ...]]] = {
    "station_hours": (
        *("station", ""),
        (
            *(Cell("station"), Week("weekly"), Holidays("public_holidays")),
            *(ClosedDays("closed"), OpenDays("open")),
        ),
    ),
    "targets": ("figure", "target", (Code("figure", _figures), Target("target"))),
    "clauses": ("clause", "text", (Cell("clause"), TEXT)),
}


def rows_of(norm: Norm, part: str) -> list[Row]:
    """The rows of a part as plain data."""
    return [row.model_dump(mode="json") for row in getattr(norm, part)]


def scope(norm: Norm, row: Row) -> str:
    """Which cases a rule is for."""
    said = (cell.said(norm, row, words.language()) for cell in SCOPE if cell.field in row)
    return " · ".join(text for text in said if text) or _("all cases")


def title(norm: Norm, part: str, row: Row) -> str:
    """What a row of a part is called, with its clause."""
    if "text" in row:
        name = TEXT.said(norm, row, words.language())
    elif part == "limits":
        name = words.in_domain("limit", row["name"])
    elif part == "reach":
        name = scope(norm, row)
    elif part == "routes":
        name = " · ".join(text for text in (scope(norm, row), row["region"]) if text)
    else:
        # What tells the rows of these parts apart stands first.
        first = PARTS[part][:2]
        name = " · ".join(filter(None, (cell.said(norm, row, words.language()) for cell in first)))
    clause = row.get("clause")
    return _("{name} ({clause})", name=name, clause=clause) if clause else name


def told(cell: Cell, norm: Norm, row: Row, other: Row) -> str:
    """A cell's value beside another one of it: where both read the same, in the other language."""
    speaks = words.language()
    for language in (speaks, *(each for each in Language if each is not speaks)):
        text = cell.said(norm, row, language)
        if text != cell.said(norm, other, language):
            return text
    return cell.said(norm, row, speaks)


def order(clause: str) -> tuple[str, int, str]:
    """Clauses by their letter, then by their number."""
    digits = "".join(sign for sign in clause if sign.isdigit())
    return clause[:1], int(digits or 0), clause


def value_of(data: Any, place: str) -> Any:
    """What stands at a dotted place of plain data; None where there is nothing."""
    for step in place.split("."):
        if isinstance(data, list):
            data = data[int(step)] if step.isdecimal() and int(step) < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data
