"""The signed service form: handed in, then found right or sent back with the reason (E2)."""

from core.kernel.inputs import Action, LongText, RequiredText
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from db.tables import Job


class FileForm(Action):
    """The service form is handed in for review and archive, the same day (E2)."""

    note: LongText = ""


class ReviewForm(Action):
    """The form is complete and right: it goes into the archive."""

    note: LongText = ""


class SendBackForm(Action):
    """Something is missing or wrong in the form: the technician puts it right."""

    note: RequiredText


def is_owed(job: Job) -> bool:
    """Whether it is still to come, or to come again."""
    return job.filed_at is None


def is_to_review(job: Job) -> bool:
    """Whether it was handed in and nobody has looked at it."""
    return job.filed_at is not None and job.reviewed_at is None


def hand_in(uow: UnitOfWork, job: Job, command: FileForm) -> Done:
    """It is here; what was wrong with it before is put right."""
    job.filed_at, job.form_fault = uow.now, ""
    return Done(note=command.note)


def review(uow: UnitOfWork, job: Job, command: ReviewForm) -> Done:
    """It is archived."""
    job.reviewed_at = uow.now
    return Done(note=command.note)


def send_back(_uow: UnitOfWork, job: Job, command: SendBackForm) -> Done:
    """It is owed again."""
    job.filed_at, job.form_fault = None, command.note
    return Done(note=command.note)
