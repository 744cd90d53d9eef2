"""The parts of the emergency page: declaring one, the chosen one, and what it needs."""

from collections.abc import Sequence

import streamlit as st

from core.emergencies import actions, lists, resources
from core.emergencies.actions import DeclareEmergency
from core.emergencies.lists import EmergencyRow, EmergencyView
from core.emergencies.resources import ResourceView
from core.kernel.inputs import clean_search
from core.process.limits import LimitView
from pages.ui.kit import actions as drawn
from pages.ui.kit import gate, places, queue, window, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import Rows, case_link, choose, facts
from pages.ui.kit.words import _


def cells(row: EmergencyRow) -> dict[str, str]:
    """One emergency as a row of the list."""
    drill = _("Drill") if row.drill else ""
    return {
        words.field("level"): " · ".join(part for part in (str(row.level), drill) if part),
        words.field("number"): row.number,
        words.field("status"): words.code(row.status),
        words.field("next_due"): words.due(row.next_due, now=gate.now()),
        words.field("happened"): row.happened,
        words.field("declared_at"): words.moment(row.declared_at),
    }


def pick(name: str, rows: Sequence[EmergencyRow], *, may_declare: bool) -> int | None:
    """The list, and the form for one more; gives the emergency that lies beside it."""
    chosen = None
    if rows:
        chosen = _chosen(name, {row.id: cells(row) for row in rows})
    else:
        st.info(_("No emergencies here."), icon=":material/check_circle:")
        chosen = places.number("id")  # not among these, or not theirs to see: that is said
    if may_declare and gate.allowed("emergency:declare"):
        number = clean_search(places.asked("number"))
        with st.expander(_("Declare an emergency"), expanded=bool(number)):
            declare(number)
    return chosen


def _chosen(name: str, rows: Rows) -> int | None:
    if not window.is_narrow():
        queue.begin(name)
        return queue.hold(choose(name, rows))
    if tapped := choose(name, rows, once=True):
        places.go("emergencies", id=str(tapped))
    return None


def declare(number: str) -> None:
    """The form that makes an emergency of a case."""
    form = Form(
        f"emergency·{number}",
        DeclareEmergency,
        options={"levels": gate.read(lists.level_options)},
        values={"number": number},
    )
    with st.form("emergency_form", enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(
            _("Declare an emergency"), type="primary", key="emergency_send"
        )
    if pressed:
        form.send(actions.declare, then=say_declared)


def say_declared(emergency_id: int) -> None:
    """Who was told of an emergency that was declared; or that nobody could be."""
    told = gate.read(lists.view, id=emergency_id).told
    text = _("Declared. Told: {names}", names=words.listed(told)) if told else ""
    gate.flash(text or _("Declared. Nobody was told: nobody has the roles that the level names."))


def show(view: EmergencyView) -> None:
    """One emergency: facts, what is due, what may be done, what it needs."""
    with st.container(border=True):
        _draw(view)


def _draw(view: EmergencyView) -> None:
    case_link(view.case_id, view.number)
    if view.drill:
        st.info(_("This is a drill."), icon=":material/sports:")
    st.markdown(words.plain(view.happened))
    facts(
        {
            words.field("status"): words.code(view.status),
            words.field("level"): view.level_text,
            words.field("declared_by"): f"{view.declared_by} {words.moment(view.declared_at)}",
            words.field("told"): words.listed(view.told),
            words.field("lesson"): view.lesson,
        }
    )
    _limits(view)
    drawn.panel(
        actions.PROCESS,
        record_id=view.id,
        version=view.version,
        rules=view.actions,
    )
    for resource in view.resources:
        _resource(resource)


def _limits(view: EmergencyView) -> None:
    lines = [
        f"{_state(limit)} **{words.in_domain('limit', limit.name)}** · "
        f"{words.moment(limit.due_at)} · {words.plain(limit.clause)}"
        for limit in view.limits
        if not limit.dropped
    ]
    st.markdown("  \n".join(lines))


def _state(limit: LimitView) -> str:
    if limit.met_at:
        state = _("met late") if limit.late else _("met")
    else:
        state = words.due(limit.due_at, now=gate.now(), waits=limit.paused)
    colour = "red" if limit.late else "green" if limit.met_at else "blue"
    return f":{colour}[{state}]"


def _resource(resource: ResourceView) -> None:
    with st.container(border=True):
        name = words.plain(f"{resource.resource} × {resource.quantity}")
        st.markdown(f"**{name}** · {words.code(resource.status)}")
        facts(
            {
                words.field("asked_by"): resource.asked_by,
                words.field("decided_by"): resource.decided_by,
                words.field("asked_cents"): _amount(resource.asked_cents),
                words.field("used_cents"): _amount(resource.used_cents),
            }
        )
        drawn.panel(
            resources.PROCESS,
            record_id=resource.id,
            version=resource.version,
            rules=resource.actions,
        )


def _amount(cents: int) -> str:
    return words.money(cents) if cents else ""
