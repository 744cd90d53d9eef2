"""The next day's route on a phone: where first, how far, and one press that confirms it whole."""

from hashlib import sha256

import streamlit as st

from core.dispatch import routes
from core.dispatch.routes import DayRoute, Leg
from pages.ui.kit import gate, places, words
from pages.ui.kit.words import _

AHEAD = "ahead"


def label(route: DayRoute) -> str:
    """The day, and how many stops it has."""
    return f"{words.weekday(route.day)} {len(route.legs)}"


def show(route: DayRoute) -> None:
    """The stops in order; below them what is left to confirm."""
    if not route.legs:
        st.info(_("Nothing is planned for the next days."), icon=":material/weekend:")
        return
    for number, leg in enumerate(route.legs, 1):
        _leg(number, leg)
    if not route.open:
        st.success(_("All of it is confirmed."), icon=":material/check_circle:")
        return
    # What was seen is confirmed, and not what the page reads anew when it is pressed.
    st.button(
        _("Confirm all {n}", n=len(route.open)),
        key="route_confirm",
        type="primary",
        width="stretch",
        on_click=_confirm,
        args=(route,),
    )


def _leg(number: int, leg: Leg) -> None:
    job = leg.job
    with st.container(border=True, gap="small"):
        mark = " ✓" if job.confirmed or job.agreed_from else ""
        end = job.planned_to if job.planned_from else job.agreed_to
        when = words.window(leg.start, end)
        title = f"**{number}. {when}{mark}** {words.plain(job.customer)}"
        places.link("job", title, id=str(job.id))
        road = _("{n} min on the road", n=leg.minutes) if leg.minutes is not None else ""
        told = " · ".join(part for part in (words.code(job.kind), job.symptom, road) if part)
        st.caption(f"{words.plain(job.address)}  \n{words.plain(told)}")


def _confirm(route: DayRoute) -> None:
    seen = route.open
    # The same press twice is one confirmation.
    key = sha256(f"route {gate.actor().id} {sorted(seen.items())}".encode()).hexdigest()
    changed = gate.send(key, lambda uow: routes.confirm(uow, seen=seen))
    if count := len(seen) - len(changed):
        gate.flash(words.n_("One plan confirmed.", "{n} plans confirmed.", count))
    if changed:
        numbers = [leg.job.number for leg in route.legs if leg.job.id in changed]
        said = _("Changed meanwhile, not confirmed: {numbers}", numbers=words.listed(numbers))
        gate.flash(said, ":material/error:")
