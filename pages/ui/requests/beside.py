"""What stands beside a queue: a case with its next step, its other actions, its links."""

from collections.abc import Callable

import streamlit as st

from core.house import HOUSE
from core.requests import actions as requests
from core.requests import view as case
from core.requests.view import CaseView
from pages.ui.courses import beside as courses
from pages.ui.kit import actions, gate, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.knowledge import taken
from pages.ui.requests import head
from pages.ui.requests.head import Work


def other_actions(view: CaseView) -> None:
    """What else may be done with the case: wait, remark, hand over; folded below the next step."""
    if not view.actions:
        return
    with st.expander(_("Other actions"), icon=":material/more_horiz:"):
        actions.panel(
            requests.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.actions,
        )


def shows(work: Callable[[CaseView], Work | None], *, otherwise: str = "") -> Callable[[int], None]:
    """Draws what is chosen in a list: whose it is, and its next step; the rest is on its page.

    `otherwise` is said of a case that is no matter of this list, or not for the person to work on.
    """

    def draw(case_id: int) -> None:
        view = gate.read(case.view, id=case_id, with_timeline=False)
        shown = work(view)
        if shown is None:
            case_link(view.id, view.number)
            st.info(otherwise, icon=":material/info:")
            return
        with st.container(border=True):
            head.show(view, shown, beside=True)
            shown.step()

    return draw


def links(view: CaseView) -> None:
    """From a case to all that it hangs together with, for those who may read it."""
    with st.container(horizontal=True, gap="small"):
        _links(view)
    taken.of_case(view)
    courses.of_case(view)


def _links(view: CaseView) -> None:
    if gate.allowed("emergency:read"):
        places.link("emergencies", _("Emergency"), icon=":material/emergency:", number=view.number)
    _to_file(view)
    if view.batch and gate.allowed("quality:read"):
        batch_link(view.batch)
    if view.origin:
        case_link(view.origin[0], _("Comes from {number}", number=view.origin[1]))
    for raised_id, number in view.raised:
        case_link(raised_id, _("Led to {number}", number=number))


def _to_file(view: CaseView) -> None:
    room = HOUSE.homes.get(view.kind)
    if room and gate.allowed(HOUSE.files[view.kind].read):
        page = room.name  # the queue of a kind of file is called as its room
        label = words.in_domain("page", page)
        places.link(page, label, icon=":material/fact_check:", id=str(view.id))


def batch_link(batch: str) -> None:
    """To all cases of a batch."""
    places.link(
        "batch",
        _("Batch {batch}", batch=words.plain(batch)),
        icon=":material/inventory_2:",
        batch=batch,
    )
