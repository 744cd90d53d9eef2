"""Lists of certificates and of regions: pasted or out of a file, judged row by row, then added."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.imports.errors import Unusable
from core.imports.files import SourceFile
from core.imports.reading import Table, open_table
from core.imports.values import day_of, plain, text_of
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Input, parse
from core.kernel.unit_of_work import UnitOfWork
from core.people.people import station_options
from core.process.permissions import require
from core.roster import qualifications, regions, sight
from db.tables import Person

MOST = 500
# What people call the columns; the clearest names come first.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "certificates": {
        "roster_person": "姓名 人员 持证人 用户名 name person username",
        "kind": "证件 证件名称 证书 类型 技能 certificate kind qualification",
        "number": "编号 证号 证书编号 number no",
        "issuer": "发证单位 发证机关 issuer",
        "valid_from": "生效日 发证日期 valid_from from",
        "valid_until": "有效期至 到期日 有效期 valid_until until expires",
    },
    "regions": {
        "name": "区域 区域名称 片区 name region",
        "station_id": "网点 服务网点 station",
        "places": "地址关键字 地址 覆盖 街道 places covers",
        "responsible_id": "第一责任人 责任人 responsible",
        "stand_in_id": "替班人 替班 stand_in",
    },
}
NEEDED = {"certificates": ("roster_person", "kind"), "regions": ("name", "station_id", "places")}


@dataclass(frozen=True)
class ListedRow:
    """One row of a list: what it says, what is wrong with it, and what adds it."""

    line: int
    said: Mapping[str, str]
    problems: tuple[Problem, ...]
    add: Callable[[UnitOfWork], object] | None


def read(uow: UnitOfWork, *, what: str, file: SourceFile) -> tuple[ListedRow, ...]:
    """What a list of "certificates" or "regions" says, row by row; FileRefused when it is none."""
    require(uow, sight.EDIT)
    with open_table(file) as table:
        if table.count() > MOST:
            raise InvalidInput(Problem("form", "too_long", {"max_length": MOST}))
        columns, names = _columns(table, what), _names(uow, what)
        return tuple(_judged(table, columns, names, what))


def add(uow: UnitOfWork, *, what: str, file: SourceFile) -> int:
    """Add every row of a list, or none: InvalidInput names the first row that is wrong."""
    rows = read(uow, what=what, file=file)
    for row in rows:
        if row.add is None:
            raise InvalidInput(*row.problems)
        row.add(uow)
    if not rows:
        raise InvalidInput(Problem("form", "missing"))
    return len(rows)


def _columns(table: Table, what: str) -> dict[str, int]:
    places = {plain(name).replace(" ", "_"): n for n, name in reversed([*enumerate(table.columns)])}
    found = {
        column: next(places[name] for name in names.split() if name in places)
        for column, names in COLUMNS[what].items()
        if any(name in places for name in names.split())
    }
    if missing := [name for name in NEEDED[what] if name not in found]:
        raise InvalidInput(*(Problem(name, "no_column") for name in missing))
    return found


def _names(uow: UnitOfWork, what: str) -> dict[str, dict[str, Any]]:
    """The words by which a list names codes and records."""
    if what == "regions":
        people = _by_name(regions.technicians(uow))
        stations = _by_name(station_options(uow))
        return {"station_id": stations, "responsible_id": people, "stand_in_id": people}
    kinds = qualifications.kinds(uow)
    people = _by_name(sight.options(uow))
    usernames = select(Person.username, Person.id).where(Person.id.in_(people.values()))
    people |= dict(uow.session.execute(usernames).all())
    return {"roster_person": people, "kind": _by_name(kinds) | {kind: kind for kind in kinds}}


def _by_name(options: Mapping[Any, str]) -> dict[str, Any]:
    # Of two people with one name neither is meant by it alone.
    names = [plain(name) for name in options.values()]
    return {plain(name): id for id, name in options.items() if names.count(plain(name)) == 1}


def _judged(
    table: Table, columns: Mapping[str, int], names: Mapping[str, Mapping[str, Any]], what: str
) -> Iterator[ListedRow]:
    for record in table.records():
        cells = {c: record.cells[at] for c, at in columns.items() if at < len(record.cells)}
        said = {column: text_of(cell) for column, cell in cells.items()}
        values: dict[str, Any] = {}
        problems = []
        for column, text in said.items():
            try:
                values |= {column: _value(column, cells[column], names)} if text else {}
            except (KeyError, Unusable):
                problems.append(Problem(column, "unknown_name", {"name": text}))
        add, wrong = _adding(what, values, {bad.field for bad in problems})
        problems += wrong
        yield ListedRow(record.line, said, tuple(problems), None if problems else add)


def _value(column: str, cell: Any, names: Mapping[str, Mapping[str, Any]]) -> Any:
    if column in names:
        return names[column][plain(text_of(cell))]
    return day_of(cell) if column.startswith("valid_") else text_of(cell)


def _adding(
    what: str, values: dict[str, Any], named: set[str]
) -> tuple[Callable[[UnitOfWork], object] | None, list[Problem]]:
    """What adds a row; or what is wrong with it besides the fields that are named already."""
    person = values.pop("roster_person", None)
    model: type[Input] = regions.EditRegion if what == "regions" else qualifications.Qualify
    wrong = []
    if what == "certificates" and person is None and "roster_person" not in named:
        wrong.append(Problem("roster_person", "missing"))
    try:
        filled = parse(model, values)
    except InvalidInput as error:
        return None, wrong + [bad for bad in error.problems if bad.field not in named]
    if isinstance(filled, regions.EditRegion):
        region = filled
        return lambda uow: regions.add(uow, region), wrong
    assert isinstance(filled, qualifications.Qualify)
    paper = filled
    return lambda uow: qualifications.add(uow, paper, person_id=person), wrong
