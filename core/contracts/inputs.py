"""What can be asked of a contract and of a supplement: one input model for each action."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LongText,
    Money,
    RecordId,
    RequiredLine,
    RequiredText,
)
from db.codes import RequestKind

Hours = Annotated[int | None, Field(ge=1, le=2000)]


class ContractedPiece(Input):
    """A piece that the contract names."""

    asset_id: Annotated[int, Choice("pieces")]


class ContractedWork(Input):
    """A kind of work that the contract covers."""

    kind: Annotated[RequestKind, Choice("contract_kinds")]


class EditContract(Action):
    """What was agreed: for what, from when to when, and what it gives beyond the usual.

    Without pieces it covers all that the customer owns, without kinds all work.
    """

    contract_no: RequiredLine
    contract_scope: RequiredText
    contract_pieces: Annotated[list[ContractedPiece], Field(max_length=500)] = []
    contract_work: Annotated[list[ContractedWork], Field(max_length=20)] = []
    valid_from: Day
    valid_until: Day | None = None
    own_warranty_until: Day | None = None
    response_hours: Hours = None
    arrival_hours: Hours = None
    labour_free: bool = False
    parts_free: bool = False
    travel_free: bool = False

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Days in order."""
        begins, ends = values.get("valid_from"), values.get("valid_until")
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            yield Problem("valid_until", "before_valid_from")


class MakeContract(EditContract):
    """A contract of a customer, as a draft."""

    customer_id: RecordId


class PutInForce(Action):
    """The contract was signed: it binds from its first day on."""

    note: LongText = ""


class EndContract(Action):
    """It is over from today on; a draft is thrown away."""

    note: RequiredText


class AskSupplement(Input):
    """What is to be done beyond the contract, at what price, and why (S7)."""

    supplement_work: RequiredText
    supplement_cents: Money
    reason: RequiredText


class ApproveSupplement(Action):
    """The work may be done: somebody may be sent."""

    note: LongText = ""


class RefuseSupplement(Action):
    """It is not done."""

    note: RequiredText


class WithdrawSupplement(Action):
    """It is not asked for any more."""

    note: LongText = ""
