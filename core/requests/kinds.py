"""Which cases somebody can be sent for, and what narrows a rule of the book to a case."""

from core.norms.model import Narrowing
from core.process.limits import IN_WARRANTY
from db.codes import RequestKind
from db.tables import ServiceRequest

# These go their own way, step by step: the request itself is only opened and settled.
REVIEWED = frozenset(
    {
        RequestKind.COMPLAINT,
        RequestKind.QUALITY_FEEDBACK,
        RequestKind.SUGGESTION,
        RequestKind.RETURN,
    }
)
# These are work for a technician, somewhere.
SITE_KINDS = frozenset(
    {RequestKind.REPAIR, RequestKind.INSTALLATION, RequestKind.CLEANING, RequestKind.PARTS}
)


def narrowing(request: ServiceRequest) -> Narrowing:
    """What narrows a rule of the book to a case, besides kind and priority."""
    return {
        "case_class": request.case_class,
        "channel": request.channel,
        "in_warranty": request.charge_reason in IN_WARRANTY,
    }
