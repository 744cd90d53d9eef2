"""What customers said when called, read again; and what each call led to, told as it happened."""

from datetime import timedelta
from typing import Any

import pytest

from core.followups import actions as followups
from core.followups import opinions
from core.followups.actions import CallResult, Receipt
from core.kernel.errors import NotFound
from core.kernel.inputs import parse
from core.norms import revisions
from core.norms.model import Norm
from core.process import workflow
from db.codes import FollowUpStatus
from db.tables import Complaint, FollowUp, ServiceRequest
from tests.company_cast import NOW, Company
from tests.complaint_steps import take

DAY = timedelta(days=1)
SAID = {"scores": {"attitude": 9, "result": 8}, "opinion": "很快", "other_needs": "想装净水器"}
UNHAPPY = {"scores": {"attitude": 2}, "opinion": "还是响", "other_needs": "要发票"}


def call(company: Company, call_id: int, said: Any, *, after: timedelta = DAY) -> Receipt:
    """A call is recorded; gives its receipt."""
    command = said if isinstance(said, followups.NotReached) else parse_said(said)
    company.act("agent", FollowUp, call_id, command, now=NOW + after)
    return company.see("agent", followups.receipt, id=call_id, now=NOW + after)


def parse_said(said: dict[str, Any]) -> followups.RecordAnswers:
    command: followups.RecordAnswers = parse(followups.RecordAnswers, said)
    return command


def called_about_complaints(company: Company) -> int:
    """A complaint that was taken to its end and is to be called about; its file."""
    book = revisions.shipped("appliance").dump() | {"follow_up_kinds": ["repair", "complaint"]}
    norm = Norm.model_validate(book)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    id = company.complaint()
    take(company, id, "closed")
    return id


def test_what_was_said_can_be_read_on_the_case(company: Company) -> None:
    case_id, call_id = company.finished()
    call(company, call_id, SAID)
    (shown,) = company.see("dispatcher", opinions.of_case, case_id=case_id)
    assert (shown.opinion, shown.other_needs, shown.score) == ("很快", "想装净水器", 8.5)
    assert (shown.caller, shown.ended_at) == ("agent", NOW + DAY)
    norm = revisions.shipped("appliance")
    asked = {each.name: each.text["zh_CN"] for each in norm.survey}
    assert shown.scores == ((asked["attitude"], 9), (asked["result"], 8))


def test_a_customer_said_so_much_as_the_actor_may_see(company: Company) -> None:
    case_id, call_id = company.finished()
    customer_id = company.get(ServiceRequest, case_id).customer_id
    call(company, call_id, SAID)
    other = company.register("agent.stranger", customer_id=customer_id, serial="SN9")
    with_answer = company.rows(FollowUp)
    assert [row.id for row in with_answer] == [call_id] and other
    asked = {"customer_id": customer_id}
    for who in ("agent", "manager", "auditor"):
        (shown,) = company.see(who, opinions.of_customer, **asked)
        assert (shown.case_id, shown.other_needs) == (case_id, "想装净水器")
    assert company.see("agent.stranger", opinions.of_customer, **asked) == ()


def test_a_call_that_waits_says_nothing_of_the_customer(company: Company) -> None:
    case_id, _call = company.finished()
    customer_id = company.get(ServiceRequest, case_id).customer_id
    assert company.see("agent", opinions.of_customer, customer_id=customer_id) == ()
    (waits,) = company.see("agent", opinions.of_case, case_id=case_id)
    assert (waits.status, waits.caller, waits.scores) == (FollowUpStatus.DUE, "", ())


def test_a_content_customer_opens_nothing(company: Company) -> None:
    _, call_id = company.finished()
    assert call(company, call_id, SAID) == Receipt(CallResult.CONTENT)


def test_an_unhappy_one_has_a_complaint_with_its_number(company: Company) -> None:
    case_id, call_id = company.finished()
    said = call(company, call_id, UNHAPPY)
    (raised,) = company.rows(ServiceRequest, origin_id=case_id)
    assert said == Receipt(CallResult.REGISTERED, number=raised.number)


def test_an_unhappy_complainant_has_the_same_one_opened_again(company: Company) -> None:
    id = called_about_complaints(company)
    (waits,) = company.rows(FollowUp)
    said = call(company, waits.id, UNHAPPY)
    number = company.get(ServiceRequest, company.get(Complaint, id).request_id).number
    assert said == Receipt(CallResult.REOPENED, number=number)
    # It says so also when the complaint has gone further since.
    assert company.see("agent", followups.receipt, id=waits.id, now=NOW + 9 * DAY) == said


def test_after_the_leaders_nothing_is_opened_and_nothing_is_said_to_be(company: Company) -> None:
    id = called_about_complaints(company)
    (waits,) = company.rows(FollowUp)
    with company.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE complaints SET level = 2")
    company.act("agent", FollowUp, waits.id, parse_said(UNHAPPY), now=NOW + DAY)
    said = company.see("agent", followups.receipt, id=waits.id, now=NOW + DAY)
    assert said == Receipt(CallResult.NOTHING_OPENED)
    assert company.get(Complaint, id).status.value == "closed"


def test_who_is_not_reached_is_called_again_and_given_up_in_the_end(company: Company) -> None:
    _, call_id = company.finished()
    found = [call(company, call_id, followups.NotReached(), after=n * DAY) for n in (1, 2, 3)]
    again, third, last = found
    assert again.result is third.result is CallResult.CALL_AGAIN
    assert again.due_on and third.due_on and again.due_on < third.due_on
    assert last == Receipt(CallResult.GIVEN_UP)


def test_a_double_click_has_the_same_receipt(company: Company) -> None:
    case_id, call_id = company.finished()
    version = company.get(FollowUp, call_id).version
    seen = {"id": call_id, "command": parse_said(UNHAPPY), "seen_version": version}
    said = lambda uow: workflow.act(uow, followups.PROCESS, **seen)  # noqa: E731
    assert {company.submit("agent", said, "key") for _ in (1, 2)} == {call_id}
    (raised,) = company.rows(ServiceRequest, origin_id=case_id)
    told = company.see("agent", followups.receipt, id=call_id)
    assert told == Receipt(CallResult.REGISTERED, number=raised.number)


def test_a_stranger_has_no_receipt(company: Company) -> None:
    _, call_id = company.finished()
    with pytest.raises(NotFound):
        company.see("agent.stranger", followups.receipt, id=call_id)
