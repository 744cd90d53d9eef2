"""Customers and cases are found by what a caller can say: also an address, a surname, a tail."""

import pytest

from core.customers import customers
from core.requests import lists
from tests.company_cast import NOW, Company

FACTS = {
    "customer_name": "王小明",
    "phone": "138 0013 9094",
    "serial": "SN7788-AB42",
    "address": "文德街 272 号 3 幢",
}
OTHER = {
    "customer_name": "李雷",
    "phone": "139 0000 0272",
    "serial": "ZZ1",
    "address": "中山路 8 号",
}


def names(company: Company, text: str, who: str = "agent") -> list[str]:
    return [each.name for each in company.see(who, customers.find, text=text)]


def cases(company: Company, text: str, who: str = "agent") -> list[str]:
    return [row.customer for row in company.see(who, lists.search, text=text).rows]


@pytest.fixture
def two(company: Company) -> Company:
    for facts in (FACTS, OTHER):
        company.register(**facts)
    return company


@pytest.mark.parametrize(
    "text",
    ["王", "小明", "9094", "0013 9094", "sn7788", "AB42", "文德街 272", "文德街272号", "文德街"],
)
def test_a_caller_is_found_by_what_can_be_said(two: Company, text: str) -> None:
    assert names(two, text) == ["王小明"]
    assert cases(two, text) == ["王小明"]


def test_the_number_of_a_house_is_no_part_of_a_phone_number(two: Company) -> None:
    assert names(two, "文德街 272") == ["王小明"]
    assert names(two, "272") == ["李雷"]
    assert names(two, "明湖路 272") == []
    assert cases(two, "明湖路 272") == []


@pytest.mark.parametrize("text", ["", "a", "%", "文德街%8", "__"])
def test_what_means_nothing_finds_nothing(two: Company, text: str) -> None:
    assert names(two, text) == []


def test_an_address_finds_only_what_one_may_see(two: Company) -> None:
    assert cases(two, "文德街 272", "agent.stranger") == []
    assert cases(two, "文德街 272", "manager") == ["王小明"]


def test_the_list_says_who_comes(two: Company) -> None:
    two.dispatched(symptom="漏水", now=NOW)
    (row,) = two.see("agent", lists.search, text="漏水").rows
    assert (row.technician, row.agreed_from, row.urged) == (two["technician"].name, None, 0)
