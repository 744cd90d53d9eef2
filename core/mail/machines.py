"""Mails that no person wrote to us: they are kept, and nobody is answered."""

import re
from collections.abc import Callable

from db.codes import MailMachine

# What the head of a mail says under a name, in small letters; empty where it says nothing.
Says = Callable[[str], str]

NOBODY = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)
DAEMON = re.compile(r"^(?:mailer-daemon|postmaster)@", re.IGNORECASE)
BULK = frozenset({"bulk", "list", "junk"})


def which(says: Says, *, sender: str, own: frozenset[str]) -> MailMachine | None:
    """Which machine wrote a mail, by its head (RFC 3834); None where it was a person."""
    if sender in own:
        return MailMachine.OWN
    if _came_back(says, sender):
        return MailMachine.BOUNCE
    if says("list-id") or says("list-post") or says("precedence") in BULK:
        return MailMachine.LIST
    return MailMachine.AUTOMATIC if _answers_by_itself(says, sender) else None


def _came_back(says: Says, sender: str) -> bool:
    is_report = says("content-type").startswith("multipart/report")
    return is_report or says("return-path") == "<>" or bool(DAEMON.match(sender))


def _answers_by_itself(says: Says, sender: str) -> bool:
    return (
        says("auto-submitted").partition(";")[0].strip() not in ("", "no")
        or says("x-auto-response-suppress") not in ("", "none")
        or says("precedence") == "auto_reply"
        or any(says(each) for each in ("x-autoreply", "x-autorespond", "x-loop"))
        or bool(NOBODY.match(sender))
    )
