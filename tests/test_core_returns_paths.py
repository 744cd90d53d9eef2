"""Whatever is done in whatever order: pieces, refund, stock and loss of returns always add up."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.customers import purchases
from core.house import HOUSE
from core.kernel.errors import InvalidInput
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.process import workflow
from core.returns import actions, inputs
from core.returns.losses import worth
from core.returns.rules import comes, lies, quarantined, select_visible, to_store
from db.codes import Destination, GoodsState, Payer, ReturnReason, ReturnStatus, Wish
from db.tables import GoodsReturn, PurchaseLine, ReturnLine, ReturnLoss
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.return_steps import BOUGHT, DRUM, TOLD

STEPS, EXAMPLES = 18, 20
PAID = (ReturnStatus.REFUNDED, ReturnStatus.TOLD, ReturnStatus.CLOSED)
PARCEL = {"carrier": "顺丰"}
CENTS = st.sampled_from([0, 0, 1, 999, 12_00, 30_00])
PAYER = st.sampled_from([*Payer])

Draw = Callable[..., Any]


def rows(
    draw: Draw, row: GoodsReturn, fields: Callable[[ReturnLine], dict[str, Any]]
) -> list[dict[str, Any]]:
    return [{"line_id": line.id} | fields(line) for line in row.lines]


def some(draw: Draw, most: int, beyond: int = 1) -> int:
    """Mostly all of it; sometimes less, sometimes more than there is."""
    return draw(st.sampled_from([most, most, most, max(0, most - 1), 0, most + beyond]))


def parcel(draw: Draw) -> dict[str, Any]:
    return PARCEL | {"paid_by": draw(PAYER), "freight_cents": draw(CENTS)}


def amend(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    return {"lines": applied(draw, [line.purchase_line_id for line in row.lines])}


def applied(draw: Draw, bought: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "purchase_line_id": id,
            "quantity": draw(st.integers(1, 4)),
            "reason": draw(st.sampled_from([*ReturnReason])),
            "wish": draw(st.sampled_from([*Wish, Wish.RETURN, Wish.EXCHANGE])),
            "goods": draw(st.sampled_from([*GoodsState])),
        }
        for id in bought
    ]


def inspect(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    def fields(_line: ReturnLine) -> dict[str, Any]:
        return {
            "defect": draw(st.booleans()),
            "goods_found": draw(st.sampled_from([*GoodsState])),
            "named": draw(st.sampled_from([None, "other_legal"])),
        }

    return {"lines": rows(draw, row, fields)}


def approve(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    lines = rows(draw, row, lambda line: {"approved": some(draw, line.quantity)})
    without = draw(st.sampled_from([False, False, True]))
    return {"lines": lines, "without_goods": without, "note": "经办说明"}


def way(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    return {"way_back": "sent_in"} | parcel(draw)


def receive(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    def fields(line: ReturnLine) -> dict[str, Any]:
        return {"received": some(draw, line.approved), "appearance": "used"}

    return {"lines": rows(draw, row, fields)}


def retest(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    def fields(line: ReturnLine) -> dict[str, Any]:
        most = min(line.approved, line.received) if comes(line) else 0
        cause = draw(st.sampled_from([None, "material", "use"]))
        return {"accepted": some(draw, most), "cause_kind": cause}

    return {"lines": rows(draw, row, fields)}


def put_away(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    lines = []
    for line in row.lines:
        left = to_store(line)
        while left > 0:
            count = draw(st.integers(1, left + (draw(st.integers(0, 9)) == 0)))
            left -= count
            lines.append({"line_id": line.id} | place(draw, count, line.unit_cents))
    return {"lines": lines}


def place(draw: Draw, count: int, unit: int) -> dict[str, Any]:
    where = draw(st.sampled_from([*Destination, Destination.QUARANTINE]))
    value = 0 if where is Destination.SCRAP else draw(st.integers(0, count * unit))
    return {"quantity": count, "destination": where, "value_cents": value}


def move(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    chosen = draw(st.sampled_from(quarantined(row)))
    line = next(each for each in row.lines if each.id == chosen.line_id)
    count = draw(st.integers(1, lies(chosen, line.moves) + 1))
    return {"move_id": chosen.id} | place(draw, count, line.unit_cents)


def settle(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    deductions = [
        {"line_id": line.id, "kind": "used", "reason": "使用痕迹"}
        | draw(st.sampled_from([{"cents": 99_99}, {"percent": 33}, {"percent": 100}]))
        for line in row.lines
        if draw(st.integers(0, 2)) == 0
    ]
    lines = rows(draw, row, lambda line: {"replaced": some(draw, line.replaced)})
    asked = {"lines": lines} if draw(st.booleans()) else {}
    return {"refund_method": "original", "deductions": deductions} | asked


def send(draw: Draw, row: GoodsReturn) -> dict[str, Any]:
    chosen = draw(st.sampled_from(row.lines))
    lines = [{"line_id": chosen.id, "quantity": draw(st.integers(1, 3))}]
    return {"lines": lines} | parcel(draw)


NOTE = {"note": "说明"}
MAKE: dict[type[Action], Callable[[Draw, GoodsReturn], dict[str, Any]]] = {
    inputs.AgreeWayBack: way,
    inputs.AllowAppeal: lambda *_: NOTE,
    inputs.Amend: amend,
    inputs.AppealRefusal: lambda *_: {"appeal": "不同意"},
    inputs.ApproveReturn: approve,
    inputs.AskMore: lambda *_: NOTE,
    inputs.CancelReturn: lambda *_: NOTE,
    inputs.CloseReturn: lambda *_: {},
    inputs.ConfirmRefund: lambda *_: {"refund_ref": "TK-1"},
    inputs.DeclineReturn: lambda *_: NOTE,
    inputs.Inspect: inspect,
    inputs.MoveStock: move,
    inputs.PutAway: put_away,
    inputs.Receive: receive,
    inputs.ReceiveMore: receive,
    inputs.RecordPayment: lambda *_: {"reference": "SK-1"},
    inputs.RefuseReturn: lambda *_: NOTE,
    inputs.Remind: lambda *_: {"channel": "hotline"},
    inputs.Retest: retest,
    inputs.ReviseSettlement: lambda *_: NOTE,
    inputs.Screen: lambda *_: {},
    inputs.SendGoodsBack: send,
    inputs.SendReplacement: send,
    inputs.Settle: settle,
    inputs.Supply: lambda *_: NOTE,
    inputs.TellResult: lambda *_: TOLD,
    inputs.Track: lambda draw, row: parcel(draw),
    inputs.UpholdRefusal: lambda *_: NOTE,
}
# What leads on; nine times of ten one of these is taken, so that paths become long.
FORWARD = (
    *(
        inputs.Screen,
        inputs.DeclineReturn,
        inputs.Inspect,
        inputs.ApproveReturn,
        inputs.AppealRefusal,
    ),
    *(inputs.AllowAppeal, inputs.AgreeWayBack, inputs.Receive, inputs.Retest, inputs.PutAway),
    *(inputs.Settle, inputs.ConfirmRefund, inputs.SendReplacement, inputs.SendGoodsBack),
    *(inputs.MoveStock, inputs.TellResult, inputs.CloseReturn),
)


class Walk:
    """Returns of the same purchases, moved along by whoever may."""

    def __init__(self, session: Session, cast: list[Actor], data: DataObject) -> None:
        self.session, self.cast, self.draw = session, cast, data.draw
        self.bought: list[int] = []
        self.ids: list[int] = []
        self.returns: list[GoodsReturn] = []

    def uow(self, actor: Actor) -> UnitOfWork:
        return UnitOfWork(self.session, actor, NOW, HOUSE)

    def begin(self, agent: Actor, customer_id: int) -> None:
        lines = [DRUM | {"unit_cents": 333_33}, DRUM | {"model": "B", "unit_cents": 7_01}]
        facts = BOUGHT | {"customer_id": customer_id, "lines": lines}
        made = purchases.add(self.uow(agent), parse(purchases.AddPurchase, facts))
        self.bought = [line.id for line in made.lines]
        for _ in range(2):
            self.apply(agent, customer_id)

    def apply(self, agent: Actor, customer_id: int) -> None:
        count = self.draw(st.integers(1, 2))
        values = {"customer_id": customer_id, "channel": "hotline", "symptom": "要求退货"}
        lines = applied(self.draw, self.bought[:count])
        with self.session.begin_nested() as savepoint:
            try:
                command = parse(inputs.Apply, values | {"lines": lines})
                self.ids.append(actions.apply(self.uow(agent), command).id)
            except InvalidInput:
                savepoint.rollback()
                self.session.expire_all()

    def step(self) -> None:
        row = self.returns[self.draw(st.integers(0, len(self.ids) - 1))]
        may = [
            (actor, rule.action)
            for actor in self.cast
            for rule in actions.PROCESS.allowed(actor, row)
            if rule.action
        ]
        on = [each for each in may if each[1] in FORWARD]
        pool = on if on and self.draw(st.integers(0, 9)) else may
        if pool:
            actor, action = self.draw(st.sampled_from(pool))
            self.take(actor, row, action)

    def take(self, actor: Actor, row: GoodsReturn, action: type[Action]) -> None:
        values = MAKE[action](self.draw, row)
        with self.session.begin_nested() as savepoint:
            try:
                command = parse(action, values)
                about = {"id": row.id, "command": command, "seen_version": row.version}
                workflow.act(self.uow(actor), actions.PROCESS, **about)
            except InvalidInput:
                savepoint.rollback()
                self.session.expire_all()

    def look(self) -> None:
        """Everything as the database has it."""
        self.session.expire_all()
        query = select_visible(self.cast[0]).where(GoodsReturn.id.in_(self.ids))
        found = self.session.scalars(query.execution_options(populate_existing=True))
        self.returns = list(found)


def check_pieces(walk: Walk) -> None:
    """Nothing comes back twice, and what is held is what open returns hold."""
    for bought in walk.session.scalars(select(PurchaseLine)):
        lines = [x for row in walk.returns for x in row.lines if x.purchase_line_id == bought.id]
        assert bought.returned + bought.under_way <= bought.quantity
        assert bought.under_way == sum(line.held for line in lines)
        paid = [x for row in walk.returns if row.refunded_at for x in row.lines]
        mine = [x for x in paid if x.purchase_line_id == bought.id]
        assert bought.returned == sum(x.accepted - x.replaced for x in mine)


def check_refund(row: GoodsReturn) -> None:
    """Nothing is paid before it came, nor beyond what was paid for it and for its freight."""
    refunded = sum((line.accepted - line.replaced) * line.unit_cents for line in row.lines)
    advanced = sum(each.freight_cents for each in row.parcels if each.paid_by is Payer.CUSTOMER)
    assert row.refund_cents <= refunded + advanced
    assert row.refund_cents == 0 or row.status in (ReturnStatus.SETTLED, *PAID)
    for line in row.lines:
        assert line.accepted <= (line.approved if row.without_goods else line.received)
        assert row.refunded_at is None or row.without_goods or line.received >= line.accepted
    four_eyes = (row.applied_by_id, row.screened_by_id, row.inspected_by_id)
    assert row.approved_by_id is None or row.approved_by_id not in four_eyes
    assert row.confirmed_by_id is None or row.confirmed_by_id != row.settled_by_id


def check_stock(row: GoodsReturn) -> None:
    """Every piece that was taken back lies somewhere, once."""
    after = (ReturnStatus.STORED, ReturnStatus.SETTLED)
    for line in row.lines:
        first = [move.quantity for move in line.moves if move.moved_from_id is None]
        if row.status in after or row.refunded_at:
            assert sum(first) == to_store(line)
        assert all(lies(move, line.moves) >= 0 for move in line.moves)
        assert 0 <= worth(line.moves) <= to_store(line) * line.unit_cents


def check_loss(walk: Walk, row: GoodsReturn) -> None:
    """Booked is what was paid out and given, with the company's freight, less what is left."""
    ids = [line.id for line in row.lines]
    query = select(func.sum(ReturnLoss.loss_cents)).where(ReturnLoss.line_id.in_(ids))
    booked = walk.session.scalar(query) or 0
    if not row.refunded_at:
        assert booked == 0
        return
    given = sum(line.replaced * line.unit_cents for line in row.lines)
    freight = sum(each.freight_cents for each in row.parcels if each.paid_by is Payer.COMPANY)
    left = sum(worth(line.moves) for line in row.lines)
    assert booked == row.refund_cents - row.owed_cents + given + freight - left


def check(walk: Walk) -> None:
    walk.look()
    check_pieces(walk)
    for row in walk.returns:
        check_refund(row)
        check_stock(row)
        check_loss(walk, row)


def test_every_path_adds_up(sqlite_company: Company) -> None:
    company = sqlite_company
    names = ("agent", "agent.colleague", "quality", "warehouse", "finance", "manager", "leader")
    cast = [company[name] for name in names]
    reached: set[ReturnStatus] = set()

    # A path that fails is not made shorter: that would take minutes.
    @settings(max_examples=EXAMPLES, phases=[Phase.generate])
    @given(st.data())
    def walk_about(data: DataObject) -> None:
        with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
            savepoint = uow.session.begin_nested()
            walk = Walk(uow.session, cast, data)
            walk.begin(company["agent"], stored_rows.customer(uow.session).id)
            for _ in range(STEPS if walk.ids else 0):
                check(walk)
                reached.update(row.status for row in walk.returns)
                walk.step()
            check(walk)
            savepoint.rollback()
            uow.session.expunge_all()

    walk_about()
    assert reached >= {*ReturnStatus} - {ReturnStatus.CANCELLED}
