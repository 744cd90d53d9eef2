"""Goods in the shop, taken as far as a test wants them."""

from datetime import datetime, timedelta
from typing import Any

from core.kernel.inputs import Action, parse
from core.workshop import actions, inputs
from db.tables import ShopPiece
from tests.company_cast import NOW, Company

PROMISED_IN = timedelta(days=5)
TAKEN: dict[str, Any] = {
    "came_from": "counter",
    "condition": "外壳有划痕，不通电",
    "accessories": "电源线、说明书",
    "handed_over_by": "王小明",
    "shelf": "A-03",
}
# The way of a repair that costs, from the taking in to the giving back.
WAY: tuple[tuple[str, str, Action], ...] = (
    ("diagnosed", "technician", inputs.Diagnose(diagnosis="电源板烧坏")),
    ("quoted", "agent", inputs.Quote(quote_cents=26_000)),
    ("agreed", "agent", inputs.AgreeQuote(note="顾客电话同意")),
    ("repaired", "technician", inputs.RepairGoods(work_done="更换电源板")),
    ("tested", "technician", inputs.PassTest()),
    ("ready", "agent", inputs.TellReady()),
    (
        "given_back",
        "warehouse",
        inputs.GiveBack(given_to="王小明", condition_back="完好", accessories_complete=True),
    ),
)


def taken(
    company: Company,
    case_id: int | None = None,
    who: str = "agent",
    *,
    now: datetime = NOW,
    **facts: Any,
) -> int:
    """Take the goods of a case in; of a new one where none is named. Gives the piece's id."""
    if case_id is None:
        case_id = company.register(purchased_on="2010-01-01", now=now)
    usual = {**TAKEN, "promised_at": now + PROMISED_IN, "case_id": case_id}
    command = parse(inputs.TakeGoods, usual | facts)
    return company.do(who, actions.take_in, command, now=now)


def take(company: Company, id: int, until: str, *, now: datetime = NOW) -> Any:
    """Bring a piece on its way to a step."""
    for fact, who, command in WAY:
        do(company, id, command, who, now=now)
        if fact == until:
            break
    return company.get(ShopPiece, id)


def do(company: Company, id: int, command: Action, who: str, *, now: datetime = NOW) -> Any:
    """One step of a piece."""
    return company.act(who, ShopPiece, id, command, now=now)
