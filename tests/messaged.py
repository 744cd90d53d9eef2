"""Messages to customers for the tests: written, sent by the minute, and what became of them."""

from datetime import timedelta
from typing import Any

import pytest

from core.house import HOUSE
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, system_actor
from core.messages import outbox, sending
from core.messages.inputs import (
    WriteMessage,
)
from db.codes import (
    MessageStatus,
    Unsent,
)
from db.tables import (
    CustomerMessage,
)
from tests.company_cast import NOW, ZONE, Company

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

WANG = "wang@example.com"
WAITING, SENT, FAILED, UNKNOWN, DROPPED = MessageStatus
CALLERS = "agent dispatcher technician support quality handler manager"


def put(company: Company, table: Any, id: int, **facts: Any) -> None:
    """Facts of a row, written straight into it."""

    def write(uow: UnitOfWork) -> None:
        row = uow.session.get_one(table, id)
        for name, value in facts.items():
            setattr(row, name, value)

    company.do("admin", write)


def minutes(company: Company, *at: int) -> None:
    """The outbox in some minutes from now."""
    for minute in at or (0,):
        tool = system_actor(ZONE.key)
        sending.deliver(company.engine, tool, HOUSE, now=NOW + minute * MINUTE)


def told(company: Company) -> list[tuple[MessageStatus, Unsent | None]]:
    return [(row.status, row.why) for row in company.rows(CustomerMessage)]


def facts(company: Company, id: int) -> list[str]:
    return [fact for fact, *_ in company.history("customer_message", id)]


def written(
    company: Company, case_id: int = 1, who: str = "agent", minute: int = 0, **facts: Any
) -> int:
    """A message that a person writes."""
    usual = {"occasion": "own", "message_way": "email", "recipient": WANG, "headline": "关于服务"}
    command = parse(WriteMessage, usual | {"message": "零件明天到"} | facts)
    now = NOW + minute * MINUTE
    return company.do(who, outbox.write, command, case_id=case_id, now=now)


def refused(call: Any, *given: Any, **more: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        call(*given, **more)
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def act(company: Company, id: int, command: Any, who: str = "agent", **more: Any) -> None:
    company.act(who, CustomerMessage, id, command, **more)


def as_customer(company: Company, **more: Any) -> int:
    """A case whose customer has a mailbox."""
    return company.register(email=WANG, **more)
