"""A complaint under review: what may be done now first, then everything that is on file."""

from functools import partial

import streamlit as st

from core.codes import RequestKind, RequestStatus
from core.complaints import actions as complaints
from core.complaints import view as complaint_view
from core.complaints.inputs import Approve, Merge, Penalise
from core.complaints.view import ComplaintView
from core.kernel.inputs import Action
from core.requests import lists
from core.requests.view import CaseView
from pages.ui.complaints import facts, penalty, steps
from pages.ui.improvements import file as improvement
from pages.ui.kit import actions, gate, papers, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import beside, pile
from pages.ui.requests.head import Work

RUNNING = (RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS)


def work(view: CaseView) -> Work | None:
    """The complaint of a case; None for other cases and for people who do not review."""
    if view.kind is not RequestKind.COMPLAINT or not gate.allowed("complaint:read"):
        return None
    file = gate.read(complaint_view.view, case_id=view.id, with_precedents=False)
    turn = steps.turn(file)
    return Work(
        turn=turn,
        step=partial(_step, view, file),
        facts=partial(_facts, view, file),
        papers=partial(papers.of_file, view.kind, file),
    )


def _step(view: CaseView, file: ComplaintView) -> None:
    """Where it stands, what the person may do with it now, and what else may be done."""
    st.markdown(words.plain(facts.told(view)))
    _standing(file)
    steps.bar(file)
    actions.barred(file.barred)
    _twin(view, file)
    _captions(file)
    actions.panel(
        complaints.PROCESS,
        record_id=file.id,
        version=file.version,
        rules=file.actions,
        opened=steps.is_mine(file),
    )
    beside.other_actions(view)


def _facts(view: CaseView, file: ComplaintView) -> None:
    """What is on file: the story, the limits, penalties, measures."""
    # Whoever decides on the plan has it above, beside the decision.
    facts.show(view, file, with_plan=not _may(file, Approve))
    pile.due(view)
    penalty.of_complaint(file.penalties)
    improvement.of_case(file.improvements)


def _standing(file: ComplaintView) -> None:
    levels = {1: _("Reopened: with the manager"), 2: _("Reopened: with the leaders")}
    if file.level:
        st.badge(levels[file.level], icon=":material/replay:", color="orange")


def _captions(file: ComplaintView) -> None:
    if _may(file, Approve):
        facts.plan(file)
    if _may(file, Penalise) and file.bands:
        bands = words.clauses(penalty.band(each) for each in file.bands)
        st.caption(_("Bands of the rule book: {bands}", bands=bands))


def _may(file: ComplaintView, action: type[Action]) -> bool:
    return any(rule.action is action for rule in file.actions)


def _twin(view: CaseView, file: ComplaintView) -> None:
    """The same customer complained about the same product before, and that one is still open."""
    if not _may(file, Merge) or view.asset is None:
        return
    product = f"{view.asset.brand} {view.asset.model}"
    for row in gate.read(lists.of_customer, customer_id=view.customer.id).rows:
        same = row.kind is RequestKind.COMPLAINT and row.product == product
        if same and row.status in RUNNING and row.id < view.id:
            _offer_merge(file, row.id, row.number)


def _offer_merge(file: ComplaintView, twin_id: int, number: str) -> None:
    with st.container(border=True):
        st.markdown(_("The same customer has another open complaint about this product."))
        case_link(twin_id, number)
        form = Form(f"merge·{file.id}·{twin_id}", Merge, version=file.version)
        if st.button(
            _("Merge this one into {number}", number=number),
            key=f"merge·{file.id}·{twin_id}·send",
            icon=":material/merge:",
        ):
            form.send(
                actions.taking(complaints.PROCESS, file.id, form.seen),
                extra={"number": number},
                done=_("Saved: {action}", action=words.action(Merge.name)),
            )
