"""A production batch on screen: its figures, where its cases stand, and taking it back."""

from collections.abc import Iterable
from enum import StrEnum

import streamlit as st

from core.quality import batches
from core.quality.batches import BatchView
from core.quality.inputs import RecallBatch
from pages.ui.emergencies.file import say_declared
from pages.ui.kit import places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def figures(view: BatchView) -> None:
    """How many cases there are, and what the tests say."""
    tested = words.number(view.tested)
    cells = {
        _("Cases"): words.number(view.total),
        words.field("tested_quantity"): tested,
        words.field("defect_quantity"): words.number(view.defects),
        _("Defect rate"): words.share(view.defect_rate),
        _("Defects confirmed"): words.number(view.confirmed),
    }
    for place, (label, value) in zip(st.columns(len(cells)), cells.items(), strict=True):
        place.metric(label, value)


def counts(view: BatchView) -> None:
    """The cases by fault area, kind and status."""
    facts(
        {
            words.field("fault_area"): _counted(view.by_area.items()),
            words.field("kind"): _counted(view.by_kind.items()),
            words.field("status"): _counted(view.by_status.items()),
        }
    )


def recall(view: BatchView) -> None:
    """The emergency of the batch, or the form that raises one."""
    if view.emergency_id:
        places.link(
            "emergencies",
            _("Emergency of this batch"),
            icon=":material/emergency:",
            id=str(view.emergency_id),
        )
    if not view.may_recall:
        return
    form = Form("recall_batch", RecallBatch)
    with st.expander(words.action("recall"), icon=":material/campaign:"):
        st.caption(_("The emergency plan starts with its gravest level, and those named are told."))
        with st.form("recall_batch_form", enter_to_submit=False):
            form.field("happened")
            pressed = st.form_submit_button(
                words.action("recall"), type="primary", key="recall_send"
            )
    if pressed:
        form.send(
            batches.recall,
            extra={"batch": view.batch},
            then=say_declared,
        )


def _counted(counts: Iterable[tuple[StrEnum | None, int]]) -> str:
    return words.listed(
        f"{words.code(each) if each else _unknown()} {count}" for each, count in counts
    )


def _unknown() -> str:
    return _("not known")
