"""The real files, a file of an invented old system with its map, and ways to bring them in."""

import csv
import io
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.imports import saved_maps
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap, parse_map
from core.imports.plan import Preview, plan
from core.imports.run import Outcome, run
from core.process import history
from core.requests import view as case
from db.tables import (
    Asset,
    Customer,
    FollowUp,
    Limit,
    Product,
    ServiceRequest,
)
from tests.company_cast import NOW, Company

DATA = Path(__file__).parent / "data"
CARS = DATA / "car_complaints_2020_06.csv"
CITY = DATA / "city_service_requests_2024_04.csv"
CAR_MAP, CITY_MAP = (
    saved_maps.shipped("car_complaints"),
    saved_maps.shipped("city_service_requests"),
)
TABLES = (ServiceRequest, Customer, Product, Asset, Limit, FollowUp)
CLASSES = {"质量": "product_quality", "服务": "service", "物流": "logistics"}

SERVICE = parse_map(
    {
        "source": "old_system",
        "facts": {
            "ref": {"column": "单号"},
            "kind": {
                "column": "类型",
                "translate": {"报修": "repair", "咨询": "consultation"}
                | {"投诉": "complaint", "质量反馈": "quality_feedback", "建议": "suggestion"},
            },
            "status": {
                "column": "状态",
                "translate": {"待派": "registered", "维修中": "in_progress", "完成": "resolved"}
                | {"结案": "closed", "作废": "cancelled"},
                "default": "registered",
            },
            "customer_name": {"column": "客户"},
            "phone": {"column": "电话"},
            "station": {"column": "网点"},
            "brand": {"column": "品牌"},
            "model": {"column": "型号"},
            "serial": {"column": "序列号"},
            "purchased_on": {"column": "购买日期"},
            "symptom": {"column": "现象"},
            "case_class": {"column": "投诉类别", "translate": CLASSES, "default": "unheard_of"},
            "received_at": {"column": "受理时间"},
            "due_at": {"column": "期限"},
            "closed_at": {"column": "完成时间"},
            "answer": {"column": "结果"},
        },
    }
)
ROW = {
    "单号": "W1",
    "类型": "报修",
    "状态": "待派",
    "客户": "王小明",
    "电话": "138 0013 8000",
    "网点": "",
    "品牌": "海尔",
    "型号": "XQG100",
    "序列号": "sn 1",
    "购买日期": "2025-06-01",
    "现象": "不转了",
    "投诉类别": "",
    "受理时间": "2026-02-02 09:00",
    "期限": "",
    "完成时间": "",
    "结果": "",
}


def table(*rows: dict[str, str], encoding: str = "utf-8") -> SourceFile:
    """A file of the old system."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(ROW))
    writer.writeheader()
    writer.writerows([ROW | row for row in rows])
    return SourceFile("old.csv", out.getvalue().encode(encoding))


def edited(path: Path, change: Any) -> SourceFile:
    """A real file with some text changed."""
    return SourceFile(path.name, change(path.read_text("utf-8")).encode())


def preview(company: Company, file: SourceFile, map: ColumnMap) -> Preview:
    return company.see("manager", plan, file=file, map=map)


def bring(company: Company, file: SourceFile, map: ColumnMap, **more: Any) -> Outcome:
    more = {"now": NOW, "map_name": "test"} | more
    return run(company.engine, company["manager"], file=file, map=map, **more)


def counts(company: Company) -> dict[str, int]:
    def ask(uow: Any) -> dict[str, int]:
        query = (select(func.count()).select_from(each) for each in TABLES)
        return dict(
            zip((t.__tablename__ for t in TABLES), map(uow.session.scalar, query), strict=True)
        )

    return company.see("manager", ask)


def rows(company: Company, query: Any) -> list[Any]:
    return company.see("manager", lambda uow: [tuple(row) for row in uow.session.execute(query)])


def the_case(company: Company, ref: str) -> case.CaseView:
    ((id,),) = rows(company, select(ServiceRequest.id).where(ServiceRequest.source_ref == ref))
    return company.see("manager", case.view, id=id)


def facts(view: case.CaseView) -> list[tuple[str, str | None, str | None]]:
    return [(e.action, e.old, e.new) for e in view.timeline if e.subject == "request"]


def is_whole(company: Company) -> bool:
    return company.see("auditor", history.verify) == ()
