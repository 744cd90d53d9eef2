"""Nothing is chosen for the person: which customer, which product, whether a product is new."""

from datetime import UTC, datetime

import pytest

from db.codes import RequestKind
from db.tables import Asset, Customer, Product, PurchaseLine, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import Company
from tests.screen import Screen

ONE_MISSING = ["有 1 项需要修改，尚未保存，已填内容都在。"]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def two_products(served: Company) -> tuple[int, int]:
    """A customer with a washing machine in warranty and a water heater out of it."""
    served.register(now=now(), serial="W1", purchased_on=str(now().date()))
    (customer,) = served.rows(Customer)
    served.register(
        now=now(),
        customer_id=customer.id,
        brand="海尔",
        model="LS-H80",
        serial="H1",
        purchased_on="2015-01-01",
    )
    washer, heater = (asset.id for asset in served.rows(Asset))
    return washer, heater


def intake(company: Company, who: str) -> Screen:
    return Screen(company, "agent").open("intake").fill(who=who).run().fill(symptom="不制冷")


def test_of_several_products_none_is_chosen(served: Company, two_products: tuple[int, int]) -> None:
    screen = intake(served, "13800138000")
    assert screen.field("asset_id").value is None
    assert "选定产品后显示免费或收费。" in screen.texts
    assert "免费** ·" not in screen.texts and "收费** ·" not in screen.texts
    assert "未结案" not in screen.texts
    screen.press("intake_send")
    assert screen.errors == ONE_MISSING
    assert ":red[请在以上各项中选择。]" in screen.texts
    assert len(served.rows(ServiceRequest)) == 2
    screen.fill(asset_id=two_products[1]).run()
    assert "收费 · 已过保修期" in screen.texts.replace("*", "")
    screen.press("intake_send")
    assert served.rows(ServiceRequest)[-1].asset_id == two_products[1]


@pytest.mark.parametrize(("choice", "count"), [(0, 3), (-1, 2)])
def test_another_product_or_none_is_said(
    served: Company, two_products: tuple[int, int], choice: int, count: int
) -> None:
    screen = intake(served, "13800138000").fill(asset_id=choice).run()
    assert "选定产品后显示免费或收费。" in screen.texts
    if choice == 0:
        screen.fill(brand="海尔").run().fill(model="XQG100", serial="W2")
    screen.press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert case.asset_id not in two_products
    assert (case.asset_id is None) is (choice == -1)
    assert len(served.rows(Asset)) == count


def test_the_only_product_may_be_chosen_already(served: Company) -> None:
    served.register(now=now(), purchased_on=str(now().date()))
    screen = intake(served, "13800138000")
    (asset,) = served.rows(Asset)
    assert screen.field("asset_id").value == asset.id
    assert "免费 · 保修期内" in screen.texts.replace("*", "")


def test_of_several_customers_none_is_chosen(served: Company) -> None:
    for name in ("李雷", "李梅"):
        served.register(now=now(), customer_name=name, phone="13800138000", another_customer=True)
    screen = intake(served, "13800138000")
    assert screen.field("customer_id").value is None
    with pytest.raises(LookupError):
        screen.field("asset_id")
    with pytest.raises(LookupError):
        screen.field("customer_name")  # nor is it a new one
    screen.press("intake_send")
    assert screen.errors == ONE_MISSING
    assert len(served.rows(ServiceRequest)) == 2
    second = served.rows(Customer)[1]
    screen.fill(customer_id=second.id).run().press("intake_send")
    assert served.rows(ServiceRequest)[-1].customer_id == second.id
    assert len(served.rows(Customer)) == 2


def test_an_application_asks_which_customer_too(served: Company) -> None:
    for name in ("李雷", "李梅"):
        served.register(now=now(), customer_name=name, phone="13800138000", another_customer=True)
    screen = Screen(served, "agent").open("apply_return").fill(who="13800138000").run()
    assert screen.field("customer_id").value is None
    assert not [b for b in screen.app.button if b.key == "apply_send"]
    screen.fill(customer_id=0).run()
    assert screen.field("customer_name").value == ""


def test_an_empty_form_claims_no_price(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    assert "收费** ·" not in screen.texts and "免费** ·" not in screen.texts
    screen.fill(kind=RequestKind.CONSULTATION).run()
    assert "免费 ·" in screen.texts.replace("*", "")  # whatever the product


def test_a_known_product_is_chosen_and_a_new_one_has_its_switch(served: Company) -> None:
    served.register(now=now())
    screen = Screen(served, "agent").open("intake").fill(who="13900002222").run()
    assert screen.field("new_product").value is False
    assert screen.field("brand").options == ["海尔"]
    assert not screen.field("brand").proto.accept_new_options
    screen.fill(brand="海尔").run()
    assert screen.field("model").options == ["XQG100"]
    assert not screen.field("model").proto.accept_new_options
    screen.fill(new_product=True).run().fill(brand="美的", model="KFR-35")
    screen.fill(customer_name="韩梅", symptom="漏水", address="中山路 1 号").press("intake_send")
    assert [(row.brand, row.model) for row in served.rows(Product)] == [
        ("海尔", "XQG100"),
        ("美的", "KFR-35"),
    ]


def test_another_spelling_behind_the_switch_is_the_known_product(served: Company) -> None:
    served.register(now=now())
    screen = Screen(served, "agent").open("intake").fill(who="13900002222").run()
    screen.fill(new_product=True).run().fill(brand=" 海 尔", model="ｘqg 100")
    screen.fill(customer_name="韩梅", symptom="漏水", address="中山路 1 号").press("intake_send")
    assert len(served.rows(Product)) == 1
    assert len(served.rows(Asset)) == 2


def test_the_lines_of_a_purchase_choose_from_the_catalogue_too(served: Company) -> None:
    customer_id = steps.customer(served)
    served.register(now=now())
    screen = Screen(served, "agent").open("apply_return", customer=str(customer_id))
    screen.fill(purchased_on=now().date(), quantity=1, unit_cents=500.0)
    screen.press(f"purchase·{customer_id}·send")
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(brand="海尔").run().fill(model="XQG100").press(f"purchase·{customer_id}·send")
    (line,) = served.rows(PurchaseLine)
    (product,) = served.rows(Product)
    assert line.product_id == product.id


def test_two_products_of_one_name_are_told_apart(served: Company) -> None:
    served.register(now=now())
    (customer,) = served.rows(Customer)
    served.register(now=now(), customer_id=customer.id)
    second = served.rows(Asset)[1]
    screen = intake(served, "13800138000")
    assert len(set(screen.field("asset_id").options)) == 4
    screen.fill(asset_id=second.id).run().press("intake_send")
    assert served.rows(ServiceRequest)[-1].asset_id == second.id
