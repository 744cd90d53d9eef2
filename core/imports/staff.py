"""Many people at once: a list that was pasted or comes as a file, judged row by row, then added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from core.imports.files import SourceFile
from core.imports.reading import Table, open_table
from core.imports.records import Record
from core.imports.values import plain
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Input, parse
from core.kernel.unit_of_work import UnitOfWork
from core.people import passwords, people
from core.people.passwords import Password
from core.people.people import AddPerson
from core.process.permissions import require, require_recent
from db.tables import Person

MOST = 500
# Stands for the first password while a list is only looked at.
UNSEEN = "not yet chosen"
YES = frozenset(["yes", "y", "true", "1", "x", "√", "✓", "是", "对", "有"])


class StaffColumn(StrEnum):
    """What a list of people may say of each; the values are the fields of a person."""

    NAME = "name"
    USERNAME = "username"
    ROLE = "role"
    STATION = "station_id"
    DEPARTMENT = "department"
    HEAD = "is_head"
    PHONE = "phone"


# What people call these columns; the clearest names come first.
NAMES: dict[StaffColumn, str] = {
    StaffColumn.NAME: "姓名 名字 员工 员工姓名 人员 name full_name person employee",
    StaffColumn.USERNAME: "用户名 登录名 账号 帐号 登录账号 工号 username user_name login account",
    StaffColumn.ROLE: "岗位 角色 职位 职务 工种 role position job title",
    StaffColumn.STATION: "网点 服务网点 所属网点 服务站 站点 station branch office",
    StaffColumn.DEPARTMENT: "部门 责任部门 所属部门 department dept",
    StaffColumn.HEAD: "负责人 是否负责人 主管 head is_head",
    StaffColumn.PHONE: "电话 手机 手机号 手机号码 联系电话 phone mobile telephone tel",
}


NEEDED = (StaffColumn.NAME, StaffColumn.USERNAME, StaffColumn.ROLE)


class StartPassword(Input):
    """The first password of everybody on the list; each chooses an own one later."""

    password: Password


@dataclass(frozen=True)
class Names:
    """The words by which a list names codes and records, as they are told without upper case."""

    roles: Mapping[str, str]
    stations: Mapping[str, int]
    departments: Mapping[str, str]


@dataclass(frozen=True)
class StaffRow:
    """One person of a list: what it says, and what is wrong with it."""

    line: int
    said: Mapping[StaffColumn, str]
    command: AddPerson | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class StaffList:
    """A list of people, judged; columns that mean nothing here are named."""

    rows: tuple[StaffRow, ...]
    unused: tuple[str, ...]


def read(
    uow: UnitOfWork, *, file: SourceFile, roles: Mapping[str, str], password: str = UNSEEN
) -> StaffList:
    """What a list says, row by row; FileRefused when it is none.

    `roles` gives the code of a role by what people call it.
    """
    require(uow, "people:edit")
    names = _names(uow, roles)
    taken: set[str] = set(uow.session.scalars(select(Person.username)))
    with open_table(file) as table:
        if table.count() > MOST:
            raise InvalidInput(Problem("form", "too_long", {"max_length": MOST}))
        columns = _columns(table)
        rows = tuple(_judged(table, columns, names, taken, password))
    used = set(columns.values())
    unused = (name for place, name in enumerate(table.columns) if name and place not in used)
    return StaffList(rows, tuple(unused))


def add(
    uow: UnitOfWork, command: StartPassword, *, file: SourceFile, roles: Mapping[str, str]
) -> int:
    """Add everybody on a list, or nobody: InvalidInput names the first row that is wrong."""
    require_recent(uow)
    passwords.refuse_common(command.password)
    secret = command.password.get_secret_value()
    found = read(uow, file=file, roles=roles, password=secret)
    # Made once: of a hundred people each would take a quarter of a second.
    hashed = passwords.hash_password(command.password)
    for row in found.rows:
        if row.command is None:
            raise InvalidInput(*row.problems)
        people.admit(uow, row.command, password_hash=hashed, is_given=True)
    if not found.rows:
        raise InvalidInput(Problem("form", "missing"))
    return len(found.rows)


def _columns(table: Table) -> dict[StaffColumn, int]:
    """Where each fact stands, by the names of the columns."""
    places = {plain(name).replace(" ", "_"): n for n, name in reversed([*enumerate(table.columns)])}
    found = {}
    for column, names in NAMES.items():
        known = [places[name] for name in names.split() if name in places]
        if known:
            found[column] = known[0]
    missing = [Problem(column.value, "no_column") for column in NEEDED if column not in found]
    if missing:
        raise InvalidInput(*missing)
    return found


def _judged(
    table: Table,
    columns: Mapping[StaffColumn, int],
    names: Names,
    taken: set[str],
    password: str,
) -> Iterator[StaffRow]:
    for record in table.records():
        said = {column: _cell(record, place) for column, place in columns.items()}
        values, problems = _values(said, names)
        command = None
        try:
            command = parse(AddPerson, values | {"password": password})
        except InvalidInput as error:
            named = {bad.field for bad in problems}
            problems += [bad for bad in error.problems if bad.field not in named]
        if command and command.username in taken:
            problems.append(Problem("username", "taken"))
        elif command:
            taken.add(command.username)
        yield StaffRow(record.line, said, None if problems else command, tuple(problems))


def _values(said: Mapping[StaffColumn, str], names: Names) -> tuple[dict[str, Any], list[Problem]]:
    """The fields of a person; a word that names nothing here is a problem of its field."""
    values: dict[str, Any] = {column.value: text for column, text in said.items() if text}
    problems = []
    known: dict[StaffColumn, Mapping[str, Any]] = {
        StaffColumn.ROLE: names.roles,
        StaffColumn.STATION: names.stations,
        StaffColumn.DEPARTMENT: names.departments,
    }
    for column, codes in known.items():
        text = values.pop(column.value, "")
        if text and plain(text) in codes:
            values[column.value] = codes[plain(text)]
        elif text:
            problems.append(Problem(column.value, "unknown_name", {"name": text}))
    values["is_head"] = plain(str(values.get("is_head", ""))) in YES
    return values, problems


def _names(uow: UnitOfWork, roles: Mapping[str, str]) -> Names:
    return Names(
        {plain(name): code for name, code in roles.items()},
        {plain(name): id for id, name in people.station_options(uow).items()},
        {
            plain(text): code
            for code, name in people.department_options(uow).items()
            for text in (code, name)
        },
    )


def _cell(record: Record, place: int) -> str:
    cell = record.cells[place] if place < len(record.cells) else ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a phone number that a spreadsheet took for a sum
    return str(cell).strip() if isinstance(cell, str | int | float) else ""
