"""What is on file about a return: lines with their conditions, parcels, receipt, stock."""

import streamlit as st

from core.codes import Direction, ReturnStatus
from core.returns.view import LineView, ParcelView, ReturnView
from pages.ui.kit import words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _
from pages.ui.returns import judgement as return_judgement

DECIDED_ON = (
    *(ReturnStatus.APPLIED, ReturnStatus.SCREENED),
    *(ReturnStatus.INSPECTED, ReturnStatus.APPEALED),
)


def brief(file: ReturnView) -> None:
    """Every line in one sentence: what, how many, what is wished for, whether it may come back."""
    said = [_brief(line) for line in file.lines]
    if said:
        st.markdown("  \n".join(said))


def goods(file: ReturnView) -> None:
    """Folded: what every condition says of every line; what came, and where it lies."""
    # Whoever decides whether it may come back has them open.
    opened = file.status in DECIDED_ON and bool(file.actions)
    with st.expander(_("Lines and conditions"), icon=":material/rule:", expanded=opened):
        _lines(file)
    if file.parcels:
        with st.expander(_("Parcels, receipt and stock"), icon=":material/package_2:"):
            _parcels(file)
            _receipt(file)
            _stock(file)


def _lines(file: ReturnView) -> None:
    for place, line in enumerate(file.lines, 1):
        with st.container(border=True):
            st.markdown(f"**{place}\\. {words.plain(_name(line))}**")
            return_judgement.show(line.judgement)
            facts(_told(line) | _found(line))


def decision(file: ReturnView) -> None:
    """Who decides on this amount by which clause, who has, and what was said."""
    roles = words.listed(words.code(role) for role in file.decided_by_amount.roles)
    clause = file.decided_by_amount.clause
    people = file.people
    facts(
        {
            words.field("amount"): words.money(file.decided_by_amount.cents),
            _("Decides"): words.cited(roles, clause),
            _("Applied on"): words.day(file.asked_on),
            _("Applied by"): people["applied_by"],
            _("Screened by"): people["screened_by"],
            _("Inspected by"): people["inspected_by"],
            _("Decided by"): people["approved_by"] or people["refused_by"],
            _("Decision"): file.decision,
            words.field("appeal"): file.appeal,
            _("Decided on the appeal by"): people["appeal_by"],
        },
        flowing=True,
    )


def _parcels(file: ReturnView) -> None:
    title = _("Way back and parcels") if file.way_back else _("Parcels")
    st.markdown(f"**{title}**")
    way = words.code(file.way_back) if file.way_back else ""
    facts({words.field("way_back"): way, words.field("address"): file.address})
    for parcel in file.parcels:
        st.markdown(_parcel(parcel))


def _receipt(file: ReturnView) -> None:
    if not any(line.received for line in file.lines):
        return
    title = _("Receipt against application")
    st.markdown(f"**{title}**")
    rows = [_received(line) for line in file.lines]
    st.dataframe(rows, hide_index=True, key=f"return_{file.id}_receipt")


def differences(file: ReturnView) -> None:
    """What came otherwise than was applied for: whoever goes on has to know."""
    for line in file.lines:
        if line.difference or line.specification_ok is False:
            wrong = _("other specification") if line.specification_ok is False else ""
            parts = (_name(line), wrong, line.difference)
            said = " · ".join(part for part in parts if part)
            st.warning(words.plain(said), icon=":material/difference:")


def _stock(file: ReturnView) -> None:
    rows = [
        {
            words.field("line_id"): _name(line),
            words.field("destination"): words.code(move.destination),
            words.field("quantity"): move.left,
            words.field("value_cents"): words.money(move.value_cents),
            _("By"): move.by,
            _("When"): words.moment(move.at),
        }
        for line in file.lines
        for move in line.stock
        if move.left
    ]
    if rows:
        title = _("Stock")
        st.markdown(f"**{title}**")
        st.dataframe(rows, hide_index=True, key=f"return_{file.id}_stock")
    replaced = [
        f"- {words.plain(_name(line))} × {each.quantity} {words.plain(each.serial)}".rstrip()
        for line in file.lines
        for each in line.replacements
    ]
    if replaced:
        title = _("Sent in exchange")
        st.markdown("\n".join((f"**{title}**", "", *replaced)))


def _brief(line: LineView) -> str:
    judgement = line.judgement
    mark = return_judgement.MARKS[line.fit]
    colour = return_judgement.COLOURS[line.fit]
    condition = line.condition_text.get(words.language(), "")
    text = " · ".join((f"{_name(line)} × {line.quantity}", words.code(line.wish)))
    rule = words.plain(words.cited(condition, line.clause)) if condition else ""
    payer = return_judgement.freight(line.payer or judgement.freight)
    fit = f":{colour}-badge[{mark} {words.code(line.fit)}]"
    return " ".join(part for part in (words.plain(text), fit, rule, payer) if part)


def _name(line: LineView) -> str:
    parts = (f"{line.product} {line.specification}".strip(), line.serial, line.batch)
    return " · ".join(part for part in parts if part)


def _told(line: LineView) -> dict[str, str]:
    distance = {True: _("bought at a distance"), False: _("bought in a shop"), None: ""}
    price = f"{words.money(line.unit_cents)} × {line.quantity}"
    total = words.money(line.price_cents)
    bought = (line.invoice_no, words.day(line.purchased_on), distance[line.at_a_distance])
    return {
        words.field("purchase_line_id"): " · ".join(part for part in bought if part),
        words.field("received_on"): words.day(line.received_on),
        words.field("amount"): f"{price} = {total}",
        words.field("reason"): " · ".join(
            (words.code(line.reason), words.code(line.wish), words.code(line.goods))
        ),
        words.field("repairs"): str(line.repairs) if line.repairs else "",
    }


def _found(line: LineView) -> dict[str, str]:
    defect = {True: _("defect confirmed"), False: _("no defect"), None: ""}[line.defect]
    state = words.code(line.goods_found) if line.goods_found else ""
    cause = words.code(line.cause_kind) if line.cause_kind else ""
    return {
        _("Inspection"): " · ".join(
            part for part in (defect, state, line.sample, line.finding) if part
        ),
        words.field("approved"): words.number(line.approved) if line.approved else "",
        words.field("retest"): " · ".join(part for part in (cause, line.retest) if part),
        words.field("replaced"): words.number(line.replaced) if line.replaced else "",
        _("Sent back"): words.number(line.sent_back) if line.sent_back else "",
    }


def _received(line: LineView) -> dict[str, str | int]:
    seen = words.code(line.appearance) if line.appearance else "—"
    state = words.code(line.goods_found or line.goods)
    ok = {True: "✓", False: "✗", None: "—"}
    return {
        words.field("line_id"): _name(line),
        _("Applied for"): line.quantity,
        words.field("approved"): line.approved,
        words.field("received"): line.received,
        _("Still to come"): max(0, line.approved - line.received),
        words.field("specification_ok"): ok[line.specification_ok],
        words.field("appearance"): seen if seen == state else f"{state} → {seen}",
        words.field("accepted"): line.accepted,
    }


def _parcel(parcel: ParcelView) -> str:
    icon = "⬅" if parcel.direction is Direction.IN else "➡"
    paid = f"{words.money(parcel.freight_cents)} ({words.code(parcel.paid_by)})"
    arrived = _("arrived {time}", time=words.moment(parcel.arrived_at)) if parcel.arrived_at else ""
    sent = _("sent {time}", time=words.moment(parcel.sent_at)) if parcel.sent_at else ""
    parts = (words.code(parcel.direction), parcel.carrier, parcel.tracking, paid, sent, arrived)
    return f"{icon} {words.plain(' · '.join(part for part in parts if part))}"
