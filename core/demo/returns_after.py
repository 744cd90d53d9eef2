"""What comes after a return was granted: goods, stock, money, replacements (C8)."""

from datetime import datetime
from typing import Any, Protocol

from core.demo import founding, returns_told
from core.demo.returns_told import Regret
from core.demo.world import World
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.returns import inputs, receipt, rules
from db.codes import DeductionKind, Destination, Payer, RefundMethod, Role, WayBack
from db.tables import GoodsReturn, ReturnLine

# What the maker gives for a piece with a defect, in percent of its price.
MAKER_PERCENT = 60


class ReturnStory(Protocol):
    """A return's story, as far as its last steps need it."""

    world: World

    def row(self) -> GoodsReturn:
        """The return as it is now."""

    def told(self) -> Regret:
        """What it is about."""

    def tales(self) -> tuple[Regret, ...]:
        """What is told of each line."""

    def agent(self) -> Actor:
        """Somebody at the desk of the station."""

    def act(self, actor: Actor, at: datetime, command: Action) -> None:
        """Somebody takes a step."""

    def uow(self, actor: Actor, at: datetime) -> UnitOfWork:
        """A unit of work of somebody at a moment."""

    def happens(self, share: float) -> bool:
        """Whether an accident happens."""

    def tell(self, at: datetime) -> None:
        """The customer knows what became of it."""

    def cancel(self, at: datetime) -> None:
        """The customer keeps the goods."""


def agree(story: ReturnStory, at: datetime) -> None:
    """What was bought online is sent in by the customer; the rest is fetched."""
    if story.happens(0.06):
        story.cancel(at)
        return
    row, told = story.row(), story.told()
    facts: dict[str, Any] = {
        "way_back": WayBack.SENT_IN if told.online else WayBack.PICK_UP,
        "address": row.address,
        "paid_by": Payer.CUSTOMER if told.online else Payer.COMPANY,
        "freight_cents": told.freight,
    }
    command = parse(inputs.AgreeWayBack, facts | _carrier(story))
    story.act(story.agent(), at, command)


def remind(story: ReturnStory, at: datetime) -> None:
    """The goods have not come: the customer is asked."""
    story.act(story.agent(), at, inputs.Remind(channel="hotline", note=returns_told.REMINDED))


def receive(story: ReturnStory, at: datetime) -> None:
    """What came is counted and looked at."""
    lines = [
        {
            "line_id": line.id,
            "received": line.approved - told.missing,
            "appearance": told.goods,
            "difference": told.difference,
        }
        for line, told in zip(story.row().lines, story.tales(), strict=True)
        if rules.comes(line)
    ]
    warehouse = story.world.someone(Role.WAREHOUSE)
    story.act(warehouse, at, parse(inputs.Receive, {"lines": lines}))


def retest(story: ReturnStory, at: datetime) -> None:
    """Quality control takes back what came."""
    told, quality = story.told(), story.world.someone(Role.QUALITY)
    facts = {"retest": told.finding, "cause_kind": told.cause}
    proposed = receipt.propose_retest(story.uow(quality, at), story.row())["lines"]
    lines = [line | facts for line in proposed]
    story.act(quality, at, parse(inputs.Retest, {"lines": lines}))


def put_away(story: ReturnStory, at: datetime) -> None:
    """Defects wait in quarantine; what is sound is sold again."""
    warehouse = story.world.someone(Role.WAREHOUSE)
    lines = receipt.propose_stock(story.uow(warehouse, at), story.row())["lines"]
    for line in lines:
        line["value_cents"] = line["value_cents"] * story.told().worth_percent // 100
    story.act(warehouse, at, parse(inputs.PutAway, {"lines": lines}))


def settle(story: ReturnStory, at: datetime) -> None:
    """What is given in exchange goes out first; then the money is reckoned."""
    row, told = story.row(), story.told()
    if rules.owes_replacements(row):
        send_replacement(story, at)
        return
    deductions = [
        {
            "line_id": line.id,
            "kind": DeductionKind.USED,
            "reason": told.kept_for,
            "percent": told.kept_percent,
        }
        for line in row.lines
        if line.accepted and told.kept_percent
    ]
    facts = {"refund_method": RefundMethod.ORIGINAL, "deductions": deductions}
    story.act(story.agent(), at, parse(inputs.Settle, facts))


def send_replacement(story: ReturnStory, at: datetime) -> None:
    """A new piece with a serial number of its own."""
    lines = [_sent(story, at, line) for line in story.row().lines if line.replaced]
    facts = {
        "lines": lines,
        "paid_by": Payer.COMPANY,
        "freight_cents": story.told().freight,
    } | _carrier(story)
    warehouse = story.world.someone(Role.WAREHOUSE)
    story.act(warehouse, at, parse(inputs.SendReplacement, facts))


def confirm(story: ReturnStory, at: datetime) -> None:
    """Finance pays it out, or sees that nothing is to be paid."""
    row = story.row()
    ref = f"TK{story.world.day(at):%y%m%d}{row.id:04d}" if row.refund_cents else ""
    finance = story.world.someone(Role.FINANCE)
    story.act(finance, at, inputs.ConfirmRefund(refund_ref=ref))


def end(story: ReturnStory, at: datetime) -> None:
    """The customer pays what is owed, and has the answer."""
    row = story.row()
    if row.owed_cents and row.paid_at is None:
        command = inputs.RecordPayment(reference=f"SK{story.world.day(at):%y%m%d}{row.id:04d}")
        story.act(story.world.someone(Role.FINANCE), at, command)
    else:
        story.tell(at)


def close(story: ReturnStory, at: datetime) -> None:
    """Filed; mostly the maker has taken what has a defect."""
    if story.world.chance(0.7):
        _to_the_maker(story, at)
    command = inputs.CloseReturn(lesson=story.world.choose(returns_told.LESSONS))
    story.act(story.agent(), at, command)


def _to_the_maker(story: ReturnStory, at: datetime) -> None:
    price = story.told().model.price
    for move in rules.quarantined(story.row()):
        facts = {"move_id": move.id, "quantity": move.quantity, "destination": Destination.MAKER}
        facts["value_cents"] = price * move.quantity * MAKER_PERCENT // 100
        warehouse = story.world.someone(Role.WAREHOUSE)
        story.act(warehouse, at, parse(inputs.MoveStock, facts))


def _carrier(story: ReturnStory) -> dict[str, Any]:
    number = story.world.dice.randint(10**10, 10**11 - 1)
    return {"carrier": story.world.choose(returns_told.CARRIERS), "tracking": f"YD{number}"}


def _sent(story: ReturnStory, at: datetime, line: ReturnLine) -> dict[str, Any]:
    serial = founding.new_serial(story.world, story.told().model, story.world.day(at))
    return {"line_id": line.id, "serial": serial}
