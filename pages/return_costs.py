"""What returns cost 退换货损失: by product and cause, each row with its cases."""

import streamlit as st

from core.returns import costs
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.kpi import figures, period

headings.title(words.in_domain("page", "return_costs"))
asked = period.months_and_station("return_costs")
found = gate.read(costs.costs, **asked)
if not found.rows:
    st.info(_("No return was refunded in this period."), icon=":material/check_circle:")
    st.stop()
left, middle, right = st.columns(3)
own = found.loss_cents - found.defect_cents
left.metric(_("Cost of returns"), words.money(found.loss_cents), border=True)
middle.metric(_("Confirmed defects"), words.money(found.defect_cents), border=True)
right.metric(_("Customers' own reasons"), words.money(own), border=True)
rows = {
    place: {
        words.field("product"): row.product,
        words.field("cause_kind"): words.code(row.cause) if row.cause else "—",
        words.field("defect"): _("yes") if row.is_defect else _("no"),
        _("Returns"): row.returns,
        _("Value lost"): words.money(row.value_cents),
        _("Freight"): words.money(row.freight_cents),
        _("Kept back"): words.money(row.deducted_cents),
        _("Loss"): words.money(row.loss_cents),
    }
    for place, row in enumerate(found.rows)
}
chosen = choose("return_costs", rows)
if chosen is not None and chosen < len(found.rows):
    figures.listed(costs.cases, key="return_cost_cases", row=found.rows[chosen], **asked)
