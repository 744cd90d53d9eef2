"""One contract: what it covers and gives, its paper, and what may be done about it."""

from functools import partial

import streamlit as st

from core.contracts import contracts, view
from core.contracts.rules import DRAFT, IN_FORCE, KEEP
from core.contracts.view import ContractView
from core.kernel.given_files import LARGEST, MEGABYTE
from pages.ui.contracts import said
from pages.ui.kit import actions, edits, filing, gate, places, words
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
        content = gate.later(contracts.paper, id=row.id)
        filing.hand_out(row.paper_name, content, key=f"contract_paper_{row.id}")
    if gate.allowed(KEEP) and row.status in (DRAFT, IN_FORCE):
        filing.offer(
            f"contract_file_{row.id}",
            _("Signed paper, at most {megabytes} MB", megabytes=LARGEST // MEGABYTE),
            _("Keep the paper"),
            ["pdf", "jpg", "png"],
            partial(contracts.attach, id=row.id),
        )
