"""A link that opens one case to its customer: given, found again by its secret, revoked."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import Action, Input
from core.kernel.unit_of_work import Actor, UnitOfWork, customer_actor
from core.links import wishes
from core.links.wishes import ConfirmVisit, SettleWish, WishCancel, WishTime
from core.process import masked, workflow
from core.process.permissions import require, require_case, visible_requests
from core.process.rules import Done, Happening, Process, Rule
from db.codes import Language, LinkStatus, WishKind
from db.tables import Company, CustomerLink, ServiceRequest

GIVEN, REVOKED = LinkStatus
# Where links lead to, below the address of the pages for customers.
PATH = "c"
OPEN, EVER = frozenset({GIVEN}), frozenset(LinkStatus)
# Whoever calls customers sends them links; a customer who comes by one may use it.
GIVE, USE = masked.CALLS, "link:use"
# 192 bits; a link that is much shorter, longer or of other signs is none of ours.
BYTES, SECRET = 24, re.compile(r"[\w-]{22,64}", re.ASCII)
# So long a link opens after its case was closed, if its days are not over before.
AFTER_CLOSING = timedelta(days=90)


class GiveLink(Input):
    """A new link, by the digest of its secret: the secret is shown once and kept nowhere."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RevokeLink(Action):
    """The link opens nothing any more."""


RULES = (
    Rule("given", None, frozenset(), GIVEN, GIVE, "D11"),
    Rule("revoked", RevokeLink, OPEN, REVOKED, GIVE, "D11"),
    Rule("visit_confirmed", ConfirmVisit, OPEN, None, USE, "A1", wishes.is_open),
    Rule("time_wished", WishTime, OPEN, None, USE, "S4", wishes.is_open),
    Rule("cancel_wished", WishCancel, OPEN, None, USE, "A3", wishes.is_open),
    Rule("wish_settled", SettleWish, EVER, None, GIVE, "A3", wishes.has_wish),
)


@dataclass(frozen=True)
class LinkView:
    """A link as staff see it."""

    id: int
    version: int
    status: LinkStatus
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    expired: bool
    wish: WishKind | None
    wished_at: datetime | None
    wish_text: str
    actions: tuple[Rule, ...]


def new_secret() -> str:
    """What nobody guesses."""
    return secrets.token_urlsafe(BYTES)


def digest_of(secret: str) -> str:
    """As a secret is stored and looked for."""
    return hashlib.sha256(secret.encode()).hexdigest()


def select_visible(actor: Actor) -> Select[CustomerLink]:
    """The links of the cases that the actor may see."""
    return (
        select(CustomerLink)
        .join(CustomerLink.request)
        .where(visible_requests(actor))
        .options(contains_eager(CustomerLink.request), joinedload(CustomerLink.made_by))
    )


def is_offered(uow: UnitOfWork) -> bool:
    """Whether the company has pages for customers."""
    return uow.session.get_one(Company, 1).customer_pages


def give(uow: UnitOfWork, command: GiveLink, *, case_id: int) -> int:
    """A new link of a case; NotAllowed while the pages for customers are turned off."""
    require(uow, GIVE)
    require_case(uow, case_id)
    if not is_offered(uow):
        raise NotAllowed(reason="customer_pages_off")
    return make(uow, command, case_id=case_id)


def make(uow: UnitOfWork, command: GiveLink, *, case_id: int) -> int:
    """A new link of a case for a message that goes to its customer."""
    company = uow.session.get_one(Company, 1)
    request = uow.session.get_one(ServiceRequest, case_id)
    ends = uow.now + timedelta(days=company.link_days)
    if request.closed_at:
        ends = min(ends, uow.now + AFTER_CLOSING)
    row = CustomerLink(
        request_id=case_id,
        digest=command.digest,
        made_by_id=uow.actor.id,
        made_at=uow.now,
        expires_at=ends,
    )
    workflow.begin(uow, PROCESS, row)
    return row.id


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[LinkView, ...]:
    """The links of a case that the actor may see, the newest first."""
    require(uow, GIVE)
    require_case(uow, case_id)
    query = select_visible(uow.actor).where(CustomerLink.request_id == case_id)
    rows = uow.session.scalars(query.order_by(CustomerLink.id.desc()))
    return tuple(_view(uow, row) for row in rows)


def holder(
    session: Session, secret: str, now: datetime, language: Language, came_from: str = ""
) -> Actor | None:
    """Whom a secret lets in, to which case; None for every wrong one, whatever is wrong with it."""
    company = session.get(Company, 1)
    if company is None or not company.customer_pages or not SECRET.fullmatch(secret):
        return None
    row = session.scalar(select(CustomerLink).where(CustomerLink.digest == digest_of(secret)))
    if row is None or not _opens(row, now):
        return None
    by = {"link_id": row.id, "case_id": row.request_id, "came_from": came_from}
    return customer_actor(company, language, **by)


def used(uow: UnitOfWork) -> CustomerLink:
    """The link that the actor came by; NotFound when it opens nothing any more."""
    require(uow, USE)
    query = select_visible(uow.actor).where(CustomerLink.id == uow.actor.link_id)
    row = uow.session.scalars(query).one_or_none()
    if row is None or not _opens(row, uow.now) or not is_offered(uow):
        raise NotFound(subject=PROCESS.subject)
    return row


def end_all(uow: UnitOfWork, which: ColumnElement[bool]) -> None:
    """Revoke all links of some cases, whoever may see these."""
    query = select(CustomerLink).join(CustomerLink.request).where(which, _is_given())
    for row in uow.session.scalars(query.order_by(CustomerLink.id)).all():
        row.revoked_at = uow.now
        workflow.advance(uow, PROCESS, row, "revoked")


def end(uow: UnitOfWork, link_id: int) -> None:
    """Revoke a link that reached nobody."""
    row = uow.session.scalars(select_visible(uow.actor).where(CustomerLink.id == link_id)).one()
    if row.status is GIVEN:
        row.revoked_at = uow.now
        workflow.advance(uow, PROCESS, row, "revoked")


def end_with_owner(uow: UnitOfWork, changed: Happening) -> None:
    """The case is another customer's: whoever had a link of it sees it no more."""
    end_all(uow, ServiceRequest.id == changed.record.id)


def shorten(uow: UnitOfWork, closed: Happening) -> None:
    """The case is over: its links open for a while only."""
    ends = uow.now + AFTER_CLOSING
    which = (CustomerLink.request_id == closed.record.id) & (CustomerLink.expires_at > ends)
    for row in uow.session.scalars(select(CustomerLink).where(which, _is_given())):
        row.expires_at = ends


def _is_given() -> ColumnElement[bool]:
    return CustomerLink.status == GIVEN


def _opens(row: CustomerLink, now: datetime) -> bool:
    return row.status is GIVEN and now < row.expires_at


def _view(uow: UnitOfWork, row: CustomerLink) -> LinkView:
    return LinkView(
        id=row.id,
        version=row.version,
        status=row.status,
        made_by=row.made_by.name if row.made_by else "",
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        expired=row.expires_at <= uow.now,
        wish=row.wish,
        wished_at=row.wished_at,
        wish_text=row.wish_text,
        actions=PROCESS.allowed(uow.actor, row),
    )


def _revoke(uow: UnitOfWork, row: CustomerLink, _command: RevokeLink) -> Done:
    row.revoked_at = uow.now
    return Done()


PROCESS = Process(
    subject="customer_link",
    rules=RULES,
    effects={
        RevokeLink: _revoke,
        ConfirmVisit: wishes.confirm,
        WishTime: wishes.wish_time,
        WishCancel: wishes.wish_cancel,
        SettleWish: wishes.settle,
    },
    select=select_visible,
    table=CustomerLink,
    case_id=lambda link: link.request_id,
)
