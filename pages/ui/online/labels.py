"""Labels of a piece: made, shown once to be printed, revoked."""

import streamlit as st

from core.links import links
from core.online import labels
from core.online.labels import GiveLabel, LabelView, RevokeLabel
from pages.ui.kit import gate, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import shown

SHOWN = "piece_label"


def of_piece(asset_id: int) -> None:
    """The labels of a piece, folded; a new one is shown right after it was made."""
    if not gate.allowed(labels.GIVE) or not gate.read(links.is_offered):
        return
    given = gate.read(labels.of_piece, asset_id=asset_id)
    piece, fresh, secret = st.session_state.get(SHOWN, (None, None, ""))
    is_fresh = piece == asset_id and any(each.id == fresh and each.actions for each in given)
    with st.expander(_("Label with a code"), icon=":material/qr_code_2:", expanded=is_fresh):
        if is_fresh:
            note = _("Print it now: it is shown this once. It leads to the form of this piece.")
            shown.code(secret, note=note)
        _make(asset_id)
        for each in given:
            _line(each)


def _make(asset_id: int) -> None:
    form = Form(f"give_label·{asset_id}", GiveLabel)
    # The same for a form however often it is pressed: what is shown is what was stored.
    secret = st.session_state.setdefault(f"label_secret·{form.key}", links.new_secret())
    if st.button(_("Make a label"), key=f"give_label_{asset_id}"):
        form.send_by(
            lambda filled, key: gate.send(
                key, lambda uow: labels.give(uow, filled, asset_id=asset_id)
            ),
            extra={"digest": links.digest_of(secret)},
            then=lambda made: _keep(asset_id, made, secret),
        )


def _keep(asset_id: int, made: int, secret: str) -> None:
    st.session_state[SHOWN] = (asset_id, made, secret)


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
