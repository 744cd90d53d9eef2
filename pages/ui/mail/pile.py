"""The lists of mail: what waits, what belongs to a case, what was set aside or left."""

from functools import partial
from typing import Any

from core.mail import view
from core.mail.view import MailPart, MailRow
from pages.ui.kit import filters, gate, words
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _
from pages.ui.mail import letter
from pages.ui.requests import arrivals

KEY = "mail"


def show() -> None:
    """One of the lists, and the chosen mail beside it."""
    with filters.bar():
        names = {part: words.code(part) for part in MailPart}
        part = filters.segments(KEY, "part", _("Which mail"), names, usual=MailPart.NEW)
        text = filters.text(KEY, label=_("Sender, subject, words"))
    found = gate.read(view.listed, part=part, text=text, page=page_number(KEY))
    cells = partial(_cells, part)
    arrivals.beside(KEY, found, cells, letter.show, empty=_("No mail here."))


def _cells(part: MailPart, row: MailRow) -> dict[str, Any]:
    cells = {
        words.field("mail_received"): words.moment(row.received_at),
        words.field("mail_sender"): row.sender,
        words.field("mail_subject"): row.subject or _("(no subject)"),
        words.field("customer"): row.customer,
        words.field("mail_files"): str(row.files or ""),
    }
    if part is MailPart.SETTLED:
        cells[words.field("number")] = row.number
    if part is MailPart.LEFT and row.machine:
        cells[words.field("machine")] = words.code(row.machine)
    return cells
