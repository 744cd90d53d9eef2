"""Who suits a case, beside the form that sends somebody: the best ones, each by one press."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import streamlit as st

from core.dispatch import moves, suggestions
from core.dispatch.moves import Place
from core.dispatch.suggestions import Merit, Suggestion
from core.kernel.errors import Stale
from pages.ui.kit import gate, resting, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

PRESSED = "suggested·pressed"
TIMES = {Merit.LOAD, Merit.ROAD}
# In the order in which a dispatcher asks; how many days later it is, the slot itself says.
SAID = (
    *(Merit.SAME_HANDS, Merit.OTHER_HANDS),
    *(Merit.IN_CHARGE, Merit.QUALIFIED, Merit.AS_WISHED, Merit.SAME_CUSTOMER, Merit.SAME_MODEL),
    *(Merit.LOAD, Merit.ROAD),
)


@dataclass(frozen=True)
class Waiting:
    """What waits for a technician or a time, and the version that was seen: of the job, if any."""

    case_id: int
    job_id: int | None
    version: int


def show(asked: Waiting) -> bool:
    """Draw who suits a case; gives whether there is anybody."""
    found = gate.read(suggestions.suggest, case_id=asked.case_id)
    for number, each in enumerate(found):
        with st.container(border=True):
            _row(asked, each, number)
    return bool(found)


def send(case_id: int, then: Callable[[], None] = resting.move_on) -> None:
    """Send whom a press has chosen; call it whatever may be done with the case by now."""
    asked, each = st.session_state.pop(PRESSED, (None, None))
    if asked is None or each is None:
        return
    if asked.case_id != case_id:  # it has left the list meanwhile: somebody was faster
        st.error(words.refusal(Stale()), icon=":material/error:")
        return
    form = Form(f"request·{case_id}·suggested", Place)
    form.tell("technician_id", each.technician_id)
    form.tell("planned_from", each.slot.start)
    form.tell("planned_to", each.slot.end)
    form.send(
        lambda uow, filled: moves.place(
            *(uow, filled), case_id=case_id, job_id=asked.job_id, seen_version=asked.version
        ),
        done=_("{name} is sent: {when}", name=each.name, when=_when(each)),
        then=lambda _job: then(),
    )


def _row(asked: Waiting, each: Suggestion, number: int) -> None:
    who, button = st.columns([3, 1], vertical_alignment="center")
    when = _when(each) if each.slot else _("no time is free")
    name = words.plain(each.name)
    with who.container(gap=None):
        st.markdown(f"**{name}**" + ("" if each.against else f" · {when}"))
        st.caption(words.plain(_reasons(each)))
    if each.slot:
        button.button(
            words.action("dispatch"),
            key=_key(asked, each, number),
            on_click=partial(_press, asked, each),
            width="stretch",
        )


def _key(asked: Waiting, each: Suggestion, number: int) -> str:
    """A name of the button; of whoever is sent already there are several."""
    known = f"request·{asked.case_id}·suggested·{each.technician_id}"
    return known if asked.job_id is None else f"{known}·{number}"


def _press(asked: Waiting, each: Suggestion) -> None:
    # What was seen is sent: the run after the press finds other times, or nobody any more.
    st.session_state[PRESSED] = (asked, each)


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
