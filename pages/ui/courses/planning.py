"""The form for a new course: of a request for training, of a customer, or of nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

from core.courses import actions, planning
from core.courses.inputs import PlanCourse
from core.courses.rules import PLAN
from core.customers import customers
from pages.ui.courses import said
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _

PAIRS = (
    *(("course_kind", "product_id"), ("starts_at", "ends_at"), ("held_in", "address")),
    *(("seats", "pass_mark"), ("full_mark", "")),
)


def show(case_id: int | None, customer_id: int | None) -> None:
    """What, when, where, by whom; a request or a customer gives the first who takes part."""
    if not gate.allowed(PLAN):
        st.info(_("Courses are planned by those who answer customers."))
        return
    first = _of_case(case_id) if case_id else _of_customer(customer_id) if customer_id else {}
    options: dict[str, Mapping[Any, str]] = {
        "products": gate.read(actions.products),
        "trainers": gate.read(actions.trainers),
    }
    form = Form(
        f"course·{case_id or 0}·{customer_id or 0}",
        PlanCourse,
        options=options,
        values={**_tomorrow(), **first},
    )
    with st.form(f"{form.name}·form", enter_to_submit=False):
        form.fields("headline", "course_content")
        for pair in PAIRS:
            for name, place in zip(pair, st.columns(2), strict=True):
                with place:
                    if name:
                        form.field(name)
        form.fields("course_trainers")
        pressed = st.form_submit_button(_("Plan it"), type="primary", key=f"{form.name}·send")
    if pressed:
        form.send(
            partial(actions.plan, case_id=case_id, customer_id=customer_id),
            done=_("Saved"),
            then=lambda id: places.go("courses", id=str(id)),
        )


def _of_case(case_id: int) -> dict[str, Any]:
    found = gate.read(planning.of_case, case_id=case_id)
    if found.course:
        st.info(_("A course answers this request already."), icon=":material/info:")
        places.link("courses", found.course[1], icon=said.ICON, id=str(found.course[0]))
        st.stop()
    case_link(found.case_id, _("Answers {number}", number=found.number))
    return found.values


def _of_customer(customer_id: int) -> dict[str, Any]:
    view = gate.read(customers.view, id=customer_id)
    places.link("customer", words.plain(view.name), icon=":material/person:", id=str(view.id))
    return {"address": view.address}


def _tomorrow() -> dict[str, datetime]:
    """Two hours of the next morning."""
    today = gate.now().astimezone(words.zone())
    begins = (today + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
