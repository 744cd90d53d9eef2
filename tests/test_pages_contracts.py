"""On the screens: a contract is made, put in force, and judges a case; a supplement is decided."""

from datetime import UTC, datetime

from core.contracts.inputs import PutInForce
from db.codes import ContractStatus, Language, NoticeKind, SupplementStatus
from db.tables import Contract, ServiceRequest, Supplement
from pages.ui.notices import lines
from tests import contracted
from tests.company_cast import Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def case(company: Company, **facts: str) -> ServiceRequest:
    old = {"purchased_on": "2020-06-01"}
    return company.get(ServiceRequest, company.register(now=now(), **old | facts))


def test_a_contract_is_made_on_the_customers_page_and_put_in_force(served: Company) -> None:
    of = case(served)
    page = Screen(served, "agent").open("customer", id=str(of.customer_id))
    assert "合同" in page.texts
    screen = Screen(served, "agent").open("contracts", customer=str(of.customer_id))
    form = f"contract·{of.customer_id}"
    screen.press(f"{form}·send")
    assert served.rows(Contract) == []
    screen.fill(contract_no="HT-1", contract_scope="全年维保", labour_free=True)
    screen.press(f"{form}·send")
    (row,) = served.rows(Contract)
    assert (row.number, row.labour_free, row.status) == ("HT-1", True, ContractStatus.DRAFT)
    head = Screen(served, "manager").open("contracts", id=str(row.id))
    assert "客户的全部产品 · 全部服务" in head.texts
    head.turn_to("put_in_force").press("put_in_force·send")
    assert served.get(Contract, row.id).status is ContractStatus.IN_FORCE
    listed = Screen(served, "agent").open("contracts")
    assert [*listed.app.dataframe[0].value["合同优惠"]] == ["人工免费"]
    assert "人工免费" in Screen(served, "agent").open("case", id=str(of.id)).texts


def test_a_supplement_is_asked_for_on_the_case_and_decided_by_the_head(served: Company) -> None:
    of = case(served)
    work = [{"kind": "cleaning"}]
    id = contracted.draft(served, of.customer_id, contract_work=work)
    served.act("manager", Contract, id, PutInForce(), now=now())
    page = Screen(served, "agent").open("case", id=str(of.id))
    assert "此项服务不在合同范围内" in page.texts
    assert "派工前还缺：补充协议" in page.texts
    form = f"supplement·{of.id}"
    page.fill(form, supplement_work="加支架", supplement_cents=500, reason="客户要求")
    page.press(f"{form}·send")
    (asked,) = served.rows(Supplement)
    assert asked.work == "加支架"
    head = Screen(served, "manager").open("contracts", contracts_part="supplements")
    assert "加支架" in head.texts
    head.turn_to("approve_supplement").press("approve_supplement·send")
    assert served.get(Supplement, asked.id).status is SupplementStatus.APPROVED
    assert "没有待批的补充协议。" in head.texts
    page = Screen(served, "agent").open("case", id=str(of.id))
    assert "派工前还缺" not in page.texts
    data = {"fact": "supplement.decided.yes"}
    assert lines.line(NoticeKind.PLAN_DECIDED, data, Language.ZH) == "补充协议已批准"
