"""A mailbox, a mail with a file; what the database refuses of them."""

from typing import Any

from db.codes import MailFault, MailFlaw, MailStatus
from db.tables import Mail, MailBox, MailFile
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """Rows of the tables, on the stage of the constraint tests."""
    s.box = s.add(MailBox(address="a · b", fault=MailFault.REFUSED, failed_at=NOW))
    s.mail = s.add(mail("1", handled_by_id=s.technician, customer_id=s.case.customer_id))
    s.enclosed = s.add(enclosed(s, 1))


def mail(letter: str, **facts: Any) -> Mail:
    given = {"status": MailStatus.WAITING, "received_at": NOW, "taken_at": NOW}
    return Mail(letter_hash=letter, **given | facts)


def enclosed(s: Any, place: int) -> MailFile:
    return MailFile(mail_id=s.mail.id, place=place, name="a.png", size=0, digest="1")


SPOILERS: dict[str, Any] = {
    "uq_mail_boxes_address": lambda s: s.add(MailBox(address="a · b")),
    "ck_mail_boxes_failed_why": lambda s: s.change(s.box, failed_at=None),
    "ck_mail_boxes_failures_not_negative": lambda s: s.change(s.box, failures=-1),
    "uq_mails_letter_hash": lambda s: s.add(mail("1")),
    "ck_mails_left_why": lambda s: s.change(s.mail, status=MailStatus.LEFT),
    "ck_mails_of_a_case": lambda s: s.change(s.mail, status=MailStatus.ATTACHED),
    "uq_mail_files_mail_id_place": lambda s: s.add(enclosed(s, 1)),
    "ck_mail_files_kept_or_refused": lambda s: s.change(s.enclosed, flaw=MailFlaw.EMPTY),
    "ck_mail_files_size_not_negative": lambda s: s.change(s.enclosed, size=-1),
}
