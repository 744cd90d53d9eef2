"""What a customer's page and a case say of maintenance."""

from core.maintenance import lists
from core.maintenance.rules import MANAGE, READ
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.maintenance import rounds

ICON = ":material/repeat:"


def of_customer(customer_id: int) -> None:
    """When which piece of a customer is looked after next, and the way to a plan for a contract."""
    if not gate.allowed(READ):
        return
    found = gate.read(lists.of_customer, customer_id=customer_id)
    if not found and not gate.allowed(MANAGE):
        return
    headings.part(_("Maintenance"))
    for row in found:
        parts = (words.day(row.due_on), rounds.state(row), row.piece, row.plan)
        label = words.plain(" · ".join(parts))
        places.link("maintenance", label, icon=ICON, id=str(row.plan_id))
    if gate.allowed(MANAGE):
        label = _("New maintenance plan")
        places.link("maintenance", label, icon=":material/edit_note:", customer=str(customer_id))


def of_case(case_id: int) -> None:
    """From a case to the plan that it was made of."""
    if not gate.allowed(READ):
        return
    if row := gate.read(lists.of_case, case_id=case_id):
        due = words.day(row.due_on)
        label = _("Maintenance plan {plan}, due on {day}", plan=words.plain(row.plan), day=due)
        places.link("maintenance", label, icon=ICON, id=str(row.plan_id))
