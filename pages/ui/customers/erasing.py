"""A person is erased on request, by who may; there is no way back."""

import streamlit as st

from core.customers.customers import CustomerView
from core.erasing import erasing
from core.erasing.erasing import EraseCustomer
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def show(view: CustomerView) -> None:
    """That it was done, or the form for it."""
    if view.erased_at is not None:
        day = words.moment(view.erased_at, year=True)
        st.info(_("This person was erased on request on {day}.", day=day))
    elif gate.allowed(erasing.ERASE) and not view.narrow:
        with st.expander(_("Erase this person"), icon=":material/block:"):
            _form(view)


def _form(view: CustomerView) -> None:
    st.warning(
        _(
            "Name, numbers, addresses and contacts are blanked here, in all cases and in history. "
            "Attached files and signatures leave the disk. Figures stay as they are. "
            "There is no way back."
        )
    )
    form = Form(f"erase·{view.id}", EraseCustomer, version=view.version)
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields("reason")
        pressed = st.form_submit_button(_("Erase for good"), key=f"{form.name}·send")
    if pressed:
        form.send(
            lambda uow, command: erasing.erase(
                uow, id=view.id, command=command, seen_version=form.seen
            ),
            done=_("Erased"),
        )
