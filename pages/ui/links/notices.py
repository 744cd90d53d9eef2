"""What people are told of what customers ask for by a link."""

from core.codes import NoticeKind
from pages.ui.kit.told import Data, Lines, Say


def _time(say: Say, data: Data) -> str:
    _ = say.text
    return _with(_("The customer asks for another time"), data)


def _cancel(say: Say, data: Data) -> str:
    _ = say.text
    return _with(_("The customer asks to cancel it"), data)


def _agreed(say: Say, _data: Data) -> str:
    _ = say.text
    return _("The customer agrees to the quote")


def _declined(say: Say, data: Data) -> str:
    _ = say.text
    return _with(_("The customer does not agree to the quote"), data)


def _accepted(say: Say, _data: Data) -> str:
    _ = say.text
    return _("The customer has confirmed the acceptance slip")


def _with(told: str, data: Data) -> str:
    return f"{told}: {data['note']}" if data["note"] else told


LINES: Lines = {
    (NoticeKind.YOUR_TURN, "customer_link.time_wished"): _time,
    (NoticeKind.YOUR_TURN, "customer_link.cancel_wished"): _cancel,
    (NoticeKind.YOUR_TURN, "quote.agreed"): _agreed,
    (NoticeKind.YOUR_TURN, "quote.declined"): _declined,
    (NoticeKind.YOUR_TURN, "job.accepted"): _accepted,
}
