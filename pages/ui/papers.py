"""Papers to hand out: made when asked for, from the company's templates."""

import streamlit as st

from core import papers
from core.complaints.review import ComplaintView
from core.papers import Paper
from pages.ui import gate, words


def download(name: str, case_id: int) -> None:
    """A button that downloads a paper of a case as a Word file."""
    _button(Paper(name), case_id, case_id=case_id)


def of_complaint(view: ComplaintView) -> None:
    """Buttons for the papers of a complaint that fit the step where it stands."""
    with st.container(horizontal=True):
        for paper in papers.of_complaint(view):
            _button(paper, view.case_id, case_id=view.case_id)


def of_penalty(penalty_id: int) -> None:
    """A button that downloads the notice of a penalty."""
    _button(Paper.PENALTY_NOTICE, penalty_id, penalty_id=penalty_id)


def _button(paper: Paper, record_id: int, **about: int) -> None:
    make = gate.later(
        papers.content,
        paper=paper,
        language=words.language(),
        word=words.dictionary(),
        **about,
    )
    st.download_button(
        words.code(paper),
        data=make,
        file_name=f"{words.code(paper)}_{record_id}.docx",
        key=f"paper_{paper.value}_{record_id}",
        icon=":material/description:",
        on_click="ignore",
    )
