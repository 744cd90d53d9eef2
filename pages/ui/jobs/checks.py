"""The check-lists on a telephone: a tap for each item, stored as it is made (E8, A18, A19)."""

import secrets
from collections.abc import Iterable
from typing import Any

import streamlit as st

from core.jobs import actions as jobs
from core.jobs.signing import SignReport
from core.jobs.ticks import CheckView, Tick
from core.jobs.worksheet import JobCard
from core.kernel.errors import Refused
from core.kernel.inputs import parse
from core.process import workflow
from core.process.rules import Rule
from pages.ui.kit import gate, words
from pages.ui.kit.words import _

REFUSED = "ticks·refused"
# What has its own place on the sheet, and no form among the others.
APART = (Tick, SignReport)


def others(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The actions that are drawn as forms."""
    return tuple(rule for rule in rules if rule.action not in APART)


def show(job: JobCard) -> None:
    """Each list that is for the work, as long as it may be ticked."""
    if not any(rule.action is Tick for rule in job.actions):
        return
    if refused := st.session_state.pop(REFUSED, None):
        st.error(refused, icon=":material/error:")
    for each in job.checks:
        _draw(job.id, each)


def _draw(job_id: int, each: CheckView) -> None:
    texts = {item.name: item.text[words.language()] for item in each.items}
    key = f"job·{job_id}·{each.name}·ticks"
    # What is stored is shown, also where another window or a refusal has made it so.
    st.session_state[key] = list(each.done)
    st.pills(
        f"{words.plain(each.text[words.language()])} {count((each,))}",
        list(texts),
        selection_mode="multi",
        format_func=texts.__getitem__,
        key=key,
        help=_("Rule {clause}", clause=words.plain(each.clause)),
        on_change=_tell,
        args=(job_id, each.name, key),
    )


def count(checks: Iterable[CheckView]) -> str:
    """How many items are done, of how many."""
    checks = [*checks]
    return f"{sum(len(e.done) for e in checks)}/{sum(len(e.items) for e in checks)}"


def _tell(job_id: int, name: str, key: str) -> None:
    command = parse(Tick, {"check_list": name, "items": st.session_state[key]})

    def act(uow: Any) -> Any:
        # A tick follows the one before it: nobody could have seen the version between them.
        seen = workflow.fetch(uow, jobs.PROCESS, job_id, lock=True).version
        return workflow.act(uow, jobs.PROCESS, id=job_id, command=command, seen_version=seen)

    try:
        gate.send(secrets.token_hex(16), act)
    except Refused as error:
        st.session_state[REFUSED] = words.refusal(error)
