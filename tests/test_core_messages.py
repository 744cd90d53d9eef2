"""Messages to customers: written with their fact, sent once, and what came of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core import sweep
from core.erasing import erasing
from core.house import HOUSE
from core.jobs.actions import AgreeVisit, MoveVisit
from core.kernel.errors import NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, system_actor
from core.messages import lists, outbox, sending, settings, templates, ways
from core.messages.inputs import (
    EditMessages,
    EditTemplate,
    SendAgain,
    WithdrawMessage,
)
from core.messages.ways import Outcome
from core.norms import revisions
from core.process import history
from core.requests.inputs import Answer, Cancel, ChangeCustomer, Promise
from core.returns.inputs import SendReplacement
from db.codes import (
    Language,
    MessageWay,
    NoticeKind,
    Occasion,
    Unsent,
)
from db.tables import Company as CompanyRow
from db.tables import (
    Customer,
    CustomerMessage,
    History,
    Job,
    Limit,
    MessageTemplate,
    Notice,
    ServiceRequest,
)
from tests import billed, linked, outside, return_steps
from tests.company_cast import NOW, ZONE, Company
from tests.messaged import (
    DROPPED,
    FAILED,
    HOUR,
    MINUTE,
    SENT,
    UNKNOWN,
    WAITING,
    WANG,
    act,
    as_customer,
    facts,
    minutes,
    put,
    refused,
    told,
    written,
)


def test_a_registered_request_is_told_of_by_mail_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(company, CompanyRow, 1, occasions=["registered"], hotline="400 800 1234")
    put(company, CompanyRow, 1, public_address="https://c.example.com")
    with outside.mailing(monkeypatch) as mailbox:
        company.register(customer_name="李雷")
        case_id = as_customer(company)
        sweep.run(company.engine, now=NOW)
        minutes(company, 1, 2)
        # Of a link that goes out the secret is kept nowhere.
        secret = mailbox.taken[0].get_content().partition("/c/")[2].split()[0]
        assert linked.holder(company, secret).case_id == case_id
        assert secret not in str([vars(row) for row in company.rows(CustomerMessage)])
    (mail,) = mailbox.taken
    number = company.get(ServiceRequest, case_id).number
    assert (mail["To"], mailbox.to) == (WANG, [WANG])
    assert number in mail["Subject"] and "Test company" in mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW and all(line.isascii() for line in str(mail).splitlines())
    text = mail.get_content()
    assert "海尔 XQG100" in text and "400 800 1234" in text and "2026年3月3日 10:00" in text
    none, row = company.rows(CustomerMessage)
    assert (none.status, none.why) == (DROPPED, Unsent.NO_ADDRESS)
    assert mail["Message-ID"] == f"<{row.reference}@example.com>"
    assert (row.status, row.ended_at, row.claimed_at) == (SENT, NOW, None)
    assert facts(company, row.id) == ["queued", "sent"]
    event = history.newest(company.see("agent", history.timeline, case_id=case_id), "sent")
    assert event and (event.data["recipient"], event.data["way"]) == (WANG, "email")


def test_each_occasion_is_written_where_it_is_switched_on(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    named = [each.value for each in Occasion if each not in (Occasion.QUOTED, Occasion.OWN)]
    command = parse(EditMessages, {"occasions": named[1:]})
    company.do("manager", settings.edit, command, seen_version=1)
    when = {"agreed_from": NOW + HOUR, "agreed_to": NOW + 2 * HOUR}
    with outside.gateway(monkeypatch) as gateway:
        case_id, job_id = company.dispatched()
        company.act("technician", Job, job_id, AgreeVisit(**when))
        promise = Promise(promised_at=NOW + 5 * HOUR, customer_told=True)
        company.act("agent", ServiceRequest, case_id, promise)
        minutes(company)
        event = history.newest(company.see("auditor", history.timeline, case_id=case_id), "sent")
        assert event and event.data["recipient"] == "138****8000"
        said = "\n".join(each["text"] for each in gateway.taken)
        assert [each["to"] for each in gateway.taken] == ["138 0013 8000"] * 3
        assert "2026年3月2日 11:00 – 12:00" in said and "technician" in said
        assert "2026年3月2日 15:00 前完成" in said
        # Moved twice: the customer hears of the last time, and not of one that is over.
        for hours in (3, 4):
            later = {"agreed_from": NOW + hours * HOUR, "agreed_to": NOW + (hours + 1) * HOUR}
            company.act("technician", Job, job_id, MoveVisit(**later, note="堵车"))
        minutes(company, 1)
        assert "14:00 – 15:00" in gateway.taken[-1]["text"] and len(gateway.taken) == 4
    assert told(company)[-2:] == [(DROPPED, Unsent.REPLACED), (SENT, None)]
    assert "progress_told" in [fact for fact, *_ in company.history("request", case_id)]


def test_what_is_over_when_the_minute_comes_is_not_sent(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    put(company, CompanyRow, 1, occasions=["visit_agreed", "resolved", "registered"])
    with outside.mailing(monkeypatch) as mailbox:
        case_id, job_id = company.dispatched(email=WANG)
        when = {"agreed_from": NOW + HOUR, "agreed_to": NOW + 2 * HOUR}
        company.act("technician", Job, job_id, AgreeVisit(**when))
        later = {"agreed_from": NOW + 3 * HOUR, "agreed_to": NOW + 4 * HOUR}
        company.act("technician", Job, job_id, MoveVisit(**later, note="堵车"))
        company.act("agent", ServiceRequest, case_id, Cancel(note="不修了"))
        minutes(company)
    assert mailbox.taken == []
    assert told(company) == [(DROPPED, Unsent.OVER)] * 2


def test_a_message_never_goes_to_the_customer_of_before_nor_a_day_late(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    with outside.mailing(monkeypatch) as mailbox:
        case_id = as_customer(company)
        other = company.get(ServiceRequest, company.register(customer_name="李雷")).customer_id
        id = written(company, case_id)
        company.act(
            "agent", ServiceRequest, case_id, ChangeCustomer(customer_id=other, note="记错")
        )
        minutes(company)
        assert told(company) == [(DROPPED, Unsent.OVER)]
        assert refused(act, company, id, SendAgain()) == {("form", "not_sent_over")}
        late = written(company, case_id)
        minutes(company, 24 * 60 + 1)  # nothing ran for a day
        assert mailbox.taken == [] and told(company)[-1] == (FAILED, Unsent.LATE)
        act(company, late, SendAgain(), now=NOW + 25 * HOUR)
        minutes(company, 25 * 60)
    assert len(mailbox.taken) == 1


def test_goods_on_their_way_and_a_price_are_told(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    put(company, CompanyRow, 1, occasions=["goods_sent"])
    with outside.gateway(monkeypatch) as gateway:
        (bought,) = return_steps.buy(company)
        swap = return_steps.SWAP | {"purchase_line_id": bought, "quantity": 1}
        id = return_steps.in_stock(company, swap)
        (line,) = return_steps.lines_of(company, id)
        sent = {"paid_by": "company", "carrier": "顺丰", "tracking": "SF123"}
        sent |= {"lines": [{"line_id": line.id, "quantity": 1}]}
        return_steps.do(company, "warehouse", id, parse(SendReplacement, sent))
        minutes(company)
    assert "顺丰 SF123" in gateway.taken[0]["text"]
    case_id, _job = company.dispatched(purchased_on="2010-01-01")
    billed.own_line(company, case_id, unit_cents=1234_50)
    ask = {"case_id": case_id, "occasion": Occasion.QUOTED, "way": MessageWay.SMS}
    assert "1,234.50" in company.see("agent", lists.proposal, **ask).message


def test_nothing_is_sent_in_quiet_hours_and_it_waits_until_they_end(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    # It is ten o'clock.
    command = parse(EditMessages, {"quiet_from": "21:30", "quiet_to": "10:02"})
    company.do("admin", settings.edit, command, seen_version=1)
    with outside.mailing(monkeypatch) as mailbox:
        written(company, as_customer(company))
        minutes(company, 0, 1)
        assert mailbox.taken == [] and told(company) == [(WAITING, None)]
        assert company.see("agent", lists.offer, case_id=1).quiet_until == "10:02"
        minutes(company, 2)
    assert len(mailbox.taken) == 1 and told(company) == [(SENT, None)]
    assert "Auto-Submitted" not in mailbox.taken[0]
    hours = (("10:00", "11:00", True), ("08:00", "10:00", False), ("", "", False))
    for first, last, quiet in (*hours, ("10:01", "10:00", False), ("10:00", "10:00", False)):
        put(company, CompanyRow, 1, quiet_from=first, quiet_to=last)
        assert company.see("admin", lambda uow: sending.is_quiet(_company(uow), uow)) is quiet


def _company(uow: UnitOfWork) -> CompanyRow:
    return uow.session.get_one(CompanyRow, 1)


def test_two_sweeps_at_once_send_each_message_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside.mailing(monkeypatch) as mailbox:
        case_id = as_customer(company)
        for number in range(4):
            written(company, case_id, message=f"第 {number} 条")
        tool = system_actor(ZONE.key)
        with ThreadPoolExecutor(3) as pool:
            work = [
                pool.submit(sending.deliver, company.engine, tool, HOUSE, now=NOW) for _ in "123"
            ]
            for each in work:
                each.result()
    texts = sorted(mail.get_content().strip() for mail in mailbox.taken)
    assert texts == [f"第 {number} 条" for number in range(4)]
    assert told(company) == [(SENT, None)] * 4


class Died(BaseException):
    """The process is gone."""


def test_after_a_crash_nobody_knows_and_only_a_person_sends_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ways.send

    def dies(letter: Any) -> Outcome:
        real(letter)
        raise Died

    with outside.mailing(monkeypatch) as mailbox:
        id = written(company, as_customer(company))
        monkeypatch.setattr(ways, "send", dies)
        with pytest.raises(Died):
            minutes(company)
        monkeypatch.setattr(ways, "send", real)
        minutes(company, 1, 5, 14)
        with pytest.raises(WrongStatus):
            act(company, id, WithdrawMessage())
        assert len(mailbox.taken) == 1 and told(company) == [(WAITING, None)]
        minutes(company, 16, 17, 90)
        assert len(mailbox.taken) == 1 and told(company) == [(UNKNOWN, Unsent.SILENT)]
        (notice,) = company.rows(Notice, kind=NoticeKind.YOUR_TURN)
        assert (notice.person_id, notice.data["fact"]) == (
            company["agent"].id,
            "customer_message.lost",
        )
        act(company, id, SendAgain(), now=NOW + 100 * MINUTE)
        minutes(company, 100, 101)
    assert len(mailbox.taken) == 2 and told(company) == [(SENT, None)]
    assert facts(company, id) == ["queued", "lost", "queued_again", "sent"]


def test_bad_input_is_refused_in_words(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    case_id = as_customer(company)
    wrong = "a@b", "wang", "wang@example.com, li@example.com", "王@example.com", "a b@example.com"
    with outside.mailing(monkeypatch) as mailbox:
        for address in wrong:
            assert refused(written, company, case_id, recipient=address) == {("recipient", "email")}
        assert refused(written, company, case_id, recipient="") == {("recipient", "missing")}
        for text, code in (("", "missing"), ("长" * 10_000, "string_too_long")):
            assert refused(written, company, case_id, message=text) == {("message", code)}
        assert refused(written, company, case_id, message="{nonsense} {link}", headline="{x}") == {
            ("message", "unknown_fact_in_text"),
            ("headline", "unknown_fact_in_text"),
        }
        sms = {"message_way": "sms", "recipient": "138 0013 8000"}
        assert refused(written, company, case_id, **sms) == {("message_way", "way_not_set_up")}
        assert refused(written, company, case_id, message_way="sms") == {("recipient", "phone")}
        assert refused(written, company, case_id, occasion="quoted") == {
            ("occasion", "occasion_over")
        }
        by_hand = {"message_way": "by_hand", "message": "见 {link}"}
        assert refused(written, company, case_id, **by_hand) == {("message", "link_by_hand")}
        # A line break in a subject makes no header of its own.
        written(company, case_id, headline="好\r\nBcc: all@example.com\n\nx")
        company.do("agent", _queue, case_id, title="a\nBcc: b@example.com", answers="<x@y>\nBcc: c")
        minutes(company)
    first, second = mailbox.taken
    assert first["Bcc"] is None and second["Bcc"] is None and mailbox.to == [WANG] * 2
    assert first["Subject"] == "好 Bcc: all@example.com x"
    assert (second["In-Reply-To"], second["Auto-Submitted"]) == ("<x@y> Bcc: c", "auto-replied")
    for who, error in (
        ("agent.stranger", NotFound),
        ("auditor", NotAllowed),
        ("admin", NotAllowed),
    ):
        with pytest.raises(error):
            written(company, case_id, who)
        with pytest.raises(error):
            company.see(who, lists.of_case, case_id=case_id)


def _queue(uow: UnitOfWork, case_id: int, **facts: Any) -> int:
    request = uow.session.get_one(ServiceRequest, case_id)
    return outbox.queue(uow, request=request, occasion=Occasion.REGISTERED, **facts).id


def test_who_is_named_in_a_complaint_does_not_write_to_its_customer(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    case_id = company.register(kind="complaint", email=WANG, about_id=company["agent"].id)
    by_hand = {"message_way": "by_hand", "recipient": ""}
    with pytest.raises(NotAllowed):
        written(company, case_id, **by_hand)
    id = written(company, case_id, "manager", **by_hand)
    assert facts(company, id) == ["queued", "sent_by_hand"]


def test_who_wants_no_messages_or_was_erased_gets_none(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    with outside.mailing(monkeypatch) as mailbox:
        case_id = as_customer(company, customer_name="韩梅梅")
        owner = company.get(ServiceRequest, case_id).customer_id
        id = written(company, case_id, message="韩梅梅您好")
        put(company, Customer, owner, no_messages=True)
        minutes(company)
        assert told(company) == [(DROPPED, Unsent.DECLINED)]
        assert refused(written, company, case_id) == {("message_way", "wants_no_messages")}
        assert refused(act, company, id, SendAgain()) == {("form", "not_sent_declined")}
        assert company.see("agent", lists.offer, case_id=case_id).no_messages
        put(company, Customer, owner, no_messages=False)
        other = written(company, case_id, message="韩梅梅您好", recipient="mei@example.com")
        company.act("agent", ServiceRequest, case_id, Cancel(note="不修了"))
        version = company.get(Customer, owner).version
        command = erasing.EraseCustomer(reason="本人要求")
        company.do("manager", erasing.erase, id=owner, command=command, seen_version=version)
        minutes(company)
    assert mailbox.taken == []
    row = company.get(CustomerMessage, other)
    assert (row.status, row.why, row.address, row.text) == (DROPPED, Unsent.ERASED, "", "**您好")
    kept = str([(each.note, each.data) for each in company.rows(History)])
    assert WANG not in kept and "mei@example.com" not in kept and "韩梅梅" not in kept
    assert company.get(Customer, owner).email == ""
    assert company.see("auditor", history.verify) == ()


def test_texts_are_the_companys_and_speak_the_customers_language(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    key = {"occasion": Occasion.REGISTERED, "language": Language.EN}
    command = EditTemplate(headline="No. {number}", message="Hi {customer}\nprice {amount}\n{due}")
    company.do("manager", templates.edit, command, **key, seen_version=0)
    with pytest.raises(Stale):
        company.do("admin", templates.edit, command, **key, seen_version=0)
    bad = EditTemplate(headline="{nummer}", message="{number} {} {customer.name}")
    assert refused(company.do, "admin", templates.edit, bad, **key, seen_version=1) == {
        ("headline", "unknown_fact_in_text"),
        ("message", "unknown_fact_in_text"),
    }
    with pytest.raises(NotAllowed):
        company.do("agent", templates.edit, command, **key, seen_version=1)
    case_id = as_customer(company)
    put(company, Customer, company.get(ServiceRequest, case_id).customer_id, language="en")
    ask = {"case_id": case_id, "occasion": Occasion.REGISTERED, "way": MessageWay.EMAIL}
    drawn = company.see("agent", lists.proposal, **ask)
    number = company.get(ServiceRequest, case_id).number
    # What is not known of the case takes its line along.
    assert (drawn.headline, drawn.message) == (f"No. {number}", "Hi 王小明\nMar 3, 2026 10:00")
    assert (drawn.recipient, drawn.language) == (WANG, Language.EN)
    assert len(company.see("manager", templates.every)) == 2 * len(Occasion)
    company.do("manager", templates.restore, command, **key, seen_version=1)
    assert company.rows(MessageTemplate)[0].title == templates.shipped()[tuple(key.values())].title
    for wording in templates.shipped().values():
        templates.check(title=wording.title, text=wording.text)
    assert (
        templates.fill("{a}{b}\n{c} {other}", {"a": "{b}", "b": "x", "c": "y"}) == "{b}x\ny {other}"
    )


def test_progress_that_was_told_meets_a_limit_and_a_promise_asks_for_a_message(
    sqlite_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = sqlite_company
    shipped = revisions.shipped("appliance").model_dump(mode="json")
    rule = {"name": "progress_told", "clause": "A7", "measure": "response"}
    rule |= {"unit": "working_days", "amount": 2, "kinds": ["consultation"], "ladder": "usual"}
    rule |= {"starts": "request.registered", "met": ["request.progress_told", "request.answered"]}
    shipped["limits"] = [rule, *shipped["limits"]]
    norm = revisions.Norm.model_validate(shipped)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    case_id = company.register(kind="consultation", email=WANG)
    (limit,) = company.rows(Limit, request_id=case_id, name="progress_told")
    with outside.mailing(monkeypatch):
        written(company, case_id, occasion="progress", message="还在试验")
        assert company.get(Limit, limit.id).met_at is None
        minutes(company, 7)
    assert company.get(Limit, limit.id).met_at == NOW + 7 * MINUTE
    assert company.see("agent", lists.offer, case_id=case_id).asked is None
    promise = Promise(promised_at=NOW + 5 * HOUR, customer_told=True)
    company.act("agent", ServiceRequest, case_id, promise, now=NOW + 8 * MINUTE)
    offer = company.see("agent", lists.offer, case_id=case_id)
    assert offer.asked is Occasion.PROMISED and offer.ways == (
        MessageWay.EMAIL,
        MessageWay.BY_HAND,
    )
    by_hand = {"message_way": "by_hand", "recipient": "", "occasion": "promised"}
    written(company, case_id, **by_hand)
    assert company.see("agent", lists.offer, case_id=case_id).asked is None
    company.act("agent", ServiceRequest, case_id, Answer(answer="可以"), now=NOW + HOUR)
    assert company.see("agent", lists.offer, case_id=case_id).occasions == (
        Occasion.RESOLVED,
        Occasion.OWN,
    )


def test_settings_are_the_managers_and_refuse_what_makes_no_sense(sqlite_company: Company) -> None:
    company = sqlite_company
    assert company.see("admin", settings.view).occasions == ()
    with pytest.raises(NotAllowed):
        company.see("agent", settings.view)
    odd = {"quiet_from": "25:00", "quiet_to": "8", "public_address": "javascript:alert(1)"}
    assert refused(parse, EditMessages, odd) == {
        ("quiet_from", "clock"),
        ("quiet_to", "clock"),
        ("public_address", "web_address"),
    }
    assert refused(parse, EditMessages, {"quiet_from": "21:00"}) == {("quiet_to", "missing")}
    assert refused(parse, EditMessages, {"occasions": ("own",)}) == {("occasions", "not_an_option")}
    command = parse(
        EditMessages, {"public_address": "https://c.example.com/", "occasions": ("promised",)}
    )
    company.do("manager", settings.edit, command, seen_version=1)
    view = company.see("manager", settings.view)
    assert (view.public_address, view.occasions) == ("https://c.example.com", (Occasion.PROMISED,))
