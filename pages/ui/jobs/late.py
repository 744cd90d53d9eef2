"""Reports that came when their job was another one: shown to both sides, decided on by one."""

from collections.abc import Iterable

import streamlit as st

from core.codes import JobResult, SymptomFound
from core.jobs import sheets
from core.jobs.sheets import SheetView
from pages.ui.kit import actions, gate, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _

CODES = {"result": JobResult, "symptom_found": SymptomFound}


def of_case(case_id: int) -> None:
    """Those of a case, with what may be decided."""
    _show(gate.read(sheets.of_case, case_id=case_id), with_case=False)


def mine() -> None:
    """The own ones, until somebody has decided."""
    _show(gate.read(sheets.mine), with_case=True)


def _show(found: Iterable[SheetView], *, with_case: bool) -> None:
    for sheet in found:
        with st.container(border=True):
            at, status = words.moment(sheet.received_at), words.code(sheet.refused)
            said = _(
                "Report by {name}, came {time}: the job was {status}",
                name=sheet.person,
                time=at,
                status=status,
            )
            st.warning(words.plain(said), icon=":material/pending_actions:")
            facts({words.field(name): _told(name, value) for name, value in sheet.typed.items()})
            if with_case:
                case_link(sheet.case_id, sheet.number)
            actions.panel(
                sheets.PROCESS,
                record_id=sheet.id,
                version=sheet.version,
                rules=sheet.actions,
                opened=False,
            )


def _told(name: str, value: object) -> str:
    if name in CODES and isinstance(value, str) and value in [*CODES[name]]:
        return words.code(CODES[name](value))
    return str(value)
