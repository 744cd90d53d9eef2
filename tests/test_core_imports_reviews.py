"""Complaints, quality feedback and suggestions that were brought in have files to go on with."""

import pytest
from sqlalchemy import select

from core.complaints import actions, lists
from core.complaints import view as complaint_view
from core.complaints.inputs import Judge, Reopen
from core.complaints.lists import Filter
from core.imports.files import SourceFile
from core.process import history, workflow
from core.requests.lists import View
from db.codes import ComplaintStatus, QualityStatus, RequestKind, RequestStatus, SuggestionStatus
from db.tables import Complaint, Limit, QualityFeedback, ServiceRequest, Suggestion
from tests.company_cast import NOW, Company, local
from tests.import_files import CAR_MAP, CARS, CITY, CITY_MAP, SERVICE, bring, is_whole, rows, table

DONE = {"状态": "结案", "完成时间": "2026-02-04 15:00", "结果": "已答复"}


def queued(company: Company, **narrowed: object) -> lists.Page:
    return company.see("manager", lists.queue, filters=Filter(**narrowed))  # type: ignore[arg-type]


def of(company: Company, ref: str) -> Complaint:
    query = select(ServiceRequest.id).where(ServiceRequest.source_ref == ref)
    ((id,),) = rows(company, query)
    (complaint,) = company.rows(Complaint, request_id=id)
    return complaint


def told(company: Company, subject: str, id: int) -> list[tuple[str, str | None, str | None]]:
    return company.history(subject, id)


# The real complaints


def test_the_queue_holds_every_open_car_complaint(company: Company) -> None:
    bring(company, SourceFile(CARS.name, CARS), CAR_MAP)
    page = queued(company)
    assert (page.total, len(page.rows)) == (231 + 26, 30)
    assert queued(company, ended=True).total == 286 + 57
    assert {row.status for row in page.rows} == {ComplaintStatus.RECORDED}
    assert {(row.case.due_by, row.case.clause, row.case.late) for row in page.rows} <= {
        ("complaint_acknowledged", "A8", True),
        ("complaint_solved", "A11", True),
    }
    assert is_whole(company)


def test_a_chinese_word_finds_its_complaints(company: Company) -> None:
    bring(company, SourceFile(CARS.name, CARS), CAR_MAP)
    opened, ended = queued(company, text="异响"), queued(company, text="异响", ended=True)
    said = rows(company, select(ServiceRequest.id).where(ServiceRequest.symptom.contains("异响")))
    assert opened.total + ended.total == len(said) > 30
    assert all("异响" in row.case.symptom for row in opened.rows)


def test_the_queue_is_narrowed(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    product = queued(sqlite_company, product="阿特兹")
    assert product.total > 0
    assert {row.case.product for row in product.rows} == {"一汽马自达 阿特兹"}
    assert queued(sqlite_company, status=ComplaintStatus.JUDGED).total == 0
    assert queued(sqlite_company, view=View.LATE).total == 257
    assert queued(sqlite_company, text="482026").total == 1


def test_an_imported_complaint_is_opened_and_judged(company: Company) -> None:
    bring(company, SourceFile(CARS.name, CARS), CAR_MAP)
    (row,) = queued(company, text="482026").rows
    seen = company.see("quality", complaint_view.view, case_id=row.case.case_id)
    names = [rule.action.name for rule in seen.actions if rule.action]
    assert {"judge", "dismiss", "merge", "link"} <= set(names)
    command = Judge(nature="product_quality.failure")
    company.do(
        "quality",
        workflow.act,
        actions.PROCESS,
        id=row.id,
        command=command,
        seen_version=row.version,
    )
    judged = company.get(Complaint, row.id)
    assert (judged.status, judged.founded) == (ComplaintStatus.JUDGED, True)
    request = company.get(ServiceRequest, row.case.case_id)
    assert (request.status, request.case_class) == (RequestStatus.IN_PROGRESS, "product_quality")
    assert queued(company, status=ComplaintStatus.JUDGED).total == 1
    assert told(company, "complaint", row.id) == [
        ("recorded", "recorded", "recorded"),
        ("judged", "recorded", "judged"),
    ]
    assert is_whole(company)


def test_a_closed_car_complaint_is_over_since_its_import(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CARS.name, CARS), CAR_MAP)
    row = queued(sqlite_company, ended=True).rows[0]
    events = sqlite_company.see("manager", history.timeline, case_id=row.case.case_id)
    assert [(e.subject, e.action, e.actor) for e in events] == [
        ("request", "registered", ""),
        ("complaint", "recorded", ""),
        ("request", "imported", "manager"),
        ("complaint", "closed", "manager"),
    ]
    assert events[-1].at == NOW


def test_the_suggestions_of_a_city_are_collected(sqlite_company: Company) -> None:
    bring(sqlite_company, SourceFile(CITY.name, CITY), CITY_MAP)
    statuses = [row.status for row in sqlite_company.rows(Suggestion)]
    assert statuses == [SuggestionStatus.COLLECTED] * 4
    assert len(sqlite_company.rows(Complaint)) == 14 + 242 + 283
    assert is_whole(sqlite_company)


# What stands in the file


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ComplaintStatus.RECORDED),
        ({"状态": "维修中"}, ComplaintStatus.RECORDED),
        (DONE, ComplaintStatus.CLOSED),
        (DONE | {"状态": "完成"}, ComplaintStatus.CLOSED),
        (DONE | {"状态": "作废"}, ComplaintStatus.WITHDRAWN),
    ],
)
def test_a_complaint_stands_where_its_case_stands(
    sqlite_company: Company, cells: dict[str, str], expected: ComplaintStatus
) -> None:
    bring(sqlite_company, table({"类型": "投诉"} | cells), SERVICE)
    complaint = of(sqlite_company, "W1")
    assert complaint.status is expected
    closed = local("2026-02-04 15:00") if expected is ComplaintStatus.CLOSED else None
    assert complaint.closed_at == closed
    first = ComplaintStatus.RECORDED
    steps = [("recorded", first, first)]
    if expected is not first:
        steps.append((expected.value, first, expected))
    assert told(sqlite_company, "complaint", complaint.id) == steps
    assert is_whole(sqlite_company)


def test_feedback_and_suggestions_have_their_own_files(company: Company) -> None:
    feedback = {"单号": "W2", "序列号": "SN2", "类型": "质量反馈"}
    suggestion = {"单号": "W3", "序列号": "SN3", "类型": "建议"}
    bring(company, table({}, feedback, suggestion), SERVICE)
    gone = {"状态": "作废", "完成时间": "2026-02-04"}
    ended = [
        feedback | DONE | {"单号": "W4"},
        suggestion | DONE | {"单号": "W5"},
        feedback | gone | {"单号": "W6"},
        suggestion | gone | {"单号": "W7"},
    ]
    bring(company, table(*ended), SERVICE)
    quality = [(row.status, row.closed_at is not None) for row in company.rows(QualityFeedback)]
    recorded, closed, withdrawn = (
        QualityStatus.RECORDED,
        QualityStatus.CLOSED,
        QualityStatus.WITHDRAWN,
    )
    assert quality == [(recorded, False), (closed, True), (withdrawn, False)]
    assert [row.status for row in company.rows(Suggestion)] == [
        SuggestionStatus.COLLECTED,
        SuggestionStatus.ANSWERED,
        SuggestionStatus.WITHDRAWN,
    ]
    assert company.rows(Complaint) == []
    assert is_whole(company)


def test_a_customer_who_is_not_content_has_an_old_complaint_opened_again(
    sqlite_company: Company,
) -> None:
    bring(sqlite_company, table({"类型": "投诉"} | DONE), SERVICE)
    row = of(sqlite_company, "W1")
    command = Reopen(note="还是不行")
    sqlite_company.do(
        "manager",
        workflow.act,
        actions.PROCESS,
        id=row.id,
        command=command,
        seen_version=row.version,
    )
    again = of(sqlite_company, "W1")
    assert (again.status, again.level) == (ComplaintStatus.RECORDED, 1)
    (case,) = sqlite_company.rows(ServiceRequest)
    assert case.status is RequestStatus.IN_PROGRESS


@pytest.mark.parametrize(
    ("word", "kind", "case_class", "limit"),
    [
        ("质量", "投诉", "product_quality", "quality_complaint_solved"),
        ("物流", "投诉", "logistics", "logistics_complaint_solved"),
        ("服务", "投诉", "service", "complaint_solved"),
        ("别的", "投诉", "", "complaint_solved"),
        ("质量", "质量反馈", "product_quality", "quality_complaint_solved"),
        ("物流", "报修", "", "service_done"),
    ],
)
def test_the_class_of_the_file_is_kept_where_the_rule_book_knows_it(
    sqlite_company: Company, word: str, kind: str, case_class: str, limit: str
) -> None:
    bring(sqlite_company, table({"类型": kind, "投诉类别": word}), SERVICE)
    (case,) = sqlite_company.rows(ServiceRequest)
    assert case.case_class == case_class
    solved = sqlite_company.rows(Limit, request_id=case.id, measure="resolution")
    assert [row.name for row in solved] == [limit]
    assert case.kind in RequestKind
