"""Papers to hand out: made when asked for, from the company's templates."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core import printing
from core.codes import RequestKind
from core.kernel.unit_of_work import UnitOfWork
from core.requests import ready
from pages.ui.kit import gate, words


def download(name: str, case_id: int, number: str, *, place: str = "") -> None:
    """Buttons that download a paper of a case, called by the case's number.

    History keeps that it was made, where the rule book asks for it. `place` tells two buttons for
    one paper on a screen apart.
    """
    note = partial(ready.note_paper, case_id=case_id, paper=name)
    _button(name, number, place=place, note=note, case_id=case_id)


def of_file(kind: RequestKind, file: Any) -> None:
    """Buttons for the papers of a file that fit the step where it stands."""
    for paper in printing.of_file(kind, file):
        _button(paper, file.number, case_id=file.case_id)


def of_penalty(penalty_id: int) -> None:
    """A button that downloads the notice of a penalty."""
    _button("penalty_notice", str(penalty_id), penalty_id=penalty_id)


def of_piece(asset_id: int, number: str) -> None:
    """Buttons that download the warranty card of a piece."""
    _button("warranty_card", number, asset_id=asset_id)


def of_seat(seat_id: int, number: str) -> None:
    """Buttons that download the certificate of somebody who was trained."""
    _button("training_certificate", number, seat_id=seat_id)


def _button(
    paper: str,
    number: str,
    *,
    place: str = "",
    note: Callable[[UnitOfWork], None] | None = None,
    **about: int,
) -> None:
    """A paper as PDF, to print at once, and as Word, to write in."""
    asked: dict[str, Any] = {
        "paper": paper,
        "language": words.language(),
        "word": words.dictionary(),
        **about,
    }
    name = name_of(paper)
    for ending, label in (("pdf", f"{name} PDF"), ("docx", f"{name} Word")):
        as_pdf = ending == "pdf"
        make = gate.later(_make, as_pdf=as_pdf, **asked)
        st.download_button(
            label,
            data=gate.noting(make, note) if note else make,
            file_name=f"{name}_{number}.{ending}",
            key=f"paper_{paper}_{number}" + "_pdf" * as_pdf + place,
            icon=":material/picture_as_pdf:" if as_pdf else ":material/description:",
            on_click="ignore",
        )


def _make(uow: UnitOfWork, /, **asked: Any) -> bytes:
    return printing.content(uow, **asked)


def name_of(paper: str) -> str:
    """What a paper is called."""
    return words.in_domain("Paper", paper)
