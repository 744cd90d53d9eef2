"""The papers of a return, and the labels of its parcels."""

import streamlit as st

from core import printing
from core.codes import RequestKind
from core.returns.papers.labels import labels as print_labels
from core.returns.view import ReturnView
from pages.ui.kit import gate, papers, words
from pages.ui.kit.addresses import base_address
from pages.ui.kit.words import _


def show(view: ReturnView) -> None:
    """Buttons for the papers that fit the step where it stands, and for its labels."""
    with st.container(horizontal=True):
        papers.of_file(RequestKind.RETURN, view)
        labels(view)


def labels(view: ReturnView) -> None:
    """A button that downloads the labels of a return's parcels, if there are any."""
    if not view.parcels:
        return
    make = gate.later(
        print_labels,
        case_id=view.case_id,
        language=words.language(),
        word=words.dictionary(),
        base=base_address(st.context.url),
    )
    name = _("Parcel labels")
    st.download_button(
        name,
        data=make,
        file_name=f"{name}_{view.number}.docx",
        mime=printing.MIME,
        key=f"labels_{view.case_id}",
        icon=":material/qr_code_2:",
        on_click="ignore",
    )
