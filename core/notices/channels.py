"""Channels outside the tool: notices by e-mail, WeCom, DingTalk or Feishu, through apprise.

The company names its channels in AFTERCARE_NOTIFY_URLS. What goes there are case numbers, limits
and names of staff, nothing about a customer. A message is taken up in a transaction of its own
before it is sent, so that no second process sends it too; if the process dies in between, it stays
unsent, because nobody knows how far it came. The inbox in the tool has it in any case.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, delete, select, update

from core.kernel import once
from core.kernel.unit_of_work import Actor, Follows, UnitOfWork, unit_of_work
from db.codes import Language, NoticeKind
from db.tables import Delivery, Notice, Person, ServiceRequest

log = logging.getLogger("aftercare")

URLS = "AFTERCARE_NOTIFY_URLS"
TRIES = 3
# A channel that is set up today is not told of last week.
FRESH = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Message:
    """What several people were told at once, for a channel that they share."""

    source: str
    kind: NoticeKind
    number: str
    data: dict[str, Any]
    people: tuple[str, ...]
    company: str
    language: Language
    zone: str


Speak = Callable[[Message], tuple[str, str]]


@lru_cache(maxsize=4)
def _split(text: str) -> dict[str, str]:
    from apprise.utils.parse import parse_urls  # noqa: PLC0415 - see send

    urls: list[str] = parse_urls(text)  # type: ignore[no-untyped-call]
    return {hashlib.sha256(url.encode()).hexdigest()[:16]: url for url in urls}


def addresses() -> dict[str, str]:
    """The company's channels by their digests; commas or blanks stand between the addresses."""
    text = os.environ.get(URLS, "").strip()
    return _split(text) if text else {}


def deliver(
    engine: Engine, actor: Actor, house: Follows, speak: Speak, *, now: datetime | None = None
) -> None:
    """Send what is new or failed before; a channel that fails is tried three times in all."""
    known = addresses()
    if not known:
        return
    with unit_of_work(engine, actor, house, write=False, now=now) as uow:
        found = waiting(uow, channels=tuple(known))
    for message, channel in found:
        with unit_of_work(engine, actor, house, write=True, now=now) as uow:
            taken = take_up(uow, source=message.source, channel=channel)
        if taken:
            title, body = speak(message)
            sent = send(known[channel], title, body)
            with unit_of_work(engine, actor, house, write=True, now=now) as uow:
                settle(uow, source=message.source, channel=channel, sent=sent)


def waiting(uow: UnitOfWork, *, channels: tuple[str, ...]) -> tuple[tuple[Message, str], ...]:
    """What is to be sent, with the channel."""
    tried = {
        (row.source, row.channel): row
        for row in uow.session.scalars(select(Delivery).where(Delivery.at >= uow.now - FRESH))
    }
    return tuple(
        (message, channel)
        for message in _messages(uow)
        for channel in channels
        if _is_open(tried.get((message.source, channel)))
    )


def take_up(uow: UnitOfWork, *, source: str, channel: str) -> bool:
    """Whether this process is the one that sends now."""
    key = {"source": source, "channel": channel}
    if once.add(uow.session, Delivery, **key, attempts=1, at=uow.now):
        return True
    again = (
        update(Delivery)
        .filter_by(**key)
        .where(Delivery.failed_at.is_not(None), Delivery.attempts < TRIES)
        .values(attempts=Delivery.attempts + 1, failed_at=None)
        .returning(Delivery.id)
    )
    return uow.session.execute(again).first() is not None


def settle(uow: UnitOfWork, *, source: str, channel: str, sent: bool) -> None:
    """Write down how an attempt ended."""
    ended = {"sent_at": uow.now} if sent else {"failed_at": uow.now}
    row = update(Delivery).filter_by(source=source, channel=channel)
    uow.session.execute(row.values(**ended))
    if not sent:
        log.warning("channel %s did not take message %s", channel, source)


def forget_old(uow: UnitOfWork) -> None:
    """Drop the deliveries that nobody will try again."""
    uow.session.execute(delete(Delivery).where(Delivery.at < uow.now - KEPT))


def _messages(uow: UnitOfWork) -> list[Message]:
    rows = uow.session.execute(
        select(Notice, Person.name, ServiceRequest.number)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == Notice.case_id)
        .where(Notice.at >= uow.now - FRESH, Notice.at <= uow.now)
        .order_by(Notice.at, Notice.id)
    )
    together: dict[str, list[tuple[Notice, str, str | None]]] = {}
    for notice, name, number in rows:
        together.setdefault(notice.source, []).append((notice, name, number))
    return [
        Message(
            source=source,
            kind=told[0][0].kind,
            number=told[0][2] or "",
            data=told[0][0].data,
            people=tuple(name for _, name, _ in told),
            company=uow.actor.company,
            language=uow.actor.language,
            zone=uow.actor.zone,
        )
        for source, told in together.items()
    ]


def _is_open(row: Delivery | None) -> bool:
    return row is None or (row.failed_at is not None and row.attempts < TRIES)


def send(url: str, title: str, body: str) -> bool:
    """Send one message to one address of apprise; whether it went well."""
    # Loads every service that it knows: half a second that a company without channels is spared.
    import apprise  # noqa: PLC0415

    channel = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Aftercare", app_desc="Aftercare"))
    # It would write an address that it cannot read into the log, password and all.
    talk = logging.getLogger("apprise")
    talk.disabled = True
    is_known = channel.add(url)
    talk.disabled = False
    if not is_known:
        log.error("%s holds an address that apprise does not know", URLS)
        return False
    return bool(channel.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
