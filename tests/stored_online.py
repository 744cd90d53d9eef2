"""A request that came online, with a photo, and the label of a piece; what is refused of them."""

from typing import Any

from db.codes import LabelStatus, Language, OnlineStatus, RequestKind
from db.tables import OnlineFile, OnlineRequest, PieceLabel
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """Rows of the tables, on the stage of the constraint tests."""
    s.asked_online = s.add(asked(handled_by_id=s.technician, asset_id=s.case.asset_id))
    s.add(photo(s))
    s.label = s.add(label(s, "1", made_by_id=s.technician))


def asked(**facts: Any) -> OnlineRequest:
    usual = {"status": OnlineStatus.WAITING, "kind": RequestKind.REPAIR, "taken_at": NOW}
    return OnlineRequest(**usual | {"language": Language.ZH, "body": "b"} | facts)


def photo(s: Any, **facts: Any) -> OnlineFile:
    usual = {"name": "a.png", "mime": "image/png", "size": 0, "digest": "1"}
    return OnlineFile(online_request_id=s.asked_online.id, **usual | facts)


def label(s: Any, digest: str, **facts: Any) -> PieceLabel:
    usual = {"status": LabelStatus.GIVEN, "made_at": NOW}
    return PieceLabel(asset_id=s.case.asset_id, digest=digest, **usual | facts)


SPOILERS: dict[str, Any] = {
    "ck_online_requests_of_a_case": lambda s: s.change(
        s.asked_online, status=OnlineStatus.ACCEPTED
    ),
    "uq_online_files_online_request_id_digest": lambda s: s.add(photo(s)),
    "ck_online_files_size_not_negative": lambda s: s.add(photo(s, digest="2", size=-1)),
    "uq_piece_labels_digest": lambda s: s.add(label(s, "1")),
    "ck_piece_labels_revoked_when": lambda s: s.change(s.label, revoked_at=NOW),
}
