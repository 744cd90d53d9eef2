"""Routes of the rule book: a region's station takes the case, a class's department answers."""

from typing import Any

from core.norms import revisions
from core.norms.model import Norm
from core.requests import inputs
from core.requests import view as case
from db.codes import Language
from db.tables import ServiceRequest
from tests.company_cast import NOW, Company


def adopt(company: Company, **more: Any) -> None:
    norm = Norm.model_validate(revisions.shipped("appliance").dump() | more)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def test_the_route_of_a_region_names_the_station(company: Company) -> None:
    adopt(company, routes=[{"region": "浦口", "station": "South", "clause": "E6"}])
    there = company.register(region="南京市浦口区")
    here = company.register(region="南京市玄武区", phone="13911110000", customer_name="别人")
    by_address = company.register(
        address="浦口区江浦街 1 号", phone="13911110001", customer_name="第三人"
    )
    stations = [company.get(ServiceRequest, i).station_id for i in (there, here, by_address)]
    assert stations == [company.SOUTH, company.NORTH, company.SOUTH]


def test_who_registers_keeps_sight_of_a_case_that_goes_elsewhere(company: Company) -> None:
    adopt(company, routes=[{"region": "浦口", "station": "South"}])
    there = company.register(region="浦口")
    assert company.see("agent", case.view, id=there).station == "South"


def test_the_class_names_the_department(company: Company) -> None:
    complaint = company.register(kind="complaint")
    general = company.see("manager", case.view, id=complaint).department
    judged = inputs.Reclassify(priority="normal", case_class="logistics")
    company.act("manager", ServiceRequest, complaint, judged)
    logistics = company.see("manager", case.view, id=complaint).department
    norm = revisions.shipped("appliance")
    route = next(each for each in norm.routes if "logistics" in each.classes)
    names = {each.name: each.text for each in norm.departments}
    assert logistics == names[route.department]
    assert logistics[Language.EN] != general.get(Language.EN)
