"""What the queues of files beside requests share: rows, news, the case beside."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.codes import RequestKind
from core.process.fairness import Barred
from core.requests import actions as requests
from core.requests.queues import CaseFacts, Page
from core.requests.view import CaseView
from pages.ui.kit import actions, gate, places, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.requests import attachments, timeline

# The page of a kind of case, and the permission that opens it.
FILES = {
    RequestKind.QUALITY_FEEDBACK: ("quality", "quality:read"),
    RequestKind.SUGGESTION: ("suggestions", "suggestion:read"),
    RequestKind.RETURN: ("returns", "return:read"),
}


def pick(name: str, found: Page[Any], rows: Mapping[int, Mapping[str, Any]], empty: str) -> Any:
    """The rows of a queue; gives the case that was chosen, in the list or by the address."""
    if rows:
        chosen = choose(name, rows)
        if found.pages > 1:
            st.pagination(found.pages, key=f"{name}_page")
        st.caption(words.n_("One case", "{n} cases", found.total))
    else:
        st.info(empty, icon=":material/check_circle:")
        chosen = st.session_state.get(f"{name}·picked")
    return places.number("id") if chosen is None else chosen


@st.fragment(run_every="30s")
def watch(name: str, shown: int, count: Callable[[], int]) -> None:
    """Say that the list has changed; it is told, not moved under the mouse."""
    if st.session_state.pop(f"{name}·just_read", False):
        return
    now = count()
    if now != shown and st.button(
        _("The list has changed: {n} now. Show it.", n=now), key=f"{name}_again"
    ):
        st.rerun()


def due(case: CaseFacts) -> str:
    """When the next limit of a case is due; a mark where it is late."""
    mark = "▲ " if case.late else ""
    return mark + words.due(case.next_due, now=gate.now(), waits=case.waits is not None)


def due_by(case: CaseFacts) -> str:
    """Which limit that is, and its clause."""
    return f"{words.in_domain('limit', case.due_by)} {case.clause}" if case.due_by else "—"


def other_actions(view: CaseView) -> None:
    """What else may be done with the case: wait, remark, hand over; open while nobody was told."""
    if not view.actions:
        return
    untold = any(rule.action is requests.Acknowledge for rule in view.actions)
    with st.expander(_("Other actions"), icon=":material/more_horiz:", expanded=untold):
        actions.panel(
            requests.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.actions,
        )


def barred(kept: tuple[Barred, ...]) -> None:
    """What stands in the person's way, and who may act instead."""
    for reason in dict.fromkeys(each.reason for each in kept):
        who = "、".join(
            dict.fromkeys(n for each in kept if each.reason == reason for n in each.who)
        )
        said = words.in_domain("barred", reason)
        if who:
            said = " ".join((said, _("Who may: {who}", who=who)))
        st.warning(words.plain(said), icon=":material/front_hand:")


def story(view: CaseView) -> None:
    """What was told, the answer if there is one, and everything that happened."""
    if view.answer:
        st.markdown(f"**{words.field('answer')}**  \n{words.plain(view.answer)}")
    attachments.show(view.id, may_add=gate.allowed("request:note"))
    title = _("Timeline")
    st.markdown(f"**{title}**")
    timeline.show(view.timeline)


def links(view: CaseView) -> None:
    """From a case to its file and to its batch, for those who may read them."""
    page, permission = FILES.get(view.kind, ("", ""))
    if page and gate.allowed(permission):
        st.page_link(
            f"pages/{page}.py",
            label=words.in_domain("page", page),
            icon=":material/fact_check:",
            query_params={"id": str(view.id)},
        )
    if view.batch and gate.allowed("quality:read"):
        batch_link(view.batch)


def batch_link(batch: str) -> None:
    """To all cases of a batch."""
    st.page_link(
        "pages/batch.py",
        label=_("Batch {batch}", batch=words.plain(batch)),
        icon=":material/inventory_2:",
        query_params={"batch": batch},
    )
