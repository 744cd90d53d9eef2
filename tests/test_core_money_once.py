"""Whatever clerks enter and take back: nothing is paid beyond what was paid, no piece twice."""

from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.customers import purchases
from core.house import HOUSE
from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.process import workflow
from core.returns import actions, inputs
from db.keys import piece_key
from db.tables import GoodsReturn, PurchaseLine, ReturnLine
from tests import return_steps as take
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.return_steps import FAULT

SERIALS = ("S-1", "s1", "Ｓ1", "S-2", "")
INVOICES = ("FP-1", "fp1", "FP-2", "")
PRICE = 500_00
STEPS = ("buy", "apply", "apply", "on", "on", "on", "cancel", "swap")


class Desk:
    """Clerks of all roles, at one desk with two customers."""

    def __init__(self, uow: UnitOfWork, company: Company, draw: Any) -> None:
        self.session, self.company, self.draw = uow.session, company, draw
        self.customers = [stored_rows.customer(uow.session).id for _ in range(2)]

    def try_(self, who: str, verb: Any, *given: Any, **more: Any) -> None:
        with self.session.begin_nested() as savepoint:
            try:
                verb(UnitOfWork(self.session, self.company[who], NOW, HOUSE), *given, **more)
                self.session.flush()
            except Refused:
                savepoint.rollback()
                self.session.expire_all()

    def one(self, things: Any) -> Any:
        return self.draw(st.sampled_from(list(things)))

    def buy(self) -> None:
        line = take.DRUM | {"quantity": self.one((1, 1, 2)), "unit_cents": PRICE}
        serial = self.one(SERIALS) if line["quantity"] == 1 else ""
        facts = {"customer_id": self.one(self.customers), "invoice_no": self.one(INVOICES)}
        values = take.BOUGHT | facts | {"lines": [line | {"serial": serial}]}
        values |= {"another_purchase": self.one((True, False)), "why": "另一笔"}
        self.try_("agent", purchases.add, parse(purchases.AddPurchase, values))

    def apply(self) -> None:
        bought = self.session.query(PurchaseLine).all()
        if not bought:
            return
        row = self.one(bought)
        wish = self.one(("return", "return", "exchange"))
        line = FAULT | {"purchase_line_id": row.id, "quantity": 1, "wish": wish}
        line |= {"serial": self.one(("", *SERIALS))}
        owner = purchases.select(purchases.Purchase.customer_id).where(
            purchases.Purchase.id == row.purchase_id
        )
        facts = {"customer_id": self.session.scalar(owner), "channel": "hotline"}
        command = parse(inputs.Apply, facts | {"symptom": "退", "lines": [line]})
        self.try_("agent", actions.apply, command)

    def on(self) -> None:
        """A return goes all its way to the refund."""
        id = self.pick(GoodsReturn.refunded_at.is_(None), GoodsReturn.closed_at.is_(None))
        for make in WAY if id else ():
            row = self.session.get_one(GoodsReturn, id)
            lines = self.session.query(ReturnLine).filter_by(return_id=id).all()
            who, command = make([line.id for line in lines])
            self.try_(
                who, workflow.act, actions.PROCESS, id=id, command=command, seen_version=row.version
            )

    def cancel(self) -> None:
        if id := self.pick():
            row = self.session.get_one(GoodsReturn, id)
            command = inputs.CancelReturn(note="不退")
            self.try_(
                "agent",
                workflow.act,
                actions.PROCESS,
                id=id,
                command=command,
                seen_version=row.version,
            )

    def swap(self) -> None:
        if id := self.pick(GoodsReturn.refunded_at.is_not(None)):
            row = self.session.get_one(GoodsReturn, id)
            (line,) = self.session.query(ReturnLine).filter_by(return_id=id)
            sent = [{"line_id": line.id, "serial": self.one((*SERIALS, "N-1"))}]
            command = parse(inputs.SendReplacement, {"paid_by": "company", "lines": sent})
            self.try_(
                "warehouse",
                workflow.act,
                actions.PROCESS,
                id=id,
                command=command,
                seen_version=row.version,
            )

    def pick(self, *which: Any) -> int | None:
        ids = [id for (id,) in self.session.query(GoodsReturn.id).filter(*which)]
        return self.one(ids) if ids else None


def _rows(model: Any, ids: list[int], *more: Any, **facts: Any) -> Any:
    rows = [{"line_id": id} | facts for id in ids]
    return parse(model, {"lines": rows})


WAY = (
    lambda ids: ("agent", inputs.Screen()),
    lambda ids: ("quality", _rows(inputs.Inspect, ids, defect=True, goods_found="used")),
    lambda ids: ("manager", _rows(inputs.ApproveReturn, ids, approved=1)),
    lambda ids: ("agent", take.way(freight_cents=0)),
    lambda ids: ("warehouse", _rows(inputs.Receive, ids, received=1, appearance="used")),
    lambda ids: ("quality", _rows(inputs.Retest, ids, accepted=1, cause_kind="material")),
    lambda ids: ("warehouse", _rows(inputs.PutAway, ids, quantity=1, destination="quarantine",
                                    value_cents=0)),
    lambda ids: ("agent", take.settle()),
    lambda ids: ("finance", take.confirm()),
)  # fmt: skip


def check(desk: Desk) -> int:
    """Gives how many returns were paid."""
    desk.session.expire_all()
    bought = desk.session.query(PurchaseLine).all()
    files = {row.id: row for row in desk.session.query(GoodsReturn)}
    lines = desk.session.query(ReturnLine).all()
    paid = [line for line in lines if files[line.return_id].refunded_at]
    for row in bought:
        mine = [x for x in paid if x.purchase_line_id == row.id]
        back = sum(files[x.return_id].refund_cents for x in mine)
        assert back <= row.quantity * row.unit_cents
        assert row.returned == sum(x.accepted - x.replaced for x in mine)
    named = [piece_key(x.serial, "海尔", "XQG100") for x in paid if x.accepted and x.serial]
    assert len(named) == len(set(named))
    total = sum(row.refund_cents for row in files.values())
    assert total <= sum(row.quantity * row.unit_cents for row in bought)
    return len(paid)


def test_no_way_of_entering_pays_a_piece_twice(sqlite_company: Company) -> None:
    company = sqlite_company
    paid: list[int] = []

    @settings(max_examples=40, phases=[Phase.generate])
    @given(st.data())
    def clerks_at_work(data: Any) -> None:
        with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
            savepoint = uow.session.begin_nested()
            desk = Desk(uow, company, data.draw)
            for _ in range(3):
                desk.buy()
                desk.apply()
            for _ in range(data.draw(st.integers(4, 12))):
                getattr(desk, data.draw(st.sampled_from(STEPS)))()
                paid.append(check(desk))
            savepoint.rollback()
            uow.session.expunge_all()

    clerks_at_work()
    assert max(paid) >= 2 and sum(count > 0 for count in paid) > 50
