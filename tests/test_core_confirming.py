"""Quotes and acceptance slips that customers read and confirm by the link of their case."""

from datetime import timedelta

import pytest

from core.billing import inputs as billing
from core.billing import quotes, view
from core.billing.inputs import AddOwnLine, ConfirmQuote, RefuseQuote
from core.jobs import view as jobs
from core.jobs.signing import AcceptReport
from core.kernel.errors import NotAllowed, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.links import answers, page
from db.codes import Channel, NoticeKind, QuoteStatus
from db.tables import CustomerLink, History, Job, Notice, Quote
from tests import linked
from tests.company_cast import NOW, Company

OLD = "2010-01-01"
LATER = NOW + timedelta(days=1)
HERE = "203.0.113.7"


def quote_of(company: Company, case_id: int, cents: int = 100_00) -> int:
    line = {"line_kind": "labour", "line_name": "上门维修", "unit_cents": cents}
    command = parse(AddOwnLine, line)
    return int(company.do("technician", quotes.add_own_line, command, case_id=case_id))


def told(company: Company, fact: str) -> set[str]:
    names = {person.id: name for name, person in company.people.items()}
    rows = company.rows(Notice, kind=NoticeKind.YOUR_TURN)
    return {names.get(row.person_id, "") for row in rows if row.data.get("fact") == fact}


def test_a_quote_is_agreed_to_by_link_as_it_was_read(company: Company) -> None:
    case_id, _job = company.dispatched(purchased_on=OLD)
    there = linked.visited(company, linked.give(company, case_id), came_from=HERE)
    none = ConfirmQuote(seen="x", signer="王小明")
    with pytest.raises(WrongStatus):
        there.do("customer", answers.answer_quote, none)
    quote_id = quote_of(company, case_id)
    shown = there.see("customer", page.view).quoted
    assert shown
    assert [(each.name, each.cents) for each in shown.lines] == [("上门维修", 100_00)]
    assert (shown.cents, shown.is_agreed, shown.may_agree, shown.may_refuse) == (
        *(100_00, False),
        *(True, True),
    )
    quote_of(company, case_id, 50_00)
    for old in (
        ConfirmQuote(seen=shown.seen, signer="王小明"),
        RefuseQuote(seen=shown.seen, note="贵"),
    ):
        with pytest.raises(Stale):
            there.do("customer", answers.answer_quote, old)
    assert company.get(Quote, quote_id).status is QuoteStatus.OPEN
    seen = quotes.digest(there.see("customer", quotes.of_case, case_id))
    there.do("customer", answers.answer_quote, ConfirmQuote(seen=seen, signer="王小明"), now=LATER)
    row = company.get(Quote, quote_id)
    assert (row.status, row.agreed_by, row.agreed_at, row.agreed_how, row.agreed_what) == (
        *(QuoteStatus.AGREED, "王小明", LATER, Channel.ONLINE),
        seen,
    )
    fact = company.rows(History, subject="quote", action="agreed")[-1]
    (link,) = company.rows(CustomerLink)
    assert (fact.actor_id, fact.data["link"], fact.data["came_from"]) == (None, link.id, HERE)
    assert told(company, "quote.agreed") == {"technician", "agent"}
    with pytest.raises(WrongStatus):
        there.do("customer", answers.answer_quote, ConfirmQuote(seen=seen, signer="王小明"))
    bill = company.see("agent", view.bill, case_id=case_id)
    assert (bill.due_cents, bill.quote and bill.quote.is_changed) == (150_00, False)


def test_a_quote_is_refused_with_the_reason(company: Company) -> None:
    case_id, _job = company.dispatched(purchased_on=OLD)
    quote_id = quote_of(company, case_id)
    there = linked.visited(company, linked.give(company, case_id))
    shown = there.see("customer", page.view).quoted
    assert shown
    command = RefuseQuote(seen=shown.seen, note="太贵，先不修")
    with pytest.raises(NotAllowed):
        company.act("agent", Quote, quote_id, command)
    there.do("customer", answers.answer_quote, command)
    assert company.get(Quote, quote_id).status is QuoteStatus.DECLINED
    assert there.see("customer", page.view).quoted is None
    (notice, *_more) = company.rows(Notice, kind=NoticeKind.YOUR_TURN)
    assert notice.data["note"] == "太贵，先不修"
    company.act("technician", Quote, quote_id, billing.ReviseQuote(note="优惠"))
    again = there.see("customer", page.view).quoted
    assert again
    assert again.may_agree


@pytest.mark.usefixtures("files")
def test_a_slip_is_confirmed_by_link_once_and_vouches_for_what_was_read(company: Company) -> None:
    early, _job = company.dispatched(phone="139 0000 0001", customer_name="李雷")
    waits = linked.visited(company, linked.give(company, early))
    with pytest.raises(WrongStatus):
        waits.do("customer", answers.accept, AcceptReport(seen="", signer="李雷"))
    assert waits.see("customer", page.view).slip is None
    case_id, _call = company.finished()
    (job,) = company.rows(Job, request_id=case_id)
    job_id = job.id
    there = linked.visited(company, linked.give(company, case_id), came_from=HERE)
    slip = there.see("customer", page.view).slip
    assert slip
    assert (slip.work_done, slip.signed_at, slip.may_accept) == ("更换皮带", None, True)
    with pytest.raises(Stale):
        there.do("customer", answers.accept, AcceptReport(seen="0" * 64, signer="王小明"))
    command = AcceptReport(seen=slip.seen, signer="王小明")
    with pytest.raises(NotAllowed):
        company.act("technician", Job, job_id, command)
    there.do("customer", answers.accept, command, now=LATER)
    assert told(company, "job.accepted") == {"agent"}
    (seen,) = company.see("agent", jobs.of_case, case_id=case_id)
    signed = seen.signed
    assert signed
    assert (signed.by, signed.at, signed.by_link, signed.is_changed, signed.picture) == (
        *("王小明", LATER, True),
        *(False, None),
    )
    with pytest.raises(WrongStatus):
        there.do("customer", answers.accept, command)
    (fact,) = company.rows(History, subject="job", action="accepted")
    assert (fact.data["of"], fact.data["came_from"]) == (slip.seen, HERE)
    with transaction(company.engine, write=True) as session:
        session.get_one(Job, job_id).work_done = "什么也没做"
    (seen,) = company.see("agent", jobs.of_case, case_id=case_id)
    assert seen.signed
    assert seen.signed.is_changed
