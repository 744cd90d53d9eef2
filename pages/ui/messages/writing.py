"""Messages to the customer on the page of a case: written, and what became of each."""

from typing import Literal

import streamlit as st

from core.codes import MessageStatus, MessageWay, Occasion
from core.messages import lists, outbox, templates
from core.messages.inputs import WriteMessage
from core.messages.lists import MessageView, Offer
from pages.ui.kit import actions, gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import giving

COLOURS: dict[MessageStatus, Literal["blue", "green", "red", "orange", "gray"]] = {
    MessageStatus.WAITING: "blue",
    MessageStatus.SENT: "green",
    MessageStatus.FAILED: "red",
    MessageStatus.UNKNOWN: "orange",
    MessageStatus.DROPPED: "gray",
}
TROUBLE = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


def of_case(case_id: int) -> None:
    """The button to write to the customer, its form, the messages so far, and links."""
    if not gate.allowed(outbox.WRITE):
        return
    told = gate.read(lists.of_case, case_id=case_id)
    offer = gate.read(lists.offer, case_id=case_id)
    opened = f"write_{case_id}·open"
    if st.session_state.get(opened):
        _write(case_id, offer, opened)
    elif offer.occasions and st.button(
        _("Write to the customer"), key=f"write_{case_id}", icon=":material/edit_note:"
    ):
        st.session_state[opened] = True
        st.rerun()
    if offer.asked:
        st.caption(_("A time was promised: tell the customer in writing."))
    if told:
        label = words.n_("One message to the customer", "{n} messages to the customer", len(told))
        is_wanting = any(each.status in TROUBLE for each in told)
        with st.expander(label, icon=":material/drafts:", expanded=is_wanting):
            if offer.quiet_until and any(each.status is MessageStatus.WAITING for each in told):
                st.caption(_("Quiet hours: nothing is sent until {time}.", time=offer.quiet_until))
            for each in told:
                _line(each)
    giving.of_case(case_id)


def _write(case_id: int, offer: Offer, opened: str) -> None:
    with st.container(border=True):
        form = Form(f"write·{case_id}", WriteMessage)
        first = offer.asked or (Occasion.OWN if Occasion.OWN in offer.occasions else None)
        first = first or offer.occasions[0]
        occasion = form.pick("occasion", offer.occasions, first=first)
        listed = [MessageWay.BY_HAND] if offer.no_messages else list(offer.ways)
        way = form.pick("message_way", listed, first=listed[0])
        if offer.no_messages:
            st.caption(_("This customer wants no messages."))
        is_by_hand = way is MessageWay.BY_HAND
        drawn = gate.read(lists.proposal, case_id=case_id, occasion=occasion, way=way)
        form.values |= {name: getattr(drawn, name) for name in ("recipient", "headline", "message")}
        if not is_by_hand:
            form.field("recipient", scope=way)
        if way is MessageWay.EMAIL:
            form.field("headline", scope=occasion)
        text = form.field("message", scope=f"{occasion}·{is_by_hand}", height=240)
        if templates.names_link(text):
            st.caption(_("A fresh link takes the place of {link} when it is sent.", link="{link}"))
        if is_by_hand:
            st.code(text, language=None, wrap_lines=True)
        _buttons(form, case_id, opened, is_by_hand=is_by_hand)


def _buttons(form: Form, case_id: int, opened: str, *, is_by_hand: bool) -> None:
    with st.container(horizontal=True):
        label = _("I sent it by hand") if is_by_hand else _("Send it")
        pressed = st.button(label, type="primary", key=f"write_{case_id}_send")
        if st.button(_("Close"), key=f"write_{case_id}_close"):
            form.forget()
            st.session_state.pop(opened)
            st.rerun()
    if pressed:
        form.send(
            lambda uow, command: outbox.write(uow, command, case_id=case_id),
            done=_("Noted") if is_by_hand else _("It goes out within a minute."),
            then=lambda _made: st.session_state.pop(opened, None),
        )


def _line(message: MessageView) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(words.code(message.status), color=COLOURS[message.status])
            st.markdown(words.plain(_head(message)), width="content")
        if message.why:
            st.markdown(words.plain(_why(message)))
        if message.title and message.way is MessageWay.EMAIL:
            st.markdown(f"**{words.plain(message.title)}**")
        st.caption(words.plain(message.text))
        actions.panel(
            outbox.PROCESS,
            record_id=message.id,
            version=message.version,
            rules=message.actions,
            opened=False,
        )


def _head(message: MessageView) -> str:
    at = words.moment(message.ended_at or message.made_at)
    by = message.made_by or _("the tool")
    way = words.code(message.way)
    return " · ".join(filter(None, (at, words.code(message.occasion), way, message.address, by)))


def _why(message: MessageView) -> str:
    assert message.why is not None
    told = words.code(message.why)
    if message.status is MessageStatus.WAITING:
        told = _("{why}; the next try is at {at}", why=told, at=words.moment(message.due_at))
    return f"{told}: {message.said}" if message.said else told
