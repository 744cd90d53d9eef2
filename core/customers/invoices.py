"""A purchase on file: put right with a reason, or withdrawn where it was a mistake (C9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, selectinload

from core.customers import doubles, life, pieces
from core.customers.bought import CorrectPurchase, RightLine, WithdrawPurchase
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem, Stale
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import changes
from core.process.rules import Done, Process, Rule
from db.codes import PurchaseStatus
from db.keys import invoice_key
from db.tables import Purchase, PurchaseLine

ON_FILE, WITHDRAWN = PurchaseStatus
HERE = frozenset({ON_FILE})
WRITES = "return:apply"


def _is_whole(purchase: Any) -> bool:
    """Whether nothing of it has come back, or is about to."""
    return not any(line.returned or line.under_way for line in purchase.lines)


RULES = (
    Rule("added", None, frozenset(), ON_FILE, WRITES, "C9"),
    Rule("edited", CorrectPurchase, HERE, None, WRITES, "C9", who=life.WHO),
    Rule("withdrawn", WithdrawPurchase, HERE, WITHDRAWN, WRITES, "C9", _is_whole, life.WHO),
)


def select_purchases(_actor: Actor) -> Select[Purchase]:
    """Every purchase, with its customer and its lines: whoever may search finds it."""
    line = selectinload(Purchase.lines)
    return (
        select(Purchase)
        .join(Purchase.customer)
        .options(
            contains_eager(Purchase.customer),
            line.joinedload(PurchaseLine.product),
            line.joinedload(PurchaseLine.asset),
        )
    )


def check_days(uow: UnitOfWork, purchased_on: date, received_on: date | None) -> None:
    """InvalidInput for days that cannot be."""
    problems = []
    if purchased_on > uow.today:
        problems.append(Problem("purchased_on", "in_the_future"))
    if received_on and received_on > uow.today:
        problems.append(Problem("received_on", "in_the_future"))
    elif received_on and received_on < purchased_on:
        problems.append(Problem("received_on", "before_purchase"))
    if problems:
        raise InvalidInput(*problems)


def _correct(uow: UnitOfWork, purchase: Purchase, command: CorrectPurchase) -> Done:
    check_days(uow, command.purchased_on, command.received_on)
    other = doubles.of_invoice(uow, command.invoice_no, purchase.customer_id)
    if other is not None and other.id != purchase.id:
        raise InvalidInput(Problem("invoice_no", "invoice_known", doubles.facts_of(other)))
    bought_on = purchase.purchased_on
    data = changes.write(purchase, command.model_dump(exclude={"lines", "note"}))
    if "invoice_no" in data:
        purchase.invoice_key = invoice_key(purchase.invoice_no)
    data |= _correct_lines(purchase, command.lines)
    if not data:
        raise InvalidInput(Problem("note", "nothing_changed"))
    if "purchased_on" in data:
        _date_pieces(uow, purchase, bought_on)
    try:
        uow.session.flush()
    except IntegrityError as error:  # the number was written down elsewhere just now
        raise Stale() from error
    return Done(note=command.note, data=data)


def _correct_lines(purchase: Purchase, lines: list[RightLine]) -> dict[str, Any]:
    rows, before = {line.id: line for line in purchase.lines}, _said(purchase)
    problems = []
    for number, line in enumerate(lines):
        problem = _problem(rows[line.line_id], line)
        if problem:
            field, code, details = problem
            problems.append(Problem(f"lines.{number}.{field}", code, details))
        changes.write(rows[line.line_id], line.model_dump(exclude={"line_id"}))
    if len({line.line_id for line in lines}) < len(lines):
        problems.append(Problem("lines", "line_twice"))
    if problems:
        raise InvalidInput(*problems)
    return changes.differences({"lines": before}, {"lines": _said(purchase)})


def _problem(row: PurchaseLine, line: RightLine) -> tuple[str, str, dict[str, Any]] | None:
    money = (row.unit_cents, row.total_cents) != (line.unit_cents, line.total_cents)
    if line.quantity < row.returned + row.under_way:
        return "quantity", "fewer_than_returned", {"n": row.returned + row.under_way}
    if line.quantity > 1 and row.asset_id:
        return "quantity", "one_piece_only", {}
    if money and row.under_way:
        return "unit_cents", "return_under_way", {}
    if line.total_cents < row.refunded_cents:
        return "total_cents", "less_than_refunded", {}
    return None


def _said(purchase: Purchase) -> str:
    """The lines in one line of text, as history keeps them."""
    return "; ".join(
        f"{line.product.brand} {line.product.model} {line.batch} × {line.quantity}"
        f" · {line.unit_cents / 100:.2f} = {line.total_cents / 100:.2f}"
        for line in purchase.lines
    )


def _date_pieces(uow: UnitOfWork, purchase: Purchase, before: date) -> None:
    """The pieces that had their day of this purchase have the right one, and the warranty of it."""
    for line in purchase.lines:
        piece = line.asset
        if piece and piece.status in OWNED and piece.purchased_on == before:
            life.complete(uow, piece, {"purchased_on": purchase.purchased_on})


def _withdraw(_uow: UnitOfWork, purchase: Purchase, command: WithdrawPurchase) -> Done:
    # The invoice and its pieces may be written down again, rightly.
    purchase.invoice_key = ""
    for line in purchase.lines:
        line.piece = ""
    return Done(note=command.note)


def _lines(_uow: UnitOfWork, purchase: Purchase) -> Mapping[int, str]:
    return {
        line.id: f"{line.product.brand} {line.product.model} {pieces.serial_on(line)}".strip()
        for line in purchase.lines
    }


def _propose(_uow: UnitOfWork, purchase: Purchase) -> dict[str, Any]:
    names = ("quantity", "unit_cents", "total_cents", "batch")
    return {
        "lines": [
            {"line_id": line.id, **{name: getattr(line, name) for name in names}}
            for line in purchase.lines
        ]
    }


PROCESS = Process(
    subject="purchase",
    rules=RULES,
    effects={CorrectPurchase: _correct, WithdrawPurchase: _withdraw},
    select=select_purchases,
    table=Purchase,
    case_id=lambda purchase: None,
    options={"purchase_lines": _lines},
    proposals={CorrectPurchase: _propose},
)
