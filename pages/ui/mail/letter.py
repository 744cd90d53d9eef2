"""One mail: its text and its files, what is known of the sender, and what may be done with it."""

import streamlit as st

from core.codes import MailStatus
from core.mail import view
from core.mail.actions import PROCESS
from core.mail.view import FileView, MailView
from pages.ui.kit import actions, filing, gate, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import arrivals, caller

# So many files are named before the others are folded.
FEW = 5


def show(mail_id: int) -> None:
    """A mail of the pile."""
    mail = gate.read(view.view, id=mail_id)
    with st.container(border=True):
        _head(mail)
        text(mail)
        files(mail)
        _settled(mail)
        if mail.status is MailStatus.WAITING:
            _hints(mail)
            _accept(mail)
        actions.panel(
            PROCESS,
            record_id=mail.id,
            version=mail.version,
            rules=mail.actions,
            opened=False,
        )


def _head(mail: MailView) -> None:
    st.subheader(words.plain(mail.subject) or _("(no subject)"), anchor=False)
    sender = f"{mail.sender_name} <{mail.sender}>" if mail.sender_name else mail.sender
    at = words.moment(mail.received_at, year=True)
    said = words.plain(sender) or _("Sender unknown")
    st.caption(f"{said} · {at}")


def text(mail: MailView) -> None:
    """What is written, as plain text; what it answers is folded."""
    st.text(mail.fresh or _("(no text)"))
    if mail.fresh != mail.body:
        with st.expander(_("With what it answers")):
            st.text(mail.body)
    if mail.is_cut:
        st.caption(_("This mail is longer; the whole of it is in the mailbox."))


def files(mail: MailView) -> None:
    """The files of a mail, to be taken along; those that were refused with the reason."""
    kept = [each for each in mail.files if not (each.flaw or each.is_erased)]
    for each in kept[:FEW]:
        _hand_out(each)
    if more := kept[FEW:]:
        with st.expander(words.n_("One more file", "{n} more files", len(more))):
            for each in more:
                _hand_out(each)
    refused = [(each, each.flaw) for each in mail.files if each.flaw]
    if refused:
        said = words.n_("One file was not kept", "{n} files were not kept", len(refused))
        with st.expander(said, icon=":material/block:", expanded=len(refused) <= FEW):
            for file, flaw in refused:
                st.caption(
                    f"{words.plain(file.name)} · {filing.size_of(file.size)} · {words.code(flaw)}"
                )


def _hand_out(file: FileView) -> None:
    filing.hand_out(
        file.name,
        gate.later(view.content, id=file.id),
        key=f"mail_file_{file.id}",
        size=file.size,
        mime=file.mime,
    )


def _settled(mail: MailView) -> None:
    """What became of it."""
    if mail.machine:
        st.info(words.code(mail.machine), icon=":material/block:")
    if mail.case_id:
        case_link(mail.case_id, mail.case_number)
    if mail.handled_at:
        who = mail.handled_by or _("the tool")
        told = (words.code(mail.status), who, words.moment(mail.handled_at), mail.reason)
        st.caption(words.plain(" · ".join(filter(None, told))))


def _hints(mail: MailView) -> None:
    """What a person should see before deciding."""
    arrivals.known(mail.known)
    if mail.numbers:
        said = _("The subject names {numbers}.", numbers=words.listed(mail.numbers))
        if not mail.known:
            said += " " + _("This address is not on file: ask before you tell anything.")
        st.warning(said, icon=":material/info:")
    if mail.alike:
        st.warning(_("The same was written before:"), icon=":material/repeat:")
        for each in mail.alike:
            parts = (words.moment(each.received_at), words.code(each.status), each.number)
            label = words.plain(" · ".join(filter(None, parts)))
            places.link("mail", label, icon=":material/drafts:", id=str(each.id))


def _accept(mail: MailView) -> None:
    """On to the form of a request, with what the mail says filled in."""
    who = mail.known[0].name if len(mail.known) == 1 else mail.sender
    if st.button(_("Register as a request"), type="primary", key=f"mail_accept_{mail.id}"):
        places.go("intake", **{"mail": str(mail.id), caller.WHO: who})
