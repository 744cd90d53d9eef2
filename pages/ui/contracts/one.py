"""One contract: what it covers and gives, its paper, and what may be done about it."""

import secrets
from functools import partial

import streamlit as st

from core.contracts import contracts, view
from core.contracts.rules import DRAFT, IN_FORCE, KEEP
from core.contracts.view import ContractView
from core.kernel.errors import Refused
from core.kernel.given_files import LARGEST, MEGABYTE
from pages.ui.contracts import said
from pages.ui.kit import actions, edits, gate, places, uploads, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _


def show(contract_id: int) -> None:
    """The contract with its actions, its paper and what was changed of it."""
    row = gate.read(view.view, id=contract_id)
    with st.container(border=True):
        st.markdown(f"**{words.plain(row.number)}** · {words.code(row.status)}")
        icon = ":material/person:"
        places.link("customer", words.plain(row.customer), icon=icon, id=str(row.customer_id))
        facts(
            {
                words.field("contract_scope"): row.scope,
                words.field("covers"): said.covers(row),
                words.field("contract_period"): said.days(row),
                words.field("gives"): said.gives(row),
            }
        )
        actions.barred(row.barred)
        actions.panel(
            contracts.PROCESS,
            record_id=row.id,
            version=row.version,
            rules=row.actions,
            opened=False,
        )
    _paper(row)
    edits.show(gate.read(view.edits, id=row.id), {}, key="contract_edits")


def _paper(row: ContractView) -> None:
    if row.paper_name:
        st.download_button(
            words.plain(row.paper_name),
            data=gate.later(contracts.paper, id=row.id),
            file_name=row.paper_name,
            key=f"contract_paper_{row.id}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    if gate.allowed(KEEP) and row.status in (DRAFT, IN_FORCE):
        _offer(row)


def _offer(row: ContractView) -> None:
    name = f"contract_file_{row.id}"
    key: str = st.session_state.setdefault(f"{name}·key", secrets.token_hex(16))
    label = _("Signed paper, at most {megabytes} MB", megabytes=LARGEST // MEGABYTE)
    file = st.file_uploader(
        label,
        max_upload_size=LARGEST // MEGABYTE,
        key=f"{name}·{key}·files",
        type=["pdf", "jpg", "png"],
    )
    if not st.button(_("Keep the paper"), key=f"{name}_send", disabled=file is None):
        return
    if file is None:
        return
    given = {"name": file.name, "content": file.getvalue()}
    try:
        gate.send(key, partial(contracts.attach, id=row.id, **given))
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return
    del st.session_state[f"{name}·key"]  # an empty uploader
    uploads.forget()
    gate.flash(_("Saved"))
    st.rerun()
