"""On a case: what the customer has written, and what was written to the customer."""

import streamlit as st

from core.mail import view
from pages.ui.kit import gate, words
from pages.ui.kit.words import _
from pages.ui.mail import letter
from pages.ui.messages import writing


def of_case(case_id: int) -> None:
    """Each mail of a case, folded, the newest first; below them what we write."""
    for mail in gate.read(view.of_case, case_id=case_id):
        parts = (words.moment(mail.received_at), mail.name, mail.subject or _("(no subject)"))
        with st.expander(words.plain(" · ".join(filter(None, parts))), icon=":material/mail:"):
            st.caption(words.plain(mail.sender))
            letter.text(mail)
            letter.files(mail)
    writing.of_case(case_id)
