"""The database itself refuses what must never be true, whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Enum, Index, Table, UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import transaction
from db.codes import (
    EmergencyStatus,
    FollowUpStatus,
    JobStatus,
    Language,
    NoticeKind,
    PieceStatus,
    Receiver,
    RequestStatus,
    ResourceStatus,
    Role,
    WaitReason,
)
from db.tables import (
    Asset,
    Base,
    Delivery,
    Draft,
    Emergency,
    EmergencyResource,
    Escalation,
    FormKey,
    History,
    HistoryCheck,
    ImportMap,
    ImportRun,
    Job,
    NormDraft,
    NormRevision,
    Notice,
    PaperTemplate,
    Person,
    Product,
    RecordChange,
    ServiceRequest,
    SignIn,
    SignInAttempt,
    Station,
    SurveyAnswer,
)
from db.tables import (
    Company as CompanyRow,
)
from tests import (
    articles,
    courses,
    stored_archive,
    stored_backups,
    stored_billing,
    stored_care,
    stored_figures,
    stored_links,
    stored_mail,
    stored_maintenance,
    stored_meetings,
    stored_messages,
    stored_online,
    stored_people,
    stored_reports,
    stored_returns,
    stored_reviews,
    stored_roster,
    stored_rows,
    stored_sheets,
    stored_shop,
    stored_stock,
)
from tests.company_cast import NOW, Company

BEFORE = NOW - timedelta(days=1)


class Stage:
    """A case with everything that hangs on it, to be spoilt."""

    def __init__(self, session: Session, company: Company) -> None:
        self.session = session
        self.company = company
        self.technician = company["technician"].id or 0
        add = self.add
        self.case = self.request(RequestStatus.RESOLVED)
        self.job = stored_rows.job(session, self.case, self.technician, JobStatus.DONE)
        self.call = stored_rows.call(session, self.case, FollowUpStatus.DUE)
        self.limit = stored_rows.limit(session, self.case)
        self.open_case = self.request(RequestStatus.IN_PROGRESS)
        self.open_job = self.job_of(self.open_case, JobStatus.AGREED)
        add(SurveyAnswer(follow_up_id=self.call.id, question="skill", score=9))
        self.product = add(Product(brand="海尔", model="X"))
        owner = self.case.customer_id
        self.asset = add(Asset(customer_id=owner, product_id=self.product.id, serial="S1"))
        self.case.asset_id, self.case.origin_id = self.asset.id, self.open_case.id
        stored_rows.customer(session, source="file", source_ref="1")
        self.case.source, self.case.source_ref = "file", "1"
        add(PaperTemplate(paper="slip", language=Language.ZH, content=b"", replaced_at=NOW))
        add(ImportMap(name="old tool", data={}))
        run = {"file_name": "f", "digest": "d", "added": 1, "known": 0, "refused": 0, "at": NOW}
        add(ImportRun(map_name="old tool", actor_id=self.technician, **run))
        add(FormKey(key="k", actor_id=self.technician, result=None, at=NOW))
        add(Draft(person_id=self.technician, form="job·1·finish_job", data={}, saved_at=NOW))
        add(NormDraft(person_id=self.technician, data={}, at=NOW))
        add(
            SignIn(
                digest="d",
                person_id=self.technician,
                **dict.fromkeys(("started_at", "expires_at", "seen_at", "confirmed_at"), NOW),
            )
        )
        add(SignInAttempt(name="d", address="", browser="", at=NOW))
        self.fact = add(self.history(sequence=1))
        self.change_of_fact()
        add(HistoryCheck(at=NOW, person_id=self.technician, places=0, said=[]))
        self.alarm()
        stored_reviews.fill(self)
        stored_returns.fill(self)
        stored_roster.fill(self)
        stored_maintenance.fill(self)
        stored_shop.fill(self)
        stored_meetings.fill(self)
        stored_figures.fill(self)
        stored_sheets.fill(self)
        stored_reports.fill(self)
        stored_stock.fill(self)
        stored_billing.fill(self)
        stored_backups.fill(self)
        stored_people.fill(self)
        stored_archive.fill(self)
        stored_care.fill(self)
        stored_links.fill(self)
        stored_mail.fill(self)
        stored_messages.fill(self)
        stored_online.fill(self)
        articles.fill(self)
        courses.fill(self)
        session.flush()

    def change_of_fact(self) -> None:
        facts = {"place": 1, "count": 1, "noun": "", "row_id": 0, "fact": "", "seal": ""}
        self.add(RecordChange(history_id=self.fact.id, old={}, new={}, **facts))

    def alarm(self) -> None:
        self.escalation()
        self.notice()
        self.delivery()
        self.emergency = self.emergency_of(self.case)
        self.resource = self.add(
            EmergencyResource(
                emergency_id=self.emergency.id,
                resource="吊车",
                quantity=1,
                status=ResourceStatus.REFUSED,
                asked_by_id=self.technician,
                decided_by_id=self.company["manager"].id,
            )
        )

    def escalation(self, **facts: Any) -> Escalation:
        facts = {"step": 0, "receiver": Receiver.OWNER, "at": NOW} | facts
        return self.add(Escalation(limit_id=self.limit.id, **facts))

    def notice(self) -> Notice:
        facts = {"kind": NoticeKind.ESCALATION, "source": "s", "data": {}, "at": NOW}
        return self.add(Notice(person_id=self.technician, case_id=self.case.id, **facts))

    def delivery(self, **facts: Any) -> Delivery:
        return self.add(
            Delivery(**{"source": "s", "channel": "c", "attempts": 1, "at": NOW} | facts)
        )

    def emergency_of(self, case: ServiceRequest, **facts: Any) -> Emergency:
        defaults = {"level": 1, "status": EmergencyStatus.DECLARED, "declared_at": NOW, "told": []}
        who = {"request_id": case.id, "happened": "漏氨", "declared_by_id": self.technician}
        return self.add(Emergency(**defaults | who | facts))

    def add(self, row: Any) -> Any:
        return stored_rows.add(self.session, row)

    def request(self, status: RequestStatus, **facts: Any) -> ServiceRequest:
        return stored_rows.request(self.session, self.company, status, **facts)

    def job_of(self, case: ServiceRequest, status: JobStatus, **facts: Any) -> Job:
        return stored_rows.job(self.session, case, self.technician, status, **facts)

    def history(self, sequence: int) -> History:
        return History(
            subject="request",
            subject_id=self.case.id,
            sequence=sequence,
            case_id=self.case.id,
            action="registered",
            actor_id=self.technician,
            at=NOW,
            data={},
            previous_hash="",
            hash="",
        )

    def change(self, row: Any, **facts: Any) -> None:
        for name, value in facts.items():
            setattr(row, name, value)
        self.session.flush()

    def person(self, username: str, **more: Any) -> Any:
        facts = {"name": "n", "role": Role.AGENT, "password_hash": ""}
        return self.add(Person(username=username, **facts | more))

    def revision(self, number: int) -> Any:
        facts = {"pack": "p", "in_force_on": NOW.date(), "signed_by": "", "created_at": NOW}
        return self.add(NormRevision(number=number, data={}, **facts))


# The constraint's name, and what would break it.
SPOILERS: dict[str, Any] = {
    "ck_company_only_one": lambda s: s.add(
        CompanyRow(
            id=2, name="x", time_zone="UTC", language=Language.EN, cookie_key="k", set_up_at=NOW
        )
    ),
    "ck_people_username_lower": lambda s: s.person("Wang"),
    "ck_products_warranty_not_negative": lambda s: s.change(s.product, warranty_months=-1),
    "ck_assets_repair_days_not_negative": lambda s: s.change(s.asset, repair_days=-1),
    "ck_assets_months_not_negative": lambda s: s.change(s.asset, warranty_months=-1),
    "ck_assets_left_when": lambda s: s.change(s.asset, left_on=NOW.date()),
    "ck_assets_ended_whence": lambda s: s.change(s.asset, ended_from=PieceStatus.HELD),
    "ck_requests_resolved_after": lambda s: s.change(s.case, resolved_at=BEFORE),
    "ck_requests_resolved_when": lambda s: s.request(RequestStatus.RESOLVED, resolved_at=None),
    "ck_requests_wanted_window": lambda s: s.change(s.case, wanted_from=NOW, wanted_to=NOW),
    "ck_requests_waits_until": lambda s: s.change(s.case, wait_until=NOW),
    "ck_requests_waits_open": lambda s: s.change(s.case, wait_reason=WaitReason.PART),
    "ck_jobs_money_not_negative": lambda s: s.change(s.job, parts_cents=-1),
    "ck_jobs_done_has_report": lambda s: s.change(s.job, finished_at=None),
    "ck_visits_window": lambda s: stored_rows.visit(
        s.session, s.job, sequence=2, agreed_to=s.job.assigned_at
    ),
    "ck_visits_ended_how": lambda s: stored_rows.visit(s.session, s.job, sequence=2, outcome=None),
    "ck_follow_ups_attempts_not_negative": lambda s: s.change(s.call, attempts=-1),
    "ck_follow_ups_ended_when": lambda s: s.change(s.call, ended_at=NOW),
    "ck_follow_ups_score_range": lambda s: s.change(s.call, score=10.5),
    "ck_survey_answers_score_range": lambda s: s.add(
        SurveyAnswer(follow_up_id=s.call.id, question="attitude", score=11)
    ),
    "ck_deliveries_attempted": lambda s: s.delivery(channel="d", attempts=0),
    "ck_deliveries_sent_or_failed": lambda s: s.delivery(channel="d", sent_at=NOW, failed_at=NOW),
    "ck_emergencies_closed_when": lambda s: s.change(s.emergency, closed_at=NOW),
    "ck_emergencies_closed_with_lesson": lambda s: s.change(
        s.emergency, status=EmergencyStatus.CLOSED, closed_at=NOW
    ),
    "ck_emergencies_level_range": lambda s: s.change(s.emergency, level=4),
    "ck_emergency_resources_decided_by_another": lambda s: s.change(
        s.resource, decided_by_id=s.technician
    ),
    "ck_emergency_resources_decided_by_somebody": lambda s: s.change(
        s.resource, decided_by_id=None
    ),
    "ck_emergency_resources_money_not_negative": lambda s: s.change(s.resource, used_cents=-1),
    "ck_emergency_resources_quantity_positive": lambda s: s.change(s.resource, quantity=0),
    "ck_escalations_step_not_negative": lambda s: s.escalation(step=-1),
    "ck_limits_due_after_start": lambda s: s.change(s.limit, due_at=BEFORE),
    "ck_limits_met_or_dropped": lambda s: s.change(s.limit, met_at=NOW, dropped_at=NOW),
    "uq_assets_product_id_serial": lambda s: s.add(
        Asset(customer_id=s.case.customer_id, product_id=s.product.id, serial="S1")
    ),
    "uq_customers_source_source_ref": lambda s: stored_rows.customer(
        s.session, source="file", source_ref="1"
    ),
    "uq_deliveries_source_channel": lambda s: s.delivery(),
    "uq_emergencies_request_id": lambda s: s.emergency_of(s.case),
    "uq_escalations_limit_id_step": lambda s: s.escalation(),
    "uq_notices_person_id_source": lambda s: s.notice(),
    "uq_follow_ups_open_request": lambda s: stored_rows.call(s.session, s.case, FollowUpStatus.DUE),
    "uq_record_changes_history_id_place": lambda s: s.change_of_fact(),
    "uq_history_subject_subject_id_sequence": lambda s: s.add(s.history(sequence=1)),
    "uq_import_maps_name": lambda s: s.add(ImportMap(name="old tool", data={})),
    "uq_jobs_open_request": lambda s: s.job_of(s.open_case, JobStatus.UNFINISHED),
    "uq_norm_revisions_number": lambda s: s.revision(1),
    "uq_paper_templates_paper_language": lambda s: s.add(
        PaperTemplate(paper="slip", language=Language.ZH, content=b"", replaced_at=NOW)
    ),
    "uq_people_username": lambda s: s.person("agent"),
    "ix_people_outside_name": lambda s: [s.person(n, outside_name="a@b.c") for n in ("x1", "x2")],
    "uq_products_brand_model_specification": lambda s: s.add(Product(brand="海尔", model="X")),
    "uq_requests_number": lambda s: s.change(s.case, number=s.open_case.number),
    "uq_requests_source_source_ref": lambda s: s.change(s.open_case, source="file", source_ref="1"),
    "uq_stations_name": lambda s: s.add(Station(name="North")),
    "uq_survey_answers_follow_up_id_question": lambda s: s.add(
        SurveyAnswer(follow_up_id=s.call.id, question="skill", score=1)
    ),
    "uq_visits_job_id_sequence": lambda s: stored_rows.visit(s.session, s.job),
    **stored_reviews.SPOILERS,
    **stored_returns.SPOILERS,
    **stored_roster.SPOILERS,
    **stored_care.SPOILERS,
    **stored_links.SPOILERS,
    **stored_mail.SPOILERS,
    **stored_messages.SPOILERS,
    **stored_online.SPOILERS,
    **stored_maintenance.SPOILERS,
    **stored_shop.SPOILERS,
    **stored_meetings.SPOILERS,
    **stored_figures.SPOILERS,
    **stored_sheets.SPOILERS,
    **stored_billing.SPOILERS,
    **stored_reports.SPOILERS,
    **stored_stock.SPOILERS,
    **stored_backups.SPOILERS,
    **stored_people.SPOILERS,
    **stored_archive.SPOILERS,
    **articles.SPOILERS,
    **courses.SPOILERS,
}


def named_constraints(table: Table) -> set[str]:
    names = {
        str(each.name)
        for each in table.constraints
        if isinstance(each, UniqueConstraint)
        or (isinstance(each, CheckConstraint) and not each._type_bound)
    }
    return names | {str(each.name) for each in table.indexes if each.unique}


def test_no_constraint_is_left_out() -> None:
    declared = {name for table in Base.metadata.sorted_tables for name in named_constraints(table)}
    assert declared == set(SPOILERS)


def test_bad_rows_are_refused(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        stage = Stage(session, company)
        for name, spoil in SPOILERS.items():
            savepoint = session.begin_nested()
            with pytest.raises(IntegrityError) as refusal:
                spoil(stage)
            savepoint.rollback()
            assert names_it(str(refusal.value.orig), name), (name, refusal.value.orig)


def names_it(message: str, constraint: str) -> bool:
    # SQLite names a broken UNIQUE by its columns, as in "stations.name".
    if constraint in message:
        return True
    indexes = [i for t in Base.metadata.sorted_tables for i in (*t.constraints, *t.indexes)]
    (found,) = [each for each in indexes if each.name == constraint]
    columns = ", ".join(f"{c.table.name}.{c.name}" for c in found.columns)
    return isinstance(found, UniqueConstraint | Index) and message.endswith(f": {columns}")


def test_a_second_job_is_taken_once_the_first_is_over(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        stage = Stage(session, company)
        stage.job_of(stage.case, JobStatus.CANCELLED)
        again = stage.job_of(stage.case, JobStatus.ASSIGNED)
        assert (
            len(session.scalars(select(Job).where(Job.request_id == again.request_id)).all()) == 3
        )


def test_unknown_codes_are_refused(company: Company) -> None:
    columns = [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    ]
    assert len(columns) >= 18
    with transaction(company.engine, write=True) as session:
        Stage(session, company)
        for table, column in columns:
            refused(session, f"UPDATE {table.name} SET {column.name} = 'nonsense'")


def test_rows_point_at_rows_that_exist(company: Company) -> None:
    keys = [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.foreign_keys
    ]
    with transaction(company.engine, write=True) as session:
        stage = Stage(session, company)
        filled = {table for table in Base.metadata.sorted_tables if has_rows(session, table)}
        assert filled == set(Base.metadata.sorted_tables) - {Base.metadata.tables["counters"]}
        for table, column in keys:
            spoilt = f"UPDATE {table.name} SET {column.name} = 424242"
            if column.unique:  # the key itself would be refused before it is looked up
                spoilt += f" WHERE id = (SELECT min(id) FROM {table.name})"
            refused(session, spoilt)
        refused(session, f"DELETE FROM customers WHERE id = {stage.case.customer_id}")


def has_rows(session: Session, table: Table) -> bool:
    return session.execute(select(table).limit(1)).first() is not None


def refused(session: Session, statement: str) -> None:
    savepoint = session.begin_nested()
    with pytest.raises(IntegrityError):
        session.execute(text(statement))
        pytest.fail(f"accepted: {statement}")
    savepoint.rollback()
