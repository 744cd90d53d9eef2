"""Settings of messages: when the tool writes by itself, quiet hours, and the company's texts."""

import streamlit as st

from core.messages import settings, templates
from core.messages.inputs import AUTOMATIC, EditMessages, EditTemplate
from core.messages.settings import Settings
from core.messages.templates import Wording
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _


def occasions() -> None:
    """On which occasions the tool writes by itself, when nothing is sent, and by which ways."""
    view = gate.read(settings.view)
    _ways(view)
    names = ("quiet_from", "quiet_to", "public_address")
    form = Form(
        "messages",
        EditMessages,
        version=view.version,
        values={name: getattr(view, name) for name in names},
    )
    with st.form("messages_form", enter_to_submit=False):
        chosen = st.multiselect(
            words.field("occasions"),
            list(AUTOMATIC),
            default=view.occasions,
            format_func=words.code,
            key=f"{form.name}·{form.key}·occasions",
        )
        form.tell("occasions", tuple(chosen))
        left, right = st.columns(2)
        with left:
            form.field("quiet_from", placeholder="21:00")
        with right:
            form.field("quiet_to", placeholder="08:00")
        form.field("public_address", placeholder=(st.context.url or "").rpartition("/")[0])
        st.caption(_("Without this address, and without pages for customers, no link is sent."))
        pressed = st.form_submit_button(_("Save"), type="primary", key="messages_send")
    if pressed:
        form.send(
            lambda uow, command: settings.edit(uow, command, seen_version=form.seen),
            done=_("Saved"),
        )


def texts() -> None:
    """The company's text for each occasion, in each language; a line of the list is edited."""
    known = {(each.occasion, each.language): each for each in gate.read(templates.every)}
    chosen = st.selectbox(
        words.field("occasion"),
        list(known),
        format_func=lambda key: f"{words.code(key[0])} · {words.NAMES[key[1]]}",
        key="text_of",
    )
    if chosen:
        _text(known[chosen])


def _text(wording: Wording) -> None:
    name = f"text·{wording.occasion}·{wording.language}"
    form = Form(
        name,
        EditTemplate,
        version=wording.version,
        values={"headline": wording.title, "message": wording.text},
    )
    with st.form(f"{name}·form", enter_to_submit=False):
        form.field("headline")
        form.field("message", height=280)
        named = words.listed(f"{{{each}}} {_fact(each)}" for each in templates.NAMES)
        st.caption(words.plain(_("May be named: {names}.", names=named)))
        st.caption(_("A line that names something unknown of a case is left out."))
        with st.container(horizontal=True):
            pressed = st.form_submit_button(_("Save"), type="primary", key="text_send")
            is_own = wording.version > 0
            back = is_own and st.form_submit_button(_("Take the tool's own"), key="text_restore")
    if pressed or back:
        verb = templates.restore if back else templates.edit
        form.send(
            lambda uow, command: verb(
                uow,
                command,
                occasion=wording.occasion,
                language=wording.language,
                seen_version=form.seen,
            ),
            done=_("Saved"),
        )


def _fact(name: str) -> str:
    return words.in_domain("MessageFact", name)


def _ways(view: Settings) -> None:
    if view.ways:
        named = words.listed(words.code(each) for each in view.ways)
        st.caption(_("Messages go out by: {ways}.", ways=named))
        return
    st.info(
        _("No mail server and no gateway is set up: messages can be copied and sent by hand."),
        icon=":material/info:",
    )
