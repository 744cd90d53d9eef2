"""What is on file about a complaint: story, verdict, cause, plan, answer."""

import streamlit as st

from core.codes import ComplaintStatus
from core.complaints.view import ComplaintView
from core.norms.parts import Words
from core.requests.view import CaseView
from pages.ui.kit import words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _

# How much of a symptom is shown in a line.
SHORT = 40


def show(view: CaseView, file: ComplaintView, *, with_plan: bool = True) -> None:
    """The story and the facts of the case, then what the steps have found so far."""
    if told(view) != view.symptom:
        st.markdown(words.plain(view.symptom))
    if file.merged_into:
        case_link(file.merged_into[0], _("Merged into {number}", number=file.merged_into[1]))
    for id, number in file.returns:
        case_link(id, _("There is a return of this piece: {number}", number=number))
    facts(_of_case(view, file), flowing=True)
    facts(_of_judging(file))
    _cause(file)
    if with_plan:
        plan(file)
    facts(_of_ending(view, file))


def told(view: CaseView) -> str:
    """What the customer told, as one line that stands above the steps."""
    line = view.symptom[:SHORT].replace("\n", " ")
    return f"{line}…" if len(view.symptom) > SHORT else line


def plan(file: ComplaintView) -> None:
    """The measures with their cost and their total, and who decides by which clause."""
    if not file.measures:
        return
    lines = [
        f"- {words.code(each.kind)} {words.plain(each.what)} · {words.money(each.cost_cents)}"
        for each in file.measures
    ]
    title = words.field("measures")
    st.markdown("\n".join([f"**{title}**", "", *lines]))
    decision = file.decision
    facts(
        {
            _("In all"): words.money(sum(each.cost_cents for each in file.measures)),
            _("Proposed by"): file.proposed_by,
            _("Decides"): _decides(file) if decision else "",
            _("Decided by"): file.approved_by,
        },
        flowing=True,
    )


def _of_case(view: CaseView, file: ComplaintView) -> dict[str, str]:
    speaks = words.language()
    return {
        words.field("specification"): view.asset.specification if view.asset else "",
        words.field("batch"): file.batch,
        words.field("contact"): f"{view.contact} {view.phone}".strip(),
        words.field("station"): view.station,
        words.field("owner"): view.owner,
        words.field("about_id"): file.about,
        **{label[speaks]: value[speaks] for label, value in view.extra},
    }


def _of_judging(file: ComplaintView) -> dict[str, str]:
    department, route = _text(file.department), _text(file.route)
    by_rule = _("{department} (rule {clause})", department=route, clause=file.route_clause)
    return {
        words.field("nature"): _text(file.nature),
        _("Verdict"): _verdict(file),
        words.field("department"): " · ".join(part for part in (department, file.handler) if part),
        _("By the rule book"): by_rule if route else "",
    }


def _verdict(file: ComplaintView) -> str:
    if file.founded is None:
        return ""
    reason = _("reason sufficient") if file.reason_sufficient else _("reason not sufficient")
    demand = _("demand reasonable") if file.demand_reasonable else _("demand not reasonable")
    verdict = _("founded") if file.founded else _("not founded")
    return " · ".join((verdict, reason, demand))


def _cause(file: ComplaintView) -> None:
    if not file.cause_scope or not file.cause_kind:
        return
    facts(
        {
            words.field("cause"): file.cause,
            words.field("cause_kind"): words.code(file.cause_kind),
            words.field("cause_scope"): words.code(file.cause_scope),
            words.field("loss_cents"): words.money(file.loss_cents),
            words.field("responsibles"): words.clauses(
                f"{_text(each.department)} {each.person} {each.share_percent}%"
                for each in file.responsibles
            ),
        }
    )


def _decides(file: ComplaintView) -> str:
    assert file.decision
    roles = words.listed(words.code(role) for role in file.decision.roles)
    return words.cited(roles, file.decision.clause)


def _of_ending(view: CaseView, file: ComplaintView) -> dict[str, str]:
    reaction = words.code(file.reaction) if file.reaction else ""
    told = words.moment(file.notified_at) if file.notified_at else ""
    is_over = file.status is ComplaintStatus.CLOSED
    return {
        words.field("answer"): view.answer,
        _("Customer told"): " · ".join(part for part in (told, reaction) if part),
        words.field("lesson"): file.lesson,
        _("Closed"): words.moment(view.closed_at) if is_over else "",
    }


def _text(said: Words) -> str:
    return said.get(words.language(), "")
