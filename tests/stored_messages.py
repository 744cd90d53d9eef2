"""Messages to customers, and texts of the company's own; what the database refuses of them."""

from typing import Any

from db.codes import Language, MessageStatus, MessageWay, Occasion
from db.tables import CustomerMessage, MessageTemplate
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """Rows of the tables, on the stage of the constraint tests."""
    s.add(text())
    s.message = s.add(message(s, "1"))
    s.message.link_id, s.message.made_by_id = s.link.id, s.technician


def text() -> MessageTemplate:
    key = {"occasion": Occasion.REGISTERED, "language": Language.ZH}
    return MessageTemplate(title="登记", text="{number}", **key)


def message(s: Any, reference: str) -> CustomerMessage:
    facts = {"occasion": Occasion.OWN, "about": "1:always", "way": MessageWay.EMAIL}
    facts |= {"address": "w@example.com", "title": "t", "text": "t", "reference": reference}
    status = MessageStatus.WAITING
    return CustomerMessage(request_id=s.case.id, status=status, made_at=NOW, due_at=NOW, **facts)


SPOILERS: dict[str, Any] = {
    "uq_message_templates_occasion_language": lambda s: s.add(text()),
    "uq_customer_messages_reference": lambda s: s.add(message(s, "1")),
    "ck_customer_messages_ended_when": lambda s: s.change(s.message, ended_at=NOW),
    "ck_customer_messages_claimed_waiting": lambda s: s.change(
        s.message, status=MessageStatus.SENT, ended_at=NOW, claimed_at=NOW
    ),
    "ck_customer_messages_tries_not_negative": lambda s: s.change(s.message, tries=-1),
}
