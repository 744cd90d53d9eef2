"""Messages to customers: written with their fact, sent once, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest

from core import sweep
from core.messages import outbox
from db.codes import MessageStatus, Occasion, Unsent
from db.tables import Company as CompanyRow
from db.tables import Customer, CustomerMessage, ServiceRequest
from tests import outside
from tests.company_cast import NOW, Company

MINUTE = timedelta(minutes=1)
WANG = "wang@example.com"


def set_up(company: Company, **facts: Any) -> None:
    """The company's own facts, written straight into its row."""
    _set(company, CompanyRow, 1, facts)


def customer(company: Company, id: int = 1, **facts: Any) -> None:
    _set(company, Customer, id, {"email": WANG} | facts)


def _set(company: Company, table: Any, id: int, facts: dict[str, Any]) -> None:
    def put(uow: Any) -> None:
        row = uow.session.get_one(table, id)
        for name, value in facts.items():
            setattr(row, name, value)

    company.do("admin", put)


def minutes(company: Company, count: int = 1, first: int = 0) -> None:
    for minute in range(first, first + count):
        sweep.run(company.engine, now=NOW + minute * MINUTE)


def stood(company: Company) -> list[tuple[Occasion, MessageStatus, Unsent | None]]:
    return [(m.occasion, m.status, m.why) for m in company.rows(CustomerMessage)]


def queued(company: Company, case_id: int, occasion: Occasion = Occasion.OWN, **facts: Any) -> int:
    def put(uow: Any) -> int:
        request = uow.session.get_one(ServiceRequest, case_id)
        return outbox.queue(uow, request=request, occasion=occasion, **facts).id

    return company.do("agent", put)


def test_a_registered_request_is_told_of_by_mail_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(
        company,
        occasions=["registered"],
        hotline="400 800 1234",
        public_address="https://c.example.com",
    )
    with outside.mailing(monkeypatch) as mailbox:
        case_id = company.register()
        assert stood(company) == [(Occasion.REGISTERED, MessageStatus.DROPPED, Unsent.NO_ADDRESS)]
        customer(company)
        second = company.register()
        minutes(company, 3)
    (mail,) = mailbox.taken
    number = company.get(ServiceRequest, second).number
    assert (mail["To"], mailbox.to) == (WANG, [WANG])
    assert number in mail["Subject"] and "Test company" in mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "海尔 XQG100" in text and "https://c.example.com/c/" in text and "400 800 1234" in text
    row = company.rows(CustomerMessage)[1]
    assert mail["Message-ID"] == f"<{row.reference}@example.com>"
    assert (row.status, row.ended_at, row.claimed_at) == (MessageStatus.SENT, NOW, None)
    assert "{link}" in row.text
    facts = [fact for fact, *_ in company.history("customer_message", row.id)]
    assert facts == ["queued", "sent"]
    assert case_id != second
