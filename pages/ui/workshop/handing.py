"""The papers of goods in the shop: the hand-over and the label."""

import streamlit as st

from core import printing
from core.workshop.papers import label
from pages.ui.kit import gate, words
from pages.ui.kit import papers as kit
from pages.ui.kit.addresses import base_address
from pages.ui.kit.words import _


def papers(case_id: int, number: str, *, gone: bool = False) -> None:
    """Buttons for the paper and for the label; for what was given up, its own paper."""
    paper = "recycling_note" if gone else "hand_over"
    kit.download(paper, case_id, number, place="workshop")
    name = _("Goods label")
    st.download_button(
        name,
        data=gate.later(
            label,
            case_id=case_id,
            language=words.language(),
            word=words.dictionary(),
            base=base_address(st.context.url),
        ),
        file_name=f"{name}_{number}.docx",
        mime=printing.MIME,
        key=f"goods_label_{case_id}",
        icon=":material/qr_code_2:",
        on_click="ignore",
    )
