"""The papers of a return, and the labels of its parcels."""

from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from core import printing
from core.codes import RequestKind
from core.returns.papers.labels import labels as print_labels
from core.returns.view import ReturnView
from pages.ui.kit import gate, papers, words
from pages.ui.kit.words import _

# What only this very computer calls by such a name no scanner can open.
HERE_ONLY = frozenset({"localhost", "127.0.0.1", "::1"})


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
