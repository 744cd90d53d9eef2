"""A list of the roster with its form beside it: one record is changed, or a new one is added."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork
from core.roster.sight import Remove
from pages.ui.kit.fields import Options
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

# Takes what was typed, and the version that the person had in view.
Command = Callable[[UnitOfWork, Any, int], Any]


def form(
    name: str,
    model: type[Input],
    command: Command,
    *,
    options: Options | None = None,
    values: Mapping[str, Any] | None = None,
    version: int = 0,
    labels: Mapping[str, str] | None = None,
    button: str = "",
) -> None:
    """The form of a record, with its button."""
    drawn = Form(name, model, options=options, values=values, version=version)
    with st.form(f"{name}_form", enter_to_submit=False):
        for field in model.model_fields:
            label = (labels or {}).get(field)
            drawn.field(field, **({"label": label} if label else {}))
        pressed = st.form_submit_button(button or _("Save"), type="primary", key=f"{name}_send")
    if pressed:
        drawn.send(lambda uow, filled: command(uow, filled, drawn.seen), done=_("Saved"))


def removal(name: str, command: Command, *, version: int) -> None:
    """Takes a record out, after a second press."""
    drawn = Form(f"{name}·remove", Remove, version=version)
    with st.popover(_("Remove"), icon=":material/delete:", key=f"{name}_removal"):
        st.caption(_("History keeps what it was."))
        pressed = st.button(_("Remove it"), key=f"{name}_remove", type="primary")
    if pressed:
        drawn.send(lambda uow, filled: command(uow, filled, drawn.seen), done=_("Removed"))
