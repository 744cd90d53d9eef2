"""Who suits a case, beside the form that sends somebody: the best ones, each by one press."""

from datetime import timedelta
from functools import partial

import streamlit as st

from core.dispatch import moves, suggestions
from core.dispatch.moves import Place
from core.dispatch.suggestions import Merit, Suggestion
from core.kernel.errors import Stale
from core.requests.view import CaseView
from pages.ui.kit import gate, resting, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

PRESSED = "suggested·pressed"
TIMES = {Merit.LOAD, Merit.ROAD}
# In the order in which a dispatcher asks; how many days later it is, the slot itself says.
SAID = (
    *(Merit.IN_CHARGE, Merit.AS_WISHED, Merit.SAME_CUSTOMER, Merit.SAME_MODEL),
    *(Merit.LOAD, Merit.ROAD),
)


def show(case: CaseView) -> bool:
    """Draw who suits a case; gives whether there is anybody."""
    found = gate.read(suggestions.suggest, case_id=case.id)
    for each in found:
        with st.container(border=True):
            _row(case, each)
    return bool(found)


def send(case: CaseView) -> None:
    """Send whom a press has chosen; call it whatever may be done with the case by now."""
    case_id, version, each = st.session_state.pop(PRESSED, (None, 0, None))
    if each is None:
        return
    if case_id != case.id:  # it has left the list meanwhile: somebody was faster
        st.error(words.refusal(Stale()), icon=":material/error:")
        return
    form = Form(f"request·{case.id}·suggested", Place)
    form.tell("technician_id", each.technician_id)
    form.tell("planned_from", each.slot.start)
    form.tell("planned_to", each.slot.end)
    form.send(
        lambda uow, filled: moves.place(
            uow, filled, case_id=case.id, job_id=None, seen_version=version
        ),
        done=_("{name} is sent: {when}", name=each.name, when=_when(each)),
        then=lambda _job: resting.move_on(),
    )


def _row(case: CaseView, each: Suggestion) -> None:
    who, button = st.columns([3, 1], vertical_alignment="center")
    when = _when(each) if each.slot else _("no time is free")
    name = words.plain(each.name)
    with who.container(gap=None):
        st.markdown(f"**{name}**" + ("" if each.against else f" · {when}"))
        st.caption(words.plain(_reasons(each)))
    if each.slot:
        button.button(
            words.action("dispatch"),
            key=f"request·{case.id}·suggested·{each.technician_id}",
            on_click=partial(_press, case, each),
            width="stretch",
        )


def _press(case: CaseView, each: Suggestion) -> None:
    # What was seen is sent: the run after the press finds other times, or nobody any more.
    st.session_state[PRESSED] = (case.id, case.version, each)


def _when(each: Suggestion) -> str:
    assert each.slot is not None
    start, end = (at.astimezone(words.zone()) for at in (each.slot.start, each.slot.end))
    today = gate.now().astimezone(words.zone()).date()
    near = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    day = near.get(start.date()) or words.weekday(start.date())
    return f"{day} {start:%H:%M}–{end:%H:%M}"


def _reasons(each: Suggestion) -> str:
    if each.against:
        return words.listed(words.problem(bad) for bad in each.against)
    said = [_merit(merit, each.merits[merit]) for merit in SAID if merit in each.merits]
    return " · ".join(said)


def _merit(merit: Merit, number: int) -> str:
    if merit is Merit.LOAD and not number:
        return _("nothing planned that day")
    told = words.span(timedelta(minutes=number)) if merit in TIMES else number
    return words.code(merit).format(n=told)
