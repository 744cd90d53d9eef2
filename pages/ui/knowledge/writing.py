"""The form for a new article: of the answer of a case, or of nothing."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.knowledge import actions, growing
from core.knowledge.growing import Grown
from core.knowledge.inputs import WriteArticle
from core.knowledge.rules import WRITE
from pages.ui.kit import gate, places
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _

PAIRS = (("product_id", "fault_area"), ("case_class", "article_kind"))


def show(case_id: int | None) -> None:
    """What it says, and what it is about; the names of the customer are left out."""
    if not gate.allowed(WRITE):
        st.info(_("Articles are written by those who answer customers."))
        return
    found = None if case_id is None else _grown(case_id)
    options: dict[str, Mapping[Any, str]] = {
        "products": gate.read(actions.products),
        "article_classes": gate.read(actions.classes),
    }
    first = found.values if found else None
    form = Form(f"article·{case_id or 0}", WriteArticle, options=options, values=first)
    with st.form(f"{form.name}·form", enter_to_submit=False):
        form.fields("headline", "question", "answer")
        for pair in PAIRS:
            for name, place in zip(pair, st.columns(2), strict=True):
                with place:
                    _field(form, name)
        if found:
            form.field("names_nobody")
        pressed = st.form_submit_button(
            _("Keep as a draft"), type="primary", key=f"{form.name}·send"
        )
    if pressed:
        form.send(
            partial(actions.write, case_id=case_id),
            done=_("Saved"),
            then=lambda id: places.go("knowledge", id=str(id)),
        )


def _field(form: Form, name: str) -> None:
    if name == "product_id":
        form.field(name, help=_("Empty where it is the same for all products."))
    else:
        form.field(name)


def _grown(case_id: int) -> Grown:
    found = gate.read(growing.grown, case_id=case_id)
    if found is None:
        st.info(_("This case has no answer yet."), icon=":material/info:")
        case_link(case_id, _("Open the case"))
        st.stop()
    case_link(found.case_id, _("Of the answer of {number}", number=found.number))
    if found.left_out:
        st.warning(
            _("The customer's name, numbers and serial numbers were left out: ** stands for them."),
            icon=":material/front_hand:",
        )
    return found
