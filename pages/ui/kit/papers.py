"""Papers to hand out: made when asked for, from the company's templates."""

from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from core import printing
from core.complaints.view import ComplaintView
from core.printing import Paper
from core.returns.view import ReturnView
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

# What only this very computer calls by such a name no scanner can open.
HERE_ONLY = frozenset({"localhost", "127.0.0.1", "::1"})


def download(name: str, case_id: int) -> None:
    """A button that downloads a paper of a case as a Word file."""
    _button(Paper(name), case_id, case_id=case_id)


def of_complaint(view: ComplaintView) -> None:
    """Buttons for the papers of a complaint that fit the step where it stands."""
    with st.container(horizontal=True):
        for paper in printing.of_complaint(view):
            _button(paper, view.case_id, case_id=view.case_id)


def of_penalty(penalty_id: int) -> None:
    """A button that downloads the notice of a penalty."""
    _button(Paper.PENALTY_NOTICE, penalty_id, penalty_id=penalty_id)


def of_return(view: ReturnView) -> None:
    """Buttons for the papers of a return that fit the step where it stands, and for its labels."""
    with st.container(horizontal=True):
        for paper in printing.of_return(view):
            _button(paper, view.case_id, case_id=view.case_id)
        labels(view)


def labels(view: ReturnView) -> None:
    """A button that downloads the labels of a return's parcels, if there are any."""
    if not view.parcels:
        return
    make = gate.later(
        printing.labels,
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


def base_address(url: str | None) -> str:
    """Where the tool is found, from the address of one of its pages; "" where others find it not.

    Whoever scans is in the same network as whoever prints, and finds the tool under the same name.
    """
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or parts.hostname in (None, *HERE_ONLY):
        return ""
    folder = parts.path.rpartition("/")[0]
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, folder, "", ""))


def _button(paper: Paper, record_id: int, **about: int) -> None:
    language, word = words.language(), words.dictionary()
    make = gate.later(
        lambda uow: printing.content(uow, paper=paper, language=language, word=word, **about)
    )
    st.download_button(
        words.code(paper),
        data=make,
        file_name=f"{words.code(paper)}_{record_id}.docx",
        key=f"paper_{paper.value}_{record_id}",
        icon=":material/description:",
        on_click="ignore",
    )
