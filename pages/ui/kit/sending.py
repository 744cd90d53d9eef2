"""A form with its button, for what is no action on a record."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork
from pages.ui.kit import rows as lines
from pages.ui.kit.fields import Options
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def form(
    name: str,
    model: type[Input],
    command: Callable[[UnitOfWork, Any, int], Any],
    *,
    options: Options | None = None,
    values: Mapping[str, Any] | None = None,
    version: int = 0,
    button: str = "",
    rows: lines.Drawer = lines.table,
) -> None:
    """The command takes what was typed, and the version that the person had in view."""
    drawn = Form(name, model, options=options, values=values, version=version, rows=rows)
    with st.form(f"{name}_form", enter_to_submit=False):
        drawn.fields()
        pressed = st.form_submit_button(button or _("Save"), type="primary", key=f"{name}_send")
    if pressed:
        drawn.send(lambda uow, filled: command(uow, filled, drawn.seen), done=_("Saved"))
