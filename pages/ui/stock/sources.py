"""The sources of parts on screen: which of them are regular ones."""

import streamlit as st

from core.kernel.unit_of_work import UnitOfWork
from core.stock import catalogue
from core.stock.catalogue import EditSupplier
from core.stock.sight import EDIT
from pages.ui.kit import gate, headings, sending, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _


def show() -> None:
    """All sources; beside them the chosen one, or the form for a new one."""
    rows = {row.id: row for row in gate.read(catalogue.suppliers)}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose(
            "sources",
            {
                id: {
                    words.field("supplier_name"): row.supplier_name,
                    words.field("phone"): row.phone,
                    words.field("is_regular"): _("Yes") if row.is_regular else _("No"),
                }
                for id, row in rows.items()
            },
        )
        if not rows:
            st.info(_("No source is written down yet: nothing can be received."))
    with right:
        if gate.allowed(EDIT):
            _edit(rows.get(chosen or 0))


def _edit(row: catalogue.SupplierView | None) -> None:
    headings.part(words.plain(row.supplier_name) if row else _("New source"))

    def keep(uow: UnitOfWork, filled: EditSupplier, seen: int) -> None:
        if row:
            catalogue.change_supplier(uow, id=row.id, command=filled, seen_version=seen)
        else:
            catalogue.add_supplier(uow, filled)

    sending.form(
        f"source·{row.id if row else ''}",
        EditSupplier,
        keep,
        values={name: getattr(row, name) for name in EditSupplier.model_fields} if row else None,
        version=row.version if row else 0,
    )
