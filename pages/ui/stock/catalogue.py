"""The catalogue of parts on screen."""

from typing import Any

import streamlit as st

from core.customers.catalogue import plain_name
from core.stock import catalogue, lists
from core.stock.catalogue import EditPart, PartView
from core.stock.sight import EDIT
from pages.ui.kit import edits, filters, gate, headings, marks, queue, sending, words
from pages.ui.kit.lists import choose, facts
from pages.ui.kit.words import _
from pages.ui.stock import naming


def show() -> None:
    """All parts; beside them the chosen one, or the form for a new one."""
    rows = {row.id: row for row in gate.read(catalogue.listed)}
    with filters.bar():
        sought = filters.text("parts", label=_("Name or number of a part"))
    plain = plain_name(sought)
    shown = {id: row for id, row in rows.items() if plain in plain_name(_said(row))}
    queue.begin("parts")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = queue.hold(choose("parts", {id: _cells(row, rows) for id, row in shown.items()}))
        if not shown:
            st.info(_("No part of this name or number."), icon=":material/inventory_2:")
    with right:
        if chosen in shown:
            _one(rows[chosen], rows)
        elif gate.allowed(EDIT):
            headings.part(_("New part"))
            sending.form(
                "part",
                EditPart,
                lambda uow, filled, _seen: catalogue.add_part(uow, filled),
                options=_options(),
            )


def _one(row: PartView, rows: dict[int, PartView]) -> None:
    headings.part(words.plain(_said(row)))
    _lies(row)
    if gate.allowed(EDIT):
        values = {name: getattr(row, name) for name in EditPart.model_fields} | {
            "substitutes": [{"part_id": id} for id in row.substitutes],
            "products": [{"product_id": id} for id in row.products],
        }
        sending.form(
            f"part·{row.id}",
            EditPart,
            lambda uow, filled, seen: catalogue.change_part(
                uow, id=row.id, command=filled, seen_version=seen
            ),
            options=_options(),
            values=values,
            version=row.version,
        )
    else:
        fits = gate.read(catalogue.products)
        others = words.listed(_said(rows[id]) for id in row.substitutes)
        fitted = words.listed(fits[id] for id in row.products)
        facts({words.field("substitutes"): others, words.field("products"): fitted})
    edits.show(gate.read(catalogue.part_edits, id=row.id), {}, key=f"part_{row.id}_edits")


def _lies(row: PartView) -> None:
    """Where the part lies, and how many are wanted there."""
    places = gate.read(lists.of_part, part_id=row.id)
    if not places:
        st.caption(_("None lies anywhere."))
    for each in places:
        mark = f"{marks.LATE} " if each.is_short or each.is_old else ""
        least = _("at least {n}", n=each.minimum) if each.minimum else ""
        parts = (naming.place(each.place), f"{mark}{each.quantity}{each.unit}", least)
        st.markdown(words.plain(" · ".join(filter(None, parts))))


def _options() -> dict[str, Any]:
    return {"parts": gate.read(catalogue.parts), "products": gate.read(catalogue.products)}


def _said(row: PartView) -> str:
    return f"{row.part_name} {row.number}"


def _cells(row: PartView, rows: dict[int, PartView]) -> dict[str, str]:
    return {
        words.field("part_name"): row.part_name,
        words.field("number"): row.number,
        words.field("unit"): row.unit,
        words.field("price_cents"): "" if row.price_cents is None else words.money(row.price_cents),
        words.field("substitutes"): "、".join(rows[id].number for id in row.substitutes),
        words.field("active"): _("Yes") if row.active else _("No"),
    }
