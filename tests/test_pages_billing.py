"""Prices, the bill of a case on the telephone and on the desk, and the till."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.jobs import actions as jobs
from core.kernel.unit_of_work import transaction
from db.codes import HandInStatus, JobStatus, PayMeans, PaymentStatus, PriceKind, QuoteStatus
from db.tables import HandIn, Job, Payment, Price, Quote, QuoteLine
from tests import billed
from tests.billed import OLD
from tests.company_cast import ZONE, Company
from tests.screen import Screen

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("files")


def on_site(company: Company) -> tuple[int, int]:
    now = datetime.now(UTC)
    case_id, job_id = company.dispatched(now=now, **OLD)
    window = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job_id, step, now=now)
    return case_id, job_id


def today() -> datetime:
    return datetime.now(UTC).astimezone(ZONE)


def test_a_manager_keeps_the_list_and_an_ended_price_says_so(served: Company) -> None:
    screen = Screen(served, "manager").open("prices")
    screen.fill(price_kind=PriceKind.LABOUR, price_name="上门维修", unit="次", price_cents=120.0)
    screen.press("price_send")
    (row,) = served.rows(Price)
    assert (row.cents, row.valid_from) == (120_00, today().date())
    with transaction(served.engine, write=True) as session:
        yesterday = today().date() - DAY
        session.execute(update(Price).values(valid_from=yesterday - DAY, valid_until=yesterday))
    screen = Screen(served, "manager").open("prices").choose_row("prices", 0)
    assert "该价格已于" in read(screen) and "不能再报价" in read(screen)
    screen.fill(valid_from=today().date()).press("price_period·1_send")
    assert [row.valid_until is None for row in served.rows(Price)] == [False, True]
    reader = Screen(served, "technician").open("prices", prices_state="now").choose_row("prices", 0)
    assert not [b for b in reader.app.button if "price" in (b.key or "")]
    assert "¥120.00/次" in read(reader)


def test_the_price_is_told_agreed_worked_for_and_paid_on_the_page_of_the_job(
    served: Company,
) -> None:
    now = today().date()
    billed.price(served, valid_from=now)
    case_id, job_id = on_site(served)
    screen = Screen(served, "technician").open("job", id=str(job_id))
    assert "先报价，客户同意后再开工" in read(screen)
    screen.open("case", id=str(case_id))  # with the report as a plain form
    report = {"result": "fixed", "cause": "皮带断裂", "work_done": "更换皮带"}
    report |= {"confirmed_by": "王小明", "unticked_reason": "未逐项勾选"}
    report |= {"symptom_found": "as_told"}
    screen.fill(**report).press("finish_job·send")
    assert "报价: 收费服务须先报价并由客户同意（E5）" in read(screen)
    screen.fill(item="price·1", quantity=2).press("AddLine_send")
    (line,) = served.rows(QuoteLine)
    assert (line.cents, line.price_id) == (240_00, 1)
    assert "合计 ¥240.00" in read(screen)
    screen.turn_to("accept_quote").fill(channel="hotline").press("accept_quote·send")
    (quote,) = served.rows(Quote)
    assert (quote.status, quote.agreed_by) == (QuoteStatus.AGREED, "王小明")
    screen.turn_to("finish_job").press("finish_job·send")
    job = served.get(Job, job_id)
    assert (job.status, job.labour_cents) == (JobStatus.DONE, 240_00)
    opened(screen, f"money_{case_id}").fill(means=PayMeans.CODE, paid_cents=500.0)
    screen.press("TakeMoney_send")
    assert "客户只欠 240.00 元" in read(screen)
    screen.fill(paid_cents=240.0, reference="WX-1").press("TakeMoney_send")
    (payment,) = served.rows(Payment)
    assert (payment.cents, payment.means, payment.status) == (
        240_00,
        PayMeans.CODE,
        PaymentStatus.HELD,
    )
    assert "已收 ¥240.00，应收 ¥240.00" in read(screen)


def read(screen: Screen) -> str:
    """What can be read, without the signs that keep Markdown off."""
    return screen.texts.replace("\\", "")


def opened(screen: Screen, key: str) -> Screen:
    """Unfold what loads only then."""
    screen.app.session_state[key] = True
    return screen.run()


def test_the_desk_gives_a_discount_and_finance_the_invoice_on_the_case(served: Company) -> None:
    case_id, _ = on_site(served)
    quote_id = billed.own_line(served, case_id, unit_cents=300_00)
    desk = Screen(served, "agent").open("case", id=str(case_id))
    desk.turn_to("give_discount").fill(discount_cents=250.0, discount_reason="老客户")
    desk.press("give_discount·send")
    assert "超出您的授权额度 200.00 元" in read(desk)
    desk.fill(discount_cents=100.0).press("give_discount·send")
    assert served.get(Quote, quote_id).cents == 200_00
    assert "价目表以外" in read(desk)
    billed.sign(served, quote_id)
    office = Screen(served, "finance").open("case", id=str(case_id))
    office.turn_to("write_invoice").fill(invoice="2431-77").press("write_invoice·send")
    assert served.get(Quote, quote_id).invoice == "2431-77"
    papers = Screen(served, "agent").open("case", id=str(case_id), tab="papers")
    assert "服务报价单 PDF" in [each.label for each in papers.app.get("download_button")]
    timeline = Screen(served, "manager").open("case", id=str(case_id), tab="history").texts
    assert "给予优惠" in timeline and "偏离" in timeline


def test_money_goes_from_hand_to_hand_and_what_is_missing_is_said(served: Company) -> None:
    case_id, _ = on_site(served)
    billed.sign(served, billed.own_line(served, case_id, unit_cents=300_00))
    billed.pay(served, case_id, 200_00, now=datetime.now(UTC))
    mine = Screen(served, "technician").open("till")
    home = Screen(served, "technician").open("account").open("home")
    assert "未上交的收款" in [each.label for each in home.app.metric]
    mine.press("hand_in_send")
    (row,) = served.rows(HandIn)
    assert (row.cash_cents, row.status) == (200_00, HandInStatus.HANDED_IN)
    assert "没有要上交的款项" in read(mine)
    office = Screen(served, "finance").open("till").choose_row("till", 0)
    office.fill(counted_cash_cents=195.0).press("count_money·send")
    assert "与上交金额不符" in read(office)
    office.fill(difference_reason="找零差错").press("count_money·send")
    row = served.get(HandIn, row.id)
    assert (row.counted_cash_cents, row.difference_reason) == (195_00, "找零差错")
    (day,) = [t.value for t in office.app.dataframe if "财务已收" in t.value.columns]
    assert day.iloc[0].tolist() == [
        "technician",
        "¥200.00",
        "¥0.00",
        "¥0.00",
        "¥200.00",
        "▲ -¥5.00",
    ]
    auditor = Screen(served, "auditor").open("till")
    assert not auditor.errors and not [b for b in auditor.app.button if "send" in (b.key or "")]
