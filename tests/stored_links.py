"""A link of a case for its customer; what the database refuses of it."""

from typing import Any

from db.codes import LinkStatus, WishKind
from db.tables import CustomerLink
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """Rows of the table, on the stage of the constraint tests."""
    s.link = s.add(link(s, "1"))
    s.link.wish, s.link.wished_at = WishKind.TIME, NOW
    s.call.link_id = s.link.id


def link(s: Any, digest: str) -> CustomerLink:
    facts = {"made_by_id": s.technician, "made_at": NOW, "expires_at": NOW}
    given = LinkStatus.GIVEN
    return CustomerLink(request_id=s.case.id, status=given, digest=digest, **facts)


SPOILERS: dict[str, Any] = {
    "uq_customer_links_digest": lambda s: s.add(link(s, "1")),
    "ck_customer_links_wished_when": lambda s: s.change(s.link, wished_at=None),
    "ck_customer_links_revoked_when": lambda s: s.change(s.link, revoked_at=NOW),
}
