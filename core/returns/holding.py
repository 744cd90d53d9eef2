"""A return's lines held against the rule book, who may decide by the amount, pieces kept (C8)."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.norms.authority import USUAL, levels_of
from core.norms.model import Norm
from core.norms.revisions import norm_for
from core.returns.conditions import Facts, Judgement, judge
from db.codes import Fit, Role
from db.tables import GoodsReturn, PurchaseLine, ReturnLine


def facts_of(row: GoodsReturn, line: ReturnLine) -> Facts:
    """What is known of a line of a return."""
    bought = line.purchase_line.purchase
    return Facts(
        reason=line.reason,
        wish=line.wish,
        asked_on=row.asked_on,
        goods=line.goods,
        purchased_on=bought.purchased_on,
        received_on=bought.received_on,
        at_a_distance=bought.at_a_distance,
        mileage_km=row.mileage_km,
        repairs=line.repairs,
        defect=line.defect,
        goods_found=line.goods_found,
        named=frozenset({line.named} - {""}),
    )


def rejudge(uow: UnitOfWork, row: GoodsReturn, *, inspected: bool) -> None:
    """Write down for every line which condition counts now, and who may decide on the amount.

    Before the inspection a better condition that waits for it keeps a line open; afterwards what
    holds is what counts.
    """
    norm = norm_for(uow, row.request)
    for line in row.lines:
        judgement = judge(norm, facts_of(row, line))
        line.fit = fit_of(judgement, inspected=inspected)
        line.condition = judgement.leading.condition.name if judgement.leading else ""
        line.payer = judgement.freight
    row.approvers = [role.value for role in roles_for(norm, amount_of(row))]


def fit_of(judgement: Judgement, *, inspected: bool) -> Fit:
    """Whether a line may come back, as far as is known."""
    if judgement.is_hopeless:
        return Fit.FAILS
    if judgement.best and (inspected or not judgement.pending):
        return Fit.FITS
    return Fit.OPEN


def amount_of(row: GoodsReturn) -> int:
    """The price of everything that was applied for, in cents."""
    return sum(line.price_cents for line in row.lines)


def price_of(bought: PurchaseLine, pieces: int) -> int:
    """What was paid for so many pieces of those that are left: the last one takes the odd cent."""
    left = bought.quantity - bought.returned
    return (bought.total_cents - bought.refunded_cents) * pieces // max(left, 1)


def worth_of(line: ReturnLine, pieces: int) -> int:
    """What was paid for so many pieces of a line."""
    return line.price_cents * pieces // line.quantity


def roles_for(norm: Norm, cents: int) -> list[Role]:
    """The roles that may approve a return of this amount, the lowest first."""
    return [level.role for level in levels_of(norm, "return", cents)] or list(USUAL)


def keep(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, PurchaseLine]:
    """Lines of purchases, held against other returns until the end of the unit of work."""
    rows = uow.session.scalars(
        select(PurchaseLine)
        .where(PurchaseLine.id.in_(sorted(set(ids))))
        .order_by(PurchaseLine.id)  # always in the same order: nobody waits in a circle
        .options(
            joinedload(PurchaseLine.purchase),
            joinedload(PurchaseLine.product),
            joinedload(PurchaseLine.asset),
        )
        .with_for_update(of=PurchaseLine)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def hold(uow: UnitOfWork, pieces: dict[ReturnLine, int]) -> None:
    """Keep so many pieces of each line's purchase from other returns."""
    bought = keep(uow, [line.purchase_line_id for line in pieces])
    for line, count in pieces.items():
        bought[line.purchase_line_id].under_way += count - line.held
        line.held = count
        if not count:
            let_go(line)


def let_go(line: ReturnLine) -> None:
    """Other returns may have the piece, unless it was taken back."""
    if not line.accepted:
        line.piece = ""


def release(uow: UnitOfWork, row: GoodsReturn) -> None:
    """The pieces that were held may be asked for again."""
    hold(uow, dict.fromkeys(row.lines, 0))
