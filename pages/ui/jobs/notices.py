"""What technicians are told of their jobs, and where it leads them."""

from core.codes import NoticeKind
from core.jobs import worksheet
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _planned(say: Say, data: Data) -> str:
    _ = say.text
    if data.get("planned"):
        return _("Another time is planned for you: please confirm it")
    return _("Your visit has no planned time any more: another one follows")


SENT = N_("You are sent: please agree a time with the customer")

LINES: Lines = {
    (NoticeKind.ASSIGNED, "job.assigned"): SENT,
    (NoticeKind.ASSIGNED, "job.reassigned"): SENT,
    (NoticeKind.ASSIGNED, "job.planned"): _planned,
    (NoticeKind.ASSIGNED, "job.replanned"): N_("Please agree the visit anew: its time has changed"),
    (NoticeKind.ASSIGNED, "job.visit_agreed"): N_("A visit was agreed for you"),
    (NoticeKind.ASSIGNED, "job.visit_moved"): N_("Your visit was moved to another time"),
    (NoticeKind.WITHDRAWN, "job.reassigned"): N_("Somebody else is sent in your place"),
    (NoticeKind.WITHDRAWN, "job.withdrawn"): N_("You need not go: the job was taken back"),
    (NoticeKind.WITHDRAWN, "job.cancelled"): N_("You need not go: the case was cancelled"),
    (NoticeKind.YOUR_TURN, "job.form_sent_back"): N_("Your service form came back: {note}"),
    (NoticeKind.YOUR_TURN, "job_sheet.kept"): N_(
        "A report came late from a telephone: please decide what becomes of it"
    ),
    (NoticeKind.YOUR_TURN, "job_sheet.taken_over"): N_("Your late report was taken over"),
    (NoticeKind.YOUR_TURN, "job_sheet.set_aside"): N_("Your late report was set aside: {note}"),
    (NoticeKind.YOUR_TURN, "job.unconfirmed"): N_("Please confirm your plan: {jobs} jobs"),
}


def place(notice: NoticeView) -> Place | None:
    """To the job, as long as it is the person's own; to the route that is to be confirmed."""
    if notice.data.get("fact") == "job.unconfirmed":
        return Place("my_jobs", {"my_jobs_part": "ahead"})
    job = notice.data.get("job")
    if job is None or not gate.allowed("job:work"):
        return None
    mine = {each.id for each in gate.read(worksheet.mine)}
    return Place("job", {"id": str(job)}) if job in mine else None
