"""The files of a meeting: minutes, slides, pages and a workbook, as it was frozen."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import streamlit as st

from core import decks
from core.codes import DecisionStatus
from core.decks import Decision, Deck
from core.kpi import FigureName
from core.meetings.view import MeetingView
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.meetings import sentences


class File(NamedTuple):
    """What makes a file of figures, and how its name ends."""

    make: Callable[[Deck, Mapping[str, str]], bytes]
    ending: str


def show(view: MeetingView) -> None:
    """The files of a meeting."""
    row = view.row
    offer(deck(view), f"meeting_{row.id}_{row.since:%Y%m%d}_{row.until:%Y%m%d}")


def offer(made: Deck, name: str) -> None:
    """A button for each file, made when it is asked for; only what was held has minutes."""
    said = labels()
    files = {
        _("Slides as PowerPoint"): File(decks.slides, "pptx"),
        _("Slides as PDF"): File(decks.pdf, "pdf"),
        _("Figures as Excel"): File(decks.workbook, "xlsx"),
    }
    if made.decisions is not None:
        files = {_("Word document"): File(decks.minutes, "docx"), **files}
    for label, file in files.items():
        st.download_button(
            label,
            data=partial(file.make, made, said),
            file_name=f"{name}.{file.ending}",
            key=f"file_{file.ending}",
            icon=":material/download:",
            on_click="ignore",
        )


def labels() -> dict[str, str]:
    """Every word of the files, by code."""
    named = {name.value: words.code(name) for name in FigureName}
    return named | {code: words.in_domain("deck", code) for code in decks.WORDS}


def deck(view: MeetingView) -> Deck:
    """What the files show: the figures as they were frozen, and what was decided."""
    row, figures = view.row, view.frozen.figures
    notes = {each.name: sentences.of(each) for each in figures}
    return Deck(
        title=row.topic,
        subtitle=" · ".join(sentences.about(view)),
        figures=figures,
        decisions=tuple(
            Decision(
                text=each.text,
                owner=each.owner,
                due=each.due_on,
                done=each.status is DecisionStatus.DONE,
                figure=each.figure,
            )
            for each in view.decisions
            if each.status is not DecisionStatus.DROPPED
        ),
        notes={name: said for name, said in notes.items() if said},
        people=(row.started_by,),
    )
