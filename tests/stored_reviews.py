"""One row of everything that reviews store, and what the database refuses about them."""

from typing import Any

from db.codes import (
    ComplaintStatus,
    FaultArea,
    ImprovementKind,
    ImprovementStatus,
    MeasureKind,
    PenaltyBase,
    PenaltyGround,
    PenaltyStatus,
    QualityStatus,
    SuggestionStatus,
)
from db.tables import (
    Attachment,
    Complaint,
    ComplaintMeasure,
    Improvement,
    Penalty,
    QualityFeedback,
    RepeatFault,
    Responsible,
    Suggestion,
)
from tests import stored_rows
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    people = {name: s.company[name].id for name in ("manager", "leader", "quality", "handler")}
    s.people = people
    s.complaint = complaint_of(s, s.case, ComplaintStatus.CLOSED)
    s.complaint.about_id, s.complaint.handler_id = s.technician, people["handler"]
    s.complaint.proposed_by_id, s.complaint.approved_by_id = people["quality"], people["manager"]
    s.merged = complaint_of(s, s.open_case, ComplaintStatus.MERGED, into=s.complaint.id)
    s.responsible = s.add(responsible(s))
    s.measure = s.add(ComplaintMeasure(complaint_id=s.complaint.id, kind=MeasureKind.REFUND))
    s.penalty = s.add(penalty(s))
    s.improvement = s.add(improvement(s))
    s.alarm_row = s.add(alarm(s, settled_at=NOW, settled_by_id=people["manager"]))
    s.add(alarm(s))
    s.feedback = s.add(QualityFeedback(request_id=s.case.id, status=QualityStatus.RECORDED))
    status = SuggestionStatus.COLLECTED
    s.add(Suggestion(request_id=s.case.id, status=status, handler_id=people["handler"]))
    s.attachment = s.add(attachment(s))


def complaint_of(s: Any, case: Any, status: ComplaintStatus, **facts: Any) -> Complaint:
    return stored_rows.complaint(s.session, case, status, **facts)


def responsible(s: Any, **facts: Any) -> Responsible:
    values = {"department": "freight", "person_id": s.people["handler"], "share_percent": 100}
    return Responsible(complaint_id=s.complaint.id, **values | facts)


def penalty(s: Any, **facts: Any) -> Penalty:
    values: dict[str, Any] = {
        "complaint_id": s.complaint.id,
        "person_id": s.technician,
        "ground": PenaltyGround.PERSON,
        "share_of": PenaltyBase.BONUS,
        "percent": 10,
        "loss_cents": 0,
        "clause": "E14",
        "reason": "漏检",
        "status": PenaltyStatus.UPHELD,
        "decided_by_id": s.people["manager"],
        "decided_at": NOW,
        "appeal": "不服",
        "reviewed_by_id": s.people["leader"],
    }
    return Penalty(**values | facts)


def improvement(s: Any, **facts: Any) -> Improvement:
    values: dict[str, Any] = {
        "request_id": s.case.id,
        "kind": ImprovementKind.PREVENTIVE,
        "measure": "加测",
        "status": ImprovementStatus.EFFECTIVE,
        "owner_id": s.technician,
        "due_on": NOW.date(),
        "product_id": s.product.id,
        "fault_area": FaultArea.NOISE,
        "planned_at": NOW,
        "done_at": NOW,
        "checked_by_id": s.people["quality"],
    }
    return Improvement(**values | facts)


def alarm(s: Any, **facts: Any) -> RepeatFault:
    values = {"product_id": s.product.id, "fault_area": FaultArea.NOISE, "request_id": s.case.id}
    values["status"] = "settled" if "settled_at" in facts else "open"
    return RepeatFault(**values | {"count": 3, "days": 90, "raised_at": NOW} | facts)


def attachment(s: Any, **facts: Any) -> Attachment:
    values = {"request_id": s.case.id, "digest": "d", "name": "a.jpg", "mime": "image/jpeg"}
    more = {"size": 1, "added_by_id": s.technician, "added_at": NOW}
    return Attachment(**values | more | facts)


# The constraint's name, and what would break it.
SPOILERS: dict[str, Any] = {
    "ck_complaints_approved_by_another": lambda s: s.change(
        s.complaint, approved_by_id=s.people["quality"]
    ),
    "ck_complaints_level_range": lambda s: s.change(s.complaint, level=3),
    "ck_complaints_loss_not_negative": lambda s: s.change(s.complaint, loss_cents=-1),
    "ck_complaints_merged_into": lambda s: s.change(s.merged, merged_into_id=None),
    "ck_complaints_merged_into_another": lambda s: s.change(s.merged, merged_into_id=s.merged.id),
    "uq_complaints_request_id": lambda s: s.change(s.merged, request_id=s.case.id),
    "ck_complaint_responsibles_share_range": lambda s: s.change(s.responsible, share_percent=0),
    "uq_complaint_responsibles_complaint_id_department_person_id": lambda s: s.add(responsible(s)),
    "ck_complaint_measures_cost_not_negative": lambda s: s.change(s.measure, cost_cents=-1),
    "ck_penalties_percent_range": lambda s: s.change(s.penalty, percent=100.5),
    "ck_penalties_loss_not_negative": lambda s: s.change(s.penalty, loss_cents=-1),
    "ck_penalties_decided_by_another": lambda s: s.change(s.penalty, decided_by_id=s.technician),
    "ck_penalties_reviewed_by_another": lambda s: s.change(
        s.penalty, reviewed_by_id=s.people["manager"]
    ),
    "ck_penalties_appealed_with_words": lambda s: s.change(s.penalty, appeal=""),
    "ck_penalties_reviewed_when": lambda s: s.change(s.penalty, reviewed_by_id=None),
    "ck_improvements_done_when": lambda s: s.change(s.improvement, done_at=None),
    "ck_improvements_checked_when": lambda s: s.change(s.improvement, checked_by_id=None),
    "ck_improvements_checked_by_another": lambda s: s.change(
        s.improvement, checked_by_id=s.technician
    ),
    "ck_repeat_faults_counted": lambda s: s.change(s.alarm_row, count=0),
    "uq_repeat_faults_open": lambda s: s.add(alarm(s)),
    "ck_quality_feedback_sample_not_negative": lambda s: s.change(s.feedback, sample_quantity=-1),
    "ck_quality_feedback_defects_within_tested": lambda s: s.change(s.feedback, defect_quantity=1),
    "uq_quality_feedback_request_id": lambda s: s.add(
        QualityFeedback(request_id=s.case.id, status=QualityStatus.RECORDED)
    ),
    "uq_suggestions_request_id": lambda s: s.add(
        Suggestion(request_id=s.case.id, status=SuggestionStatus.COLLECTED)
    ),
    "uq_attachments_request_id_digest": lambda s: s.add(attachment(s)),
    "ck_attachments_not_empty": lambda s: s.change(s.attachment, size=0),
}
