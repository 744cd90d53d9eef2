"""Labels of a piece: made, shown once to be printed, revoked."""

from functools import partial

import streamlit as st

from core.links import links
from core.online import labels
from core.online.labels import GiveLabel, LabelView, RevokeLabel
from pages.ui.kit import gate, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import shown

KIND = "give_label"


def of_piece(asset_id: int) -> None:
    """The labels of a piece, folded; a new one is shown right after it was made."""
    if not gate.allowed(labels.GIVE) or not gate.read(links.is_offered):
        return
    given = gate.read(labels.of_piece, asset_id=asset_id)
    fresh = shown.fresh(KIND, asset_id)
    if fresh and not any(each.id == fresh[0] and each.actions for each in given):
        fresh = None  # it was revoked at once
    with st.expander(_("Label with a code"), icon=":material/qr_code_2:", expanded=bool(fresh)):
        if fresh:
            note = _("Print it now: it is shown this once. It leads to the form of this piece.")
            shown.code(fresh[1], note=note)
        form = Form(f"give_label·{asset_id}", GiveLabel)
        give = partial(labels.give, asset_id=asset_id)
        shown.make(form, _("Make a label"), give, kind=KIND, about=asset_id)
        for each in given:
            _line(each)


def _line(label: LabelView) -> None:
    parts = (words.moment(label.made_at, year=True), label.made_by, words.code(label.status))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(words.plain(" · ".join(filter(None, parts))), width="content")
        if label.actions:
            name = words.action(RevokeLabel.name)
            form = Form(f"revoke_label·{label.id}", RevokeLabel, version=label.version)
            if st.button(name, key=f"revoke_label_{label.id}", type="tertiary"):
                take = taking(labels.PROCESS, label.id, form.seen)
                form.send(take, done=_("Saved: {action}", action=name))
