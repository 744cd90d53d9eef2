"""The life of a piece: bought, used, moved, taken back, sold again, scrapped, recycled (D29)."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import contains_eager

from core.customers import again, pieces, warranty
from core.customers.catalogue import product_of
from core.customers.inputs import (
    CorrectPiece,
    MovePiece,
    RecyclePiece,
    RestorePiece,
    ScrapPiece,
)
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import plain_serial
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import changes, workflow
from core.process.rules import Done, Process, Relation, Rule
from db.codes import PieceStatus
from db.tables import Asset, Customer, Product, PurchaseLine, ReturnLine, Station

BOUGHT, IN_USE, HELD, SCRAPPED, RECYCLED = PieceStatus
HERE, GONE = OWNED | {HELD}, frozenset({SCRAPPED, RECYCLED})
EDITS = "request:register"


OWN_STATION = Relation("not_its_station", lambda actor, owned: again.is_own(actor, owned.customer))
WHO = (OWN_STATION,)


def _was_owned(piece: Any) -> bool:
    return piece.ended_from in OWNED


def _was_held(piece: Any) -> bool:
    return piece.ended_from is HELD


RULES = (
    Rule("added", None, frozenset(), BOUGHT, EDITS, "E18"),
    Rule("used", None, frozenset({BOUGHT}), IN_USE, EDITS, "E1"),
    Rule("edited", CorrectPiece, frozenset(PieceStatus), None, EDITS, "E18", who=WHO),
    Rule("moved", MovePiece, OWNED, IN_USE, EDITS, "E18", who=WHO),
    Rule("scrapped", ScrapPiece, HERE, SCRAPPED, EDITS, "E18", who=WHO),
    Rule("recycled", RecyclePiece, HERE, RECYCLED, EDITS, "D29", who=WHO),
    Rule("restored", RestorePiece, GONE, IN_USE, EDITS, "E18", _was_owned, WHO),
    Rule("restored", RestorePiece, GONE, HELD, EDITS, "E18", _was_held, WHO),
    Rule("repaired", None, OWNED, None, "job:work", "E11"),
    Rule("taken_back", None, OWNED, HELD, "return:confirm", "C8"),
    Rule("resold", None, frozenset({HELD}), BOUGHT, "return:apply", "C8"),
)


def select_pieces(_actor: Actor) -> Select[Asset]:
    """Every piece, with its product and its owner: whoever may search finds it."""
    return (
        select(Asset)
        .join(Asset.product)
        .join(Asset.customer)
        .options(contains_eager(Asset.product), contains_eager(Asset.customer))
    )


def begin(uow: UnitOfWork, piece: Asset, *, product: Product) -> Asset:
    """Write a new piece down, with its warranty."""
    piece.product = product
    piece.repair_days = 0
    piece.warranty_until = warranty.until(piece)
    workflow.begin(uow, PROCESS, piece)
    return piece


def use(uow: UnitOfWork, piece: Asset) -> None:
    """Somebody calls about it: it is in use."""
    if piece.status is BOUGHT:
        workflow.advance(uow, PROCESS, piece, "used")


def complete(uow: UnitOfWork, piece: Asset, facts: dict[str, Any]) -> None:
    """Write down what nobody knew of a piece: serial number, day of purchase."""
    workflow.advance(uow, PROCESS, piece, "edited", Done(data=_write(uow, piece, facts)))


def count_repairs(uow: UnitOfWork, piece: Asset, days: int) -> None:
    """So many days it has been in repair: the warranty is longer by them (E11)."""
    data = changes.write(piece, {"repair_days": days})
    if data:
        data |= changes.write(piece, {"warranty_until": warranty.until(piece)})
        workflow.advance(uow, PROCESS, piece, "repaired", Done(data=data))


def take_back(uow: UnitOfWork, piece: Asset, number: str) -> None:
    """The company has it again, by this return: free service ends with the ownership."""
    if piece.status in OWNED:
        piece.left_on = uow.today
        workflow.advance(uow, PROCESS, piece, "taken_back", Done(note=number))


def scrap(uow: UnitOfWork, piece: Asset, why: str) -> None:
    """What the company had is put to scrap."""
    if piece.status is HELD:
        workflow.advance(uow, PROCESS, piece, "scrapped", _end(uow, piece, why))


def resell(uow: UnitOfWork, piece: Asset, *, customer_id: int, on: date) -> None:
    """What came back is sold to the next customer: another sale, and a warranty of its own."""
    key = pieces.key_of(piece.serial or "", piece.product)
    # Neither the sale nor the return before stands in its way.
    for table in (PurchaseLine, ReturnLine):
        statement = update(table).where(table.piece == key).values(piece="")
        uow.session.execute(statement, execution_options={"synchronize_session": "fetch"})
    data = {"customer_id": [piece.customer_id, customer_id]} | _names(uow, customer_id)
    piece.customer_id, piece.purchased_on, piece.left_on = customer_id, on, None
    piece.repair_days = 0
    piece.warranty_until = warranty.until(piece)
    workflow.advance(uow, PROCESS, piece, "resold", Done(data=data))


def known(uow: UnitOfWork, product_id: int, serial: str) -> Asset | None:
    """The piece of a product with this serial number, as spelled here or on its purchase."""
    product = uow.session.get_one(Product, product_id)
    if not (key := pieces.key_of(serial, product)):
        return None
    same = {row.id for row in again.pieces(uow, product.brand, product.model, serial)}
    bought = select(PurchaseLine.asset_id).where(PurchaseLine.piece == key)
    query = select_pieces(uow.actor).where(Asset.id.in_(same) | Asset.id.in_(bought))
    return uow.session.scalars(query.order_by(Asset.id)).first()


def elsewhere(uow: UnitOfWork, place: str, piece: Asset) -> Problem:
    """Where a piece is that is not where it is said to be."""
    if piece.status not in OWNED:
        day = piece.left_on.isoformat() if piece.left_on else ""
        return Problem(place, f"piece_{piece.status.value}", {"day": day})
    owner = uow.session.get_one(Customer, piece.customer_id)
    if again.is_own(uow.actor, owner):
        return Problem(place, "piece_with", {"customer": owner.name})
    station = uow.session.get_one(Station, owner.station_id)
    return Problem(place, "piece_of_station", {"station": station.name})


def refuse_known(uow: UnitOfWork, product: Product, serial: str, *, but: int | None = None) -> None:
    """InvalidInput, with the words where, for a serial number that another piece has."""
    found = known(uow, product.id, serial)
    if found is not None and found.id != but:
        raise InvalidInput(elsewhere(uow, "serial", found))


def _correct(uow: UnitOfWork, piece: Asset, command: CorrectPiece) -> Done:
    facts = command.model_dump(include={"serial", "purchased_on", "warranty_months"})
    named = (command.brand, command.model, command.specification)
    product = product_of(uow.session, *named)
    before = _key(piece)
    names = _product_names(piece.product), _product_names(product)
    piece.product_id, piece.product = product.id, product
    data = changes.differences(*names) | _write(uow, piece, facts)
    if not data:
        raise InvalidInput(Problem("note", "nothing_changed"))
    _rename(uow, piece, before)
    return Done(note=command.note, data=data)


def _write(uow: UnitOfWork, piece: Asset, facts: dict[str, Any]) -> dict[str, Any]:
    """Set facts of a piece, with the warranty that follows from them; gives the changes."""
    known_facts = dict(facts)
    if "serial" in known_facts:
        known_facts["serial"] = plain_serial(known_facts["serial"]) or None
        refuse_known(uow, piece.product, known_facts["serial"] or "", but=piece.id)
    if (day := known_facts.get("purchased_on")) and day > uow.today:
        raise InvalidInput(Problem("purchased_on", "in_the_future"))
    data = changes.write(piece, known_facts)
    return data | changes.write(piece, {"warranty_until": warranty.until(piece)})


def _rename(uow: UnitOfWork, piece: Asset, before: str) -> None:
    """Its purchase and its returns know it under its new name."""
    after = _key(piece)
    uow.session.flush()
    bought = uow.session.scalars(
        select(PurchaseLine).where(PurchaseLine.asset_id == piece.id, PurchaseLine.quantity == 1)
    )
    for line in bought:
        line.product_id = piece.product_id
        line.piece = after if line.piece else ""
    if before and after:
        renamed = update(ReturnLine).where(ReturnLine.piece == before).values(piece=after)
        uow.session.execute(renamed, execution_options={"synchronize_session": "fetch"})
    uow.session.flush()


def _move(uow: UnitOfWork, piece: Asset, command: MovePiece) -> Done:
    owner = again.another(uow, command.customer_id, than=piece.customer_id)
    data = {"customer_id": [piece.customer_id, owner.id]} | _names(uow, owner.id)
    piece.customer_id, piece.customer = owner.id, owner
    return Done(note=command.note, data=data)


def _end(uow: UnitOfWork, piece: Asset, why: str) -> Done:
    piece.ended_from = piece.status
    piece.left_on = piece.left_on or uow.today
    return Done(note=why)


def _restore(_uow: UnitOfWork, piece: Asset, command: RestorePiece) -> Done:
    if piece.ended_from in OWNED:
        piece.left_on = None
    piece.ended_from = None
    return Done(note=command.note)


def _key(piece: Asset) -> str:
    return pieces.key_of(piece.serial or "", piece.product)


def _product_names(product: Product) -> dict[str, str]:
    return {name: getattr(product, name) for name in ("brand", "model", "specification")}


def _names(uow: UnitOfWork, customer_id: int) -> dict[str, str]:
    return {"to_name": uow.session.get_one(Customer, customer_id).name}


def _propose(_uow: UnitOfWork, piece: Asset) -> dict[str, Any]:
    return _product_names(piece.product) | {"serial": piece.serial or ""}


PROCESS = Process(
    subject="asset",
    rules=RULES,
    effects={
        CorrectPiece: _correct,
        MovePiece: _move,
        RecyclePiece: lambda uow, piece, command: _end(uow, piece, command.note),
        RestorePiece: _restore,
        ScrapPiece: lambda uow, piece, command: _end(uow, piece, command.note),
    },
    select=select_pieces,
    table=Asset,
    case_id=lambda piece: None,
    proposals={CorrectPiece: _propose},
)
