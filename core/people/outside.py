"""People whom the company's own sign-in service vouches for (OpenID Connect)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import records, sign_ins
from core.people.records import Place
from db.codes import AccessKind
from db.tables import Person


def clean(name: str) -> str | None:
    """A name of the service as it is compared; None for an empty one."""
    return name.strip().lower() or None


def open_for(session: Session, name: str, now: datetime, place: Place) -> str | None:
    """Open a sign-in for whom the service vouches; None, and a record, where nobody is called so.

    A code of the telephone is asked for all the same where the person or the role has one.
    """
    person = _person(session, name)
    if person is None:
        records.note(session, AccessKind.FAILED, now, place=place)
        return None
    return sign_ins.begin(session, person, now, place, outside=True)


def confirm(session: Session, secret: str, name: str, at: datetime, now: datetime) -> bool:
    """The service vouched once more, at a moment: it counts as the password given again."""
    row, person = sign_ins.open_row(session, secret), _person(session, name)
    if row is None or person is None or row.person_id != person.id or at <= row.confirmed_at:
        return False
    row.confirmed_at = now
    records.note(session, AccessKind.CONFIRMED, now, person_id=person.id)
    return True


def _person(session: Session, name: str) -> Person | None:
    called = clean(name)
    # Nobody is called nothing: most people here have no name there.
    if called is None:
        return None
    return session.scalar(select(Person).where(Person.outside_name == called, Person.active))
