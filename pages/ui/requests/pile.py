"""A pile of open work: filters, the list, and beside it the chosen case with its actions."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.codes import JobStatus, RequestKind, RequestStatus, ServiceWay
from core.jobs import actions as jobs
from core.jobs import view as job_view
from core.jobs.view import JobView
from core.kernel.inputs import Action
from core.process.limits import LimitView
from core.requests import actions as requests
from core.requests import inputs, lists
from core.requests.kinds import SITE_KINDS
from core.requests.lists import Filter, Queue
from core.requests.view import CaseView
from pages.ui.dispatch import suggestions
from pages.ui.dispatch.suggestions import Waiting
from pages.ui.jobs import checks, late
from pages.ui.kit import actions, gate, guided, lacking, papers, queue, words
from pages.ui.kit import filters as kept
from pages.ui.kit.lists import cells, facts
from pages.ui.kit.words import _
from pages.ui.knowledge import offered
from pages.ui.requests import before, beside, head
from pages.ui.requests import limits as why
from pages.ui.requests.head import Turn, Work

OVER = (JobStatus.DONE, JobStatus.CANCELLED)


def show(name: Queue, *, columns: tuple[str, ...], empty: str, kinds: list[RequestKind]) -> None:
    """Draw a pile; choosing a row opens the case beside it."""
    chosen_filters = filters(name, kinds)
    found = queue.read(name, lists.queue, lists.count, name=name, filters=chosen_filters)
    if not any(row.lacks for row in found.rows):
        columns = tuple(column for column in columns if column != "lacks")
    rows = {row.id: cells(row, columns) for row in found.rows}
    queue.beside(
        bool(rows),
        lambda: queue.pick(name, found, rows, empty=empty),
        beside.shows(lambda view: work(view, gate.read(job_view.of_case, case_id=view.id))),
    )


def filters(name: Queue, kinds: list[RequestKind]) -> Filter:
    """The filters of a pile; they stay in the address, so that a link shows the same list."""
    with kept.bar():
        views = st.container(width="content")
        offered = {each: words.code(each) for each in kinds}
        ways = {each: words.code(each) for each in ServiceWay}
        chosen = Filter(
            text=kept.text(name),
            kind=kept.select(name, "kind", offered),
            way=kept.select(name, "way", ways) if SITE_KINDS.issuperset(kinds) else None,
            station_id=kept.station(name),
        )
    return queue.in_view(name, chosen, views, lists.views, name=name)


def work(view: CaseView, sent: Sequence[JobView]) -> Work:
    """A case without a file of its own: somebody is sent, or it is answered."""
    return Work(
        turn=_turn(view, sent),
        step=partial(_step, view, sent),
        facts=partial(summary, view),
        papers=partial(_papers, view, sent),
    )


def _turn(view: CaseView, sent: Sequence[JobView]) -> Turn:
    job = next((job for job in sent if job.status not in OVER), None)
    if job:
        is_mine = job.technician_id == gate.actor().id
        return Turn(job.status, job.technician, is_mine)
    if view.status is not RequestStatus.REGISTERED:
        return Turn(view.status)
    step: type[Action] = inputs.Dispatch if view.kind in SITE_KINDS else inputs.Answer
    if lacking.wants_guidance(view.lacks):
        step = inputs.Guide
    is_mine = any(rule.action is step for rule in view.actions)
    rule = next(rule for rule in requests.PROCESS.rules if rule.action is step)
    return Turn(view.status, head.who_may(rule), is_mine)


def _step(view: CaseView, sent: Sequence[JobView]) -> None:
    st.markdown(words.plain(view.symptom))
    place = (view.address, words.window(view.wanted_from, view.wanted_to))
    st.caption(words.plain(" · ".join(part for part in place if part not in ("", "—"))))
    late.of_case(view.id)
    suggestions.send(view.id)
    before.show(view)
    if view.actions:
        # What has to come first is the next step.
        rules = sorted(view.actions, key=lambda rule: not before.comes_first(view, rule))
        actions.panel(
            requests.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=rules,
            look=actions.Look(
                shortcuts={
                    inputs.Dispatch: partial(suggestions.show, Waiting(view.id, None, view.version))
                },
                folds_others=rules[0].action in (inputs.Dispatch, inputs.Guide),
                fields={inputs.Answer: partial(offered.answering, view)},
            ),
        )
    job = next((job for job in sent if job.actions), None)
    if job:
        st.markdown(f"**{words.plain(job.technician)}** · {words.code(job.status)}")
        actions.panel(
            jobs.PROCESS,
            record_id=job.id,
            version=job.version,
            rules=checks.others(job.actions),
            look=actions.Look(
                keeps_drafts=True,
                shortcuts={
                    jobs.PlanJob: partial(suggestions.show, Waiting(view.id, job.id, job.version))
                },
            ),
        )


def _papers(view: CaseView, sent: Sequence[JobView]) -> None:
    if sent:
        papers.download("service_report", view.id, view.number)


def summary(view: CaseView) -> None:
    """The facts that decide what to do."""
    speaks = words.language()
    facts(
        {
            words.field("charge"): _charge(view),
            words.field("contact"): f"{view.contact} {view.phone}".strip(),
            words.field("address"): view.address,
            words.field("wanted"): words.window(view.wanted_from, view.wanted_to),
            words.field("way"): words.code(view.way) if view.kind in SITE_KINDS else "",
            words.field("owner"): view.owner,
            words.field("station"): view.station,
            words.field("department"): view.department.get(speaks, ""),
            **{label[speaks]: value[speaks] for label, value in view.extra},
            words.field("answer"): view.answer,
        }
    )
    guided.show(view.guided)
    due(view)


def _charge(view: CaseView) -> str:
    """Free or paid, and why; who decided it, where the file says something else."""
    said = [words.code(view.charge), words.code(view.charge_reason)]
    if view.charge_by_person:
        said.append(_("decided by a person"))
    if view.charge_by_file:
        charge, reason = view.charge_by_file
        file = f"{words.code(charge)} · {words.code(reason)}"
        said.append(_("by the file: {charge}", charge=file))
    return " · ".join(said)


def limits(view: CaseView) -> None:
    """What is due when, under which clause, and why then."""
    shown = tuple(limit for limit in view.limits if not limit.dropped)
    _lines(shown)
    why.choose(view.id, shown)


def due(view: CaseView) -> None:
    """What is still to be met; the others are told with the story."""
    _lines([limit for limit in view.limits if not limit.dropped and not limit.met_at])


def _lines(limits: Sequence[LimitView]) -> None:
    lines = [
        f"{_limit_state(limit)} **{words.in_domain('limit', limit.name)}** · "
        f"{words.moment(limit.due_at)} · {words.plain(limit.clause)}"
        for limit in limits
    ]
    if lines:
        st.markdown("  \n".join(lines))
    why.say_tentative(limits)


def _limit_state(limit: LimitView) -> str:
    if limit.met_at:
        colour, state = ("red", _("met late")) if limit.late else ("green", _("met"))
    elif limit.paused:
        colour, state = "orange", _("paused")
    else:
        state = words.due(limit.due_at, now=gate.now())
        colour = "red" if limit.late else "blue"
    return f":{colour}[{state}]"
