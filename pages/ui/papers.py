"""Papers to hand out: made when asked for, from the company's templates."""

import streamlit as st

from core import papers
from core.papers import Paper
from pages.ui import gate, words


def download(name: str, case_id: int) -> None:
    """A button that downloads a paper of a case as a Word file."""
    paper = Paper(name)
    make = gate.later(
        papers.content,
        paper=paper,
        case_id=case_id,
        language=words.language(),
        word=words.dictionary(),
    )
    st.download_button(
        words.code(paper),
        data=make,
        file_name=f"{words.code(paper)}_{case_id}.docx",
        key=f"paper_{name}_{case_id}",
        icon=":material/description:",
        on_click="ignore",
    )
