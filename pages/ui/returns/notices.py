"""What people are told of returns."""

from core.codes import NoticeKind
from pages.ui.kit.told import Data, Lines, Say


def _your_turn(say: Say, data: Data) -> str:
    _ = say.text
    step = say.code("ReturnStatus", data["step"])
    return _("Return or exchange: {step}. It is your turn.").format(step=step)


LINES: Lines = {NoticeKind.YOUR_TURN: _your_turn}
