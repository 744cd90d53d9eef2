"""Files of other systems brought in: the two shipped maps on the real files, again, and stopped."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.imports import saved_maps
from core.imports.errors import ImportStopped
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.plan import plan
from core.imports.run import recent, run
from core.kernel.errors import NotAllowed
from core.requests import lists
from db.codes import FaultArea, RequestKind, RequestStatus
from db.tables import (
    History,
    ImportRun,
    Limit,
    Product,
    ServiceRequest,
)
from tests.company_cast import NOW, Company, local
from tests.import_files import (
    CAR_MAP,
    CARS,
    CITY,
    CITY_MAP,
    SERVICE,
    bring,
    counts,
    facts,
    is_whole,
    preview,
    rows,
    table,
    the_case,
)

# The two real files


def test_every_car_complaint_comes_in(company: Company) -> None:
    file = SourceFile(CARS.name, CARS)
    seen = preview(company, file, CAR_MAP)
    assert (seen.total, seen.new, seen.known, seen.bad) == (600, 600, 0, 0)
    assert (seen.new_customers, seen.new_products, seen.encoding) == (600, 411, "utf-8-sig")
    done = bring(company, file, CAR_MAP)
    assert (done.total, done.added, done.known, done.bad) == (600, 600, 0, 0)
    assert counts(company) == {
        "requests": 600,
        "customers": 600,
        "products": 411,
        "assets": 600,
        "limits": 1200,
        "follow_ups": 0,
    }
    statuses = rows(company, select(ServiceRequest.status))
    assert Counter(status for (status,) in statuses) == {
        RequestStatus.REGISTERED: 231,
        RequestStatus.IN_PROGRESS: 26,
        RequestStatus.CLOSED: 286 + 57,
    }
    assert is_whole(company)


def test_a_car_complaint_is_read_to_its_last_cell(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    view = the_case(sqlite_company, "482026")
    assert view.kind is RequestKind.COMPLAINT
    assert view.customer.name == "车主 482026"
    assert view.asset is not None
    assert (view.asset.brand, view.asset.model) == ("一汽马自达", "阿特兹")
    assert view.asset.specification == "2020款 2.5L 蓝天运动版"
    assert (view.fault_codes, view.fault_area) == ("H93,H15,H89", FaultArea.NOISE)
    assert view.received_at == local("2020-06-08 00:00")
    assert view.number.startswith("SR200608-")
    assert facts(view) == [
        ("registered", None, "registered"),
        ("imported", "registered", "registered"),
    ]
    # A tab stood behind this one.
    assert the_case(sqlite_company, "482022").symptom == "一汽大众迈腾起步和刹车时车辆抖动"
    ((tabs,),) = rows(
        sqlite_company, select(func.count()).where(ServiceRequest.symptom.contains("\t"))
    )
    assert tabs == 0


def test_the_letters_of_the_fault_codes_tell_the_area(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    areas = dict(rows(sqlite_company, select(ServiceRequest.source_ref, ServiceRequest.fault_area)))
    assert areas["482022"] is FaultArea.FUNCTION  # B84, gearbox
    assert areas["481990"] is FaultArea.LEAK  # A12, oil leaks
    assert areas["481988"] is FaultArea.POWER  # A44, engine
    assert areas["482019"] is FaultArea.DELIVERY  # N318, no parts
    assert None not in areas.values()


def test_every_city_request_comes_in(company: Company) -> None:
    file = SourceFile(CITY.name, CITY)
    done = bring(company, file, CITY_MAP)
    assert (done.total, done.added, done.known, done.bad) == (1000, 1000, 0, 0)
    kinds = rows(company, select(ServiceRequest.kind, ServiceRequest.status))
    assert Counter(kinds) == {
        (RequestKind.REPAIR, RequestStatus.REGISTERED): 338,
        (RequestKind.REPAIR, RequestStatus.CLOSED): 6,
        (RequestKind.CLEANING, RequestStatus.REGISTERED): 98,
        (RequestKind.COMPLAINT, RequestStatus.REGISTERED): 14,
        (RequestKind.COMPLAINT, RequestStatus.IN_PROGRESS): 242,
        (RequestKind.COMPLAINT, RequestStatus.CLOSED): 283,
        (RequestKind.CONSULTATION, RequestStatus.REGISTERED): 11,
        (RequestKind.CONSULTATION, RequestStatus.CLOSED): 4,
        (RequestKind.SUGGESTION, RequestStatus.IN_PROGRESS): 4,
    }
    assert counts(company)["customers"] == 783
    assert is_whole(company)


def test_a_closed_city_request_brings_its_history(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CITY.name, CITY), CITY_MAP)
    view = the_case(sqlite_company, "60873529")
    received = datetime(2024, 4, 16, 2, 51, 53, tzinfo=UTC)  # New York is four hours behind
    closed = datetime(2024, 4, 16, 3, 17, 52, tzinfo=UTC)
    assert (view.received_at, view.resolved_at, view.closed_at) == (received, closed, closed)
    assert [(e.action, e.at, e.actor) for e in view.timeline] == [
        ("registered", received, ""),
        ("recorded", received, ""),
        ("answered", closed, ""),
        ("closed", closed, ""),
        ("closed", closed, ""),
        ("imported", NOW, "manager"),
    ]
    assert view.answer.startswith("The Police Department responded")
    assert {limit.name: limit.met_at for limit in view.limits} == {
        "complaint_acknowledged": closed,
        "complaint_solved": closed,
    }
    assert view.customer.name == "1057 BOYNTON AVENUE, BRONX"
    place = rows(
        sqlite_company,
        select(ServiceRequest.latitude, ServiceRequest.longitude, ServiceRequest.channel).where(
            ServiceRequest.id == view.id
        ),
    )
    assert place == [(40.82536324322324, -73.87747838486375, "online")]


def test_a_due_date_of_the_file_is_the_one_that_counts(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CITY.name, CITY), CITY_MAP)
    due = rows(
        sqlite_company,
        select(Limit.name, Limit.due_at)
        .join(ServiceRequest, ServiceRequest.id == Limit.request_id)
        .where(Limit.due_at >= datetime(2024, 5, 1, tzinfo=UTC)),
    )
    assert len(due) == 16
    assert {name for name, _ in due} == {"order_done"}


def test_open_cases_land_in_their_queues(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CITY.name, CITY), CITY_MAP)
    found = {
        name: sqlite_company.see("manager", lists.count, name=name)
        for name in lists.Queue
        if name is not lists.Queue.MINE
    }
    assert found == {
        lists.Queue.DISPATCH: 436,
        lists.Queue.DESK: 11,
        lists.Queue.RUNNING: 0,
        lists.Queue.FORMS: 0,
        lists.Queue.REVIEW: 0,
        lists.Queue.LATE_REPORTS: 0,
    }


# Again, in part, stopped


@pytest.mark.parametrize(("path", "map"), [(CARS, CAR_MAP), (CITY, CITY_MAP)])
def test_the_same_file_again_adds_nothing(
    sqlite_company: Company, path: Path, map: ColumnMap
) -> None:
    file = SourceFile(path.name, path)
    first = bring(sqlite_company, file, map)
    before = counts(sqlite_company)
    again = bring(sqlite_company, file, map)
    assert (again.added, again.known, again.new_customers) == (0, first.added, 0)
    assert counts(sqlite_company) == before
    assert preview(sqlite_company, file, map).new == 0


def test_a_changed_file_adds_only_what_is_new(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    lines = CARS.read_text("utf-8-sig").splitlines(keepends=True)
    changed = [lines[0], *(line.replace("信息审核", "厂家受理") for line in lines[100:])]
    changed += ['900001,新牌,新车,新款,异响,"H93,",2020-06-09,信息审核\n']
    changed += ['900002,一汽马自达,阿特兹,2020款 2.5L 蓝天运动版,异响,"H93,",2020-06-09,信息审核\n']
    done = bring(sqlite_company, SourceFile("new.csv", "".join(changed).encode("gb18030")), CAR_MAP)
    assert (done.total, done.added, done.known) == (503, 2, 501)
    assert (done.new_customers, done.new_products) == (2, 1)
    assert the_case(sqlite_company, "900001").number == "SR200609-0001"


def test_a_stopped_import_leaves_nothing(company: Company) -> None:
    told: list[tuple[int, int]] = []

    def stop_in_the_middle(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 500

    with pytest.raises(ImportStopped):
        bring(company, SourceFile(CITY.name, CITY), CITY_MAP, progress=stop_in_the_middle)
    assert told == [(0, 1000), (500, 1000)]
    assert set(counts(company).values()) == {0}
    assert rows(company, select(ImportRun.id)) == []
    assert bring(company, SourceFile(CITY.name, CITY), CITY_MAP).added == 1000


def test_a_failure_in_the_middle_leaves_nothing(sqlite_company: Company) -> None:
    def fail(done: int, total: int) -> bool:
        if done:
            raise ConnectionError("the browser is gone")
        return True

    with pytest.raises(ConnectionError):
        bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP, progress=fail)
    assert set(counts(sqlite_company).values()) == {0}


def test_the_run_is_written_down(sqlite_company: Company) -> None:
    file = SourceFile(CARS.name, CARS)
    done = bring(sqlite_company, file, CAR_MAP, map_name="car_complaints")
    (row,) = sqlite_company.see("manager", recent)
    assert (row.id, row.map_name, row.file_name) == (done.run_id, "car_complaints", CARS.name)
    assert (row.added, row.known, row.bad, row.at, row.by) == (600, 0, 0, NOW, "manager")
    assert rows(sqlite_company, select(ImportRun.digest)) == [(file.digest(),)]
    told = select(History.data).where(History.subject == "import")
    assert rows(sqlite_company, told)[0][0]["added"] == 600


# Who may


@pytest.mark.parametrize("who", ["agent", "technician", "auditor", "leader"])
def test_only_those_with_the_permission_import(sqlite_company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        sqlite_company.see(who, plan, file=table({}), map=SERVICE)
    with pytest.raises(NotAllowed):
        run(
            sqlite_company.engine,
            sqlite_company[who],
            file=table({}),
            map=SERVICE,
            map_name="test",
        )
    for verb in (saved_maps.list_maps, recent):
        with pytest.raises(NotAllowed):
            sqlite_company.see(who, verb)
    with pytest.raises(NotAllowed):
        sqlite_company.do(who, saved_maps.save_map, "mine", SERVICE)
    assert set(counts(sqlite_company).values()) == {0}


def test_a_product_in_another_spelling_is_the_known_one(company: Company) -> None:
    company.register(brand="Haier", model="XQG100")
    spelt = (
        ("HAIER", "xqg 100"),
        ("Ｈａｉｅｒ", "XQG100"),
        ("haier", "BCD-1"),
        ("Haier ", "bcd-1"),
    )
    file = table(
        *(
            {"单号": f"W{number}", "序列号": f"S{number}", "品牌": brand, "型号": model}
            for number, (brand, model) in enumerate(spelt)
        )
    )
    assert bring(company, file, SERVICE).added == 4
    names = rows(company, select(Product.brand, Product.model).order_by(Product.id))
    assert [tuple(each) for each in names] == [("Haier", "XQG100"), ("Haier", "BCD-1")]
    again = bring(company, file, SERVICE)
    assert (again.added, again.known) == (0, 4)
