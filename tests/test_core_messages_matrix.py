"""Messages to customers: every action in every state by everybody, told a second time by hand."""

import pytest

from core.house import HOUSE
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.messages import outbox, ways
from core.messages.inputs import (
    SendAgain,
    SentByHand,
    WithdrawMessage,
)
from db.codes import (
    MessageStatus,
    MessageWay,
    Occasion,
    RequestStatus,
)
from db.tables import (
    CustomerMessage,
)
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand
from tests.messaged import CALLERS, WAITING, WANG

CELLS = (
    Cells("withdraw_message", "withdrawn", "waiting", "dropped", CALLERS, "plain"),
    Cells(
        "send_again", "queued_again", "failed unknown dropped", "waiting", CALLERS, "plain claimed"
    ),
    Cells(
        "sent_by_hand", "sent_by_hand", "waiting failed unknown dropped", "sent", CALLERS, "plain"
    ),
)
SAMPLES = (WithdrawMessage(), SendAgain(), SentByHand(note="已致电"))


@pytest.mark.parametrize(
    ("status", "kind"), [*((each, "plain") for each in MessageStatus), (WAITING, "claimed")]
)
def test_messages_move_as_the_table_says(
    company: Company, status: MessageStatus, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ways.SETTINGS[MessageWay.EMAIL], "smtp://127.0.0.1:1?from=a@example.com")

    def row(uow: UnitOfWork) -> CustomerMessage:
        request = stored_rows.request(uow.session, company, RequestStatus.REGISTERED)
        at = {"status": status, "ended_at": None if status is WAITING else NOW}
        at |= {"claimed_at": NOW} if kind == "claimed" else {}
        stands = f"{request.customer_id}:always"
        about = {"occasion": Occasion.OWN, "about": stands, "way": MessageWay.EMAIL}
        about |= {"address": WANG, "title": "", "text": "好", "reference": "r"}
        message = CustomerMessage(request_id=request.id, made_at=NOW, due_at=NOW, **at, **about)
        return stored_rows.add(uow.session, message)

    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = Stand(outbox.PROCESS, row(uow), status.value, kind, None, CELLS)
        check_stand(uow, stand, list(company.people.values()), SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(outbox.PROCESS, SAMPLES, CELLS)
