"""A technician's next day on the road: stops in order, confirmed as one, or reminded of (E6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from core.dispatch import sites
from core.jobs import actions as jobs
from core.jobs.worksheet import JobCard
from core.kernel.errors import Refused
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.roster import hours, roads
from db.codes import NoticeKind
from db.tables import Job, Notice

FACT = "job.unconfirmed"


@dataclass(frozen=True)
class Leg:
    """A stop, and the minutes from the one before; None where one of them is not on the map."""

    job: JobCard
    start: datetime
    minutes: int | None


@dataclass(frozen=True)
class DayRoute:
    """A technician's next day with anything planned; tomorrow, where there is none."""

    day: date
    legs: tuple[Leg, ...]

    @property
    def open(self) -> Mapping[int, int]:
        """The jobs whose plan is to be confirmed, with their versions."""
        return {leg.job.id: leg.job.version for leg in self.legs if _is_open(leg.job)}


def ahead(uow: UnitOfWork, *, cards: Iterable[JobCard]) -> DayRoute:
    """The next day of the actor's own worksheet, `cards`, as a route."""
    require(uow, "job:work")
    zone, tomorrow = uow.actor.zone_info, uow.today + timedelta(days=1)
    timed = [(start, card) for card in cards if (start := _start(card))]
    days = [start.astimezone(zone).date() for start, _card in timed]
    day = min((each for each in days if each >= tomorrow), default=tomorrow)
    mine = [pair for pair, on in zip(timed, days, strict=True) if on == day]
    mine.sort(key=lambda pair: (pair[0], pair[1].id))
    return DayRoute(day, tuple(_legs(uow, mine)))


def confirm(uow: UnitOfWork, *, seen: Mapping[int, int]) -> list[int]:
    """Confirm the plans that were seen; gives the jobs whose plan is not that one any more."""
    changed = []
    for id, version in sorted(seen.items()):
        try:
            workflow.act(uow, jobs.PROCESS, id=id, command=jobs.ConfirmPlan(), seen_version=version)
        except Refused:  # nothing has changed then: the others are confirmed all the same
            changed.append(id)
    about = Notice.data["fact"].as_string() == FACT
    notices.mark(uow, Notice.person_id == uow.actor.id, about)
    return changed


def unconfirmed(uow: UnitOfWork, *, day: date, people: Sequence[int]) -> dict[int, int]:
    """Who has plans of a day that are still to be confirmed, and how many."""
    require(uow, "job:dispatch")
    whole = hours.whole(day, uow.actor.zone_info)
    rows = uow.session.execute(
        select(Job.technician_id, func.count())
        .join(Job.request)
        .where(Job.technician_id.in_(people), Job.status.in_(jobs.OFF_SITE))
        .where(Job.planned_from >= whole.start, Job.planned_from < whole.end)
        .where(Job.confirmed_at.is_(None), Job.planned_to > uow.now)
        .where(visible_requests(uow.actor))
        .group_by(Job.technician_id)
        .order_by(Job.technician_id)
    )
    return {row[0]: row[1] for row in rows}


def remind(uow: UnitOfWork, *, day: date, people: Sequence[int]) -> int:
    """Tell who has plans of a day to confirm, once for the day; gives how many there are."""
    asked = unconfirmed(uow, day=day, people=people)
    for person, count in asked.items():
        notices.put(
            uow,
            people=[person],
            kind=NoticeKind.YOUR_TURN,
            source=f"{FACT}:{day}",
            data={"fact": FACT, "day": day.isoformat(), "jobs": count},
        )
    return len(asked)


def _start(card: JobCard) -> datetime | None:
    return None if card.finished_at else card.planned_from or card.agreed_from


def _is_open(card: JobCard) -> bool:
    return any(rule.action is jobs.ConfirmPlan for rule in card.actions)


def _legs(uow: UnitOfWork, mine: Sequence[tuple[datetime, JobCard]]) -> Iterable[Leg]:
    known = sites.known(uow, [card.case_id for _start, card in mine])
    before = sites.of_people(uow, [uow.actor.id or 0]).get(uow.actor.id or 0)
    for start, card in mine:
        here = known.get(card.case_id)
        yield Leg(card, start, roads.drive(before, here))
        before = here
