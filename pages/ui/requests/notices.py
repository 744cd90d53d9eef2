"""What people are told of cases that are handed on, and of time limits."""

from core.codes import NoticeKind
from pages.ui.kit.told import N_, Data, Lines, Say


def _escalation(say: Say, data: Data) -> str:
    _ = say.text
    name = say.code("limit", data["limit"])
    limit = _("{text} ({clause})").format(text=name, clause=data["clause"])
    if "after_minutes" in data:
        time = say.minutes(data["after_minutes"])
        return _("{limit}: {time} overdue").format(limit=limit, time=time)
    if data["share"] == 1:
        return _("{limit}: the time is up").format(limit=limit)
    share = f"{data['share']:.0%}"
    return _("{limit}: {share} of the time is used").format(limit=limit, share=share)


def _urged(say: Say, data: Data) -> str:
    _ = say.text
    told = _("The customer is chasing, time {times}").format(times=data["times"])
    return f"{told}: {data['note']}" if data["note"] else told


LINES: Lines = {
    (NoticeKind.YOUR_TURN, "request.urged"): _urged,
    (NoticeKind.YOUR_TURN, "request.resumed"): N_("The waiting is over: the time limits run again"),
    NoticeKind.ESCALATION: _escalation,
    NoticeKind.ASSIGNED: N_("Assigned to you or your department"),
    NoticeKind.WITHDRAWN: N_("No longer with you"),
    (NoticeKind.ASSIGNED, "request.handed_over"): N_("Handed over to you"),
    (NoticeKind.ASSIGNED, "request.station_moved"): N_("Passed to your station"),
    (NoticeKind.WITHDRAWN, "request.handed_over"): N_("Handed over to somebody else"),
}
