"""Attachments of a case: pictures, films, sound and papers, and the place to add more."""

import hashlib
import secrets
from functools import partial
from typing import Any

import streamlit as st

from core.codes import PhotoMoment
from core.kernel.errors import NotSignedIn, Refused
from core.kernel.file_types import ENDINGS
from core.kernel.given_files import LARGEST, LARGEST_FILM, MEGABYTE, AttachmentLost
from core.kernel.paging import pages_of
from core.requests import attachments
from core.requests.attachments import AttachmentView
from pages.ui.kit import filing, gate, headings, uploads, words
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _

# In pixels: three side by side on a desk, two on a phone.
TILE = 140
# Files that are drawn at once.
PAGE = 24
# Browsers play these by themselves; a recording in AMR or a film of QuickTime is downloaded.
HEARD = ("audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/ogg")
SEEN = ("video/mp4", "video/webm")


def show(case_id: int, may_add: bool, *, only_photos: bool = False) -> None:
    """The files of a case, and an uploader for whoever may add one.

    Asked for photos alone, a telephone offers its camera; otherwise it offers its files.
    """
    found = gate.read(attachments.list_of, case_id=case_id)
    if not found and not may_add:
        st.caption(_("No file is attached."))
        return
    headings.part(_("Attachments"))
    photos = [view for view in found if view.mime.startswith("image/")]
    if photos:
        _show_photos(case_id, _leaf(f"photos_{case_id}", photos))
    others = [view for view in found if view not in photos]
    for view in _leaf(f"files_{case_id}", others):
        _show_line(view)
    if may_add:
        has_before = any(view.moment for view in photos)
        usual = PhotoMoment.AFTER if has_before else PhotoMoment.BEFORE
        _offer_more(case_id, usual if only_photos else None)


def _leaf(key: str, views: list[AttachmentView]) -> list[AttachmentView]:
    """Those of the page that the person leafed to; what leads to the others stands before them."""
    pages = pages_of(len(views), PAGE)
    if pages == 1:
        return views
    st.pagination(pages, key=f"{key}_page")
    start = (min(page_number(key), pages) - 1) * PAGE
    return views[start : start + PAGE]


def _show_photos(case_id: int, photos: list[AttachmentView]) -> None:
    drawn = gate.read(attachments.pictures, case_id=case_id, ids=[view.id for view in photos])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for view in photos:
            with st.container(width=TILE):
                if view.moment:
                    st.caption(words.code(view.moment))
                if view.id in drawn:
                    st.image(drawn[view.id], width="stretch", alt=view.name)
                _hand_out(view)


def _show_line(view: AttachmentView) -> None:
    if not (view.is_there and view.mime in (*HEARD, *SEEN)):
        _hand_out(view)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        _hand_out(view)
        label = _("Watch") if view.mime in SEEN else _("Listen")
        is_wanted = st.toggle(label, key=f"attachment_{view.id}_listen")
    if is_wanted:  # it is long: it is read when somebody wants to hear or see it
        _play(view)


def _play(view: AttachmentView) -> None:
    try:
        file = gate.ask(attachments.read, id=view.id)
    except Refused as error:
        _say(view.name, error)
        return
    if file.mime in SEEN:
        st.video(file.content, format=file.mime)
    else:
        st.audio(file.content, format=file.mime)


def _hand_out(view: AttachmentView) -> None:
    if not view.is_there:
        lost = AttachmentLost(reason="erased" if view.is_erased else "missing")
        _say(view.name, lost)
        return
    by = view.added_by or _("the customer")
    filing.hand_out(
        view.name,
        gate.later(attachments.content, id=view.id),
        key=f"attachment_{view.id}",
        size=view.size,
        mime=view.mime,
        note=f"{words.plain(by)} · {words.moment(view.added_at, year=True)}",
    )


def _offer_more(case_id: int, usual: PhotoMoment | None) -> None:
    """The place to add more; of photos of the work it asks whether they show before or after."""
    only_photos = usual is not None
    name = f"attach_{case_id}"
    key: str = st.session_state.setdefault(f"{name}·key", secrets.token_hex(16))
    with st.container(key=f"{name}_box"):
        files = st.file_uploader(
            _label(only_photos),
            type=_endings(only_photos),
            accept_multiple_files=True,
            max_upload_size=(LARGEST if only_photos else LARGEST_FILM) // MEGABYTE,
            key=f"{name}·{key}·files",
        )
        photo = None if only_photos else _photo(name, key)
        files = [*files, photo] if photo else files
        moment = _moment(f"{name}·{key}·moment", usual) if usual else None
        pressed = st.button(_("Attach"), type="primary", key=f"{name}_send", disabled=not files)
    if pressed:
        _attach(case_id, name, key, files, moment)
    for file, error in st.session_state.get(f"{name}·refused", ()):
        _say(file, error)


def _label(only_photos: bool) -> str:
    most = LARGEST // MEGABYTE
    if only_photos:
        return _("Photos, at most {megabytes} MB each", megabytes=most)
    return _(
        "Photos, PDF, sound, Word or Excel, at most {megabytes} MB each; films {film} MB",
        megabytes=most,
        film=LARGEST_FILM // MEGABYTE,
    )


def _endings(only_photos: bool) -> list[str]:
    return [
        ending
        for mime, endings in ENDINGS.items()
        for ending in endings
        if mime.startswith("image/") or not only_photos
    ]


def _photo(name: str, key: str) -> Any:
    """What the camera of a tablet takes; it is switched on when somebody wants it."""
    if not st.toggle(_("Take a photo"), key=f"{name}·{key}·camera"):
        return None
    return st.camera_input(
        _("Take a photo"), key=f"{name}·{key}·photo", label_visibility="collapsed"
    )


def _moment(key: str, usual: PhotoMoment) -> PhotoMoment:
    return st.pills(
        _("What the photos show"),
        list(PhotoMoment),
        default=usual,
        required=True,
        format_func=words.code,
        key=key,
    )


def _attach(
    case_id: int, name: str, key: str, files: list[Any], moment: PhotoMoment | None
) -> None:
    """Send each file by itself: one that is refused does not hold up the others."""
    refused: list[tuple[str, Refused]] = []
    progress = st.progress(0.0) if len(files) > 1 else None
    for number, upload in enumerate(files, 1):
        try:
            _send(case_id, key, upload, moment)
        except NotSignedIn:
            st.session_state["ended"] = True
            st.rerun()
        except Refused as error:
            refused.append((upload.name, error))
        if progress:
            progress.progress(number / len(files))
    count = len(files) - len(refused)
    if count:
        gate.flash(words.n_("One file attached", "{n} files attached", count))
    st.session_state[f"{name}·refused"] = refused
    del st.session_state[f"{name}·key"]  # an empty uploader
    uploads.forget()
    st.rerun()


def _send(case_id: int, key: str, upload: Any, moment: PhotoMoment | None) -> None:
    # A key for each file: whatever a second click finds done is not done again.
    once = hashlib.sha256(f"{key} {upload.file_id}".encode()).hexdigest()
    file = {"name": upload.name, "content": upload.getvalue(), "moment": moment}
    gate.send(once, partial(attachments.add, case_id=case_id, **file))


def _say(name: str, error: Refused) -> None:
    st.error(f"{words.plain(name)}: {words.refusal(error)}", icon=":material/error:")
