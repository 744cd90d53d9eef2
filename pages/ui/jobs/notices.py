"""What technicians are told of their jobs, and where it leads them."""

from core.codes import NoticeKind
from core.jobs import worksheet
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Lines, Place

SENT = N_("You are sent: please agree a time with the customer")

LINES: Lines = {
    (NoticeKind.ASSIGNED, "job.assigned"): SENT,
    (NoticeKind.ASSIGNED, "job.reassigned"): SENT,
    (NoticeKind.ASSIGNED, "job.visit_agreed"): N_("A visit was agreed for you"),
    (NoticeKind.ASSIGNED, "job.visit_moved"): N_("Your visit was moved to another time"),
    (NoticeKind.WITHDRAWN, "job.reassigned"): N_("Somebody else is sent in your place"),
    (NoticeKind.WITHDRAWN, "job.withdrawn"): N_("You need not go: the job was taken back"),
    (NoticeKind.WITHDRAWN, "job.cancelled"): N_("You need not go: the case was cancelled"),
}


def place(notice: NoticeView) -> Place | None:
    """To the job, as long as it is the person's own."""
    job = notice.data.get("job")
    if job is None or not gate.allowed("job:work"):
        return None
    mine = {each.id for each in gate.read(worksheet.mine)}
    return Place("job", {"id": str(job)}) if job in mine else None
