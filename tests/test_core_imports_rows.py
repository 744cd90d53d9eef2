"""Rows of a file: what is wrong with them, whom and what they are about, what happened before."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.imports.errors import FileRefused, RowCode
from core.imports.files import SourceFile
from core.imports.plan import plan
from core.imports.rejects import rejects
from core.norms.revisions import adopt, shipped
from db.codes import RequestStatus
from db.tables import (
    Customer,
    FollowUp,
    Limit,
    ServiceRequest,
)
from tests.company_cast import NOW, Company, local
from tests.import_files import (
    CAR_MAP,
    CARS,
    CITY,
    CITY_MAP,
    ROW,
    SERVICE,
    bring,
    counts,
    edited,
    facts,
    is_whole,
    preview,
    rows,
    table,
    the_case,
)

# Bad rows


def test_a_bad_row_is_named_by_its_true_line(sqlite_company: Company) -> None:
    # Cells of this file hold line breaks: its line is not its number.
    text = CITY.read_text("utf-8")
    before, after = text[: text.index('"60873529"')], text[text.index('"60873529"') :]
    file = SourceFile("a.csv", (before + after.replace("2024-", "on 2024-", 1)).encode())
    line = before.count("\n") + 1
    done = bring(sqlite_company, file, CITY_MAP)
    assert line == 2953
    assert (done.added, done.bad) == (999, 1)
    (problem,) = done.problems
    assert (problem.line, problem.column) == (line, "created_date")
    assert (problem.code, problem.value) == (RowCode.NOT_A_DATE, "on 2024-04-15T22:51:53.000")


BAD_CELLS = [
    ({"单号": ""}, "单号", RowCode.MISSING),
    ({"现象": " "}, "现象", RowCode.MISSING),
    ({"受理时间": ""}, "受理时间", RowCode.MISSING),
    ({"受理时间": "2026-02-30"}, "受理时间", RowCode.NOT_A_DATE),
    ({"受理时间": "1899-12-30"}, "受理时间", RowCode.OUT_OF_RANGE),
    ({"受理时间": "2026-03-03"}, "受理时间", RowCode.IN_THE_FUTURE),
    ({"类型": "其他"}, "类型", RowCode.NOT_AN_OPTION),
    ({"型号": ""}, "型号", RowCode.MISSING),
    ({"客户": "王" * 121}, "客户", RowCode.TOO_LONG),
    ({"现象": "x" * 4001}, "现象", RowCode.TOO_LONG),
    ({"单号": "1.23457E+17"}, "单号", RowCode.DIGITS_LOST),
    ({"期限": "2026-02-01"}, "期限", RowCode.DUE_BEFORE_CREATED),
    ({"状态": "结案"}, "完成时间", RowCode.MISSING),
    ({"状态": "结案", "完成时间": "2026-02-01"}, "完成时间", RowCode.CLOSED_BEFORE_CREATED),
    ({"状态": "结案", "完成时间": "2026-03-09"}, "完成时间", RowCode.IN_THE_FUTURE),
    ({"购买日期": "昨天"}, "购买日期", RowCode.NOT_A_DATE),
]


@pytest.mark.parametrize(("cells", "column", "code"), BAD_CELLS)
def test_each_bad_cell_has_its_code(
    sqlite_company: Company, cells: dict[str, str], column: str, code: RowCode
) -> None:
    seen = sqlite_company.see("manager", plan, file=table({}, {"单号": "W2"} | cells), map=SERVICE)
    assert [(p.line, p.column, p.code) for p in seen.problems] == [(3, column, code)]
    assert (seen.new, seen.bad) == (1, 1)


def test_all_problems_of_a_row_are_told_at_once(sqlite_company: Company) -> None:
    seen = preview(sqlite_company, table({"单号": "", "现象": "", "受理时间": "x"}), SERVICE)
    assert {p.column for p in seen.problems} == {"单号", "现象", "受理时间"}
    assert (seen.bad, seen.problem_count) == (1, 3)


def test_a_row_given_twice_comes_in_once(sqlite_company: Company) -> None:
    done = bring(sqlite_company, table({}, {"现象": "又坏了"}), SERVICE)
    assert (done.added, done.bad) == (1, 1)
    (problem,) = done.problems
    assert (problem.line, problem.code) == (3, RowCode.DUPLICATE_IN_FILE)
    assert problem.details == {"first_line": 2}


def test_a_row_without_ids_is_known_by_what_it_says(sqlite_company: Company) -> None:
    facts_without = {k: v for k, v in SERVICE.facts.items() if k != "ref"}
    map = SERVICE.model_copy(update={"facts": facts_without})
    file = table({}, {"现象": "漏水", "序列号": ""})
    assert bring(sqlite_company, file, map).added == 2
    assert bring(sqlite_company, file, map).known == 2


def test_refused_rows_can_be_put_right_and_imported(sqlite_company: Company) -> None:
    file = table({}, {"单号": "W2", "受理时间": "?"}, {"单号": "=1+1", "受理时间": ""})
    done = bring(sqlite_company, file, SERVICE)
    written = rejects(done.problems, file=file, map=SERVICE)
    assert written.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert [(r["import_line"], r["import_column"], r["import_reason"]) for r in found] == [
        ("3", "受理时间", "not_a_date"),
        ("4", "受理时间", "missing"),
    ]
    assert [row["单号"] for row in found] == ["W2", "'=1+1"]  # nothing for a sheet to calculate
    assert found[0]["客户"] == ROW["客户"]
    out = io.StringIO(newline="")
    mended = csv.DictWriter(out, list(found[0]))
    mended.writeheader()
    mended.writerows(row | {"受理时间": "2026-02-03"} for row in found)
    again = bring(sqlite_company, SourceFile("a.csv", out.getvalue().encode()), SERVICE)
    assert (again.added, again.bad) == (2, 0)
    refs = rows(sqlite_company, select(ServiceRequest.source_ref))
    assert {ref for (ref,) in refs} == {"W1", "W2", "=1+1"}


# Columns


def test_a_renamed_column_refuses_the_file_and_names_its_like(sqlite_company: Company) -> None:
    file = edited(CARS, lambda text: text.replace(",car_model,", ",model name,", 1))
    with pytest.raises(FileRefused) as refused:
        bring(sqlite_company, file, CAR_MAP)
    details = refused.value.details
    assert details["reason"] == "columns_missing"
    assert details["names"] == ["car_model"]
    assert details["alike"] == {"car_model": "model name"}
    assert set(counts(sqlite_company).values()) == {0}


def test_columns_in_another_order_are_found(sqlite_company: Company) -> None:
    with CARS.open(encoding="utf-8-sig", newline="") as stream:
        records = [record[::-1] for record in csv.reader(stream)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(records)
    assert bring(sqlite_company, SourceFile("a.csv", out.getvalue().encode()), CAR_MAP).added == 600


def test_a_file_whose_cells_are_shifted_is_refused(sqlite_company: Company) -> None:
    with CARS.open(encoding="utf-8-sig", newline="") as stream:
        header, *records = csv.reader(stream)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *(["", *record[:-1]] for record in records)])
    with pytest.raises(FileRefused) as refused:
        preview(sqlite_company, SourceFile("a.csv", out.getvalue().encode()), CAR_MAP)
    assert refused.value.details["reason"] == "looks_shifted"
    assert refused.value.details["rows"] == refused.value.details["of"] == 200


def test_a_shifted_row_is_reported_and_the_others_go_in(sqlite_company: Company) -> None:
    file = edited(CARS, lambda text: text.replace("482026,", "482026,,", 1))
    done = bring(sqlite_company, file, CAR_MAP)
    assert done.added == 599
    assert [(p.line, p.code, p.details) for p in done.problems] == [
        (4, RowCode.ROW_SHIFTED, {"cells": 9, "columns": 8})
    ]


def test_a_header_that_says_a_mapped_name_twice_is_refused(sqlite_company: Company) -> None:
    lines = CARS.read_text("utf-8-sig").splitlines()
    doubled = [f"{lines[0]},brand", *(f"{line},x" for line in lines[1:])]
    with pytest.raises(FileRefused) as refused:
        preview(sqlite_company, SourceFile("a.csv", "\n".join(doubled).encode()), CAR_MAP)
    assert refused.value.details == {"reason": "columns_double", "names": ["brand"]}


# Whom and what a case is about


def test_a_caller_who_is_known_is_not_added_again(sqlite_company: Company) -> None:
    def add(uow: Any) -> None:
        uow.session.add(Customer(name="王小明", phone="13800138000", created_at=NOW))

    sqlite_company.do("manager", add)
    done = bring(sqlite_company, table({}, {"单号": "W2", "序列号": ""}), SERVICE)
    assert done.new_customers == 0
    owners = rows(sqlite_company, select(ServiceRequest.customer_id).distinct())
    assert len(owners) == 1


def test_a_piece_is_known_by_its_serial(sqlite_company: Company) -> None:
    bring(sqlite_company, table({}), SERVICE)
    done = bring(sqlite_company, table({"单号": "W2"}, {"单号": "W3", "序列号": "SN2"}), SERVICE)
    assert done.added == 2
    assert counts(sqlite_company)["assets"] == 2
    other = {"单号": "W4", "客户": "李雷", "电话": "13900139000"}
    refused = bring(sqlite_company, table(other), SERVICE)
    assert [(p.column, p.code) for p in refused.problems] == [("序列号", RowCode.SERIAL_TAKEN)]


def test_a_serial_without_a_caller_finds_its_owner(sqlite_company: Company) -> None:
    bring(sqlite_company, table({}), SERVICE)
    done = bring(sqlite_company, table({"单号": "W2", "客户": "", "电话": ""}), SERVICE)
    assert (done.added, done.new_customers) == (1, 0)
    assert the_case(sqlite_company, "W2").customer.name == "王小明"


def test_a_station_is_found_by_its_name(sqlite_company: Company) -> None:
    file = table(
        {"网点": "South"}, {"单号": "W2", "网点": "nowhere", "电话": "13700137000", "序列号": ""}
    )
    done = bring(sqlite_company, file, SERVICE)
    assert done.unknown_stations == ("nowhere",)
    assert the_case(sqlite_company, "W1").station == "South"
    assert the_case(sqlite_company, "W2").station == ""


# What happened before


def test_work_in_progress_elsewhere_waits_for_dispatch_here(sqlite_company: Company) -> None:
    bring(sqlite_company, table({"状态": "维修中"}), SERVICE)
    view = the_case(sqlite_company, "W1")
    assert view.status is RequestStatus.REGISTERED
    assert "dispatch" in {rule.action.name for rule in view.actions if rule.action}
    assert view.timeline[-1].data["status"] == "维修中"


def test_a_resolved_case_waits_for_its_call(sqlite_company: Company) -> None:
    done = {"状态": "完成", "完成时间": "2026-02-26 15:00", "结果": "换了皮带"}
    bring(sqlite_company, table(done), SERVICE)
    view = the_case(sqlite_company, "W1")
    assert (view.status, view.answer) == (RequestStatus.RESOLVED, "换了皮带")
    assert rows(sqlite_company, select(FollowUp.due_on)) == [(date(2026, 2, 27),)]
    limits = {limit.name: limit for limit in view.limits}
    assert limits["service_done"].met_at == local("2026-02-26 15:00")
    assert limits["follow_up"].due_at == local("2026-02-27 17:30")
    assert limits["follow_up"].met_at is None
    assert is_whole(sqlite_company)


@pytest.mark.parametrize(
    "cells", [{"完成时间": "2026-02-26 15:00", "电话": ""}, {"完成时间": "2026-02-03 15:00"}]
)
def test_a_resolved_case_that_nobody_would_call_is_filed(
    sqlite_company: Company, cells: dict[str, str]
) -> None:
    bring(sqlite_company, table({"状态": "完成"} | cells), SERVICE)
    view = the_case(sqlite_company, "W1")
    assert (view.status, view.closed_at) == (RequestStatus.CLOSED, local(cells["完成时间"]))
    assert counts(sqlite_company)["follow_ups"] == 0


def test_a_cancelled_case_drops_its_limits(sqlite_company: Company) -> None:
    bring(sqlite_company, table({"状态": "作废", "完成时间": "2026-02-03"}), SERVICE)
    view = the_case(sqlite_company, "W1")
    assert facts(view)[1] == ("cancelled", "registered", "cancelled")
    assert all(limit.dropped for limit in view.limits)


def test_an_end_that_nobody_dated_counts_in_no_figure(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    closed = select(Limit.met_at, Limit.dropped_at.is_not(None)).join(
        ServiceRequest, ServiceRequest.id == Limit.request_id
    )
    ended = rows(sqlite_company, closed.where(ServiceRequest.status == RequestStatus.CLOSED))
    assert set(ended) == {(None, True)}
    assert len(ended) == 2 * 343


def test_a_bare_day_closes_the_same_day(sqlite_company: Company) -> None:
    done = {"状态": "结案", "完成时间": "2026-02-02"}
    bring(sqlite_company, table(done), SERVICE)
    assert the_case(sqlite_company, "W1").closed_at == local("2026-02-02 09:00")


def test_a_repair_inside_its_warranty_is_free(sqlite_company: Company) -> None:
    old = {"单号": "W2", "序列号": "SN2", "购买日期": "2020-01-01"}
    bring(sqlite_company, table({}, old), SERVICE)
    assert the_case(sqlite_company, "W1").charge_reason == "in_warranty"
    assert the_case(sqlite_company, "W2").charge_reason == "out_of_warranty"


def test_late_is_reckoned_from_the_day_of_the_contact(sqlite_company: Company) -> None:
    bring(sqlite_company, table({"受理时间": "2026-03-02 09:30"}), SERVICE)
    limits = {limit.name: limit for limit in the_case(sqlite_company, "W1").limits}
    assert limits["service_done"].due_at == local("2026-03-04 09:30")
    assert not limits["service_done"].late


def test_a_case_keeps_the_revision_of_its_day(sqlite_company: Company) -> None:
    norm = shipped("appliance")
    slower = tuple(
        rule.model_copy(update={"amount": 60}) if rule.name == "service_done" else rule
        for rule in norm.limits
    )
    sqlite_company.do(
        "admin",
        adopt,
        norm=norm.model_copy(update={"limits": slower}),
        on=date(2026, 2, 10),
        signed_by="admin",
    )
    after = {"单号": "W2", "序列号": "SN2", "受理时间": "2026-02-11 09:00"}
    bring(sqlite_company, table({}, after), SERVICE)
    spans = rows(
        sqlite_company,
        select(
            ServiceRequest.source_ref, ServiceRequest.revision_id, Limit.due_at, Limit.started_at
        )
        .join(Limit, Limit.request_id == ServiceRequest.id)
        .where(Limit.name == "service_done"),
    )
    assert {(ref, revision, due - start) for ref, revision, due, start in spans} == {
        ("W1", 1, timedelta(hours=48)),
        ("W2", 2, timedelta(hours=1)),
    }


def test_the_preview_shows_cases_as_they_will_be(sqlite_company: Company) -> None:
    seen = preview(sqlite_company, table(*({"单号": f"W{n}"} for n in range(30))), SERVICE)
    assert (seen.new, len(seen.first)) == (30, 20)
    first = seen.first[0]
    assert (first.line, first.ref, first.serial, first.phone) == (2, "W0", "SN1", "138 0013 8000")
    assert first.received_at == local("2026-02-02 09:00")
    assert replace(first, ref="W1", line=3) == seen.first[1]
    assert set(counts(sqlite_company).values()) == {0}
