"""The parts of a purchase's page: days, lines, and the form that puts them right."""

import streamlit as st

from core.customers import invoices
from core.customers.purchases import PurchaseFile, PurchaseView
from pages.ui.kit import actions, cards, edits, places, words
from pages.ui.kit.words import _


def name(file: PurchaseFile) -> str:
    """A purchase by its invoice and its day."""
    parts = (file.purchase.invoice_no, words.day(file.purchase.purchased_on))
    return words.plain(" · ".join(part for part in parts if part))


def days(bought: PurchaseView) -> str:
    """What the law's days count from."""
    distance = {True: _("bought at a distance"), False: _("bought in a shop"), None: ""}
    received = _("received {day}", day=words.day(bought.received_on)) if bought.received_on else ""
    day = _("bought {day}", day=words.day(bought.purchased_on))
    parts = (bought.invoice_no, day, received, distance[bought.at_a_distance])
    return words.plain(" · ".join(part for part in parts if part))


def show(file: PurchaseFile) -> None:
    """Whose it is, whether it counts, and its lines."""
    with st.container(horizontal=True, vertical_alignment="center"):
        is_here = file.status is invoices.ON_FILE
        st.badge(words.code(file.status), color="blue" if is_here else "gray")
        icon = ":material/person:"
        places.link("customer", words.plain(file.customer), icon=icon, id=str(file.customer_id))
        st.caption(days(file.purchase))
    rows = [
        {
            words.field("product"): f"{line.product} {line.specification}".strip(),
            words.field("serial"): line.serial,
            words.field("batch"): line.batch,
            words.field("quantity"): line.quantity,
            words.field("unit_cents"): words.money(line.unit_cents),
            words.field("total_cents"): words.money(line.total_cents),
            words.field("returned"): line.returned,
            words.field("under_way"): line.under_way,
        }
        for line in file.purchase.lines
    ]
    st.dataframe(rows, hide_index=True, key="purchase_lines")


def work(file: PurchaseFile) -> None:
    """What may be done with it, nobody's next step; and what was changed of it."""
    actions.barred(file.barred)
    if file.actions:
        with st.expander(_("Change this purchase"), icon=":material/edit:"):
            actions.panel(
                invoices.PROCESS,
                record_id=file.purchase.id,
                version=file.version,
                rules=file.actions,
                opened=False,
                look=actions.Look(rows=cards.drawer()),
            )
    edits.show(file.edits, key="purchase_edits")
