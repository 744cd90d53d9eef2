"""At intake: a request that a mail asks for, with what the mail says filled in."""

import streamlit as st

from core.codes import Channel, MailStatus
from core.mail import actions, view
from core.mail.view import MailView
from pages.ui.kit import gate, places, words
from pages.ui.kit.words import _
from pages.ui.mail import letter
from pages.ui.requests.begun import Begun

# Of what is written so much fits into a request.
LONGEST = 2000


def asked() -> Begun | None:
    """The mail that the address names, while it waits for somebody."""
    id = places.number("mail")
    if id is None or not gate.allowed(actions.HANDLE):
        return None
    mail = gate.read(view.view, id=id)
    if mail.status is not MailStatus.WAITING:
        st.info(_("This mail was seen to meanwhile."), icon=":material/check_circle:")
        places.link("mail", _("All mail"), icon=":material/arrow_back:")
        st.stop()
    return Begun(
        name=f"intake·mail·{mail.id}",
        version=mail.version,
        channel=Channel.EMAIL,
        values=_values(mail),
        show=lambda: _show(mail),
        take=lambda uow, register, seen: actions.accept(
            uow, register, mail_id=mail.id, seen_version=seen
        ),
    )


def _values(mail: MailView) -> dict[str, object]:
    return {
        "customer_name": mail.sender_name,
        "symptom": "\n".join(filter(None, (mail.subject, mail.fresh)))[:LONGEST],
        "received_at": mail.received_at,
    }


def _show(mail: MailView) -> None:
    with st.expander(_("The mail"), icon=":material/drafts:", expanded=True):
        st.caption(words.plain(f"{mail.name} · {mail.sender}"))
        letter.text(mail)
        letter.files(mail)
