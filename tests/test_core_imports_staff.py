"""Many people at once: judged row by row, then all of them added or nobody."""

import bcrypt
import pytest

from core.imports import staff
from core.imports.files import SourceFile
from core.imports.staff import StaffList, StartPassword
from core.kernel.errors import InvalidInput, NotAllowed
from core.people.people import AddStation, add_station
from db.codes import Role
from db.tables import Person
from tests.company_cast import Company

ROLES = {"客服专员": "agent", "服务工程师": "technician"}
GOOD = (
    "姓名\t用户名\t岗位\t网点\t部门\t手机号\n"
    "张三\tzhangsan\t客服专员\t\t售后服务部\t13800000001\n"
    "李四\tlisi\t服务工程师\t浦口站\t\t13800000002\n"
)
PASSWORD = StartPassword.model_validate({"password": "first password"})


def listed(text: str) -> SourceFile:
    return SourceFile("pasted.txt", text.encode())


def read(company: Company, text: str) -> StaffList:
    return company.see("admin", staff.read, file=listed(text), roles=ROLES)


def test_a_good_list_is_added_whole(company: Company) -> None:
    station = company.do("admin", add_station, AddStation(name="浦口站"))
    assert [row.problems for row in read(company, GOOD).rows] == [(), ()]
    assert company.do("admin", staff.add, PASSWORD, file=listed(GOOD), roles=ROLES) == 2
    (one,) = company.rows(Person, username="zhangsan")
    (two,) = company.rows(Person, username="lisi")
    assert (one.name, one.role, one.department) == ("张三", Role.AGENT, "after_sales")
    assert (two.role, two.station_id, two.phone) == (Role.TECHNICIAN, station, "13800000002")
    assert company.history("person", one.id) == [("added", None, None)]


def test_what_is_wrong_is_said_row_by_row(company: Company) -> None:
    taken = company.rows(Person)[0].username
    text = (
        "name,username,role,station,phone\n"
        f"王五,{taken},agent,,1380000\n"
        "赵六,zhao liu!,agent,,1380000\n"
        "孙七,sunqi,司机,月球站,1380000\n"
        "周八,zhouba,服务工程师,,12\n"
        "吴九,zhouba,服务工程师,,\n"
        ",wushi,服务工程师,,\n"
        "郑十,ok,服务工程师,,\n"
        "郑二,ok,服务工程师,,\n"
    )
    roles = ROLES | {"agent": "agent"}
    found = company.see("admin", staff.read, file=listed(text), roles=roles)
    said = [{(bad.field, bad.code) for bad in row.problems} for row in found.rows]
    assert said == [
        {("username", "taken")},
        {("username", "username")},
        {("role", "unknown_name"), ("station_id", "unknown_name")},
        {("phone", "phone")},
        set(),
        {("name", "missing")},
        set(),
        {("username", "taken")},
    ]
    assert found.rows[0].line == 2
    with pytest.raises(InvalidInput):
        company.do("admin", staff.add, PASSWORD, file=listed(text), roles=roles)
    assert not company.rows(Person, username="ok")


def test_a_list_without_the_needed_columns_is_refused(sqlite_company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(sqlite_company, "姓名,电话\n张三,13800000001\n")
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [
        ("username", "no_column"),
        ("role", "no_column"),
    ]


def test_who_may_not_edit_people_may_not_add_many(sqlite_company: Company) -> None:
    with pytest.raises(NotAllowed):
        sqlite_company.do("agent", staff.add, PASSWORD, file=listed(GOOD), roles=ROLES)


def test_everybody_signs_in_with_the_first_password(sqlite_company: Company) -> None:
    text = GOOD.replace("浦口站", "")
    sqlite_company.do("admin", staff.add, PASSWORD, file=listed(text), roles=ROLES)
    for name in ("zhangsan", "lisi"):
        (row,) = sqlite_company.rows(Person, username=name)
        assert bcrypt.checkpw(b"first password", row.password_hash.encode())
