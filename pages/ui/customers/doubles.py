"""Customers and pieces that may be the same: joined, kept apart, parted again (C9)."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.customers import joining, likeness
from core.customers.customers import EDITS
from core.customers.likeness import Joined, Pair, Side
from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

AT_ONCE = 20


def all_of_them() -> None:
    """The list of everybody and everything that may be there twice."""
    if gate.allowed(EDITS):
        _show(gate.read(likeness.all_pairs), empty=_("Nobody seems to be on file twice."))


def of_customer(customer_id: int) -> None:
    """Who may be the same as this customer, and who was joined into this archive."""
    found = gate.read(likeness.pairs_of, customer_id=customer_id)
    joined = gate.read(likeness.joined, customer_id=customer_id)
    if found:
        _show(found, empty="")
    if joined:
        headings.part(_("Joined into this archive"))
    for each in joined:
        _part(each)


def _show(pairs: Sequence[Pair], *, empty: str) -> None:
    headings.part(_("Perhaps the same"))
    if not pairs:
        st.caption(empty)
    for pair in pairs[:AT_ONCE]:
        _pair(pair)
    if len(pairs) > AT_ONCE:
        st.caption(_("Further pairs: {n}", n=len(pairs) - AT_ONCE))


def _pair(pair: Pair) -> None:
    name = f"{joining.SUBJECTS[pair.noun]}·{pair.first.id}·{pair.other.id}"
    with st.container(border=True):
        st.markdown(f"**{words.code(pair.why)}**")
        for side in (pair.first, pair.other):
            _side(side)
        with st.expander(_("Join them, or keep them apart"), key=f"double·{name}"):
            st.caption(_("The first one stays. The way back is on its page."))
            _form(name, joining.JoinDouble, _("Make one of them"), _join(pair), pair.other.id)
            _form(name, joining.KeepApart, _("They are two"), _keep_apart(pair), pair.other.id)


def _side(side: Side) -> None:
    label = words.plain(" · ".join((side.name, *side.facts)))
    places.link("customer", label, icon=":material/person:", id=str(side.owner_id))


def _form(
    name: str,
    model: type[Input],
    label: str,
    do: Callable[[UnitOfWork, Input], None],
    other_id: int | None = None,
) -> None:
    form = Form(f"{model.__name__}·{name}", model)
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields("reason")
        pressed = st.form_submit_button(label, key=f"{form.name}·send")
    if pressed:
        extra = {} if other_id is None else {"other_id": other_id}
        form.send(do, extra=extra, done=_("Saved"))


def _join(pair: Pair) -> Callable[[UnitOfWork, Input], None]:
    def do(uow: UnitOfWork, command: Input) -> None:
        assert isinstance(command, joining.JoinDouble)
        first = pair.first
        joining.join(uow, noun=pair.noun, id=first.id, command=command, seen_version=first.version)

    return do


def _keep_apart(pair: Pair) -> Callable[[UnitOfWork, Input], None]:
    def do(uow: UnitOfWork, command: Input) -> None:
        assert isinstance(command, joining.KeepApart)
        joining.keep_apart(uow, noun=pair.noun, id=pair.first.id, command=command)

    return do


def _part(each: Joined) -> None:
    def do(uow: UnitOfWork, command: Input) -> None:
        assert isinstance(command, joining.PartAgain)
        joining.part(uow, noun=each.noun, id=each.side.id, command=command)

    st.markdown(words.plain(" · ".join((each.side.name, *each.side.facts))))
    if gate.allowed(EDITS):
        name = f"{joining.SUBJECTS[each.noun]}·{each.side.id}"
        with st.expander(_("Part again"), key=f"joined·{name}"):
            _form(name, joining.PartAgain, _("They are two after all"), do)
