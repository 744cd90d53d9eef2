"""What people are told of faults that repeat."""

from core.codes import NoticeKind
from pages.ui.kit.told import Data, Lines, Say


def _repeats(say: Say, data: Data) -> str:
    _ = say.text
    fault = say.code("FaultArea", data["fault_area"])
    return _("{product}: {fault} {count} times in {days} days").format(**{**data, "fault": fault})


LINES: Lines = {NoticeKind.REPEAT_FAULT: _repeats}
