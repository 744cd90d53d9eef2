"""A ready-made company to look at: stations, staff, customers and some months of cases.

Everything goes through the commands that the screens send, each at its own moment, so that
history, limits and figures are true. The same seed and the same now make the same company.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from core.demo import billing, days, founding, places, stage
from core.demo.founding import PASSWORD
from core.kernel.unit_of_work import transaction
from core.process import history
from db.codes import Role
from db.tables import Company, History, Person

__all__ = ["PASSWORD", "Account", "accounts", "build", "has_company"]

MADE = "demo_made"
CASES_PER_DAY = 6.4
CUSTOMERS = 250


@dataclass(frozen=True)
class Account:
    """Somebody of the demo company whom a visitor may sign in as, with PASSWORD."""

    username: str
    role: Role
    name: str
    station: str


def build(
    engine: Engine,
    *,
    now: datetime,
    months: int = 4,
    seed: int = 7,
    cases_per_day: float = CASES_PER_DAY,
    customers: int = CUSTOMERS,
) -> None:
    """Found the demo company and let it live until now; NotAllowed where there is a company.

    One transaction: either the whole company is there, or nothing.
    """
    start = now - timedelta(days=round(months * 30.4))
    with transaction(engine, write=True) as session:
        world = founding.found(session, now=now, start=start, seed=seed)
        founding.gather_customers(world, customers)
        billing.found(world)
        days.fill(world, cases_per_day)
        stage.set_scene(world)
        world.live()
        places.put_on_the_map(world)
        uow = world.uow(world.office, now)
        history.record(uow, subject="company", subject_id=1, action=MADE)


def has_company(engine: Engine) -> bool:
    """Whether the database belongs to a company already."""
    with transaction(engine, write=False) as session:
        return session.get(Company, 1) is not None


def accounts(engine: Engine) -> tuple[Account, ...]:
    """Who may be signed in as; nobody unless this is the demo company."""
    with transaction(engine, write=False) as session:
        if not _is_demo(session):
            return ()
        people = session.scalars(
            select(Person).where(Person.active).options(joinedload(Person.station))
        )
        order = list(Role)
        return tuple(
            Account(each.username, each.role, each.name, each.station.name if each.station else "")
            for each in sorted(people, key=lambda each: (order.index(each.role), each.id))
        )


def _is_demo(session: Session) -> bool:
    made = select(History.id).where(
        History.subject == "company", History.subject_id == 1, History.action == MADE
    )
    return session.scalar(made) is not None
