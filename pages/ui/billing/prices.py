"""The price list on screen: what is in force, what comes, what has ended; and its periods."""

from typing import Any

import streamlit as st

from core.billing import prices
from core.billing.prices import EditPrice, InForce, NewPeriod, PriceView
from core.billing.sight import EDIT
from core.codes import PriceKind
from core.customers.catalogue import plain_name
from core.stock import catalogue
from pages.ui.kit import edits, filters, gate, headings, marks, sending, words
from pages.ui.kit.lists import choose, facts
from pages.ui.kit.words import _


def show() -> None:
    """All prices; beside them the chosen one, or the form for a new one."""
    rows = {row.id: row for row in gate.read(prices.listed)}
    shown = _narrowed(rows)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("prices", {id: _cells(row) for id, row in shown.items()})
        if not shown:
            st.info(_("No price here."), icon=":material/receipt_long:")
    with right:
        if chosen in shown:
            _one(rows[chosen])
        elif gate.allowed(EDIT):
            headings.part(_("New price"))
            sending.form(
                "price",
                EditPrice,
                lambda uow, filled, _seen: prices.add(uow, filled),
                options=_options(),
                values={"valid_from": gate.now().astimezone(words.zone()).date()},
            )


def _narrowed(rows: dict[int, PriceView]) -> dict[int, PriceView]:
    with filters.bar():
        sought = plain_name(filters.text("prices", label=_("Name, product")))
        kind = filters.select("prices", "kind", words.options(PriceKind))
        state = filters.select("prices", "state", words.options(InForce))
    return {
        id: row
        for id, row in rows.items()
        if sought in plain_name(f"{row.price_name} {row.product}")
        and kind in (None, row.price_kind)
        and state in (None, row.in_force)
    }


def _one(row: PriceView) -> None:
    headings.part(words.plain(row.price_name))
    if row.valid_until and row.in_force is InForce.ENDED:
        said = _("This price ended on {day}; nobody can quote it.", day=words.day(row.valid_until))
        st.warning(said, icon=":material/event_busy:")
    if not gate.allowed(EDIT):
        facts({words.field(name): text for name, text in _said(row).items()})
    else:
        values = {name: getattr(row, name) for name in EditPrice.model_fields}
        _period(row)
        place = st.expander(_("Change this price"), icon=":material/edit:", key=f"price_{row.id}")
        with place:
            sending.form(
                f"price·{row.id}",
                EditPrice,
                lambda uow, filled, seen: prices.change(
                    uow, id=row.id, command=filled, seen_version=seen
                ),
                options=_options(),
                values=values,
                version=row.version,
            )
    edits.show(gate.read(prices.edits, id=row.id), {}, key=f"price_{row.id}_edits")


def _period(row: PriceView) -> None:
    st.caption(_("From a day on it costs something else; until then this price holds."))
    sending.form(
        f"price_period·{row.id}",
        NewPeriod,
        lambda uow, filled, seen: prices.begin_period(
            uow, id=row.id, command=filled, seen_version=seen
        ),
        values={"price_cents": row.price_cents},
        version=row.version,
        button=_("New period"),
    )


def _options() -> dict[str, Any]:
    return {"parts": gate.read(catalogue.parts), "products": gate.read(catalogue.products)}


def _said(row: PriceView) -> dict[str, str]:
    return {
        "price_cents": words.money(row.price_cents) + (row.unit and f"/{row.unit}"),
        "request_kind": words.code(row.request_kind) if row.request_kind else "",
        "product": row.product,
        "valid_from": words.day(row.valid_from),
        "valid_until": words.day(row.valid_until) if row.valid_until else "",
    }


def _cells(row: PriceView) -> dict[str, str]:
    mark = f"{marks.LATE} " if row.in_force is InForce.ENDED else ""
    return {
        words.field("price_name"): row.price_name,
        words.field("price_kind"): words.code(row.price_kind),
        **{words.field(name): text for name, text in _said(row).items()},
        words.field("status"): mark + words.code(row.in_force),
    }
