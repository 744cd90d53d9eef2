"""Orders on screen: what waits for a step, and for a technician the form to ask."""

import streamlit as st

from core.people.own_jobs import own_jobs
from core.stock import orders
from core.stock.inputs import AskedPart, AskParts, GivenBack
from core.stock.orders import OrderView
from core.stock.sight import ASK
from pages.ui.kit import actions, cards, gate, headings, sending, words
from pages.ui.kit.lists import case_link, choose, facts
from pages.ui.kit.words import _

LOOK = actions.Look(rows=cards.drawer(GivenBack))


def show() -> None:
    """A technician's own orders, or those that wait for whoever keeps the store."""
    if gate.allowed(ASK):
        _mine()
        return
    rows = {row.id: row for row in gate.read(orders.listed, over=_over())}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("orders", {id: _cells(row) for id, row in rows.items()})
        if not rows:
            st.info(_("No order here."), icon=":material/check_circle:")
    with right:
        if chosen in rows:
            with st.container(border=True):
                card(rows[chosen])


def card(row: OrderView, *, opened: bool = True) -> None:
    """One order with what may be done about it."""
    st.markdown(f"**{words.plain(row.technician)}** · {words.code(row.status)}")
    for line in row.lines:
        st.markdown(f"- {words.plain(line)}")
    facts(
        {
            words.field("asked_at"): words.moment(row.asked_at),
            words.field("ready_at"): words.moment(row.ready_at) if row.ready_at else "",
            words.field("decided_by"): row.decided_by,
            words.field("note"): row.note,
        }
    )
    if row.case_id:
        case_link(row.case_id, row.number)
    rules = row.actions
    actions.panel(
        orders.PROCESS,
        record_id=row.id,
        version=row.version,
        rules=rules,
        opened=opened,
        look=LOOK,
    )


def ask(job_id: int | None = None) -> None:
    """The form to ask for parts."""
    options = {"parts": gate.read(orders.offered, job_id=job_id), "jobs": gate.read(own_jobs)}
    sending.form(
        f"order·{job_id or ''}",
        AskParts,
        lambda uow, filled, _seen: orders.ask(uow, filled),
        options=options,
        values={"job_id": job_id, "order_lines": [{}]},
        button=_("Ask for these parts"),
        rows=cards.drawer(AskedPart),
    )


def _mine() -> None:
    left, right = st.columns(2, gap="large")
    with left:
        headings.part(_("Ask for parts"))
        ask()
    with right:
        headings.part(_("My orders"))
        over = _over()
        rows = gate.read(orders.listed, over=over)
        for row in rows:
            with st.container(border=True):
                card(row, opened=False)
        if not rows:
            st.info(_("No order here."), icon=":material/check_circle:")


def _over() -> bool:
    return st.toggle(_("Those that are over"), key="orders_over")


def _cells(row: OrderView) -> dict[str, str]:
    return {
        words.field("status"): words.code(row.status),
        words.field("technician"): row.technician,
        words.field("order_lines"): "、".join(row.lines),
        words.field("asked_at"): words.moment(row.asked_at),
        words.field("number"): row.number,
        words.field("station"): row.station,
    }
