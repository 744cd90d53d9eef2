"""The mailbox is read once a minute: so many mails, each once, the talk outside of transactions.

How far it was read is written down in the transaction that takes a mail in: if the process dies
in between, the mail comes again; if two processes read, the second one finds it taken.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.exc import DataError

from core.kernel import once
from core.kernel.unit_of_work import Actor, Follows, UnitOfWork, unit_of_work
from core.mail import actions, boxes, letters, senders
from core.mail.boxes import Arrived, Box
from core.mail.letters import Enclosed, Letter
from core.messages import ways
from core.process import workflow
from db import files
from db.codes import MailFault, MailMachine
from db.tables import Mail, MailBox, MailFile

log = logging.getLogger("aftercare")

# So many mails a minute, and so many seconds: whatever else the minute has to do comes in turn.
MOST, SECONDS = 200, 30.0
# So long a process that has died keeps the others from the mailbox.
CLAIMED = timedelta(minutes=5)
# A server that is away is asked less and less often.
LONGEST_REST = 15
# More mails than that of one sender in an hour are written by no person.
FLOOD, FLOOD_SPAN = 30, timedelta(hours=1)


class Reader:
    """One reading of the mailbox: who reads, and how far it is."""

    def __init__(self, engine: Engine, actor: Actor, house: Follows, now: datetime | None) -> None:
        """A reading that writes with this engine, as this actor."""
        self.engine, self.actor, self.house, self.now = engine, actor, house, now
        self.until = monotonic() + SECONDS

    @contextmanager
    def writes(self) -> Iterator[UnitOfWork]:
        """A transaction of the reading."""
        with unit_of_work(self.engine, self.actor, self.house, write=True, now=self.now) as uow:
            yield uow


def read(engine: Engine, actor: Actor, house: Follows, *, now: datetime | None = None) -> None:
    """Take in what has come since the last time."""
    try:
        box = boxes.configured()
    except ValueError:
        log.error("%s is no address of a mailbox", boxes.SETTING)
        return
    reader = Reader(engine, actor, house, now)
    claim = _claim(reader, box) if box else None
    if box is None or claim is None:
        return
    fault: MailFault | None = None
    try:
        _take_all(reader, box, *claim)
    except boxes.TROUBLE as error:
        fault = boxes.fault_of(error)
        log.warning("the mailbox %s could not be read: %s", box.address, error)
    with reader.writes() as uow:
        _settle(uow, claim[0], fault)


def _claim(reader: Reader, box: Box) -> tuple[int, int, int] | None:
    """Id, series and last number of the mailbox; None while it rests, or another one reads it."""
    with reader.writes() as uow:
        once.add(uow.session, MailBox, address=box.address, series=0, last_uid=0, failures=0)
        free = or_(MailBox.busy_until.is_(None), MailBox.busy_until <= uow.now)
        mine = (
            update(MailBox)
            .where(MailBox.address == box.address, free)
            .values(busy_until=uow.now + CLAIMED)
            .returning(MailBox.id, MailBox.series, MailBox.last_uid)
        )
        found = uow.session.execute(mine).first()
        return (found[0], found[1], found[2]) if found else None


def _settle(uow: UnitOfWork, box_id: int, fault: MailFault | None) -> None:
    row = uow.session.get_one(MailBox, box_id, with_for_update=True)
    row.fault, row.failed_at = fault, uow.now if fault else None
    row.failures = row.failures + 1 if fault else 0
    row.read_at = row.read_at if fault else uow.now
    rest = timedelta(minutes=min(2 ** min(row.failures, 5), LONGEST_REST))
    row.busy_until = uow.now + rest if row.failures > 1 else None


def _take_all(reader: Reader, box: Box, box_id: int, series: int, last: int) -> None:
    with boxes.opened(box) as server:
        now = boxes.series(server, box)
        own = (box.own | {letters.address_key(ways.own_mailbox())}) - {""}
        for mail in boxes.arrived(server, after=last if now == series else 0, most=MOST):
            content = boxes.content(server, mail)
            if content is not None:
                whole = mail.size <= boxes.LARGEST
                _take_one(reader, box_id, now, mail, letters.read(content, own=own, whole=whole))
            if monotonic() > reader.until:
                return


def _take_one(reader: Reader, box_id: int, series: int, mail: Arrived, letter: Letter) -> None:
    kept = [(file, files.keep(file.content) if file.content else None) for file in letter.files]
    try:
        with reader.writes() as uow:
            take(uow, box_id=box_id, series=series, mail=mail, letter=letter, kept=kept)
    except (DataError, ValueError):
        log.exception("mail %s of the mailbox could not be stored as it is", mail.uid)
        with reader.writes() as uow:
            bare = letters.bare(letter)
            take(uow, box_id=box_id, series=series, mail=mail, letter=bare, kept=[])


def take(
    uow: UnitOfWork,
    *,
    box_id: int,
    series: int,
    mail: Arrived,
    letter: Letter,
    kept: list[tuple[Enclosed, str | None]],
) -> Mail | None:
    """Take a mail in, lead it to its case or leave it; None where it was taken before."""
    box = uow.session.get_one(MailBox, box_id, with_for_update=True, populate_existing=True)
    if box.series == series and mail.uid <= box.last_uid:
        return None
    box.series, box.last_uid = series, mail.uid
    if uow.session.scalar(select(Mail.id).where(Mail.letter_hash == letter.digest)):
        return None
    known = senders.customers(uow, letters.address_key(letter.sender))
    row = _row(uow, mail, letter)
    row.customer_id = known[0].id if len(known) == 1 else None
    row.files = [_file(place, *each) for place, each in enumerate(kept, 1)]
    workflow.begin(uow, actions.PROCESS, row)
    if machine := letter.machine or _flood(uow, row):
        actions.leave(uow, row, machine)
    elif case := senders.case_of(uow, letter, known):
        actions.attach(uow, row, case)
    return row


def _row(uow: UnitOfWork, mail: Arrived, letter: Letter) -> Mail:
    return Mail(
        letter_hash=letter.digest,
        message_id=letter.message_id,
        sender=letter.sender,
        sender_name=letter.sender_name,
        sender_key=letters.address_key(letter.sender),
        subject=letter.subject,
        body=letter.body,
        is_cut=letter.is_cut,
        received_at=min(mail.at or uow.now, uow.now),
        taken_at=uow.now,
    )


def _file(place: int, file: Enclosed, digest: str | None) -> MailFile:
    facts = {"name": file.name, "mime": file.mime, "size": file.size, "flaw": file.flaw}
    return MailFile(place=place, digest=digest, **facts)


def _flood(uow: UnitOfWork, row: Mail) -> MailMachine | None:
    """Whether the sender has written more within the hour than a person writes."""
    if not row.sender_key:
        return None
    same = (Mail.sender_key == row.sender_key) & (Mail.received_at > row.received_at - FLOOD_SPAN)
    before = select(Mail.id).where(same, Mail.received_at <= row.received_at).limit(FLOOD + 1)
    return MailMachine.FLOOD if len(uow.session.scalars(before).all()) > FLOOD else None
