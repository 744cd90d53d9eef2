"""On a case: the mails that belong to it."""

import streamlit as st

from core.mail import view
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _
from pages.ui.mail import letter


def of_case(case_id: int) -> None:
    """Each mail of a case, folded, the newest first; nothing where there is none."""
    found = gate.read(view.of_case, case_id=case_id)
    if not found:
        return
    headings.part(_("Mail"))
    for mail in found:
        parts = (words.moment(mail.received_at), mail.name, mail.subject or _("(no subject)"))
        label = words.plain(" · ".join(filter(None, parts)))
        with st.expander(label, icon=":material/drafts:"):
            st.caption(words.plain(mail.sender))
            letter.text(mail)
            letter.files(mail)
