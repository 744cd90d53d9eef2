"""One maintenance plan: what it covers, how often, who comes, and what may be done about it."""

import streamlit as st

from core.codes import IntervalUnit
from core.maintenance import lists, plans
from core.maintenance.lists import PlanRow, PlanView
from pages.ui.kit import actions, edits, gate, places, words
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _
from pages.ui.maintenance import rounds


def show(view: PlanView) -> None:
    """The plan with its rounds below."""
    card(view)
    rounds.of_plan(view.row.id)


def card(view: PlanView) -> None:
    """The plan with its actions."""
    with st.container(border=True):
        _card(view)


def covers(row: PlanRow) -> str:
    """The product, or the contract and whose it is."""
    return row.product or f"{row.contract} · {row.customer}"


def team(row: PlanRow) -> str:
    """The station that comes; that of each customer where none is named."""
    return row.station or _("the customer's station")


def every(row: PlanRow) -> str:
    """How often."""
    length = row.interval_length
    if row.interval_unit is IntervalUnit.WEEKS:
        return words.n_("Every week", "Every {n} weeks", length)
    return words.n_("Every month", "Every {n} months", length)


def _card(view: PlanView) -> None:
    row = view.row
    st.markdown(f"**{words.plain(row.title)}** · {words.code(row.status)}")
    if view.customer_id:
        icon = ":material/person:"
        places.link("customer", words.plain(row.customer), icon=icon, id=str(view.customer_id))
    facts(
        {
            words.field("covers"): covers(row),
            words.field("pieces"): words.listed(view.pieces),
            words.field("covered"): words.number(view.covered),
            words.field("kind"): words.code(row.kind),
            words.field("task"): view.task,
            words.field("every"): _rhythm(view),
            words.field("days_ahead"): words.n_("One day", "{n} days", view.days_ahead),
            words.field("team"): team(row),
            words.field("valid_from"): words.day(view.valid_from),
            words.field("valid_until"): words.day(view.valid_until),
            words.field("due_next"): words.day(row.next_due),
        }
    )
    _warnings(view)
    rules = view.actions
    actions.panel(plans.PROCESS, record_id=row.id, version=view.version, rules=rules, opened=False)
    edits.show(gate.read(lists.edits, id=row.id), _names(), key=f"maintenance_{row.id}_edits")


def _rhythm(view: PlanView) -> str:
    since = words.code(view.counted_from)
    if view.first_on:
        since = f"{since} {words.day(view.first_on)}"
    return " · ".join((every(view.row), since, words.code(view.next_round)))


def _warnings(view: PlanView) -> None:
    if not view.covered:
        st.warning(_("It covers no piece now: no case is made."), icon=":material/error:")
    if view.without_address:
        said = words.n_(
            "Of one piece the customer's address is not known: its cases will lack it.",
            "Of {n} pieces the customer's address is not known: their cases will lack it.",
            view.without_address,
        )
        st.warning(said, icon=":material/error:")


def _names() -> edits.Names:
    return {
        "station_id": gate.read(plans.teams),
        "kind": {kind: words.code(kind) for kind in gate.read(plans.kinds)},
        **{
            name: {member: words.code(member) for member in codes}
            for name, codes in lists.CODES.items()
        },
    }
