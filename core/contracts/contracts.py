"""Contracts: made, edited while they are drafts, put in force, ended, expired."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core.contracts.inputs import EditContract, EndContract, MakeContract, PutInForce
from core.contracts.rules import CONTRACT_RULES, DRAFT, IN_FORCE, KEEP, contracts
from core.customers import again, readings
from core.customers.customers import require_own
from core.customers.purchases import piece_name
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem, WrongStatus
from core.kernel.given_files import checked_type, plain_name, stored
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.process import changes, history, workflow
from core.process.permissions import require
from core.process.rules import Done, Process
from db import files
from db.codes import RequestKind
from db.tables import Asset, Contract, ContractPiece

# So many contracts end in one sweep.
MOST = 200
COLUMNS = {
    "contract_no": "number",
    "contract_scope": "scope",
    "own_warranty_until": "warranty_until",
    **{
        name: name
        for name in (
            *("valid_from", "valid_until", "response_hours", "arrival_hours"),
            *("labour_free", "parts_free", "travel_free"),
        )
    },
}


def make(uow: UnitOfWork, command: MakeContract) -> int:
    """Write a contract down, as a draft; gives its id."""
    require(uow, KEEP)
    customer = again.known(uow, command.customer_id)
    require_own(uow, customer)
    row = Contract(customer=customer, customer_id=customer.id, kinds=[])
    _check(uow, row, command)
    for field, column in COLUMNS.items():
        setattr(row, column, getattr(command, field))
    row.kinds = _kinds(command)
    workflow.begin(uow, PROCESS, row, Done(note=row.number, data={"customer_id": customer.id}))
    _cover(uow, row, command)
    return row.id


def attach(uow: UnitOfWork, *, id: int, name: str, content: bytes) -> None:
    """Keep the signed paper of a contract; another one takes its place, and history has both."""
    require(uow, KEEP)
    row: Contract = workflow.fetch(uow, PROCESS, id, lock=True)
    require_own(uow, row.customer)
    if row.status not in (DRAFT, IN_FORCE):
        raise WrongStatus(subject="contract", status=row.status.value, action="attach")
    mime = checked_type(content)
    row.paper_digest, row.paper_name = files.keep(content), plain_name(name, mime)
    uow.session.flush()
    data = {"name": row.paper_name, "size": len(content), "sha256": row.paper_digest}
    facts: dict[str, Any] = {"subject": "contract", "subject_id": row.id, "data": data}
    history.record(uow, action="paper_attached", **facts)


def paper(uow: UnitOfWork, *, id: int) -> bytes:
    """The signed paper; AttachmentLost where it is not as it was."""
    require(uow, "case:read")
    row: Contract = workflow.fetch(uow, PROCESS, id)
    return stored(row.paper_name, row.paper_digest or "")


def over(uow: UnitOfWork) -> Sequence[int]:
    """The contracts in force whose last day is past."""
    query = select(Contract.id).where(Contract.status == IN_FORCE)
    past = query.where(Contract.valid_until < uow.today)
    return uow.session.scalars(past.order_by(Contract.id).limit(MOST)).all()


def expire(uow: UnitOfWork, contract_id: int) -> None:
    """A contract ends with its last day."""
    row = workflow.fetch(uow, PROCESS, contract_id, lock=True)
    if row.status is IN_FORCE:
        workflow.advance(uow, PROCESS, row, "expired")


def pieces_of(uow: UnitOfWork, *, customer_id: int) -> Mapping[int, str]:
    """The pieces that a customer whom the actor may read has, by product and serial number."""
    readings.require_read(uow, customer_id)
    return owned(uow, customer_id)


def owned(uow: UnitOfWork, customer_id: int) -> Mapping[int, str]:
    """As `pieces_of`, for whoever has the contract in sight."""
    rows = uow.session.scalars(
        select(Asset)
        .where(Asset.customer_id == customer_id, Asset.joined_into_id.is_(None))
        .where(Asset.status.in_(OWNED))
        .options(joinedload(Asset.product))
        .order_by(Asset.id)
    )
    return {row.id: piece_name(row) for row in rows}


def kinds(uow: UnitOfWork, _contract: Any = None) -> Mapping[RequestKind, str]:
    """The work that a contract may be about: what may cost something."""
    norm = norm_of(in_force(uow))
    return {kind: "" for kind in norm.kinds if kind not in norm.free_kinds}


def named(uow: UnitOfWork, contract_id: int) -> Sequence[int]:
    """The pieces that a contract names."""
    query = select(ContractPiece.asset_id).where(ContractPiece.contract_id == contract_id)
    return uow.session.scalars(query.order_by(ContractPiece.asset_id)).all()


def _pieces(uow: UnitOfWork, contract: Contract) -> Mapping[int, str]:
    return owned(uow, contract.customer_id)


def _kinds(command: EditContract) -> list[str]:
    return sorted({line.kind.value for line in command.contract_work})


def _check(uow: UnitOfWork, row: Contract, command: EditContract) -> None:
    """InvalidInput for a number that the customer has already, and what is not theirs."""
    same = select(Contract.id).where(
        Contract.customer_id == row.customer_id, Contract.number == command.contract_no
    )
    wrong = []
    if uow.session.scalar(same.where(Contract.id != (row.id or 0)).limit(1)):
        wrong.append(Problem("contract_no", "contract_known"))
    own = _pieces(uow, row)
    for number, line in enumerate(command.contract_pieces):
        if line.asset_id not in own:
            wrong.append(Problem(f"contract_pieces.{number}.asset_id", "not_an_option"))
    if wrong:
        raise InvalidInput(*wrong)


def _cover(uow: UnitOfWork, row: Contract, command: EditContract) -> dict[str, list[Any]]:
    names, before = _pieces(uow, row), named(uow, row.id)
    now = sorted({line.asset_id for line in command.contract_pieces})
    uow.session.execute(delete(ContractPiece).where(ContractPiece.contract_id == row.id))
    uow.session.add_all(ContractPiece(contract_id=row.id, asset_id=id) for id in now)
    uow.session.flush()
    old, new = ("、".join(names.get(id, str(id)) for id in ids) for ids in (before, now))
    return changes.differences({"contract_pieces": old}, {"contract_pieces": new})


def _edit(uow: UnitOfWork, row: Contract, command: EditContract) -> Done:
    with uow.session.no_autoflush:
        _check(uow, row, command)
    values = {column: getattr(command, field) for field, column in COLUMNS.items()}
    data = changes.write(row, values | {"kinds": _kinds(command)})
    return Done(note=row.number, data=data | _cover(uow, row, command))


def _put_in_force(uow: UnitOfWork, row: Contract, command: PutInForce) -> Done:
    if row.valid_until and row.valid_until < uow.today:
        raise InvalidInput(Problem("note", "contract_is_past"))
    row.in_force_at = uow.now
    return Done(note=command.note, data={"number": row.number})


def _end(uow: UnitOfWork, row: Contract, command: EndContract) -> Done:
    """Cases of before go on being judged by it, those of today are not."""
    last = uow.today - timedelta(days=1)
    if row.in_force_at is not None and (row.valid_until is None or row.valid_until > last):
        row.valid_until = max(last, row.valid_from)
    return Done(note=command.note, data={"number": row.number})


def _propose(uow: UnitOfWork, row: Contract) -> dict[str, Any]:
    values = {field: getattr(row, column) for field, column in COLUMNS.items()}
    return values | {
        "contract_pieces": [{"asset_id": id} for id in named(uow, row.id)],
        "contract_work": [{"kind": RequestKind(kind)} for kind in row.kinds],
    }


PROCESS = Process(
    subject="contract",
    rules=CONTRACT_RULES,
    effects={EditContract: _edit, PutInForce: _put_in_force, EndContract: _end},
    select=contracts,
    table=Contract,
    case_id=lambda row: None,
    options={"pieces": _pieces, "contract_kinds": kinds},
    proposals={EditContract: _propose},
)
