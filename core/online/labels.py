"""Labels of pieces: codes that lead customers to a page of product, serial number and warranty."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.customers import again, life, warranty
from core.kernel.errors import NotFound
from core.kernel.inputs import Action, Input
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process, Rule
from db.codes import LabelStatus
from db.tables import Asset, PieceLabel

GIVE = "request:register"
GIVEN, REVOKED = LabelStatus


class GiveLabel(Input):
    """A new label, by the digest of its secret: the secret stands on the label and nowhere else."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RevokeLabel(Action):
    """The label was lost or copied: it leads nowhere any more."""


RULES = (
    Rule("given", None, frozenset(), GIVEN, GIVE, "D1"),
    Rule("revoked", RevokeLabel, frozenset({GIVEN}), REVOKED, GIVE, "D1"),
)


@dataclass(frozen=True)
class LabelView:
    """A label as staff see it."""

    id: int
    version: int
    status: LabelStatus
    made_by: str
    made_at: datetime
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Labelled:
    """What the page of a label says: of the piece alone, nothing of whose it is."""

    asset_id: int
    product: str
    serial: str
    warranty_until: date | None


def select_visible(actor: Actor) -> Select[PieceLabel]:
    """The labels of pieces of the actor's station."""
    pieces = select(Asset.id).join(Asset.customer).where(again.own(actor))
    query = select(PieceLabel).where(PieceLabel.asset_id.in_(pieces))
    return query.options(joinedload(PieceLabel.made_by))


def give(uow: UnitOfWork, command: GiveLabel, *, asset_id: int) -> int:
    """A new label of a piece; NotFound when there is none, or it is another station's."""
    require(uow, GIVE)
    asset = workflow.fetch(uow, life.PROCESS, asset_id)
    if not again.is_own(uow.actor, asset.customer):
        raise NotFound(subject=life.PROCESS.subject, id=asset_id)
    row = PieceLabel(
        asset_id=asset.id, digest=command.digest, made_by_id=uow.actor.id, made_at=uow.now
    )
    workflow.begin(uow, PROCESS, row)
    return row.id


def of_piece(uow: UnitOfWork, *, asset_id: int) -> tuple[LabelView, ...]:
    """The labels of a piece, the newest first."""
    require(uow, GIVE)
    query = select_visible(uow.actor).where(PieceLabel.asset_id == asset_id)
    rows = uow.session.scalars(query.order_by(PieceLabel.id.desc()))
    return tuple(_view(uow, row) for row in rows)


def labelled(session: Session, digest: str) -> Labelled | None:
    """What the page of a label says; None where it opens nothing, whatever is wrong with it."""
    row = session.scalar(
        select(PieceLabel)
        .join(PieceLabel.asset)
        .where(PieceLabel.digest == digest, PieceLabel.status == GIVEN)
        .options(contains_eager(PieceLabel.asset).joinedload(Asset.product))
    )
    if row is None:
        return None
    asset = row.asset
    product = f"{asset.product.brand} {asset.product.model}".strip()
    return Labelled(asset.id, product, asset.serial or "", warranty.free_until(asset))


def _view(uow: UnitOfWork, row: PieceLabel) -> LabelView:
    by = row.made_by.name if row.made_by else ""
    actions = PROCESS.allowed(uow.actor, row)
    return LabelView(row.id, row.version, row.status, by, row.made_at, actions)


def _revoke(uow: UnitOfWork, row: PieceLabel, _command: RevokeLabel) -> Done:
    row.revoked_at = uow.now
    return Done()


PROCESS = Process(
    subject="piece_label",
    rules=RULES,
    effects={RevokeLabel: _revoke},
    select=select_visible,
    table=PieceLabel,
    case_id=lambda label: None,
)
