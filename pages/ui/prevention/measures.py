"""Measures on the screen: who does what by when, and how often the fault came before and after."""

import streamlit as st

from core.codes import ImprovementStatus
from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from core.kernel.paging import Page
from core.prevention import measures
from core.prevention.measures import RATE_DAYS, Basis, Effect, When, Which, Window
from pages.ui.kit import actions, filters, gate, headings, words
from pages.ui.kit.lists import case_link, facts, page_number, pick
from pages.ui.kit.words import _
from pages.ui.prevention.alarms import cases

KEY = "measures"


def show() -> None:
    """The list with its filters; the chosen measure with its actions, and what it changed."""
    which, product = _filters()
    found = gate.read(measures.listed, which=which, product=product, page=page_number(KEY))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _list(found)
    if chosen is None:
        if found.rows:
            right.info(_("Choose a row to work on it."), icon=":material/touch_app:")
        return
    view = gate.read(measures.view, id=chosen)
    with right, st.container(border=True):
        _measure(view)
    headings.part(_("Before and after"))
    _effect(view, gate.read(measures.effect, id=view.id))


def _filters() -> tuple[Which, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names, label = words.options(Which), _("Which measures")
        which = filters.segments(KEY, "which", label, names, usual=Which.OPEN, draw=st.pills)
        return Which(which), filters.text(KEY, "product", label=words.field("product"))


def _list(found: Page[ImprovementView]) -> int | None:
    return pick(
        KEY,
        found,
        {row.id: _cells(row) for row in found.rows},
        empty=_("No measures here."),
        hint=_("A measure is planned from an alarm, or in the last step of a complaint."),
        are_cases=False,
    )


def _cells(row: ImprovementView) -> dict[str, str]:
    late = "▲ " if row.late else ""
    return {
        words.field("measure"): row.measure,
        words.field("status"): words.code(row.status),
        words.field("finish_by"): late + words.day(row.due_on),
        words.field("owner"): row.owner,
        words.field("product"): row.product,
        words.field("fault_area"): words.code(row.fault_area) if row.fault_area else "",
    }


def _measure(view: ImprovementView) -> None:
    st.markdown(words.plain(view.measure))
    case_link(view.case_id, view.number)
    late = _("overdue") if view.late else ""
    due = " · ".join(part for part in (words.day(view.due_on), late) if part)
    facts(
        {
            words.field("kind"): words.code(view.kind),
            words.field("status"): words.code(view.status),
            words.field("product"): view.product,
            words.field("fault_area"): words.code(view.fault_area) if view.fault_area else "",
            words.field("owner"): view.owner,
            words.field("finish_by"): due,
            words.field("checked_by"): view.checked_by,
            words.field("finding"): view.finding,
        }
    )
    actions.panel(
        improvements.PROCESS,
        record_id=view.id,
        version=view.version,
        rules=view.actions,
    )
    if view.status is ImprovementStatus.DONE and not view.actions:
        st.caption(_("Somebody else than the owner checks whether it works."))


def _effect(view: ImprovementView, found: Effect) -> None:
    if found.before is None or found.after is None:
        st.info(_why_none(found), icon=":material/info:")
        return
    if said := _why_no_change(found, found.before, found.after):
        st.info(said, icon=":material/hourglass_empty:")
    left, right = st.columns(2, gap="medium")
    with left:
        _window(When.BEFORE, found.before, None)
    with right:
        _window(When.AFTER, found.after, found.change)
    when = st.segmented_control(
        _("Which cases"),
        list(When),
        default=When.AFTER,
        required=True,
        format_func=words.code,
        key=f"effect_{view.id}",
        label_visibility="collapsed",
    )
    key = f"effect·{view.id}·{when}"
    cases(gate.read(measures.cases, id=view.id, when=When(when), page=page_number(key)), key)


def _why_none(found: Effect) -> str:
    if found.basis is Basis.NO_SUBJECT:
        return _("This measure names no product or no fault: there is nothing to compare.")
    return _("It is compared once it is carried out.")


def _why_no_change(found: Effect, before: Window, after: Window) -> str:
    if found.basis is Basis.TOO_EARLY:
        return _(
            "Not enough time has passed: {n} of at least {least} days since it was carried out.",
            n=int(after.days),
            least=after.least_days,
        )
    if found.basis is Basis.NO_RECORD:
        return _(
            "The cases on file begin {n} days before it was carried out: too few to compare.",
            n=int(before.days),
        )
    return ""


def _window(when: When, window: Window, change: float | None) -> None:
    rate = "—" if window.rate is None else words.number(window.rate, 1)
    st.metric(
        f"{words.code(when)} · {_rate_label()}",
        rate,
        None if change is None else words.share(change),
        delta_color="inverse",
        border=True,
    )
    days = words.number(window.days, 0 if window.days == int(window.days) else 1)
    cut = ""
    number = words.n_(
        "One case in {days} days", "{n} cases in {days} days", window.cases, days=days
    )
    if window.cut:
        cut = (
            _("the file of cases begins then")
            if when is When.BEFORE
            else _("counted up to now, the time is not up")
        )
    st.caption(" · ".join(part for part in (number, cut) if part))


def _rate_label() -> str:
    return _("cases in {n} days", n=RATE_DAYS)
