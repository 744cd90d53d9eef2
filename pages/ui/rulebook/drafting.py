"""The draft of the next revision: its start, its faults, its difference, its signature, files."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from core.kernel.inputs import Input
from core.norms import revisions as packs
from core.norms.model import Norm
from core.rulebook import book as rulebook
from core.rulebook.book import BrokenNorm, Sign
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.rulebook import agreeing, editing, faults, sentences
from pages.ui.rulebook.faults import Shown
from pages.ui.rulebook.packs import line, titles
from pages.ui.rulebook.tables import Typed


def offer_draft(in_force: Norm) -> None:
    """Nobody has a draft yet: start one from the rule book in force, or from a shipped pack."""
    st.info(_("You have no draft. Start one: nothing changes until it is signed."))
    _button(_("Start a draft"), "draft_start", lambda uow: rulebook.keep_draft(uow, in_force))
    pack = st.selectbox(
        words.field("pack"),
        packs.pack_names(),
        format_func=titles().__getitem__,
        key="draft_pack",
        width=320,
    )
    st.caption(line(pack))
    _button(
        _("Start from this shipped pack"),
        "draft_pack_start",
        lambda uow: rulebook.keep_draft(uow, packs.shipped(pack)),
    )


def edit(in_force: Norm, draft: Norm) -> None:
    """Every part of the draft in tables, kept together."""
    st.caption(_("Change the tables, then keep the draft. It is obeyed once it is signed."))
    top = st.container()
    typed = editing.edited(draft)
    with top:
        agreeing.ask(in_force, typed.data)
        faults.show(tuple(rulebook.check(draft)), draft.model_dump(mode="json"))
    with st.bottom.container(horizontal=True):
        is_kept = gate.allowed("norm:edit") and st.button(
            _("Keep the draft"), type="primary", key="draft_send"
        )
        _button(_("Throw the draft away"), "draft_drop", rulebook.drop_draft)
    if is_kept:
        with top:
            _keep(lambda: _amended(draft, typed), typed.data, typed.shown)
    else:
        editing.settle()


def _amended(draft: Norm, typed: Typed) -> Norm:
    """The draft as it is typed; BrokenNorm names everything that does not fit."""
    try:
        norm = rulebook.amended(draft, typed.data)
    except BrokenNorm as error:
        raise BrokenNorm(*typed.faults, *error.faults) from error
    if typed.faults:
        raise BrokenNorm(*typed.faults)
    return norm


def difference(in_force: Norm, draft: Norm | None) -> None:
    """What the draft changes, and its signature."""
    if draft is None:
        st.info(_("You have no draft. Start one: nothing changes until it is signed."))
        return
    if not sentences.difference(in_force, draft):
        st.info(_("The draft is the rule book in force."))
        return
    broken = tuple(rulebook.check(draft))
    faults.show(broken, draft.model_dump(mode="json"))
    if gate.allowed("norm:edit") and not broken:
        _signature(in_force, draft)


def revisions(in_force: Norm, draft: Norm | None) -> None:
    """Every revision with its file; a file becomes the draft."""
    st.dataframe(
        [
            {
                _("Revision"): row.number,
                _("In force from"): words.day(row.in_force_on),
                _("Signed by"): row.signed_by,
                words.field("pack"): _pack(row.pack),
                _("In force"): row.in_force,
            }
            for row in gate.read(rulebook.list_revisions)
        ],
        hide_index=True,
        key="norm_revisions",
    )
    for name, norm in (("norm", in_force), ("draft", draft)):
        if norm:
            st.download_button(
                _("The rule book in force as a file")
                if name == "norm"
                else _("The draft as a file"),
                data=rulebook.to_yaml(norm),
                file_name=f"{name}.yaml",
                mime="application/yaml",
                key=f"download_{name}",
                icon=":material/download:",
                on_click="ignore",
            )
    _upload()


def _pack(name: str) -> str:
    return titles().get(name, name)


def _signature(in_force: Norm, draft: Norm) -> None:
    today = gate.now().astimezone(words.zone()).date()
    values: dict[str, date | str] = {"in_force_on": today, "signed_by": gate.actor().name}
    form = Form("sign_norm", Sign, values=values)
    parted = agreeing.show(in_force, draft)
    with st.form("sign_form", enter_to_submit=False):
        form.fields("in_force_on", "signed_by", *(("sentences_stay",) if parted else ()))
        st.caption(_("Cases registered before that day keep their revision."))
        st.caption(_("A day off or an extra working day counts for what runs already, too."))
        pressed = st.form_submit_button(_("Sign the new revision"), type="primary", key="sign_send")
    if pressed:
        form.send(rulebook.sign, done=_("The new revision is signed."))


def _keep(norm: Callable[[], Norm], data: Any = None, shown: Shown | None = None) -> None:
    try:
        kept = norm()
    except BrokenNorm as error:
        faults.show(error.faults, data, shown)
        return
    Form("draft", Input).send(
        lambda uow, _input: rulebook.keep_draft(uow, kept), done=_("The draft is kept.")
    )


def _upload() -> None:
    upload = st.file_uploader(
        _("A rule book as a file (YAML) becomes your draft"),
        type=["yaml", "yml"],
        max_upload_size=2,
        key="norm_file",
    )
    if upload is not None and st.button(_("Take it as the draft"), key="norm_file_send"):
        _keep(lambda: rulebook.from_yaml(upload.getvalue()))


def _button(label: str, key: str, command: Callable[[Any], Any]) -> None:
    if gate.allowed("norm:edit") and st.button(label, key=key):
        Form(key, Input).send(lambda uow, _input: command(uow))
