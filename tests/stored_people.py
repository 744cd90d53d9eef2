"""One row of each table of people who come in, or are called, and what the database refuses."""

from typing import Any

from db.codes import AccessKind, Channel, OwnerStatus
from db.tables import AccessEvent, FirstStart, RecallOwner, RecoveryCode, SecondStep
from tests import stored_rows
from tests.company_cast import NOW


def owner(s: Any, **facts: Any) -> RecallOwner:
    usual = {"emergency_id": s.emergency.id, "customer_id": s.case.customer_id, "batch": "B1"}
    told = {"status": OwnerStatus.TOLD, "channel": Channel.HOTLINE, "told_at": NOW}
    return RecallOwner(**usual | told | {"told_by_id": s.technician} | facts)


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.access = s.add(AccessEvent(at=NOW, kind=AccessKind.FAILED, person_id=s.technician))
    s.access.by_id = s.technician
    s.first_start = s.add(FirstStart(id=1, token="t"))
    s.add(SecondStep(person_id=s.technician, secret="s"))
    s.add(RecoveryCode(digest="d", person_id=s.technician))
    s.owner = s.add(owner(s))
    s.double = stored_rows.customer(s.session)


SPOILERS: dict[str, Any] = {
    "ck_access_events_happened": lambda s: s.change(s.access, times=0),
    "ck_first_starts_only_one": lambda s: s.add(FirstStart(id=2, token="t")),
    "uq_recall_owners_emergency_id_customer_id": lambda s: s.add(owner(s)),
    "ck_recall_owners_attempts_not_negative": lambda s: s.change(s.owner, attempts=-1),
    "ck_recall_owners_told_when": lambda s: s.change(s.owner, status=OwnerStatus.MISSED),
    "ck_recall_owners_told_by_somebody": lambda s: s.change(s.owner, told_by_id=None),
    "ck_customers_joined_into_another": lambda s: s.change(s.double, joined_into_id=s.double.id),
    "ck_assets_joined_into_another": lambda s: s.change(s.asset, joined_into_id=s.asset.id),
}
