"""A customer has several contacts: each is called, found and known again (C9)."""

from typing import Any

import pytest

from core.customers import contacts, customers
from core.customers.contacts import SetContacts
from core.kernel.errors import InvalidInput, NotAllowed, Stale
from core.kernel.inputs import parse
from db.tables import Contact, Customer, ServiceRequest
from tests.company_cast import Company

WIFE = {"name": "王太太", "contact_role": "家属", "phone": "139 0000 1234"}
KEEPER = {"name": "老赵", "contact_role": "门卫", "phone": "025-66668888-12"}


def put(company: Company, *lines: dict[str, str], who: str = "agent", **more: Any) -> None:
    version = more.get("version") or company.get(Customer, 1).version
    command = parse(SetContacts, {"contacts": list(lines), "reason": "客户告知"})
    company.do(who, contacts.put, id=1, command=command, seen_version=version)


def test_contacts_are_kept_found_and_known_again(company: Company) -> None:
    company.register()
    put(company, WIFE, KEEPER)
    listed = company.see("agent", contacts.of_customer, customer_id=1)
    assert [(x.name, x.contact_role, x.phone) for x in listed] == [
        tuple(WIFE.values()),
        tuple(KEEPER.values()),
    ]
    assert company.see("leader", contacts.of_customer, customer_id=1)[0].phone == "139****1234"
    for typed in ("13900001234", "+86 139 0000 1234", "1234", "66668888"):
        assert [hit.id for hit in company.see("agent", customers.find, text=typed)] == [1]
        (hit,) = company.see("leader", customers.find, text=typed)
        assert "1390000" not in repr(hit)
    # She calls herself: it is the same customer; somebody else with her number is asked for.
    again = company.register(customer_name="王太太", phone="0086 13900001234")
    assert company.get(ServiceRequest, again).customer_id == 1
    with pytest.raises(InvalidInput) as refused:
        company.register(customer_name="李雷", phone="13900001234")
    assert [bad.code for bad in refused.value.problems] == ["number_known"]
    put(company, KEEPER)
    assert company.see("agent", customers.find, text="13900001234") == ()
    newest, first = company.see("agent", customers.edits, id=1)
    assert first.fields["contacts"] == ("", "家属 王太太 139 0000 1234, 门卫 老赵 025-66668888-12")
    assert "1390000" not in repr(company.see("leader", customers.edits, id=1))
    assert newest.fields["contacts"][1] == "门卫 老赵 025-66668888-12"


def test_contacts_are_set_by_who_may_and_calls(company: Company) -> None:
    company.register()
    for who in ("agent.stranger", "finance", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            put(company, WIFE, who=who)
    with pytest.raises(Stale):
        put(company, WIFE, version=99)
    put(company, WIFE)
    with pytest.raises(NotAllowed):
        company.see("agent.stranger", contacts.of_customer, customer_id=1)
    for wrong in ({"name": ""}, {"phone": "139****1234"}, {"phone": "abc"}):
        with pytest.raises(InvalidInput):
            parse(SetContacts, {"contacts": [WIFE | wrong], "reason": "客户告知"})
    assert [row.name for row in company.rows(Contact)] == ["王太太"]
