"""The pages that anybody may open: the company's own, and that of a piece by its label."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.unit_of_work import Actor, UnitOfWork, customer_actor
from core.links import links, page
from core.links.page import Promise
from core.norms.revisions import in_force, norm_of
from core.online import labels
from core.online.labels import Labelled
from db.codes import Language
from db.tables import Company


@dataclass(frozen=True)
class Front:
    """What such a page shows: the piece if it is one's, and what the company promises (A31)."""

    piece: Labelled | None
    promises: tuple[Promise, ...]


def visitor(
    session: Session, secret: str, language: Language, came_from: str
) -> tuple[Actor, Labelled | None] | None:
    """Who comes without the link of a case; None where no such page is, or is turned off.

    Without a secret it is the company's own page, with one that of a piece.
    """
    company = session.get(Company, 1)
    if company is None or not company.customer_pages:
        return None
    piece = labels.labelled(session, links.digest_of(secret)) if secret else None
    if secret and piece is None:
        return None
    return customer_actor(company, language, came_from=came_from), piece


def view(uow: UnitOfWork, piece: Labelled | None) -> Front:
    """The page, with the promises of the rule book in force for whatever is asked for."""
    return Front(piece, tuple(page.promises(norm_of(in_force(uow)))))
