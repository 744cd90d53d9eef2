"""After how many days what goes by itself, and what would go now."""

from typing import Any

import streamlit as st

from core.erasing import retention
from core.erasing.retention import EditRetention, Going
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def show(*, may_edit: bool) -> None:
    """The days of each kind, and how much of it would go by what is typed."""
    days, version = gate.read(retention.view)
    st.caption(_("Cases, customers and their history stay; a person is erased on request."))
    form = Form("retention", EditRetention, version=version, values=days)
    with st.container(horizontal=True):
        for name in days:
            form.field(name, disabled=not may_edit, width=220)
    typed = {name: form.typed.get(name) for name in days}
    asked = {name: said if isinstance(said, int) else days[name] for name, said in typed.items()}
    going = gate.read(retention.preview, days=asked)
    st.dataframe([_row(each) for each in going], hide_index=True, key="retention_preview")
    if may_edit and st.button(_("Save"), type="primary", key="retention_send"):
        form.send(
            lambda uow, command: retention.edit(uow, command, seen_version=form.seen),
            done=_("Saved"),
        )


def _row(each: Going) -> dict[str, Any]:
    return {
        _("What"): words.code(each.kind),
        _("Days"): each.days,
        _("There now"): each.there,
        _("Would go now"): each.goes,
        _("The oldest is of"): words.moment(each.oldest, year=True),
    }
