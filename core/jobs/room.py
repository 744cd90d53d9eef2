"""The room of jobs: what follows for technicians and cases."""

from functools import partial

from core.jobs import (
    actions,
    calls,
    papers,
    putting_off,
    sheets,
    told,
    unfinished,
    urging,
    warranty_card,
    worksheet,
)
from core.jobs.papers import ServiceFacts
from core.notices.notices import tells
from core.papers.paper import Paper
from core.process.room import Pile, Room
from core.process.rules import after
from core.requests import waiting
from core.requests.lists import Queue, how_many
from db.codes import JobResult, VisitOutcome

ROOM = Room(
    "jobs",
    processes=(actions.PROCESS, sheets.PROCESS),
    after=(
        tells(told.sent, *told.FOR_THE_TECHNICIAN),
        tells(told.planned, "job.planned"),
        tells(told.sent_instead, "job.reassigned"),
        tells(told.called_off, "job.withdrawn", "job.cancelled"),
        tells(told.form_sent_back, "job.form_sent_back"),
        tells(sheets.kept, "job_sheet.kept"),
        tells(sheets.decided, "job_sheet.taken_over", "job_sheet.set_aside"),
        tells(urging.urged, "request.urged"),
        after("job.finished", do=actions.tell_finished),
        after("job.visit_ended", do=actions.go_on, when=unfinished.goes_on),
        after("job.withdrawn", do=actions.tell_withdrawn),
        after("request.waiting", do=putting_off.move_visit, when=waiting.has_new_time),
        tells(told.goes_on, "request.resumed"),
        after("request.dispatched", do=actions.assign),
        after("request.cancelled", do=actions.withdraw_with_request),
    ),
    piles=(
        Pile("jobs", "job:work", worksheet.how_many),
        Pile("late_reports", sheets.DECIDE, partial(how_many, name=Queue.LATE_REPORTS)),
    ),
    papers=(
        Paper("acceptance_slip", ServiceFacts, papers.acceptance),
        Paper("service_report", ServiceFacts, papers.report),
        Paper(
            "warranty_card",
            warranty_card.WarrantyCardFacts,
            warranty_card.card,
            about=warranty_card.of_case,
        ),
    ),
    codes={"outcome": (VisitOutcome, calls.CallOutcome), "result": (JobResult,)},
)
