"""Links of cases for the tests: given by the desk, and customers who come by them."""

from datetime import datetime

from core.kernel.unit_of_work import Actor, transaction
from core.links import links
from core.links.links import GiveLink
from db.codes import Language
from tests.company_cast import NOW, Company


def give(company: Company, case_id: int, who: str = "agent", now: datetime = NOW) -> str:
    """A link of a case: its secret."""
    secret = links.new_secret()
    command = GiveLink(digest=links.digest_of(secret))
    company.do(who, links.give, command, case_id=case_id, now=now)
    return secret


def holder(company: Company, secret: str, now: datetime = NOW, came_from: str = "") -> Actor | None:
    """Whom a secret lets in."""
    with transaction(company.engine, write=False) as session:
        return links.holder(session, secret, now, Language.ZH, came_from)


def visited(company: Company, secret: str, now: datetime = NOW, came_from: str = "") -> Company:
    """The company with the customer of a link in its cast, as "customer"."""
    actor = holder(company, secret, now, came_from)
    assert actor is not None
    return Company(company.engine, company.people | {"customer": actor})
