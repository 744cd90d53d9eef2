"""What came of the copies, and the warning when the newest good one is too old."""

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from core.backups import plan
from core.backups.plan import PlanView, RunView
from core.codes import BackupOutcome
from core.kernel import sealing
from pages.ui.kit import gate, marks, places, words
from pages.ui.kit.words import _

MEGABYTE = 1_000_000


def warning() -> None:
    """On the home page of who looks after the server: only when there is something to do."""
    if gate.allowed(plan.READ) and gate.read(plan.is_old):
        newest()
        places.link("backups", _("Look after backups"))


def newest() -> None:
    """How old the newest good copy is."""
    made = gate.read(plan.newest)
    if made is None:
        st.warning(
            _("There is no copy yet: a broken disk would take everything."), icon=":material/error:"
        )
        return
    said = _("The newest good copy is of {at}.", at=words.moment(made, year=True))
    if gate.read(plan.is_old):
        lost = _("What came since would be lost.")
        st.warning(f"{said} {lost}", icon=":material/error:")
    else:
        st.success(said, icon=":material/check_circle:")


def key() -> str:
    """Where the key of the history lies, as text."""
    return words.plain(str(sealing.key_file()))


def runs(found: Sequence[RunView], *, are_planned: bool) -> None:
    """A line for each copy, the newest first."""
    if not found:
        wanted = _("Say beside where copies go: the first one is made within a minute.")
        st.info(_("A copy is made within a minute.") if are_planned else wanted)
        return
    rows = [
        {
            _("Begun"): words.moment(each.began_at, year=True),
            _("What came of it"): _outcome(each),
            _("Size"): _size(each),
            _("Lies in"): each.place,
        }
        for each in found
    ]
    st.dataframe(rows, hide_index=True, key="backup_runs")


def ask(found: PlanView) -> None:
    """The button that has a copy made at once."""
    if found.asked_at:
        st.info(_("A copy is made within a minute."))
    elif st.button(_("Make a copy now"), key="backup_now"):
        gate.send(uuid4().hex, plan.ask)
        gate.flash(_("A copy is made within a minute."))
        st.rerun()


def _outcome(run: RunView) -> str:
    if run.outcome is None:
        return _("is being made")
    said = words.code(run.outcome)
    if run.outcome is not BackupOutcome.FAILED or run.problem is None:
        return said
    return f"{marks.LATE} {said}: {words.code(run.problem)} {run.said}".strip()


def _size(run: RunView) -> str:
    return f"{words.number(run.size / MEGABYTE, 1)} MB" if run.size else ""
