"""Papers to hand out: made when asked for, from the company's templates."""

from typing import Any

import streamlit as st

from core import printing
from core.codes import RequestKind
from pages.ui.kit import gate, words


def download(name: str, case_id: int, number: str) -> None:
    """A button that downloads a paper of a case as a Word file, called by the case's number."""
    _button(name, number, case_id=case_id)


def of_file(kind: RequestKind, file: Any) -> None:
    """Buttons for the papers of a file that fit the step where it stands."""
    for paper in printing.of_file(kind, file):
        _button(paper, file.number, case_id=file.case_id)


def of_penalty(penalty_id: int) -> None:
    """A button that downloads the notice of a penalty."""
    _button("penalty_notice", str(penalty_id), penalty_id=penalty_id)


def _button(paper: str, number: str, **about: int) -> None:
    language, word = words.language(), words.dictionary()
    make = gate.later(
        lambda uow: printing.content(uow, paper=paper, language=language, word=word, **about)
    )
    name = name_of(paper)
    st.download_button(
        name,
        data=make,
        file_name=f"{name}_{number}.docx",
        key=f"paper_{paper}_{number}",
        icon=":material/description:",
        on_click="ignore",
    )


def name_of(paper: str) -> str:
    """What a paper is called."""
    return words.in_domain("Paper", paper)
