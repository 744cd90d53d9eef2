"""At intake: a request that a mail asks for, with what the mail says filled in."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.codes import Channel, MailStatus
from core.kernel.unit_of_work import UnitOfWork
from core.mail import actions, view
from core.mail.view import MailView
from core.requests import intake
from core.requests.intake import Register
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.mail import letter

# Of what is written so much fits into a request.
LONGEST = 2000


def asked() -> MailView | None:
    """The mail that the address names, while it waits for somebody."""
    id = places.number("mail")
    if id is None or not gate.allowed(actions.HANDLE):
        return None
    mail = gate.read(view.view, id=id)
    if mail.status is not MailStatus.WAITING:
        st.info(_("This mail was seen to meanwhile."), icon=":material/check_circle:")
        places.link("mail", _("All mail"), icon=":material/arrow_back:")
        st.stop()
    return mail


def form(mail: MailView | None, **given: Any) -> Form:
    """The form of a request: of a call, or of a mail."""
    if mail is None:
        return Form("intake", Register, drafts=True, **given)
    values = {
        "customer_name": mail.sender_name,
        "symptom": "\n".join(filter(None, (mail.subject, mail.fresh)))[:LONGEST],
        "received_at": mail.received_at,
    }
    name = f"intake·mail·{mail.id}"
    return Form(name, Register, drafts=True, values=values, version=mail.version, **given)


def channel(mail: MailView | None) -> Channel:
    """How it came in, as far as is known."""
    return Channel.EMAIL if mail else Channel.HOTLINE


def show(mail: MailView | None) -> None:
    """The mail beside the form."""
    if mail is None:
        return
    with st.expander(_("The mail"), icon=":material/drafts:", expanded=True):
        st.caption(words.plain(f"{mail.name} · {mail.sender}"))
        letter.text(mail)
        letter.files(mail)


def command(mail: MailView | None, form: Form) -> Callable[[UnitOfWork, Register], Any]:
    """What the form sends: a request; with a mail, the mail is accepted by it."""
    if mail is None:
        return intake.register
    return lambda uow, register: actions.accept(
        uow, register, mail_id=mail.id, seen_version=form.seen
    )
