"""A member on the customer's page: points, level, what it gives, the ledger (D28)."""

from functools import partial

import streamlit as st

from core.customers.customers import CustomerView
from core.points import ledger, view
from core.points.ledger import BOOK, BookPoints
from core.points.view import Member
from pages.ui.kit import actions, gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import choose, facts
from pages.ui.kit.words import _


def of_customer(customer: CustomerView) -> None:
    """Points and privileges; nothing where the rule book has none."""
    found = gate.read(view.of_customer, customer_id=customer.id)
    if found is None:
        return
    headings.part(_("Points and privileges"))
    clause = f" ({found.clause})" if found.clause else ""
    missing = {"level": found.next_level, "n": words.number(found.missing)}
    facts(
        {
            words.field("points"): words.number(found.points),
            words.field("member_level"): found.level + clause if found.level else "",
            words.field("discount_percent"): _percent(found),
            words.field("next_level"): _("{level}: {n} more", **missing) if found.missing else "",
        }
    )
    _ledger(found)
    if customer.may_edit and gate.allowed(BOOK):
        with st.expander(_("Book points, or spend them")):
            _book(customer.id)


def _percent(found: Member) -> str:
    percent = found.discount_percent
    return f"{words.number(percent, 2)}%" if percent else ""


def _ledger(found: Member) -> None:
    rows = {
        row.id: {
            words.field("booked_at"): words.moment(row.at, year=True),
            words.field("points"): row.points,
            words.field("reason"): row.reason,
            words.field("status"): words.code(row.status),
            words.field("booked_by"): row.actor or _("the tool"),
        }
        for row in found.entries
    }
    chosen = choose("points", rows) if rows else None
    one = next((row for row in found.entries if row.id == chosen), None)
    if one and one.actions:
        actions.panel(
            ledger.PROCESS,
            record_id=one.id,
            version=one.version,
            rules=one.actions,
            opened=False,
        )


def _book(customer_id: int) -> None:
    form = Form(f"book_points·{customer_id}", BookPoints)
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(_("Book"), key=f"{form.name}·send")
    if pressed:
        form.send(partial(ledger.by_hand, customer_id=customer_id), done=_("Saved"))
