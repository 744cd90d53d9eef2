"""The customer's signature below a report, drawn on the screen and bound to what it says (E12)."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated

from PIL import Image, ImageDraw
from pydantic import Field
from sqlalchemy import select

from core.kernel import chain
from core.kernel.errors import InvalidInput, Problem, Stale
from core.kernel.inputs import Action, RequiredLine
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from db import files
from db.tables import Job, JobTick

# Where the points of a drawing lie; the picture is as large.
WIDTH, HEIGHT, PEN = 720, 300, 5
# A line shorter than this is a slip of the finger.
SHORTEST = 40
MOST_POINTS = 5000
OF_REPORT = (
    *("result", "cause", "work_done", "parts", "labour_cents", "parts_cents", "confirmed_by"),
    *("technician_id", "request_id", "unticked_reason"),
)

# Told later than the others: a report without them was signed without them.
SINCE = ("symptom_found", "explained")

Line = list[Annotated[list[int], Field(min_length=2, max_length=2)]]


class Signature(Action):
    """Somebody draws a name on the screen."""

    signer: RequiredLine
    strokes: Annotated[list[Line], Field(max_length=500)]


class SignReport(Signature):
    """The customer signs the report on the screen (E12)."""


class AcceptReport(Action):
    """The customer has read the acceptance slip of this digest by link, and confirms it (D11)."""

    seen: Annotated[str, Field(max_length=64)]
    signer: RequiredLine


@dataclass(frozen=True)
class Signed:
    """Who signed a report, and when; whether it was changed since."""

    by: str
    at: datetime
    is_changed: bool
    # Confirmed by the link of the case: nothing was drawn.
    by_link: bool = False
    # Of the picture; None when it is not there as it was.
    picture: bytes | None = None


def digest(uow: UnitOfWork, job: Job) -> str:
    """The SHA-256 of a report in its canonical form: what the technician wrote, and the ticks."""
    rows = uow.session.execute(
        select(JobTick.check_list, JobTick.item)
        .where(JobTick.job_id == job.id)
        .order_by(JobTick.check_list, JobTick.item)
    )
    said = {name: getattr(job, name) for name in OF_REPORT}
    said |= {name: told for name in SINCE if (told := getattr(job, name))}
    said |= {"id": job.id, "finished_at": job.finished_at and job.finished_at.isoformat()}
    said["ticks"] = [list(row) for row in rows]
    return chain.digest_of(said)


def is_unsigned(job: Job) -> bool:
    """Whether nobody has signed the report."""
    return job.signed_at is None


def is_open(job: Job) -> bool:
    """Whether nobody has signed the report, nor confirmed it by link."""
    return is_unsigned(job) and job.accepted_at is None


def sign(uow: UnitOfWork, job: Job, command: SignReport) -> Done:
    """Keep the drawing and what it was set under."""
    check(command.strokes)
    job.signed_what = digest(uow, job)
    job.signed_by, job.signed_at = command.signer, uow.now
    job.signature = keep(command.strokes)
    # The digests too: the chain of history then vouches for the drawing and for the report.
    data = {"signed_by": job.signed_by, "sha256": job.signature, "of": job.signed_what}
    return Done(data=data)


def accept(uow: UnitOfWork, job: Job, command: AcceptReport) -> Done:
    """Keep who has confirmed what; Stale when it is another report than was read."""
    job.accepted_what = digest(uow, job)
    if command.seen != job.accepted_what:
        raise Stale(subject="job")
    job.accepted_by, job.accepted_at = command.signer, uow.now
    return Done(data={"signed_by": job.accepted_by, "of": job.accepted_what})


def of_job(uow: UnitOfWork, job: Job) -> Signed | None:
    """The signature of a job's report, or that it was confirmed by link; None without either."""
    if job.signed_at and job.signature:
        is_changed = job.signed_what != digest(uow, job)
        drawing = picture_of(job.signature)
        return Signed(job.signed_by, job.signed_at, is_changed, picture=drawing)
    if job.accepted_at:
        is_changed = job.accepted_what != digest(uow, job)
        return Signed(job.accepted_by, job.accepted_at, is_changed, by_link=True)
    return None


def picture_of(signature: str) -> bytes | None:
    """The drawing of a digest; None where it is not there as it was."""
    stored = files.load(signature)
    return stored if stored is not None and files.sha256(stored) == signature else None


def check(strokes: list[Line]) -> None:
    """InvalidInput where nothing was drawn, or far too much."""
    if _length(strokes) < SHORTEST:
        raise InvalidInput(Problem("strokes", "not_signed"))
    if sum(map(len, strokes)) > MOST_POINTS:
        raise InvalidInput(Problem("strokes", "too_long"))


def keep(strokes: list[Line]) -> str:
    """Keep the drawing; gives its digest."""
    return files.keep(draw(strokes))


def draw(strokes: list[Line]) -> bytes:
    """The drawing as a PNG, black on white whatever the screen looked like."""
    picture = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(picture)
    for line in strokes:
        points = [(x, y) for x, y in line]
        pen.line([*points, *points[-1:]], 0, PEN, joint="curve")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _length(strokes: list[Line]) -> int:
    """How long the drawing is, in its own units."""
    pairs = (pair for line in strokes for pair in zip(line, line[1:], strict=False))
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairs)
